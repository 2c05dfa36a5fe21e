"""Records how the terminal was, and restores it whatever happened.

All of it may be called in a signal handler: it takes no locks and does not wait for a frozen
terminal.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any


class Modes:
    """The modes of the terminals at the three standard descriptors."""

    def __init__(self) -> None:
        self._saved: dict[int, list[Any]] = {}
        self._undo: Callable[[], None] = lambda: None

    def save(self) -> None:
        """Their present state is the one to restore at the end."""
        if sys.platform == "win32":
            return
        import termios

        for fd in (0, 1, 2):
            # In the background another program sets them now.
            if _in_front(fd):
                with contextlib.suppress(termios.error):
                    self._saved[fd] = termios.tcgetattr(fd)

    def on_giving_back(self, undo: Callable[[], None]) -> None:
        """`undo` reverts what was written to the terminal to change it."""
        self._undo = undo

    def give_back(self) -> None:
        """Restore the terminal, if it still is ours; may be called any number of times."""
        self._undo()
        if sys.platform == "win32":
            return
        import termios

        for fd, modes in self._saved.items():
            with contextlib.suppress(termios.error):
                if _in_front(fd) and termios.tcgetattr(fd) != modes:
                    termios.tcsetattr(fd, termios.TCSANOW, modes)


TERMINAL = Modes()
"""Those of this process."""


def _in_front(fd: int) -> bool:
    """Whether this is a terminal, and this process not in its background."""
    if not os.isatty(fd):
        return False
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError:  # not the one that controls this process
        return True


def terminals() -> list[int]:
    """Which of the three standard descriptors are terminals."""
    return [fd for fd in (0, 1, 2) if os.isatty(fd)]


def let_go(terminals: Sequence[int]) -> None:
    """Point those of these that hung up at nothing.

    Writing to a terminal that is gone fails, and Textual's writer would never finish. It has to be
    done in the handler of the hangup: SIGCONT, which follows at once, makes Textual write again.
    """
    gone = [fd for fd in terminals if not os.isatty(fd)]
    if gone:
        nothing = os.open(os.devnull, os.O_RDWR)
        for fd in gone:
            os.dup2(nothing, fd)
        os.close(nothing)
