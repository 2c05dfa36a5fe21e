"""What every player does, and a player that passes everything on to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrotimer.audio.schedule import Entry
    from retrotimer.audio.status import SoundStatus


class Player(Protocol):
    """Plays tracks; only `close` may block, for 1 s at most.

    Instants are ns of `clock.now_ns`, those of leases of `clock.boot_ns`.
    """

    @property
    def status(self) -> SoundStatus:
        """Whether cues can be heard, as of the last `poll`."""

    @property
    def detail(self) -> str:
        """For people, after the word "sound": back end and device, or why it is lost."""

    @property
    def note(self) -> str:
        """What to say once about the sound; usually nothing."""

    @property
    def apart(self) -> bool:
        """Whether it is heard even while the terminal is frozen."""

    def alarmed(self) -> bool:
        """Whether it has sounded the alarm by itself since the last call."""

    def start(self) -> None:
        """Start opening the device."""

    def play(self, track: Sequence[Entry]) -> None:
        """Replace the whole track; a sound being played goes on only if it is in the new one
        too."""

    def lease(self, until_ns: int | None) -> None:
        """Play until then unless renewed, then sound the alarm; None: no renewal is needed."""

    def set_volume(self, percent: int) -> None:
        """0 to 100."""

    def set_mute(self, on: bool) -> None:
        """Silence everything but the alarm of an expired lease."""

    def poll(self) -> None:
        """Read what the device reports, and repair what can be repaired; call it often."""

    def close(self) -> None:
        """End cleanly, without an alarm."""


class PlayerWrapper:
    """Passes everything on to `player`; a subclass overrides what it adds to."""

    def __init__(self, player: Player) -> None:
        self.player = player

    @property
    def status(self) -> SoundStatus:
        """That of the wrapped player."""
        return self.player.status

    @property
    def detail(self) -> str:
        """That of the wrapped player."""
        return self.player.detail

    @property
    def note(self) -> str:
        """That of the wrapped player."""
        return self.player.note

    @property
    def apart(self) -> bool:
        """Whether the wrapped player is heard even while the terminal is frozen."""
        return self.player.apart

    def alarmed(self) -> bool:
        """Whether the wrapped player has sounded the alarm since the last call."""
        return self.player.alarmed()

    def start(self) -> None:
        """Start opening the device."""
        self.player.start()

    def play(self, track: Sequence[Entry]) -> None:
        """Replace the whole track."""
        self.player.play(track)

    def lease(self, until_ns: int | None) -> None:
        """Play until then unless renewed."""
        self.player.lease(until_ns)

    def set_volume(self, percent: int) -> None:
        """0 to 100."""
        self.player.set_volume(percent)

    def set_mute(self, on: bool) -> None:
        """Silence everything but the alarm of an expired lease."""
        self.player.set_mute(on)

    def poll(self) -> None:
        """Read what the device reports."""
        self.player.poll()

    def close(self) -> None:
        """End cleanly."""
        self.player.close()
