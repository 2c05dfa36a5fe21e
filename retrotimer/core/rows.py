"""The result of a workout: one row for every phase performed, and the sums."""

from __future__ import annotations

from dataclasses import dataclass

from retrotimer.core.sets import Kind


@dataclass(frozen=True, slots=True)
class Row:
    """One attempt at a phase.

    `planned` and `done` are milliseconds (`planned` None: open), `started` milliseconds from the
    workout's start, `speed` km/h, `incline` percent. Pauses and waits inside are not in `done`.
    """

    kind: Kind
    label: str
    planned: int | None
    done: int
    speed: float | None
    incline: float | None
    started: int
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """How a workout's time was spent, in whole milliseconds; the sum is the elapsed time."""

    forward: int = 0
    backward: int = 0
    rest: int = 0
    turn: int = 0
    waiting: int = 0
    paused: int = 0

    @property
    def elapsed(self) -> int:
        """The sum: from the start to the end, pauses included."""
        return self.forward + self.backward + self.rest + self.turn + self.waiting + self.paused
