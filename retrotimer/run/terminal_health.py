"""Whether what is shown is seen: a terminal may freeze while the program goes on.

For example, its output is held, its window or ssh hangs, or nobody reads what is written to it.
"""

from __future__ import annotations

import select
import sys
from collections.abc import Callable
from typing import NamedTuple, TextIO, TypeAlias

PATIENCE = 1_000
"""A terminal this late (ms) is frozen; asked every half second, that makes 1.5 s since the last
moment known to have been seen (invariant 1)."""
STEP = 300
"""At most this much of the time between two looks counts against the terminal, in ms: in the rest
it was the program that was held up."""


class TerminalHealth(NamedTuple):
    """The verdict, and until when (boot clock, ms) everything shown is known to be seen."""

    until: int
    frozen: bool


Probe: TypeAlias = Callable[[int], TerminalHealth]
"""Looks at the terminal; the argument is now on the boot clock, in ms."""


class Patience:
    """How long a terminal has been late, counting only time in which the program was running."""

    def __init__(self) -> None:
        self._looked: int | None = None
        self._late = 0

    def exhausted(self, now: int, *, late: bool) -> bool:
        """Whether it was late for too long, at `now` (ms); ask at every look."""
        step = 0 if self._looked is None else min(now - self._looked, STEP)
        self._looked = now
        self._late = self._late + step if late else 0
        return self._late >= PATIENCE


def takes(out: TextIO | None) -> bool:
    """Whether a terminal or pipe accepts output now; yes if nobody can tell.

    A pseudo-terminal that nobody reads still accepts a few kilobytes.
    """
    if out is None or sys.platform == "win32":
        return True
    try:
        # Not select(): it cannot handle descriptors from 1024 on.
        poll = select.poll()
        poll.register(out, select.POLLOUT)
        return bool(poll.poll(0))
    except (OSError, ValueError):  # closed, or no descriptor
        return True
