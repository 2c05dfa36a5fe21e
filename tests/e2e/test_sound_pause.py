"""The pause key in the real program, while a long sound plays: what a recording has after it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from pulse import PulseServer

from benchmarks.pausing import KINDS, SILENCE, Kind, placed, pressed_once, walking, without
from benchmarks.recorded import taped
from retrotimer.audio.bank import builtin
from retrotimer.audio.clock import SECOND
from retrotimer.audio.mixer import FADE, RATE
from retrotimer.core.cue import CueId

pytestmark = [
    pytest.mark.sound,
    pytest.mark.pty,
    pytest.mark.skipif(os.name == "nt", reason="needs PulseAudio and a pseudo-terminal"),
]

LONG = [kind for kind in KINDS if kind.own or kind.voice]
"""Sounds of eight seconds. An own GO gives way to any cue, a sentence to none but the key."""


@pytest.mark.parametrize("kind", LONG, ids=lambda kind: kind.name)
def test_after_the_pause_key_there_is_nothing_but_the_cue_of_the_pause(
    pulse: PulseServer, tmp_path: Path, kind: Kind
) -> None:
    tries = []
    for number in range(3):
        # A server that stumbles spoils the samples of one walk, a wrong program those of all.
        (folder := tmp_path / str(number)).mkdir()
        tries.append(walked(pulse, folder, kind))
        if tries[-1].exact:
            return
    raise AssertionError(tries)


@dataclass(frozen=True)
class Heard:
    """What is in a recording from the pause key on."""

    loudness: float
    """Of the pause's cue, against the built-in one."""
    until: int
    """The loudest just before the cue: up to there the sound goes on."""
    left: int
    """The loudest when the sound has died away, in the very buffer in which the cue begins."""

    @property
    def exact(self) -> bool:
        return abs(self.loudness - 1) < 0.1 and self.until > SILENCE > self.left


def walked(pulse: PulseServer, folder: Path, kind: Kind) -> Heard:
    """Press the key in the middle of a sound, and listen."""
    with taped(pulse, folder / "tape") as tape, walking(pulse, folder, kind) as terminal:
        pressed = pressed_once(terminal, kind)
        terminal.see("PAUSED")
        recording = tape.take()
    first = recording.frame(pressed)
    samples = recording.samples[first:]
    before = recording.samples[first - RATE // 10 : first]
    assert np.abs(before).max() > SILENCE, "nothing sounded when the key was pressed"
    cue, loudness = placed(samples, CueId.PAUSE)
    rest = np.abs(without(samples, CueId.PAUSE, cue))
    # What is said of the pause comes after its cue.
    over = cue + len(builtin(CueId.PAUSE)) if kind.voice else rest.size
    # So lenient, as a busy machine is no fault: python -m benchmarks.sound measures.
    assert recording.instant(first + cue) - pressed < SECOND
    return Heard(
        loudness,
        int(rest[: cue - FADE].max()),
        int(rest[cue + 2 * FADE : over].max()),
    )
