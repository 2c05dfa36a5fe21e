"""The exit codes of the program."""

DONE, FAILED, USAGE = 0, 1, 2
INTERRUPTED = 130
"""Ended by ctrl+c, as shells report it: 128 and the number of the signal."""
