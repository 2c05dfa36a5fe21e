"""Saves a running workout: its session file while it runs, its record when it is over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrotimer.core.workout import Workout
from retrotimer.history.errors import HistoryError
from retrotimer.run.environment import Environment
from retrotimer.session.recovery import SavedWorkout, WorkoutInfo, record

if TYPE_CHECKING:
    from retrotimer.history.record import Record

FLUSH = 2.0
"""How long a disk may take for the last write, in seconds."""
SAVE_EVERY = 3_000
"""How often progress is saved, in ms: a stall and a slow disk then lose at most 5 s (invariant
7)."""


class Journal:
    """What is on disk of one workout. Without `keeps`, as in a rehearsal, nothing is written."""

    def __init__(self, environment: Environment, info: WorkoutInfo, *, keeps: bool = True) -> None:
        self._environment = environment
        self._info = info
        self._keeps = keeps
        self._saved_at = environment.boot_ms()
        self._ended: SavedWorkout | None = None
        self._record: Record | None = None
        self._unsaved: HistoryError | None = None
        self._set_aside: str | None = None

    @property
    def info(self) -> WorkoutInfo:
        """Id and start of the workout."""
        return self._info

    @property
    def keeps(self) -> bool:
        """Whether the workout goes to the history: not if it is a rehearsal or discarded."""
        return self._keeps

    @property
    def record(self) -> Record | None:
        """The record, once the workout is over."""
        return self._record

    @property
    def unsaved(self) -> HistoryError | None:
        """Why the record could not be written, None: it was, or there is none yet."""
        return self._unsaved

    @property
    def set_aside(self) -> str | None:
        """What was in the way of the record and was moved aside, in words."""
        return self._set_aside

    @property
    def left_over(self) -> SavedWorkout | None:
        """The finished workout that could not be saved, as in its session file."""
        return None if self._unsaved is None else self._ended

    @property
    def error(self) -> str | None:
        """Why a crash now would lose the workout; None: it would not."""
        return self._environment.sessions.error if self._keeps else None

    # While it runs ------------------------------------------------------------------------

    def begin(self, workout: Workout) -> None:
        """The workout starts now."""
        self._info = self._info.starting(self._environment.wall(), workout.plan.total)

    def alive(self, now: int) -> None:
        """Show other programs that this one is alive, as of `now` (ms of the boot clock)."""
        if self._keeps:
            self._environment.sessions.alive(now)

    def keep(self, workout: Workout, now: int) -> None:
        """Save the progress to the session file, as of `now` (ms of the boot clock)."""
        if self._keeps:
            self._saved_at = now
            self._environment.sessions.save(self._saved(workout).table())

    def keep_on(self, workout: Workout, now: int) -> None:
        """Save the progress, if that is due."""
        if now - self._saved_at >= SAVE_EVERY:
            self.keep(workout, now)

    def leave(self, workout: Workout, now: int) -> bool:
        """Save a workout that is left before its end; False if it is not on disk."""
        if not self._keeps:
            return True
        from retrotimer.history.record import Status

        self.keep(workout, now)
        kept = self.in_session()
        self._environment.pending = None if kept else record(self._info, workout, Status.RECOVERED)
        return kept

    def forget(self) -> None:
        """Remove everything saved of the workout: it is discarded."""
        if self._keeps:
            # A rehearsal has no session; an existing one belongs to another workout.
            self._keeps = False
            self._environment.sessions.clear()

    # When it is over ----------------------------------------------------------------------

    def finish(self, workout: Workout, now: int) -> None:
        """Make the record of a finished workout, and write it."""
        self._record = record(self._info, workout)
        self._ended = self._saved(workout)
        if self._keeps and not self.save():
            self.keep(workout, now)

    def amend(self, made: Record) -> None:
        """Replace the record with what the person added; `save` writes it."""
        self._record = made

    def save(self, place: Path | None = None) -> bool:
        """Write the record again, or elsewhere, after it could not be written."""
        if self._record is None:
            return False
        from retrotimer.history.file import HistoryFile

        history = self._environment.history if place is None else HistoryFile(place)
        try:
            self._set_aside = history.append(self._record)
        except HistoryError as error:
            self._unsaved, self._environment.pending = error, self._record
            return False
        self._unsaved = self._environment.pending = None
        self._environment.sessions.clear()
        return True

    def in_session(self) -> bool:
        """Whether the session file on disk has all of the workout; waits for the disk."""
        return self._environment.sessions.flush(FLUSH)

    def _saved(self, workout: Workout) -> SavedWorkout:
        environment = self._environment
        return SavedWorkout(self._info, workout, environment.wall(), environment.boot_id)
