"""Whose fault it is that a cue was not heard when it was due.

Where the pilot tone breaks, it was the recording's. Where nothing came from the server, neither of
this sink nor of another that is recorded by another process, it was the server's: it takes the
sound of the time it missed all at once, more than any player has given it. Otherwise it was ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from benchmarks.sound.recorded import Recording, Span
from retrotimer.host.clock import MILLISECOND

EARLY, LATE = 100 * MILLISECOND, 350 * MILLISECOND
"""An onset so long before or after a due instant does not belong to it."""
RECOVERY = 500 * MILLISECOND
"""So long after a stumble the player may take until its cues are on time again."""


class Cause(Enum):
    """Who was late."""

    RECORDING = "the recording has a gap"
    SERVER = "the server stood still"
    PLAYER = "the player was late"


@dataclass(frozen=True, slots=True)
class Witness:
    """What is known of the recording and of the server: spans in which something was wrong."""

    broken: Sequence[Span] = ()
    still: Sequence[Span] = ()

    def cause(self, due: int) -> Cause:
        """Why a cue would not be on time."""
        if _touched(self.broken, due - EARLY, due + LATE):
            return Cause.RECORDING
        if _touched(self.still, due - RECOVERY, due + EARLY):
            return Cause.SERVER
        return Cause.PLAYER


def witness(one: Recording, other: Recording, longest: int) -> Witness:
    """Of a sink recorded beside another; `longest` (ns) is no wait worth a word."""
    both = _common(
        [span for span in one.waits if span[1] - span[0] > longest],
        [span for span in other.waits if span[1] - span[0] > longest],
    )
    still = [span for span in both if span[1] - span[0] > longest]
    return Witness(one.broken, still)


def _touched(spans: Sequence[Span], begin: int, end: int) -> bool:
    return any(first <= end and last >= begin for first, last in spans)


def _common(some: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    for first, last in some:
        for begin, end in others:
            if max(first, begin) < min(last, end):
                yield max(first, begin), min(last, end)
