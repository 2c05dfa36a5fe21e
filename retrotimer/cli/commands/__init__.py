"""The commands: a module each, loaded when it is asked for; its `run` gives the exit code."""
