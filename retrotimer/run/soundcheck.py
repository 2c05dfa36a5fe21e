"""The sound check: plays the cue of GO backward until it was heard over the running belt."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus
from retrotimer.core.cue_ids import GO_ROOM, CueId
from retrotimer.run.key_repeat import KeyRepeat

if TYPE_CHECKING:
    from retrotimer.audio.players.base import Player

MS = 1_000_000
VOLUME_STEP = 10
"""What one key press changes, in percent."""
SOON = 300
"""How long before its instant the cue is sent to the player, in ms."""
OPENING = 3_000
"""A device that is not open after this time counts as lost, in ms."""
HOLD_OFF = 1_000
"""What was just shown has not been read yet: for this long no key goes on from it, in ms."""


def louder(volume: int, steps: int) -> int:
    """A volume (percent) made louder, or with negative steps softer."""
    return min(100, max(0, volume + steps * VOLUME_STEP))


class Hearing(StrEnum):
    """How far the check is. READY: nothing played yet; OFF: the user wants no sound."""

    OPENING = "opening"
    READY = "ready"
    PLAYING = "playing"
    ASKING = "asking"
    LOST = "lost"
    OFF = "off"


class SoundCheck:
    """One sound check with a player, starting at `volume` (percent).

    `clock` gives ns of the clock that sound is scheduled on.
    """

    def __init__(self, player: Player, volume: int, clock: Callable[[], int]) -> None:
        self.volume = volume
        self.hearing = Hearing.OPENING
        self._player = player
        self._clock = clock
        self._opened = self._since = clock()
        self._presses = KeyRepeat()
        self._due: int | None = None
        self._wanted = False

    @property
    def wanted(self) -> bool:
        """Whether the cue sounds as soon as the device is open."""
        return self._wanted

    @property
    def detail(self) -> str:
        """The state of the sound, for people."""
        return self._player.detail

    def open(self) -> None:
        """Start opening the device."""
        self._opened = self._since = self._clock()
        self._player.start()
        self._player.set_mute(False)
        self._player.set_volume(self.volume)
        self.poll()

    def poll(self) -> Hearing:
        """Read what the device reports; call it often."""
        self._player.poll()
        now = self._clock()
        self._presses.look(now // MS)
        hearing = self._heard(now)
        if hearing is not self.hearing:
            self.hearing, self._since = hearing, now
        return hearing

    def play(self) -> None:
        """Play the cue, at once or as soon as the device is open."""
        self._wanted, self._due = True, None
        self.poll()

    def nudge(self, steps: int) -> None:
        """Louder or softer, and play it again."""
        self.volume = louder(self.volume, steps)
        self._player.set_volume(self.volume)
        self.play()

    def confirm(self, *, held: bool = False) -> bool:
        """The key for everything; returns True to go on.

        It plays the cue, as soon as the device is open. It goes on once the cue was asked about, or
        if it cannot be heard. A held key, or one pressed too soon after something new was shown,
        does nothing. `held`: the key is known to be held; otherwise its rhythm decides.
        """
        now = self._clock()
        held = self._presses.repeats("confirm", now // MS) or held
        if self.poll() is Hearing.OPENING:
            # Held since before the check began, it does not ask for the cue.
            self._wanted = not held
            return False
        if self.hearing is Hearing.READY and not held and now - self._opened >= HOLD_OFF * MS:
            self.play()
            return False
        read = self.hearing is Hearing.ASKING or now - self._since >= HOLD_OFF * MS
        over = self.hearing in (Hearing.ASKING, Hearing.LOST, Hearing.OFF)
        return over and read and not held

    def close(self) -> None:
        """Cut off what still sounds; the player stays open."""
        self._player.play([])

    def _heard(self, now: int) -> Hearing:
        status = self._player.status
        late = now - self._opened >= OPENING * MS
        if status is SoundStatus.LOST or (status is SoundStatus.STARTING and late):
            # What was played before was not heard, or must be heard again.
            self._wanted, self._due = False, None
            return Hearing.LOST
        if status is SoundStatus.STARTING:
            return Hearing.OPENING
        if status is SoundStatus.OFF:
            return Hearing.OFF
        if self._wanted:
            self._wanted, self._due = False, now + SOON * MS
            self._player.play([Entry(self._due, CueId.BACKWARD.value)])
        if self._due is None:
            return Hearing.READY
        return Hearing.PLAYING if now < self._due + GO_ROOM * MS else Hearing.ASKING
