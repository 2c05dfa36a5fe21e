"""Notices when the machine itself stands still, by a process beside the tests that only sleeps.

A program that paused because the machine gave it no time proves nothing about its test; one that
paused without need has failed it. This independent process tells the two apart. Run as a program,
this module is that process; it uses only the standard library.
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
"""How long the process sleeps at a time, in seconds."""
GAP = 0.5
"""More seconds than this between two steps is a stall of the machine."""

Gap = tuple[float, float]
"""The beginning and end of a stall by CLOCK_MONOTONIC, which all processes share."""


def watch(
    asleep: Callable[[], str], tell: Callable[[Gap], None], clock: Callable[[], float]
) -> None:
    """Call `asleep`, which sleeps one step, until it returns "end"; at "ask", tell all gaps."""
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
    """The process, once it is running."""

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
        """All stalls so far."""
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
        """Whether a stall overlaps this time."""
        return any(first < ended and last > began for first, last in self.gaps())

    def close(self) -> None:
        """End the process by closing its input."""
        self.process.communicate()


@cache
def witness() -> Witness:
    """The witness of this test process."""
    import atexit

    one = Witness()
    atexit.register(one.close)
    return one


class StoodStillError(AssertionError):
    """The program paused because it got no time, which is not what was tested."""


def played_again(first: Callable[[], object], again: Callable[[], object]) -> bool:
    """Play `first`; returns whether `again` had to be played too.

    That is so only if the program paused for lack of time while the machine stood still, which
    proves nothing. Every other failure is raised, and so is whatever `again` raises.
    """
    began = monotonic()
    try:
        first()
    except StoodStillError:
        if not witness().stood_still(began, monotonic()):
            raise
    else:
        return False
    again()
    return True


def _main() -> None:
    def asleep() -> str:
        if not select.select([sys.stdin], [], [], STEP)[0]:
            return ""
        return "ask" if sys.stdin.readline() else "end"

    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        watch(asleep, lambda gap: print(*map(repr, gap), flush=True), monotonic)


if __name__ == "__main__":
    _main()
