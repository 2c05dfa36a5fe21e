"""The cues in the noise of a treadmill: a small part of `python -m benchmarks.sound.noise`."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.sound.noise import AT_LEAST, CUES, Ear, MatchedFilter, listen, neighbours, passed
from benchmarks.sound.treadmill import CADENCES, RATE, SPEAKER, mix, rms, sound, through
from retrotimer.core.cue_ids import CueId

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("cadence", "band"), [*((cadence, None) for cadence in CADENCES), (130, SPEAKER)]
)
def test_a_matched_filter_tells_every_pair_apart(
    cadence: int, band: tuple[float, float] | None
) -> None:
    found = listen(MatchedFilter(), range(1), [cadence], band=band)
    assert passed(found, AT_LEAST), (found.pairs()[:5], found.false_go())
    assert found.right == 1


def test_an_ear_without_absolute_pitch_tells_every_pair_apart() -> None:
    found = listen(Ear(), range(1), [130])
    assert passed(found, AT_LEAST), (found.pairs()[:5], found.false_go())


def test_both_listeners_fail_when_nobody_could_hear_anything() -> None:
    for listener in (MatchedFilter(), Ear()):
        assert not passed(listen(listener, range(1), [130], decibels=-40), AT_LEAST)


@pytest.mark.parametrize("decibels", [0.0, -6.0])
@pytest.mark.parametrize("cue", [CueId.FORWARD, CueId.COUNT, CueId.HEARTBEAT])
def test_the_level_is_measured_over_the_cues_own_duration(cue: CueId, decibels: float) -> None:
    heard = mix(cue, np.random.default_rng(1), 130, decibels)
    place = slice(heard.onset, heard.onset + sound(cue).size)
    assert heard.signal[place] - heard.noise[place] == pytest.approx(sound(cue))
    ratio = rms(sound(cue)) / rms(heard.noise[place])
    assert 20 * np.log10(ratio) == pytest.approx(decibels)


def test_a_laptop_speaker_keeps_the_middle_and_loses_the_bass() -> None:
    now = np.arange(RATE) / RATE
    for hertz, kept in [(50, 0.01), (1000, 1.0), (3000, 1.0)]:
        tone = np.sin(2 * np.pi * hertz * now)
        assert rms(through(tone, SPEAKER)) / rms(tone) == pytest.approx(kept, abs=0.02)


def test_cues_that_follow_each_other_are_known() -> None:
    pairs = neighbours()
    for one, other in [("count", "backward"), ("rails", "turn"), ("turn", "set"), ("wait", "turn")]:
        assert frozenset((CueId(one), CueId(other))) in pairs
    assert frozenset((CueId.ALARM, CueId.HALF)) not in pairs
    assert all(pair <= set(CUES) for pair in pairs)
