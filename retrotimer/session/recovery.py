"""What is saved of a workout: its session file while it runs, its record when it is over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from retrotimer.core.codec import told
from retrotimer.core.plan import distance
from retrotimer.core.snapshot import LONGEST, plain_text
from retrotimer.core.states import Command, Reason, State
from retrotimer.core.workout import Workout
from retrotimer.history.errors import Ambiguous, Duplicate, HistoryError
from retrotimer.history.ids import new_id

if TYPE_CHECKING:
    from retrotimer.history.record import Record, Status

_T = TypeVar("_T")

FORMAT = 1
ID = re.compile(r"[A-Za-z0-9-]{1,64}")
FIRST_YEAR, LAST_YEAR = 1970, 2999
"""Of the instants in a session file; clocks without a battery begin in the first (NS)."""
RESUMABLE = timedelta(hours=2)
"""For so long a workout that broke off may be resumed (NS)."""


class Clocks(Protocol):
    """What tells how long ago something was; a `Environment` has them."""

    @property
    def boot_id(self) -> str:
        """A word for this run of the machine, "" where it has none."""

    @property
    def boot_ms(self) -> Callable[[], int]:
        """Milliseconds that count sleep, from the machine's start on."""

    @property
    def wall(self) -> Callable[[], datetime]:
        """The local time."""


@dataclass(frozen=True, slots=True)
class WorkoutInfo:
    """What belongs to a workout beside its course: `planned` is the first plan's length in ms.

    `scaled` says, for people, how the plan differs from its set; mostly "".
    """

    id: str
    started: datetime
    planned: int
    scaled: str = ""

    @classmethod
    def new(
        cls, started: datetime, planned: int, rng: Random | None = None, *, scaled: str = ""
    ) -> WorkoutInfo:
        """A workout that starts now; the file keeps its start to the millisecond."""
        started = started.replace(microsecond=started.microsecond // 1000 * 1000)
        return cls(new_id(started, rng or Random()), started, planned, scaled)

    def starting(self, started: datetime, planned: int) -> WorkoutInfo:
        """The same workout, which starts only now."""
        return self.new(started, planned, scaled=self.scaled)


class RecordStore(Protocol):
    """What the end of a workout needs of the history; `HistoryFile` has it."""

    def append(self, record: Record) -> str | None:
        """Add a record; Duplicate when another one has its id."""

    def get(self, key: str) -> Record:
        """The record with this id; HistoryError where there is none."""


def record(info: WorkoutInfo, workout: Workout, status: Status | None = None) -> Record:
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
        id=info.id,
        started=info.started,
        ended=info.started + timedelta(milliseconds=totals.elapsed),
        set=workout.plan.name,
        status=status or over,
        reason=workout.why,
        scaled=info.scaled,
        planned=info.planned,
        totals=totals,
        distance_m=None if metres is None else round(metres, 1),
        stumbles=workout.stumbles,
        rows=rows,
    )


def _unfit(key: str, value: object, expected: str) -> ValueError:
    return ValueError(f"not a session: {key}: found {told(value)}, expected {expected}")


def _of(data: Mapping[str, Any], key: str, kind: type[_T]) -> _T:
    """What a key of the session file holds; ValueError when it is of another kind."""
    value = data.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _unfit(key, value, _KINDS[kind])
    return value


def _instant(data: Mapping[str, Any], key: str) -> datetime:
    moment = _of(data, key, datetime)
    if moment.tzinfo is None:
        raise _unfit(key, moment, "an instant with its offset")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _unfit(key, moment, f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return moment


_KINDS: dict[type, str] = {
    dict: "a table",
    int: "a whole number",
    str: "a text",
    datetime: "a date and time",
}


@dataclass(frozen=True, slots=True)
class SavedWorkout:
    """A workout as its session file has it: one that runs, or broke off when the program ended.

    `saved` is the instant of that, `boot_id` the run of the machine whose clock it counts by.
    """

    info: WorkoutInfo
    workout: Workout
    saved: datetime
    boot_id: str

    def table(self) -> dict[str, Any]:
        """The contents of the session file; `read` makes the same of them."""
        return {
            "format": FORMAT,
            "id": self.info.id,
            "set": self.workout.plan.name,
            "started": self.info.started,
            "saved": self.saved,
            "planned_ms": self.info.planned,
            "scaled": self.info.scaled,
            "boot_id": self.boot_id,
            "workout": self.workout.snapshot(),
        }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> SavedWorkout:
        """From the session file's contents; ValueError when they are none of ours."""
        made = data.get("format")
        if type(made) is not int or made != FORMAT:
            raise ValueError(f"not a session: format {told(made)}, expected {FORMAT}")
        workout = Workout.restore(_of(data, "workout", dict))
        planned = _of(data, "planned_ms", int)
        if not 0 <= planned <= LONGEST:
            raise _unfit("planned_ms", planned, "a length in ms")
        scaled, boot_id = (plain_text(data.get(key, ""), (key,)) for key in ("scaled", "boot_id"))
        name = _of(data, "id", str)
        # It is a part of a file's name where the record cannot be saved.
        if not ID.fullmatch(name):
            raise _unfit("id", name, "letters, digits and -")
        info = WorkoutInfo(name, _instant(data, "started"), planned, scaled)
        return cls(info, workout, _instant(data, "saved"), boot_id)

    def age(self, clocks: Clocks) -> timedelta:
        """How long ago it broke off: within one run of the machine, whoever set the clock."""
        if self._this_boot(clocks):
            return timedelta(milliseconds=clocks.boot_ms() - self.workout.now)
        return max(timedelta(), clocks.wall() - self.saved)

    def resumable(self, clocks: Clocks) -> bool:
        """Whether going on is still offered."""
        return self.age(clocks) <= RESUMABLE and not self.workout.state.over

    def resumed(self, clocks: Clocks) -> Workout:
        """The workout, paused where it broke off; the time since then counts as paused."""
        now = clocks.boot_ms()
        gap = self.age(clocks) // timedelta(milliseconds=1)
        shift = 0 if self._this_boot(clocks) else now - gap - self.workout.now
        workout = Workout.restore(self.workout.snapshot(), shift)
        if workout.allows(Command.PAUSE):
            workout.send(Command.PAUSE, workout.now, reason=Reason.RESTORED)
        workout.advance(now)
        return workout

    def _this_boot(self, clocks: Clocks) -> bool:
        same = clocks.boot_id == self.boot_id and self.boot_id != ""
        return same and clocks.boot_ms() >= self.workout.now

    def logged(self, history: RecordStore) -> bool:
        """Whether it is in the history already: only the end of its session was cut off."""
        try:
            return history.get(self.info.id).id == self.info.id
        except Ambiguous:
            return True
        except HistoryError:
            return False

    def save(self, history: RecordStore) -> None:
        """Put what was done into the history; HistoryError when it cannot be written."""
        # Twice where it broke off between the log and the end of the session.
        with suppress(Duplicate):
            history.append(self.record())

    def record(self) -> Record:
        """What was done, for the history, without going on."""
        from retrotimer.history.record import Status

        over = self.workout.state.over
        return record(self.info, self.workout, None if over else Status.RECOVERED)


def rated(
    made: Record, *, rpe: float | None, pain: int | None, belt_distance_m: float | None, note: str
) -> Record:
    """The record with what the person says about the workout."""
    return replace(made, rpe=rpe, pain=pain, belt_distance_m=belt_distance_m, note=note.strip())
