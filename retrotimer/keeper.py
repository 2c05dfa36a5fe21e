"""What is kept of a workout: its session file while it runs, its record when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from retrotimer.core.plan import distance
from retrotimer.core.states import Command, Reason, State
from retrotimer.core.workout import Workout
from retrotimer.history.ids import new_id

if TYPE_CHECKING:
    from retrotimer.history.record import Record, Status

FORMAT = 1
RESUMABLE = timedelta(hours=2)
"""For so long a workout that broke off may be resumed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What belongs to a workout beside the machine: `planned` is the first plan's length in ms."""

    id: str
    started: datetime
    planned: int
    scaled: str = ""

    @classmethod
    def new(cls, started: datetime, planned: int, rng: Random | None = None) -> Kept:
        """A workout that starts now; the file keeps its start to the millisecond."""
        started = started.replace(microsecond=started.microsecond // 1000 * 1000)
        return cls(new_id(started, rng or Random()), started, planned)


def session(kept: Kept, workout: Workout, saved: datetime, boot_id: str) -> dict[str, Any]:
    """The contents of the session file."""
    return {
        "format": FORMAT,
        "id": kept.id,
        "set": workout.plan.name,
        "started": kept.started,
        "saved": saved,
        "planned_ms": kept.planned,
        "scaled": kept.scaled,
        "boot_id": boot_id,
        "workout": workout.snapshot(),
    }


def record(kept: Kept, workout: Workout, status: Status | None = None) -> Record:
    """The record of a workout, over or broken off. Its end is the start plus the elapsed time."""
    # Records are of the end; no first frame waits for them.
    from retrotimer.history.record import Record, Status

    totals = workout.totals
    rows = workout.rows
    # Of a lesson with the belt off there are only rests, and no distance, not even one of 0 m.
    dry = workout.plan.rules.dry
    metres = None if dry else distance((row.kind, row.done, row.speed) for row in rows)
    over = Status.COMPLETED if workout.state is State.FINISHED else Status.STOPPED
    return Record(
        id=kept.id,
        started=kept.started,
        ended=kept.started + timedelta(milliseconds=totals.elapsed),
        set=workout.plan.name,
        status=status or over,
        reason=workout.why,
        scaled=kept.scaled,
        planned=kept.planned,
        totals=totals,
        distance_m=None if metres is None else round(metres, 1),
        stumbles=workout.stumbles,
        rows=rows,
    )


@dataclass(frozen=True, slots=True)
class BrokenOff:
    """A workout that was in progress when the program ended."""

    kept: Kept
    workout: Workout
    saved: datetime
    boot_id: str

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> BrokenOff:
        """From the session file's contents; ValueError when they are none of ours."""
        try:
            workout = Workout.restore(data["workout"])
            kept = Kept(data["id"], data["started"], data["planned_ms"], data.get("scaled", ""))
            saved, boot_id = data["saved"], data.get("boot_id", "")
            _ = saved - kept.started  # TypeError unless both have an offset
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a session: {error!r}") from error
        return cls(kept, workout, saved, boot_id)

    def age(self, wall: datetime) -> timedelta:
        """How long ago it broke off."""
        return max(timedelta(), wall - self.saved)

    def resumable(self, wall: datetime) -> bool:
        """Whether going on is still offered."""
        return self.age(wall) <= RESUMABLE and not self.workout.state.over

    def resumed(self, wall: datetime, boot_ms: int, boot_id: str) -> Workout:
        """The workout, paused where it broke off; the time since then counts as paused."""
        same_boot = boot_id == self.boot_id and boot_id != "" and boot_ms >= self.workout.now
        gap = int(self.age(wall) / timedelta(milliseconds=1))
        shift = 0 if same_boot else boot_ms - gap - self.workout.now
        workout = Workout.restore(self.workout.snapshot(), shift)
        if workout.allows(Command.PAUSE):
            workout.send(Command.PAUSE, workout.now, reason=Reason.RESTORED)
        workout.advance(boot_ms)
        return workout

    def record(self) -> Record:
        """What was done, for the history, without going on."""
        from retrotimer.history.record import Status

        over = self.workout.state.over
        return record(self.kept, self.workout, None if over else Status.RECOVERED)


def rated(
    made: Record, *, rpe: float | None, pain: int | None, belt_distance_m: float | None, note: str
) -> Record:
    """The record with what the person says about the workout."""
    return replace(made, rpe=rpe, pain=pain, belt_distance_m=belt_distance_m, note=note.strip())
