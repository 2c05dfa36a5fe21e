"""What keeps a running workout: its session while it runs, its record when it is over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrotimer.core.workout import Workout
from retrotimer.history.errors import HistoryError
from retrotimer.run.environment import Environment
from retrotimer.session.recovery import SavedWorkout, WorkoutInfo, record, session

if TYPE_CHECKING:
    from retrotimer.history.record import Record

FLUSH = 2.0
"""Seconds that a disk has for the last write."""
SAVE_EVERY = 3_000
"""Saved so often in ms that a stall and a slow disk later at most 5 s are lost (invariant 7)."""


class Journal:
    """The part of a runner that keeps its workout.

    `record` is there once it is over, `unsaved` says why that could not be written, `set_aside`
    what was in its way.
    """

    _environment: Environment
    _workout: Workout
    _kept: WorkoutInfo
    _presented: int

    def _keep_from(self, now: int, keeps: bool) -> None:
        self._keeps = keeps
        self._saved = now
        self.record: Record | None = None
        self.unsaved: HistoryError | None = None
        self.set_aside: str | None = None

    @property
    def keeps(self) -> bool:
        """Whether the workout goes to the history: no rehearsal, and not discarded."""
        return self._keeps

    @property
    def left_over(self) -> SavedWorkout | None:
        """The workout as its session has it when it is over and could not be saved."""
        if self.unsaved is None:
            return None
        return SavedWorkout(
            self._kept, self._workout, self._environment.wall(), self._environment.boot_id
        )

    def save(self, place: Path | None = None) -> bool:
        """Write the record again, or to another place, after it could not be written."""
        if self.record is None:
            return False
        from retrotimer.history.file import HistoryFile

        history = self._environment.history if place is None else HistoryFile(place)
        try:
            self.set_aside = history.append(self.record)
        except HistoryError as error:
            self.unsaved, self._environment.pending = error, self.record
            return False
        self.unsaved = self._environment.pending = None
        self._environment.sessions.clear()
        return True

    def in_session(self) -> bool:
        """Whether the session file on disk has all of the workout; waits for the disk."""
        return self._environment.sessions.flush(FLUSH)

    def _keep_on(self, now: int) -> None:
        """Keep the progress, if that is due."""
        if now - self._saved >= SAVE_EVERY:
            self._keep()

    def _keep(self) -> None:
        if not self._keeps:
            return
        self._saved = self._presented
        self._environment.sessions.save(
            session(self._kept, self._workout, self._environment.wall(), self._environment.boot_id)
        )

    def _finish(self) -> None:
        self.record = record(self._kept, self._workout)
        if self._keeps and not self.save():
            self._keep()
