"""Keeps the player supplied: the cues of a workout as tracks, and the lease that lets it play."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus
from retrotimer.core.cue_ids import Cue, CueId
from retrotimer.core.cue_times import thinned
from retrotimer.core.speech import LASTS, SOFT, Manner, Utterance
from retrotimer.core.states import State
from retrotimer.core.vocabulary import OF_ENTER, Lexicon, Talk
from retrotimer.core.workout import Workout

if TYPE_CHECKING:
    from retrotimer.audio.players.base import Player
    from retrotimer.audio.voice import Voice

MS = 1_000_000
LEASE = 1_500
"""How long the player goes on without hearing from the program, in ms (invariant 1)."""
HORIZON = 60_000
"""How far ahead of now a track reaches, in ms of real time."""
CLOSE = 250
"""Cues closer than this give way to the most important one in a rehearsal, in ms."""
OPENING = 3_000
"""A device that is not open after this time counts as lost, in ms."""
RECENT = 3_000
"""Sounds that began this recently may still be playing, so they stay in the track, in ms."""
RING_OUT = 2_500
"""How long the final cue and its words take, in ms."""
POLL = 0.25
"""How often the player is polled meanwhile, in seconds."""
FASTEST_TALK = 4
"""In rehearsals faster than this, the voice is silent."""


class SoundSupply:
    """Turns the cues and sentences of a workout that are certain into tracks for a player.

    The machine's time runs `rate` times as fast as the sound clock; `anchor` ties them together.
    Without a `voice` nothing is said.
    """

    def __init__(
        self, player: Player, rate: int = 1, voice: Voice | None = None, talk: Talk | None = None
    ) -> None:
        self.player = player
        self._rate = rate
        self._voice = voice if rate <= FASTEST_TALK else None
        self._talk = talk or Talk()
        self._speaks = self._talk.on
        self._machine = 0
        self._sound = 0
        self._told_until = 0
        self._track: list[Cue] = []
        self._said: list[Utterance] = []
        self._leased = False
        self._opened_at: int | None = None
        self._remarked: set[str] = set()

    @property
    def speaks(self) -> bool:
        """Whether the voice is switched on."""
        return self._speaks

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to say once about sound and voice (complete once the voice has spoken)."""
        voice = self._voice.note if self._voice and self._speaks else ""
        return tuple(filter(None, (self.player.note, voice)))

    def untold(self) -> tuple[str, ...]:
        """The remarks that were not shown yet; they count as shown from now on."""
        new = tuple(one for one in self.remarks if one not in self._remarked)
        self._remarked.update(new)
        return new

    def open(self, sound_ns: int) -> None:
        """Begin opening the device."""
        self.player.start()
        self._opened_at = sound_ns
        if self._voice and self._speaks:
            # Examine the voice's files now, so that no key has to wait for that.
            self._voice.lengths  # noqa: B018

    def anchor(self, machine_ms: int, sound_ns: int) -> None:
        """From now on, this instant of the machine is that instant of the sound clock."""
        self._machine, self._sound = machine_ms, sound_ns

    @property
    def alone(self) -> bool:
        """Whether cues are heard even while the terminal is frozen."""
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
            # The final cue begins exactly at the end.
            kept = [cue for cue in kept if cue.due < workout.since]
            coming = workout.cues(workout.since, self._told_until)
        elif workout.state is State.PAUSED:
            # A stall is noticed only afterwards, so its cue is due now.
            coming = [Cue(max(cue.due, now), cue.id) for cue in workout.cues(workout.since, now)]
        if extra is not None:
            coming.append(Cue(now, extra))
        if self._rate > 1:
            coming = thinned(coming, CLOSE * self._rate)
        self._said = self._speech(workout, now, coming, [] if anew else self._said)
        self._track = [*kept, *coming]
        self._send()

    def supply(self, workout: Workout, now: int) -> None:
        """Lengthen the track before it runs out."""
        moves = workout.state.running or workout.state is State.WAITING
        if moves and self._told_until - now < HORIZON * self._rate // 2:
            self.say(workout, now, anew=False)

    def speak(self, on: bool, workout: Workout, now: int) -> None:
        """Switch the voice on or off, at once; the cues stay as they are."""
        self._speaks = on
        moves = workout.state.running or workout.state is State.WAITING
        self._said = self._speech(workout, now, self._track, []) if moves else []
        if self._track:
            self._send()

    def hold(self, boot_ms: int | None) -> None:
        """Renew the lease from an instant of the clock that counts sleep; None: give it up.

        It is renewed at every call. If it could run out before a delay counts as a stall, the alarm
        would sound for nothing.
        """
        if boot_ms is not None or self._leased:
            self._leased = boot_ms is not None
            self.player.lease(None if boot_ms is None else (boot_ms + LEASE) * MS)

    def ring_out(self, boot_ms: Callable[[], int], wait: Callable[[float], object]) -> None:
        """Let the final cue be heard; `wait` lets seconds pass."""
        until = boot_ms() + RING_OUT
        while self.player.status is not SoundStatus.OFF and boot_ms() < until:
            self.player.poll()
            wait(POLL)

    def _speech(
        self, workout: Workout, now: int, cues: list[Cue], before: list[Utterance]
    ) -> list[Utterance]:
        """The sentences beside these cues; of those `before`, only one in progress stays."""
        if self._voice is None or not self._speaks:
            return []
        lengths = self._voice.lengths
        if not self._talk.enter:
            lengths = {word: ms for word, ms in lengths.items() if word not in OF_ENTER}
        words = Lexicon(lengths, self._talk.per_kmh)
        manner = Manner(words, self._talk.remind_every, self._rate)
        moves = workout.state.running or workout.state is State.WAITING
        coming = workout.speech(now if moves else workout.since, self._told_until, manner)
        if workout.state is State.PAUSED:
            # Like its cue, the sentence about a pause is due now.
            coming = [Utterance(one.due + now - workout.since, one.words) for one in coming]
        hard = [cue for cue in cues if cue.id not in SOFT and cue.due >= now]

        def clear(one: Utterance) -> bool:
            """Whether no cue sounds meanwhile: a key may have moved one, or an alarm may be new."""
            end = one.due + manner.lasts(one.words)
            lasting = ((cue.due, cue.due + LASTS[cue.id] * self._rate) for cue in hard)
            return not any(begin < end and one.due < over for begin, over in lasting)

        going = [
            one
            for one in before
            if one.due < now < one.due + manner.lasts(one.words) and clear(one)
        ]
        free = max((one.due + manner.lasts(one.words) for one in going), default=now)
        return going + [one for one in coming if one.due >= free and clear(one)]

    def _send(self) -> None:
        track = [self._sounding(cue) for cue in self._track]
        self.player.play(track + [self._spoken(one) for one in self._said])

    def _due(self, machine_ms: int) -> int:
        return self._sound + (machine_ms - self._machine) * MS // self._rate

    def _sounding(self, cue: Cue) -> Entry:
        due = self._due(cue.due)
        return Entry(due, cue.sound, cue.id.value) if cue.sound else Entry(due, cue.id.value)

    def _spoken(self, one: Utterance) -> Entry:
        files = self._voice.files(one.words) if self._voice else ()
        return Entry(self._due(one.due), " ".join(one.words), words=files)
