"""The training log and the workout in progress, as files that outlive crashes."""
