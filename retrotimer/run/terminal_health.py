"""Whether what is shown is seen: a terminal may stand still while the program goes on.

Its output is held, its window or its ssh hangs, or nobody reads what is written to it.
"""

from __future__ import annotations

import select
import sys
from collections.abc import Callable
from typing import NamedTuple, TextIO, TypeAlias

PATIENCE = 1_000
"""A terminal that is late for so long (ms) stands still; asked every half second, that makes 1.5 s
since the last thing that is known to have been seen (invariant 1)."""
STEP = 300
"""At most so much of the time between two looks counts against the terminal, in ms: in the rest it
was the program that stood still."""


class TerminalHealth(NamedTuple):
    """Until when (boot clock, ms) all that was shown is known to be seen, and the verdict."""

    until: int
    frozen: bool


Probe: TypeAlias = Callable[[int], TerminalHealth]
"""Looks at the terminal; the argument is now on the boot clock, in ms."""


class Patience:
    """How long a terminal has been late, in time in which the program was there to see it."""

    def __init__(self) -> None:
        self._looked: int | None = None
        self._late = 0

    def exhausted(self, now: int, *, late: bool) -> bool:
        """Whether it was late for too long, at `now` (ms); to be asked at every look."""
        step = 0 if self._looked is None else min(now - self._looked, STEP)
        self._looked = now
        self._late = self._late + step if late else 0
        return self._late >= PATIENCE


def takes(out: TextIO | None) -> bool:
    """Whether a terminal or pipe takes something to write now; where nobody can tell, it does.

    A pseudo-terminal that nobody reads takes some kilobytes all the same.
    """
    if out is None or sys.platform == "win32":
        return True
    try:
        # Not select(): it cannot look at descriptors from 1024 on.
        poll = select.poll()
        poll.register(out, select.POLLOUT)
        return bool(poll.poll(0))
    except (OSError, ValueError):  # closed, or no descriptor
        return True
