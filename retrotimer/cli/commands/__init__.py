"""One module a command, loaded on demand; its `run` returns the exit code."""
