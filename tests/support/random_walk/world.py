"""The world of a walk: clocks that jump, an ear that notes every cue, and disks that fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import tomli
import tomli_w

from retrotimer.audio.schedule import Entry
from retrotimer.history.errors import Duplicate, NotFound, Unavailable
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record, to_toml
from retrotimer.run.environment import Environment
from retrotimer.run.terminal_health import Patience, TerminalHealth
from tests.support.runner_world import MS, FakeClock, RecordingAwake, RecordingPlayer

NOWHERE = Path("walk")
FULL = OSError(28, "No space left on device")
MEMORY = 20_000
"""How far back the ear remembers, in ms: longer than a turn with a few + and a wait."""

Heard = tuple[int, str]
"""The due instant of a cue (ns of the sound clock) and its id."""


class Killed(BaseException):
    """The program was killed in the middle of this call; nothing may catch it."""


class WalkClock(FakeClock):
    """A fake clock whose wall clock can be set, and whose machine can be rebooted."""

    def __init__(self) -> None:
        super().__init__()
        self.boot = 1
        self._set_by = 0

    @property
    def boot_id(self) -> str:
        return f"boot {self.boot}"

    def wall(self) -> datetime:
        return super().wall() + timedelta(milliseconds=self._set_by)

    def set_wall(self, by: int) -> None:
        self._set_by += by

    def reboot(self, off: int, uptime: int) -> None:
        """The machine was off for `off` ms and has been up for `uptime` ms."""
        self.boot += 1
        self._set_by += self.ms + off
        self.ms, self._asleep = uptime, 0

    def sound_of(self, boot_ms: int) -> int:
        """An instant of the boot clock on the sound clock, in ns, if the machine does not sleep."""
        return (boot_ms - self._asleep) * MS


class FakeTerminal:
    """A terminal that shows everything at once, or is frozen."""

    def __init__(self) -> None:
        self.frozen = False
        self._patience = Patience()
        self._seen = 0

    def look(self, now: int) -> TerminalHealth:
        if not self.frozen:
            self._seen = now
        return TerminalHealth(self._seen, self._patience.exhausted(now, late=self.frozen))


class Ear(RecordingPlayer):
    """A player that knows what is heard: its track's cues at their instants, while leased."""

    def __init__(self, clock: WalkClock) -> None:
        super().__init__()
        self._clock = clock
        self._until: int | None = None
        self.track: list[Heard] = []
        self.heard: list[Heard] = []
        self.new: list[Heard] = []
        """What was heard since this list was last emptied."""
        self.announced: dict[Heard, int] = {}
        """When the player was first told of each cue, in ns."""
        self.lapsed = False
        """Whether a lease ran out, so that the alarm sounded."""
        self.new_track = False
        """Whether there is a new track; whoever looks at it resets this."""

    def play(self, track: Sequence[Entry]) -> None:
        self.listen()
        now = self._clock.sound_ns()
        self.track = sorted((entry.due, entry.cue or str(entry.words)) for entry in track)
        for cue in self.track:
            self.announced.setdefault(cue, now)
        self.new_track = True
        if len(self.announced) > 1_000:
            oldest = now - 10 * MEMORY * MS
            self.announced = {cue: at for cue, at in self.announced.items() if cue[0] >= oldest}

    def lease(self, until_ns: int | None) -> None:
        self.listen()
        self._until = until_ns

    @property
    def leased(self) -> int | None:
        """For how many more ms it may play; None if no lease is held."""
        return None if self._until is None else self._until // MS - self._clock.boot_ms()

    def listen(self) -> None:
        """Note what was due up to now."""
        # Leases run on the clock that counts sleep. This is called before each sleep, so that both
        # clocks have run in step since the last call.
        limit = self._clock.sound_ns()
        if self._until is not None and (late := self._clock.boot_ms() * MS - self._until) > 0:
            self.lapsed, limit = True, limit - late
        known = set(self.heard[-60:])
        fresh = [cue for cue in self.track if cue[0] < limit and cue not in known]
        self.heard += fresh
        self.new += fresh
        if len(self.heard) > 2_000:
            del self.heard[:1_000]


class Sessions:
    """The session file in memory; it goes through TOML like the real one."""

    def __init__(self) -> None:
        self.values: Mapping[str, Any] | None = None
        self.written = 0
        self.error: str | None = None
        self.broken = False
        self.kill_in: int | None = None
        """After how many more writes or removals to kill; None: never."""
        self.kill_late = False
        """Whether that last change still reaches the disk."""

    def on_disk(self) -> dict[str, Any] | None:
        """The session as the next start finds it."""
        return None if self.values is None else tomli.loads(tomli_w.dumps(self.values))

    def save(self, values: Mapping[str, Any]) -> int:
        return self._put(values)

    def clear(self) -> int:
        return self._put(None)

    def alive(self, now: int) -> None:
        pass

    def flush(self, timeout: float) -> bool:  # noqa: ARG002
        return True

    def close(self, timeout: float = 0) -> bool:  # noqa: ARG002
        return True

    def _put(self, values: Mapping[str, Any] | None) -> int:
        killed = self.kill_in == 0
        self.kill_in = self.kill_in - 1 if self.kill_in else None
        if killed and not self.kill_late:
            raise Killed
        self.error = str(FULL) if self.broken else None
        if not self.broken:
            self.values = values
            self.written += 1
        if killed:
            raise Killed
        return self.written


class Log(HistoryFile):
    """A history in memory."""

    def __init__(self) -> None:
        super().__init__(NOWHERE)
        self.records: dict[str, Record] = {}
        self.broken = False

    def append(self, record: Record) -> str | None:
        if self.broken:
            raise Unavailable.because(FULL, NOWHERE)
        to_toml(record)
        if self.records.get(record.id, record) != record:
            raise Duplicate("there is another workout of this id already", NOWHERE)
        self.records[record.id] = record
        return None

    def get(self, key: str) -> Record:
        if key not in self.records:
            raise NotFound("no workout has this id", NOWHERE)
        return self.records[key]


class WalkWorld:
    """Everything outside the program: clock, session file and history."""

    def __init__(self) -> None:
        self.clock = WalkClock()
        self.sessions = Sessions()
        self.log = Log()

    def environment(self) -> tuple[Environment, Ear]:
        """An environment for a program started now, and its player."""
        ear = Ear(self.clock)
        clock = self.clock
        awake = RecordingAwake()
        environment = Environment(
            ear,
            self.sessions,
            NOWHERE,
            awake=awake,
            boot_ms=clock.boot_ms,
            sound_ns=clock.sound_ns,
            wall=clock.wall,
            boot_id=clock.boot_id,
        )
        environment.history = self.log
        return environment, ear
