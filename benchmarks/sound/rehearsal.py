"""A rehearsal without a sound device, taking no real time: the runner, with a fake clock, is mixed.

Like a real run it uses tracks, voice, scheduler and mixer; only the sound card is missing.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrotimer.assemble import built_in_words
from retrotimer.audio.bank import builtin, load
from retrotimer.audio.engine.mixer import Mixer
from retrotimer.audio.samples import RATE, Samples
from retrotimer.audio.schedule import Entry, Score
from retrotimer.audio.voice import Voice
from retrotimer.core.cue_ids import CueId
from retrotimer.core.plan import Plan
from retrotimer.core.states import Command, State
from retrotimer.core.vocabulary import PAUSE, PAUSE_MS
from retrotimer.run.runner import Runner
from tests.support.runner_world import RecordingPlayer, make_world

STEP = 50
"""The clock's step in ms: for each, a buffer is mixed and the workout polled."""
RING_OUT = 2_500
PONDERED = 4_000
"""How long a turn waits for its key, in ms."""


_SILENCE = array("h", bytes(2 * PAUSE_MS * RATE // 1000))


@dataclass
class MixingPlayer(RecordingPlayer):
    """A player that mixes its track, buffer by buffer."""

    buffers: list[Samples] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sounds: dict[tuple[str, ...], Samples] = {}
        self._score = Score()
        self._mixer = Mixer(self._samples, builtin(CueId.ALARM))

    def play(self, track: Sequence[Entry]) -> None:
        super().play(track)
        self._score = replace(self._score, track=tuple(track))

    def mix(self, origin: int) -> None:
        """Mix the next buffer of a stream that began at this instant (ns) of the sound clock."""
        frames = STEP * RATE // 1000
        self.buffers.append(self._mixer.render(self._score, frames, origin).samples)

    def _samples(self, entry: Entry) -> Samples:
        key = entry.words or (entry.sound,)
        if key not in self._sounds:
            cue = CueId(entry.cue) if entry.cue else None
            self._sounds[key] = builtin(cue) if cue else self._spoken(entry.words)
        return self._sounds[key]

    def _spoken(self, words: Sequence[str]) -> Samples:
        said = array("h")
        for word in words:
            said += _SILENCE if word == PAUSE else load(Path(word))
        return said


def rehearsed(plan: Plan, folder: Path, *, rate: int = 1, voice: bool = True) -> NDArray[np.int16]:
    """The sound of a whole run from its first key on; every turn that waits is confirmed."""
    world = make_world(folder)
    player = MixingPlayer()
    environment = replace(
        world.environment, player=player, voice=Voice(built_in_words) if voice else None
    )
    runner = Runner.new(plan, environment, rate=rate)
    runner.open()
    origin = world.clock.sound_ns()
    runner.command(Command.START)
    left = RING_OUT
    asked = 0
    while left > 0:
        asked = asked + STEP if runner.view.state is State.WAITING else 0
        if asked > PONDERED:
            runner.command(Command.CONFIRM)
        player.mix(origin)
        world.clock.advance(STEP)
        runner.poll()
        left -= STEP if runner.over else 0
    return np.concatenate([np.asarray(one, np.int16) for one in player.buffers])
