"""What starting, running, waiting and reading cost, against bare programs in the same run."""
