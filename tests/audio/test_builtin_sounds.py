"""The built-in sounds: reproducible to the byte, distinct, audible over a belt, without clicks."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from retrotimer.audio.bank import builtin, length_ms
from retrotimer.audio.samples import RATE
from retrotimer.core.cue_ids import CueId
from sounds.tools.make import write

pytestmark = pytest.mark.once

FOLDER = Path(__file__).resolve().parents[2] / "sounds"
FRAME = RATE // 25
BANDS = [400 * 2 ** (step / 6) for step in range(20)]
AT_MOST_MS = {
    CueId.COUNT: 300,
    CueId.LAST: 300,
    CueId.HEARTBEAT: 300,
    CueId.SLOW: 1200,
    CueId.RAILS: 1200,
    CueId.TURN: 1200,
    CueId.SET: 1200,
    CueId.FORWARD: 1500,
    CueId.BACKWARD: 1500,
}
FOREGROUND = [
    CueId.PAUSE,
    CueId.BACKWARD,
    CueId.FORWARD,
    CueId.TURN,
    CueId.RAILS,
    CueId.SLOW,
    CueId.SET,
    CueId.WARN,
    CueId.COUNT,
    CueId.RESUME,
]


@cache
def portrait(cue: CueId) -> list[list[float]]:
    """The strength of each band in each 40 ms, by which an ear tells sounds apart."""
    samples = builtin(cue)
    frames = []
    for first in range(0, len(samples), FRAME):
        part = samples[first : first + FRAME : 4]
        frames.append([value**0.25 for value in power(part, BANDS, RATE / 4)])
    return frames


def power(samples: array[int], hertz: Sequence[float], rate: float) -> list[float]:
    """The power at each of these frequencies."""
    turns = np.outer(hertz, np.arange(len(samples)) / rate)
    found: list[float] = np.square(
        np.abs(np.exp(-2j * np.pi * turns) @ (np.asarray(samples) / 32768))
    ).tolist()
    return found


def likeness(one: CueId, other: CueId) -> float:
    """The cosine of two portraits, 0 to 1, at the shift where they are most alike."""
    first, second = portrait(one), portrait(other)
    norm = math.sqrt(size(first) * size(second))
    return max(
        sum(
            a * b
            for index, frame in enumerate(first)
            if 0 <= index + shift < len(second)
            for a, b in zip(frame, second[index + shift], strict=True)
        )
        / norm
        for shift in range(-len(first) + 1, len(second))
    )


def size(frames: list[list[float]]) -> float:
    return sum(value * value for frame in frames for value in frame)


@cache
def decibels(cue: CueId) -> float:
    """The A-weighted level of the loudest 125 ms, in dB of full scale.

    Both weighting and time differ from those with which the script levels the sounds.
    """
    window, hop = RATE // 8, RATE // 100
    silence = np.zeros(window)
    padded = np.concatenate([silence, np.asarray(builtin(cue)) / 32768, silence])
    squares = np.square(np.fft.rfftfreq(window, 1 / RATE))
    weight = 12194**2 * squares**2
    weight /= (squares + 20.6**2) * (squares + 12194**2)
    weight /= np.sqrt((squares + 107.7**2) * (squares + 737.9**2))
    weight *= 10 ** (2 / 20)
    levels = [
        np.mean(np.square(np.fft.irfft(np.fft.rfft(padded[first : first + window]) * weight)))
        for first in range(0, len(padded) - window, hop)
    ]
    return float(10 * np.log10(max(levels)))


def test_the_script_makes_the_same_files(tmp_path: Path) -> None:
    made = write(tmp_path)
    assert {path.stem for path in made} == set(CueId)
    assert {path.name for path in FOLDER.glob("*.wav")} == {path.name for path in made}
    for path in made:
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name


def test_they_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.wav")) < 1_500_000


@pytest.mark.parametrize("cue", AT_MOST_MS)
def test_sounds_are_short_enough_for_the_next_one(cue: CueId) -> None:
    assert length_ms(builtin(cue)) < AT_MOST_MS[cue]


@pytest.mark.parametrize("cue", CueId)
def test_no_clipping_and_no_clicks(cue: CueId) -> None:
    samples = builtin(cue)
    assert max(abs(sample) for sample in samples) < 0.95 * 32768
    assert max(abs(sample) for sample in (*samples[:8], *samples[-8:])) < 0.01 * 32768


@pytest.mark.parametrize("cue", CueId)
def test_most_of_the_energy_is_where_belts_are_quiet(cue: CueId) -> None:
    samples = builtin(cue)
    # 20 ms at half the rate: one value for each 50 Hz.
    pieces = [samples[at : at + 960 : 2] for at in range(0, min(len(samples) - 960, RATE), 1920)]
    heard = np.square(np.abs(np.fft.rfft(np.asarray(pieces)))).sum(axis=0)
    inside, total = heard[500 // 50 : 3050 // 50], heard[1 : 10_000 // 50]
    assert inside.sum() > 0.8 * total.sum()


def test_important_cues_are_equally_loud_and_the_alarm_is_louder() -> None:
    levels = [decibels(cue) for cue in FOREGROUND]
    assert max(levels) - min(levels) < 2.5
    assert decibels(CueId.ALARM) > max(levels) + 2
    for cue in (CueId.STOP, CueId.DONE, CueId.REST, CueId.CHANGE, CueId.HALF):
        assert min(levels) - 4 < decibels(cue) < min(levels)
    for cue in (CueId.READY, CueId.WAIT, CueId.LAST):
        assert min(levels) - 9 < decibels(cue) < min(levels) - 6
    assert decibels(CueId.HEARTBEAT) < decibels(CueId.LAST) - 6


def test_the_description_of_the_sounds_is_true() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    text, _, _ = readme.partition("## The voice")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| `")]
    documented = {row[1].strip(" `"): int(row[5]) for row in rows}
    assert documented == {cue.value: length_ms(builtin(cue)) for cue in CueId}


def test_the_alarm_loops_without_a_seam() -> None:
    assert 10 * RATE % len(builtin(CueId.ALARM)) == 0


@pytest.mark.parametrize("pair", list(combinations(CueId, 2)), ids="-".join)
def test_no_two_sounds_are_alike(pair: tuple[CueId, CueId]) -> None:
    assert likeness(*pair) < 0.8


def test_forward_rises_and_backward_falls() -> None:
    def pitch(frame: list[float]) -> float:
        return BANDS[max(range(len(BANDS)), key=frame.__getitem__)]

    up, down = portrait(CueId.FORWARD), portrait(CueId.BACKWARD)
    assert pitch(up[2]) * 2 < pitch(up[-4])
    assert pitch(down[-4]) * 2 < pitch(down[2])
