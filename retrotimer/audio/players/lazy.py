"""A player that is made when it is first started, so that no first frame waits for its loading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from retrotimer.audio.status import SoundStatus

if TYPE_CHECKING:
    from retrotimer.audio.players.process import Cue, Player


class LazyPlayer:
    """A Player, made by `make` at its start; before that there is nothing to play or to end."""

    def __init__(self, make: Callable[[], Player]) -> None:
        self._make = make
        self._player: Player | None = None

    @property
    def status(self) -> SoundStatus:
        """Whether cues can be heard, as of the last `poll`."""
        return self._player.status if self._player else SoundStatus.OFF

    @property
    def detail(self) -> str:
        """For people: back end and device, or why the sound is lost."""
        return self._player.detail if self._player else "not started"

    @property
    def note(self) -> str:
        """What is to be told once about the sound; mostly nothing."""
        return self._player.note if self._player else ""

    @property
    def apart(self) -> bool:
        """Whether it is heard even when the terminal stands still."""
        return self._player is not None and self._player.apart

    def alarmed(self) -> bool:
        """Whether it has sounded the alarm by itself since this was asked last."""
        return self._player is not None and self._player.alarmed()

    def start(self) -> None:
        """Make it, and begin opening the device."""
        if self._player is None:
            self._player = self._make()
        self._player.start()

    def play(self, track: Sequence[Cue]) -> None:
        """Replace the whole track."""
        if self._player:
            self._player.play(track)

    def lease(self, until_ns: int | None) -> None:
        """Play until then unless renewed."""
        if self._player:
            self._player.lease(until_ns)

    def set_volume(self, percent: int) -> None:
        """0 to 100."""
        if self._player:
            self._player.set_volume(percent)

    def set_mute(self, on: bool) -> None:
        """Silence everything but the alarm of a lease that ran out."""
        if self._player:
            self._player.set_mute(on)

    def poll(self) -> None:
        """Take in what the device reports."""
        if self._player:
            self._player.poll()

    def close(self) -> None:
        """End in good order."""
        if self._player:
            self._player.close()
