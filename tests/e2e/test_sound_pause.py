"""The pause key in the real program, while a long sound plays: what a recording has after it.

Which samples are cut is proved by tests/audio/engine/test_mixer.py, how soon it is silent is
measured by `python -m benchmarks.sound`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.sound.pausing import KINDS, Kind, walking
from retrotimer.audio.bank import builtin, load
from retrotimer.core.cue_ids import CueId
from tests.support.sound_server import RATE, PulseServer

pytestmark = [
    pytest.mark.sound,
    pytest.mark.pty,
    pytest.mark.skipif(os.name == "nt", reason="needs PulseAudio and a pseudo-terminal"),
]

LONG = [kind for kind in KINDS if kind.own or kind.voice]
"""Sounds of eight seconds. An own GO gives way to any cue, a sentence to none but the key."""
CASES = [
    pytest.param(kind, id=kind.name, marks=() if kind.voice else pytest.mark.nightly)
    for kind in LONG
]
"""By day the one that only the key silences."""


@pytest.mark.parametrize("kind", CASES)
def test_after_the_pause_key_the_cue_of_the_pause_is_heard_and_the_long_sound_no_more(
    pulse: PulseServer, tmp_path: Path, kind: Kind
) -> None:
    pause = builtin(CueId.PAUSE)
    with pulse.recorder() as recorder, walking(pulse, tmp_path, kind) as terminal:
        # A steady tone: any piece of it is like any other.
        piece = load(tmp_path / "long.wav")[RATE : RATE * 3 // 2]
        recorder.until_heard(piece)
        pressed = len(recorder.recording.samples)
        terminal.press(b" ")
        terminal.see("PAUSED")
        recorder.until_heard(pause, since=pressed)
        recorder.until_quiet(1.0)
        after = recorder.recording.since(pressed)
    assert after.since(after.place(pause) + len(pause)).holds(piece) < 0.2
