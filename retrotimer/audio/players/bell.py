"""The terminal's bell as the last resort: important cues, identified by the number of rings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrotimer.audio.players.base import Player, PlayerWrapper
from retrotimer.audio.status import SoundStatus
from retrotimer.core.cue_ids import CueId
from retrotimer.host.clock import MILLISECOND, boot_ns, now_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from retrotimer.audio.schedule import Entry

GAP = 300 * MILLISECOND
"""Terminals merge rings that are closer together."""
LATE = 400 * MILLISECOND

RINGS: dict[str, int] = {
    CueId.ALARM: 6,
    CueId.PAUSE: 1,
    CueId.BACKWARD: 3,
    CueId.FORWARD: 2,
    CueId.TURN: 1,
    CueId.RAILS: 1,
    CueId.SLOW: 1,
    CueId.SET: 1,
    CueId.WARN: 2,
    CueId.STOP: 1,
    CueId.DONE: 2,
}


class Bell:
    """Knows when to ring; `poll` rings at most once a call."""

    def __init__(
        self,
        ring: Callable[[], None],
        clock: Callable[[], int] = now_ns,
        boot: Callable[[], int] = boot_ns,
    ) -> None:
        self._ring = ring
        self._clock = clock
        self._boot = boot
        self._rings: list[int] = []
        self.lease: int | None = None
        self.mute = False
        self.off = False

    def play(self, track: Iterable[Entry]) -> None:
        """Take a new track instead of the previous one."""
        self._rings = sorted(
            entry.due + number * GAP for entry in track for number in range(RINGS.get(entry.cue, 0))
        )

    def poll(self, *, silent: bool = False) -> None:
        """Ring if it is time; what is too late, or comes while `silent`, never rings."""
        now = self._clock()
        due = [at for at in self._rings if at <= now]
        if not due:
            return
        del self._rings[: len(due)]
        held = self.lease is None or self._boot() < self.lease
        if held and not silent and not (self.mute or self.off) and now - due[-1] <= LATE:
            self._ring()


class BellPlayer:
    """Rings the terminal's bell; only important cues, identified by the number of rings."""

    apart = False
    note = ""

    def __init__(
        self,
        ring: Callable[[], None],
        clock: Callable[[], int] = now_ns,
        boot: Callable[[], int] = boot_ns,
    ) -> None:
        self.status = SoundStatus.OFF
        self.detail = "terminal bell"
        self._bell = Bell(ring, clock, boot)

    def alarmed(self) -> bool:
        """Never: a frozen program rings no bell."""
        return False

    def start(self) -> None:
        """Nothing to open."""
        self.status = SoundStatus.READY

    def play(self, track: Sequence[Entry]) -> None:
        """Replace the whole track."""
        self._bell.play(track)

    def lease(self, until_ns: int | None) -> None:
        """Ring until then unless renewed; a dead program cannot ring an alarm."""
        self._bell.lease = until_ns

    def set_volume(self, percent: int) -> None:
        """A bell has no volume; 0 is silence."""
        self._bell.off = percent <= 0

    def set_mute(self, on: bool) -> None:
        """Stop ringing."""
        self._bell.mute = on

    def poll(self) -> None:
        """Ring if it is time."""
        if self.status is SoundStatus.READY:
            self._bell.poll()

    def close(self) -> None:
        """Stop ringing."""
        self.status = SoundStatus.OFF


class RingingPlayer(PlayerWrapper):
    """A player, and the bell that rings while the sound of it is lost."""

    def __init__(
        self, player: Player, ring: Callable[[], None], clock: Callable[[], int] = now_ns
    ) -> None:
        super().__init__(player)
        self._bell = Bell(ring, clock)

    def play(self, track: Sequence[Entry]) -> None:
        """Replace the whole track, the bell's too."""
        super().play(track)
        self._bell.play(track)

    def lease(self, until_ns: int | None) -> None:
        """Play until then unless renewed."""
        super().lease(until_ns)
        self._bell.lease = until_ns

    def set_mute(self, on: bool) -> None:
        """Silence everything but the alarm of an expired lease."""
        super().set_mute(on)
        self._bell.mute = on

    def poll(self) -> None:
        """Read what the device reports; ring while the sound is lost."""
        super().poll()
        self._bell.poll(silent=self.status is not SoundStatus.LOST)
