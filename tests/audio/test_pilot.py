"""What the pilot tone tells of a recording: samples made by hand, with cues on top."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.sound.pilot import HZ, breaks, mended, without_tone
from benchmarks.sound.recorded import RATE, Recording

MS = RATE // 1000
CUES = tuple(range(RATE // 2, 3 * RATE, RATE // 2))
"""The frames at which a cue begins."""


def recording() -> NDArray[np.int16]:
    """Three seconds of the tone, a cue every half second."""
    tone = 730 * np.sin(2 * np.pi * HZ * np.arange(3 * RATE) / RATE + 1)
    at = np.arange(60 * MS)
    cue = 12_000 * np.sin(2 * np.pi * 1_000 * at / RATE) * np.exp(-at / (15 * MS))
    for first in CUES:
        tone[first : first + cue.size] += cue
    samples: NDArray[np.int16] = np.rint(tone).astype(np.int16)
    return samples


def onsets(samples: NDArray[np.int16]) -> list[int]:
    """Where the cues begin in samples without a tone."""
    return Recording(without_tone(samples), 0).onsets()


def test_cues_break_no_tone_and_it_shifts_no_cue() -> None:
    samples = recording()
    assert breaks(samples) == []
    assert np.abs(np.subtract(onsets(samples), CUES)).max() <= MS // 4
    quiet = without_tone(samples)[CUES[3] - 200 * MS : CUES[3] - 10 * MS]
    assert np.abs(quiet).max() < 50


@settings(max_examples=10)
@given(st.integers(RATE // 2, 2 * RATE), st.integers(6 * MS, 70 * MS))
def test_lost_samples_are_found_and_put_back_as_silence(at: int, length: int) -> None:
    samples = recording()
    (found,) = breaks(np.delete(samples, slice(at, at + length)))
    assert abs(found.lost - length) <= MS // 10
    assert found.first - 15 * MS <= at <= found.last + 15 * MS


@settings(max_examples=10)
@given(st.integers(RATE // 2, 2 * RATE), st.integers(6 * MS, 70 * MS))
def test_inserted_silence_is_found(at: int, length: int) -> None:
    samples = np.insert(recording(), at, np.zeros(length, np.int16))
    found = breaks(samples)
    assert abs(sum(one.lost for one in found) + length) <= MS // 10
    assert found[0].first - 15 * MS <= at <= at + length <= found[-1].last + 15 * MS


def test_silence_in_place_of_sound_shifts_nothing() -> None:
    samples = recording()
    samples[RATE + RATE // 8 : RATE + RATE // 4] = 0
    found = breaks(samples)
    assert sum(one.lost for one in found) == pytest.approx(0, abs=MS // 10)
    assert onsets(mended(samples, found)[0]) == pytest.approx(CUES, abs=MS // 4)


@pytest.mark.parametrize("length", [12 * MS + MS // 2, 25 * MS, 64 * MS])
def test_what_is_lost_or_too_much_shifts_no_other_cue(length: int) -> None:
    samples = recording()
    lost = np.delete(samples, slice(CUES[1] - 200 * MS, CUES[1] - 200 * MS + length))
    both = np.insert(lost, CUES[4] - 200 * MS, np.zeros(length, np.int16))
    assert onsets(both)[2] == pytest.approx(CUES[2] - length, abs=MS // 4)
    fixed, spans = mended(both, breaks(both))
    assert onsets(fixed) == pytest.approx(CUES, abs=MS // 4)
    begin, end = spans[0]
    assert begin - 15 * MS <= CUES[1] - 200 * MS < end + 15 * MS


@pytest.mark.parametrize("kept", [0, 10, 37])
def test_a_cue_that_is_torn_apart_breaks_no_tone(kept: int) -> None:
    """What a player that is late does: the rest of its cue comes later."""
    samples = recording()
    whole = without_tone(samples)
    tone = samples - whole
    begin, end = CUES[2] + kept * MS, CUES[2] + 100 * MS
    torn = whole.copy()
    torn[begin : end + 60 * MS] = np.insert(whole[begin:end], 0, np.zeros(60 * MS, np.int16))
    assert breaks(tone + torn) == []


def test_no_tone_is_no_witness() -> None:
    with pytest.raises(ValueError, match="no pilot tone"):
        breaks(np.zeros(RATE, np.int16))
    with pytest.raises(ValueError, match="no pilot tone"):
        breaks(np.zeros(10, np.int16))
