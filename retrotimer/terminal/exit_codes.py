"""The exit codes of the program."""

DONE, FAILED, USAGE = 0, 1, 2
_SIGNALLED = 128


def signalled(number: int) -> int:
    """Ended by a signal, as shells report it."""
    return _SIGNALLED + number


INTERRUPTED = signalled(2)
"""Ended by ctrl+c."""
