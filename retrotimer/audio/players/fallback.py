"""A back end of the user's choice, and another one that replaces it once it has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from retrotimer.audio.players.base import Player, PlayerWrapper
from retrotimer.audio.status import SoundStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrotimer.audio.schedule import Entry


class FailingPlayer(Player, Protocol):
    """A player that may fail for good; ProcessPlayer is one."""

    @property
    def failure(self) -> str:
        """Why it will not play again; empty while it may."""

    def has_played(self, entry: Entry) -> bool:
        """Whether it has recently played this entry of its track."""


class FallbackPlayer(PlayerWrapper):
    """Plays with `chosen` until that fails, then at once, and for good, with `default`.

    A lost device is not a failure: every back end waits for it. `default` must remember what it was
    told before it is started. `instead` says which one replaces which.
    """

    def __init__(self, chosen: FailingPlayer, default: Player, instead: str) -> None:
        super().__init__(chosen)
        self._chosen = chosen
        self._default = default
        self._instead = instead
        self._track: Sequence[Entry] = ()
        self._lost = ""
        self._before = chosen.status

    @property
    def status(self) -> SoundStatus:
        """Whether cues can be heard; once lost, it stays so until the default plays."""
        status = self.player.status
        return SoundStatus.LOST if self._lost and status is SoundStatus.STARTING else status

    @property
    def detail(self) -> str:
        """Back end and device, or why the sound is lost."""
        starting = self.player.status is SoundStatus.STARTING
        return self._lost if self._lost and starting else self.player.detail

    @property
    def note(self) -> str:
        """Why the chosen one does not play."""
        return f"{self._instead}: {self._chosen.failure}" if self._replaced else self.player.note

    def alarmed(self) -> bool:
        """Whether one of them has sounded the alarm by itself since the last call."""
        # Both are asked, so that neither reports it twice.
        return any([self._chosen.alarmed(), self._default.alarmed()])

    def start(self) -> None:
        """Start opening the device."""
        super().start()
        self._check()

    def play(self, track: Sequence[Entry]) -> None:
        """Replace the whole track."""
        self._track = track
        if self._replaced:
            self._default.play(self._unheard())
        else:
            self._chosen.play(track)
            self._check()

    def lease(self, until_ns: int | None) -> None:
        """Play until then unless renewed."""
        self._default.lease(until_ns)
        self._chosen.lease(until_ns)
        self._check()

    def set_volume(self, percent: int) -> None:
        """0 to 100."""
        self._default.set_volume(percent)
        self._chosen.set_volume(percent)
        self._check()

    def set_mute(self, on: bool) -> None:
        """Silence everything but the alarm of an expired lease."""
        self._default.set_mute(on)
        self._chosen.set_mute(on)
        self._check()

    def poll(self) -> None:
        """Read what the devices report; the chosen one may not be quite gone yet."""
        self._default.poll()
        self._chosen.poll()
        self._check()

    def close(self) -> None:
        """End both cleanly."""
        self._chosen.close()
        self._default.close()

    @property
    def _replaced(self) -> bool:
        return self.player is not self._chosen

    def _check(self) -> None:
        """Replace the chosen one by the default if it has just failed."""
        if self._chosen.failure and not self._replaced:
            if self._before not in (SoundStatus.OFF, SoundStatus.STARTING):
                # There was something to hear; what is still opening is not lost.
                self._lost = self._chosen.detail
            self.player = self._default
            self._default.play(self._unheard())
            self._default.start()
        self._before = self.player.status

    def _unheard(self) -> list[Entry]:
        """The track without what the chosen one has played: it must not be heard twice."""
        return [entry for entry in self._track if not self._chosen.has_played(entry)]
