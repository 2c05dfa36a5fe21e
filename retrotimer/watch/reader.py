"""Another program's workout as it is now, read from its session file without touching it.

The session file holds the whole machine, so time passes here by itself; the sign of life beside it
says up to when that is valid. Both use the boot clock, the same for all processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from retrotimer.core.plan import Plan
from retrotimer.core.view import View
from retrotimer.core.workout import Workout
from retrotimer.files import locks, toml_file
from retrotimer.files.regular import open_regular
from retrotimer.host import clock
from retrotimer.session import heartbeat
from retrotimer.session.recovery import FORMAT, RESUMABLE, SavedWorkout

NO_NEWS = 1_500
"""Without a sign of life for this long, nothing counts on, in ms. After the same time a frozen
program pauses at the last moment it showed, and no cue plays (invariant 1). A living one gives a
sign every 0.5 to 0.75 s, so a busy machine has 0.75 s to spare.
"""
LOOK_EVERY = 100
"""How often the files are looked at, in ms: a key on the first screen shows at once."""
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Nothing:
    """No workout is running; `left` describes an interrupted one, "" if there is none."""

    left: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """There is a session file, but `why` says that it cannot be followed."""

    why: str


@dataclass(frozen=True, slots=True)
class Live:
    """A workout under way, as its own screen shows it."""

    plan: Plan
    view: View


@dataclass(frozen=True, slots=True)
class Silent:
    """No news of a workout under way: `view` is the last certain one, `why` what is known.

    `heard` is the local time of the last sign of life, `seconds` how long ago that was.
    """

    plan: Plan
    view: View
    heard: datetime
    seconds: int
    why: str


@dataclass(frozen=True, slots=True)
class Over:
    """A workout that has ended; `view` is the last one, `at` the local time."""

    plan: Plan
    view: View
    at: datetime


Watched = Nothing | Unreadable | Live | Silent | Over


class Watch:
    """Follows whatever workout is in the session file at `path`."""

    def __init__(
        self,
        path: Path,
        *,
        boot_ms: Callable[[], int] = clock.boot_ms,
        wall: Callable[[], datetime] = clock.wall,
        boot_id: str | None = None,
    ) -> None:
        self.path = path
        self.wall = wall
        self._boot_ms = boot_ms
        self._boot_id = clock.boot_id() if boot_id is None else boot_id
        self._mark: tuple[int, ...] = ()
        self._session: SavedWorkout | Unreadable | None = None
        self._workout: Workout | None = None
        self._sight: Watched = Nothing()
        self._sign = 0
        self._heard = (0, wall())

    def look(self) -> Watched:
        """What can be seen now; equal ones look alike."""
        # In this order a delay only makes the news look younger, and no change is missed.
        now = self._boot_ms()
        sign = heartbeat.last(self.path)
        self._read()
        self._sight = self._seen(now, sign)
        return self._sight

    def wait(self) -> float:
        """Seconds until `look` is due: at the next visible change, or for news."""
        if not isinstance(self._sight, Live) or not isinstance(self._session, SavedWorkout):
            return LOOK_EVERY / 1000
        now = self._boot_ms()
        change = self._session.workout.next_change(now)
        return LOOK_EVERY / 1000 if change is None else min(LOOK_EVERY, change - now) / 1000

    # The file -----------------------------------------------------------------------------

    def _read(self) -> None:
        """Read the session file if it is a new one; it is only ever replaced as a whole."""
        try:
            with os.fdopen(open_regular(self.path, os.O_RDONLY), "rb") as file:
                state = os.fstat(file.fileno())
                mark = (state.st_dev, state.st_ino, state.st_mtime_ns, state.st_size)
                if mark == self._mark:
                    return
                data = file.read(toml_file.MOST + 1)
        except FileNotFoundError:
            self._mark, self._session = (), None
        except OSError as error:
            self._mark = ()
            self._session = Unreadable(f"{self.path}: {error.strerror or error}")
        else:
            self._mark, self._session = mark, self._understood(data)

    def _understood(self, data: bytes) -> SavedWorkout | Unreadable:
        try:
            table = toml_file.parse(data)
            made = table.get("format")
            if made != FORMAT:
                return Unreadable(
                    f"{self.path}: found format {made!r}, expected {FORMAT}; "
                    "both screens need the same version"
                )
            return SavedWorkout.read(table)
        except ValueError as error:
            return Unreadable(f"{self.path} is damaged: {error}")

    # What it means ------------------------------------------------------------------------

    def _seen(self, now: int, sign: int | None) -> Watched:
        found = self._session
        if isinstance(found, Unreadable):
            return found
        if found is None:
            return self._gone(now)
        workout = found.workout
        if found.boot_id != self._boot_id or workout.now > now + NO_NEWS:
            # Its instants mean nothing here, but the wall clock survives a reboot.
            return self._left(found, found.saved.astimezone())
        # A sign from before the last boot may be ahead. A starting program removes the last one.
        if sign is not None and sign <= now + NO_NEWS:
            self._sign = max(self._sign, sign)
        # Saving is a sign of life as well.
        heard = max(workout.now, self._sign)
        since = self._time_of(heard, now)
        if (now - heard) * _MS > RESUMABLE:
            return self._left(found, since)
        silent = now - heard > NO_NEWS
        view = workout.view(heard if silent else now)
        if view.state.over:
            before = self._sight
            if isinstance(before, Over) and before.view == view:
                return before
            return Over(workout.plan, view, since if workout.state.over else self.wall())
        self._workout = workout
        if not silent:
            return Live(workout.plan, view)
        return Silent(workout.plan, view, since, (now - heard) // 1000, self._why(sign))

    def _gone(self, now: int) -> Watched:
        """Without a file: a workout that was being watched has ended."""
        before = self._sight
        if isinstance(before, Live) and self._workout is not None:
            return Over(before.plan, self._workout.view(now), self.wall())
        if isinstance(before, Silent):
            return Over(before.plan, before.view, self.wall())
        return before if isinstance(before, Over) else Nothing()

    def _left(self, found: SavedWorkout, since: datetime) -> Nothing:
        name = found.workout.plan.name
        return Nothing(f"{name} was interrupted {since:%Y-%m-%d %H:%M}; `retrotimer` asks.")

    def _why(self, sign: int | None) -> str:
        held = locks.held(heartbeat.claim_path(self.path))
        if held is None:
            return "The program has ended or is frozen."
        if not held:
            return "The program has ended. `retrotimer` offers to go on with it."
        if sign is None:
            return "The program was restarted and asks whether to go on."
        return "The program is frozen."

    def _time_of(self, heard: int, now: int) -> datetime:
        """The local time of an instant, the same at every look."""
        if self._heard[0] != heard:
            self._heard = (heard, self.wall() - (now - heard) * _MS)
        return self._heard[1]
