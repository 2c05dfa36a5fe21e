"""What is saved of a workout: its session file while it runs, its record when it is over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from retrotimer.core.codec import Codec, Rule, UnfitError, told
from retrotimer.core.plan import distance
from retrotimer.core.snapshot import LONGEST, people_can_read
from retrotimer.core.states import Command, Reason, State
from retrotimer.core.workout import Workout
from retrotimer.history.errors import Ambiguous, Duplicate, HistoryError
from retrotimer.history.ids import new_id

if TYPE_CHECKING:
    from retrotimer.history.record import Record, Status

FORMAT = 1
ID = re.compile(r"[A-Za-z0-9-]{1,64}")
FIRST_YEAR, LAST_YEAR = 1970, 2999
"""The first and last year of instants in a session file; clocks without a battery start in the
first (NS)."""
RESUMABLE = timedelta(hours=2)
"""How long an interrupted workout may be resumed (NS)."""


class Clocks(Protocol):
    """What tells how long ago something was; an `Environment` has them."""

    @property
    def boot_id(self) -> str:
        """An id of this run of the machine, "" where it has none."""

    @property
    def boot_ms(self) -> Callable[[], int]:
        """Milliseconds that count sleep, from the machine's start on."""

    @property
    def wall(self) -> Callable[[], datetime]:
        """The local time."""


@dataclass(frozen=True, slots=True)
class WorkoutInfo:
    """Facts about a workout besides its progress: `planned` is the first plan's length in ms.

    `scaled` says, for people, how the plan differs from its set; usually "".
    """

    id: str
    started: datetime
    planned: int
    scaled: str = ""

    @classmethod
    def new(
        cls, started: datetime, planned: int, rng: Random | None = None, *, scaled: str = ""
    ) -> WorkoutInfo:
        """A workout that starts now; the file has its start to the millisecond."""
        started = started.replace(microsecond=started.microsecond // 1000 * 1000)
        return cls(new_id(started, rng or Random()), started, planned, scaled)

    def starting(self, started: datetime, planned: int) -> WorkoutInfo:
        """The same workout, starting only now."""
        return self.new(started, planned, scaled=self.scaled)


class RecordStore(Protocol):
    """What the end of a workout needs from the history; `HistoryFile` has it."""

    def append(self, record: Record) -> str | None:
        """Add a record; Duplicate if another one has its id."""

    def get(self, key: str) -> Record:
        """The record with this id; HistoryError if there is none."""


def record(info: WorkoutInfo, workout: Workout, status: Status | None = None) -> Record:
    """The record of a workout, finished or interrupted. Its end is the start plus the elapsed
    time."""
    # Records are for the end; no first frame waits for them.
    from retrotimer.history.record import Record, Status

    totals = workout.totals
    rows = workout.rows
    # A lesson with the belt off has only rests, and no distance, not even one of 0 m.
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


@dataclass(frozen=True, slots=True)
class SessionTable:
    """The contents of a session file; `workout` is the machine's own memory."""

    id: str
    started: datetime
    saved: datetime
    planned_ms: int
    workout: dict[str, Any]
    scaled: str = ""
    boot_id: str = ""


def _rule(_owner: type, field: str, kind: type) -> Rule | None:
    if field == "id":
        # It becomes part of a file name if the record cannot be saved.
        return lambda text: None if ID.fullmatch(text) else "letters, digits and -"
    if field == "planned_ms":
        return lambda length: None if 0 <= length <= LONGEST else "a length in ms"
    rules: dict[type, Rule] = {str: people_can_read, datetime: _instant}
    return rules.get(kind)


def _instant(moment: datetime) -> str | None:
    if moment.tzinfo is None:
        return "an instant with its offset"
    fit = FIRST_YEAR <= moment.year <= LAST_YEAR
    return None if fit else f"a year from {FIRST_YEAR} to {LAST_YEAR}"


_CODEC = Codec(
    sparse=True,
    rule=_rule,
    lenient=(SessionTable,),
    more={datetime: "a date and time", dict: "a table"},
)


@dataclass(frozen=True, slots=True)
class SavedWorkout:
    """A workout from its session file: running, or interrupted when the program ended.

    `saved` is when it was saved, `boot_id` the run of the machine whose clock its instants use.
    """

    info: WorkoutInfo
    workout: Workout
    saved: datetime
    boot_id: str

    def table(self) -> dict[str, Any]:
        """The contents of the session file; `read` is the inverse."""
        info = self.info
        table = SessionTable(
            id=info.id,
            started=info.started,
            saved=self.saved,
            planned_ms=info.planned,
            workout=self.workout.snapshot(),
            scaled=info.scaled,
            boot_id=self.boot_id,
        )
        return {"format": FORMAT, "set": self.workout.plan.name, **_CODEC.plain(table)}

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> SavedWorkout:
        """The workout from the session file's contents; ValueError if they are unusable."""
        made = data.get("format")
        if type(made) is not int or made != FORMAT:
            raise ValueError(f"not a session: format {told(made)}, expected {FORMAT}")
        try:
            table = _CODEC.read(SessionTable, data)
        except UnfitError as error:
            raise ValueError(f"not a session: {error}") from error
        info = WorkoutInfo(table.id, table.started, table.planned_ms, table.scaled)
        return cls(info, Workout.restore(table.workout), table.saved, table.boot_id)

    def age(self, clocks: Clocks) -> timedelta:
        """How long ago it was interrupted: within one run of the machine, even if the clock was
        set."""
        if self._this_boot(clocks):
            return timedelta(milliseconds=clocks.boot_ms() - self.workout.now)
        return max(timedelta(), clocks.wall() - self.saved)

    def resumable(self, clocks: Clocks) -> bool:
        """Whether going on is still offered."""
        return self.age(clocks) <= RESUMABLE and not self.workout.state.over

    def resumed(self, clocks: Clocks) -> Workout:
        """The workout, paused where it was interrupted; the time since then counts as paused."""
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
        """Whether it is in the history already, and only its session could not be removed."""
        try:
            return history.get(self.info.id).id == self.info.id
        except Ambiguous:
            return True
        except HistoryError:
            return False

    def save(self, history: RecordStore) -> None:
        """Save what was done to the history; HistoryError if it cannot be written."""
        # It is there already if the program ended between writing the log and the end of the
        # session.
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
