"""Whether the machine itself stood still: a process beside the tests that only sleeps.

A program that pauses since it got no time has shown nothing about its case; but one that pauses
so without need is wrong. What tells them apart is measured by this process, which knows of neither.
Run as a program it is that process, with nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import select
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from threading import Lock
from time import monotonic

STEP = 0.05
"""Seconds that it sleeps at a time."""
GAP = 0.5
"""Longer than this, in seconds, between two of its steps is a stall of the machine."""

Gap = tuple[float, float]
"""From when to when nothing ran, by CLOCK_MONOTONIC, which all processes share."""


def watch(
    asleep: Callable[[], str], tell: Callable[[Gap], None], clock: Callable[[], float]
) -> None:
    """Sleep until `asleep`, which sleeps a step, says "end"; where it says "ask", tell all gaps."""
    seen: list[Gap] = []
    last = clock()
    while (asked := asleep()) != "end":
        now = clock()
        if now - last > GAP:
            seen.append((last, now))
        last = now
        if asked == "ask":
            for gap in seen:
                tell(gap)
            tell((0.0, 0.0))


class Witness:
    """That process, from when it has begun."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self.gaps()

    def gaps(self) -> list[Gap]:
        """All stalls of the machine up to now."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        found: list[Gap] = []
        with self._lock:
            self.process.stdin.write("?\n")
            self.process.stdin.flush()
            for line in self.process.stdout:
                began, ended = map(float, line.split())
                if not ended:
                    return found
                found.append((began, ended))
        raise AssertionError("the witness is gone")

    def stood_still(self, began: float, ended: float) -> bool:
        """Whether the machine stood still at some time between these instants."""
        return any(first < ended and last > began for first, last in self.gaps())

    def close(self) -> None:
        """End it: its orders end."""
        self.process.communicate()


@cache
def witness() -> Witness:
    """The one of this process of the tests."""
    import atexit

    one = Witness()
    atexit.register(one.close)
    return one


def says_nothing(error: object, began: float, ended: float) -> bool:
    """Whether what was tried between these instants has to be tried again.

    The program had no time, and the machine had none: its own pause proves nothing.
    """
    return isinstance(error, StoodStillError) and witness().stood_still(began, ended)


class StoodStillError(AssertionError):
    """The program got no time from the machine and paused, which was not what is tried."""


def _main() -> None:
    def asleep() -> str:
        if not select.select([sys.stdin], [], [], STEP)[0]:
            return ""
        return "ask" if sys.stdin.readline() else "end"

    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        watch(asleep, lambda gap: print(*map(repr, gap), flush=True), monotonic)


if __name__ == "__main__":
    _main()
