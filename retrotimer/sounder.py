"""Keeps the player supplied: the cues of a workout as tracks, and the lease that lets it play."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrotimer.audio.status import SoundStatus
from retrotimer.core.cue import Cue, CueId
from retrotimer.core.cues import thinned
from retrotimer.core.states import State
from retrotimer.core.workout import Workout

if TYPE_CHECKING:
    from retrotimer.audio.player import Cue as Scheduled
    from retrotimer.audio.player import Player

MS = 1_000_000
LEASE = 1_500
"""How long the player goes on without hearing from the program, in ms (invariant 1)."""
HORIZON = 60_000
"""How far ahead of now a track reaches, in ms of real time."""
CLOSE = 250
"""Cues closer than this give way to the most important one in a rehearsal, in ms."""
OPENING = 3_000
"""A device that is not open after so long counts as lost, in ms."""
RECENT = 3_000
"""Sounds that began so long ago may still be heard, and stay in the track, in ms."""


class Sounder:
    """Turns the certain cues of a workout into tracks for a player.

    Machine time runs `rate` times as fast as the clock of the sound; `anchor` fixes them to each
    other.
    """

    def __init__(self, player: Player, rate: int = 1) -> None:
        self.player = player
        self._rate = rate
        self._machine = 0
        self._sound = 0
        self._told_until = 0
        self._track: list[Cue] = []
        self._leased = False
        self._opened_at: int | None = None

    def open(self, sound_ns: int) -> None:
        """Begin opening the device."""
        self.player.start()
        self._opened_at = sound_ns

    def anchor(self, machine_ms: int, sound_ns: int) -> None:
        """From now on this instant of the machine is that instant of the sound's clock."""
        self._machine, self._sound = machine_ms, sound_ns

    @property
    def alone(self) -> bool:
        """Whether cues are heard even when the terminal stands still."""
        return self.player.apart and self.player.status is SoundStatus.READY

    def ok(self, sound_ns: int) -> bool:
        """Whether cues can be heard, or were switched off by the user."""
        status = self.player.status
        if status is SoundStatus.STARTING:
            opened = self._opened_at if self._opened_at is not None else sound_ns
            return sound_ns - opened < OPENING * MS
        return status is not SoundStatus.LOST

    def say(self, workout: Workout, now: int, *, anew: bool, extra: CueId | None = None) -> None:
        """Send the track from `now` on; `anew` cuts off what still sounds."""
        self._told_until = now + HORIZON * self._rate
        began = now - RECENT * self._rate
        kept = [] if anew else [cue for cue in self._track if began <= cue.due < now]
        coming = workout.cues(now, self._told_until)
        if workout.state.over:
            # The figure of the end began at the very instant of the end.
            kept = [cue for cue in kept if cue.due < workout.since]
            coming = workout.cues(workout.since, self._told_until)
        elif workout.state is State.PAUSED:
            # A stall is known only after it: the cue belongs to now.
            coming = [Cue(max(cue.due, now), cue.id) for cue in workout.cues(workout.since, now)]
        if extra is not None:
            coming.append(Cue(now, extra))
        if self._rate > 1:
            coming = thinned(coming, CLOSE * self._rate)
        self._track = [*kept, *coming]
        self.player.play([self._scheduled(cue) for cue in self._track])

    def supply(self, workout: Workout, now: int) -> None:
        """Lengthen the track before it runs out."""
        moves = workout.state.running or workout.state is State.WAITING
        if moves and self._told_until - now < HORIZON * self._rate // 2:
            self.say(workout, now, anew=False)

    def hold(self, boot_ms: int | None) -> None:
        """Renew the lease as of an instant of the clock that counts sleep; None: give it back.

        It is renewed at every call: were it to end before a stall does, the alarm would sound for
        nothing.
        """
        if boot_ms is not None or self._leased:
            self._leased = boot_ms is not None
            self.player.lease(None if boot_ms is None else (boot_ms + LEASE) * MS)

    def _scheduled(self, cue: Cue) -> Scheduled:
        due = self._sound + (cue.due - self._machine) * MS // self._rate
        return (due, cue.sound, cue.id.value) if cue.sound else (due, cue.id.value)
