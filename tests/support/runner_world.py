"""What runners and screens get in tests: a clock to set, and a player that records its orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus
from retrotimer.config.model import Config
from retrotimer.core.plan import Plan, make_plan
from retrotimer.core.sets import Belt, Confirm, IntervalSet, Kind, Repeat, Safety, Step
from retrotimer.history.file import HistoryFile
from retrotimer.run.environment import Environment
from retrotimer.session.file import DirectWriter, SessionFile

MS = 1_000_000


class FakeClock:
    """All clocks at once; `advance` lets time pass, `sleep` suspends the machine."""

    def __init__(self) -> None:
        self.ms = 1_000_000
        self._asleep = 0
        self._start = datetime(2026, 11, 23, 7, 10, tzinfo=timezone(timedelta(hours=1)))

    def advance(self, ms: int) -> None:
        self.ms += ms

    def sleep(self, ms: int) -> None:
        """The boot clock goes on, the sound clock does not."""
        self.ms += ms
        self._asleep += ms

    def travel(self, hours: int) -> None:
        """Move to another time zone; the instant stays the same."""
        self._start = self._start.astimezone(timezone(timedelta(hours=hours)))

    def boot_ms(self) -> int:
        return self.ms

    def sound_ns(self) -> int:
        return (self.ms - self._asleep) * MS

    def wall(self) -> datetime:
        return self._start + timedelta(milliseconds=self.ms - 1_000_000)


@dataclass
class RecordingPlayer:
    """A player that plays nothing and records everything; tests set `status` and `detail`."""

    status: SoundStatus = SoundStatus.READY
    detail: str = "a recording player"
    note: str = ""
    tracks: list[list[Entry]] = field(default_factory=list)
    leases: list[int | None] = field(default_factory=list)
    started: int = 0
    polls: int = 0
    volume: int | None = None
    mutes: list[bool] = field(default_factory=list)
    apart: bool = True
    alarms: int = 0
    closed: bool = False

    def alarmed(self) -> bool:
        alarms, self.alarms = self.alarms, 0
        return alarms > 0

    def start(self) -> None:
        self.started += 1

    def play(self, track: Sequence[Entry]) -> None:
        self.tracks.append(list(track))

    def lease(self, until_ns: int | None) -> None:
        self.leases.append(until_ns)

    def set_volume(self, percent: int) -> None:
        self.volume = percent

    def set_mute(self, on: bool) -> None:
        self.mutes.append(on)

    @property
    def muted(self) -> bool:
        return self.mutes[-1:] == [True]

    def poll(self) -> None:
        self.polls += 1

    def close(self) -> None:
        self.closed = True

    def cues(self) -> list[str]:
        """The ids of the cues in the newest track, in order; for speech, its words."""
        newest = self.tracks[-1] if self.tracks else []
        return [entry.cue or entry.sound for entry in newest]


@dataclass
class RecordingAwake:
    """Records whether the screen is kept on; with `able` False it refuses."""

    able: bool = True
    active: bool = False

    def start(self) -> None:
        self.active = self.able

    def stop(self) -> None:
        self.active = False


class LazyWriter(DirectWriter):
    """Writes the first save, then only the newest one, and only when somebody could see it.

    A running workout saves every few seconds, and most tests never look at its file.
    """

    def __init__(self, file: SessionFile) -> None:
        super().__init__(file)
        self._seen = False
        self._newest: Mapping[str, Any] | None = None

    def save(self, values: Mapping[str, Any]) -> int:
        if self._seen or not self._asked or self.error is not None:
            return super().save(values)
        self._newest = values
        self._asked += 1
        self.written = self._asked
        return self.written

    def clear(self) -> int:
        self._newest = None
        return super().clear()

    def flush(self, timeout: float = 0) -> bool:
        newest, self._newest = self._newest, None
        if newest is not None:
            super().save(newest)
        return super().flush(timeout)

    def show(self) -> None:
        """From now on the file is what it is for a user."""
        self._seen = True
        self.flush()


@dataclass
class World:
    """An environment and the fakes behind it."""

    clock: FakeClock
    player: RecordingPlayer
    awake: RecordingAwake
    history: HistoryFile
    environment: Environment
    _sessions: LazyWriter
    _session: SessionFile

    @property
    def session(self) -> SessionFile:
        """The session file; whoever has it may also look at its path, at any time."""
        self._sessions.show()
        return self._session


def make_world(folder: Path) -> World:
    """A fresh world with its files in `folder`."""
    clock, player, awake = FakeClock(), RecordingPlayer(), RecordingAwake()
    history, session = HistoryFile(folder / "history.toml"), SessionFile(folder / "session.toml")
    sessions = LazyWriter(session)
    environment = Environment(
        player=player,
        sessions=sessions,
        history_path=history.path,
        awake=awake,
        boot_ms=clock.boot_ms,
        sound_ns=clock.sound_ns,
        wall=clock.wall,
        boot_id="this boot",
    )
    return World(clock, player, awake, history, environment, sessions, session)


FIRST_STEPS = IntervalSet(
    "First steps",
    (
        Step(Kind.FORWARD, 300_000, speed=3.5, incline=0.0, label="Warm up"),
        Repeat(
            5,
            (
                Step(Kind.BACKWARD, 30_000, speed=1.6, incline=0.0),
                Step(Kind.FORWARD, 60_000, speed=3.0, incline=0.0),
            ),
        ),
        Step(Kind.FORWARD, 180_000, speed=3.0, incline=0.0, label="Cool down"),
    ),
    about="Slow backward walking, level belt.",
)
"""The first of the built-in sets, shortened."""

EVERYTHING = IntervalSet(
    "[/] everything [b",
    (
        Step(Kind.FORWARD, 20_000, speed=4.0, incline=2.0),
        Step(Kind.REST, 30_000, label="[red]drink"),
        Repeat(
            2,
            (
                Repeat(2, (Step(Kind.BACKWARD, 20_000, speed=2.0, incline=4.0),), skip_last=False),
                Step(Kind.FORWARD, 20_000),
                Step(Kind.REST, 15_000),
            ),
        ),
        Step(Kind.FORWARD, None, speed=3.0),
    ),
)
"""All kinds of steps: nested, open, without a speed, with a name that looks like markup."""


def plan_of(
    interval_set: IntervalSet = FIRST_STEPS,
    *,
    confirm: Confirm = Confirm.NEVER,
    belt: Belt | None = None,
) -> Plan:
    return make_plan(interval_set, belt or Belt(), Safety(confirm_turns=confirm, checklist=False))


def config_of(*sets: IntervalSet, **changes: object) -> Config:
    """A config without the checklist, which is tested separately."""
    changes = {"safety": Safety(checklist=False)} | changes
    return Config(sets=sets or (FIRST_STEPS, EVERYTHING), **changes)  # type: ignore[arg-type]
