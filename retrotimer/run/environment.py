"""What a runner needs from the world: sound, files, clocks, a screen that stays awake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from retrotimer.host import clock
from retrotimer.host.awake import Awake
from retrotimer.host.clock import MILLISECOND, apart

if TYPE_CHECKING:
    # Only named here: the first frame does not wait for them.
    from retrotimer.audio.players.base import Player
    from retrotimer.audio.voice import Voice
    from retrotimer.history.file import HistoryFile
    from retrotimer.history.record import Record
    from retrotimer.session.file import SessionStore


class KeepsAwake(Protocol):
    """Keeps the screen on; see `host.Awake`."""

    @property
    def active(self) -> bool:
        """Whether the system has agreed."""

    def start(self) -> None:
        """Ask for it."""

    def stop(self) -> None:
        """Let it sleep again."""


@dataclass
class Environment:
    """What a runner needs from the world. The clocks: ms that count sleep, ns of the sound, local.

    Without a `voice` nothing is spoken.
    """

    player: Player
    sessions: SessionStore
    history_path: Path
    voice: Voice | None = None
    awake: KeepsAwake = field(default_factory=Awake)
    boot_ms: Callable[[], int] = clock.boot_ms
    sound_ns: Callable[[], int] = clock.now_ns
    wall: Callable[[], datetime] = clock.wall
    boot_id: str = field(default_factory=clock.boot_id)
    pending: Record | None = None
    """The last workout, while it is not in the history; only this program may have it."""

    def apart(self) -> int:
        """How far the clock that counts sleep is ahead of the sound's clock, in ns."""
        return apart(lambda: self.boot_ms() * MILLISECOND, self.sound_ns)

    @cached_property
    def history(self) -> HistoryFile:
        """The training log, loaded on first use: the first frame does not need it."""
        from retrotimer.history.file import HistoryFile

        return HistoryFile(self.history_path)
