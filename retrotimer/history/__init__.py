"""The training log, as a file that survives crashes."""
