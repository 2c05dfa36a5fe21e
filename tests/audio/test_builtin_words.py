"""The built-in words: complete, equally loud, without clicks, and distinct."""

from __future__ import annotations

import importlib.util
import math
import sys
from array import array
from functools import cache
from itertools import combinations, pairwise
from operator import mul
from pathlib import Path
from types import ModuleType

import pytest
import tomli

from retrotimer.audio.bank import builtin, length_ms, load, measured_ms
from retrotimer.audio.samples import RATE
from retrotimer.core.cue_ids import CueId
from retrotimer.core.speech import LASTS
from retrotimer.core.vocabulary import WHOLE_NUMBERS, WORDS

pytestmark = pytest.mark.once

SOUNDS = Path(__file__).resolve().parents[2] / "sounds"
FOLDER = SOUNDS / "voice"
ORDER = 12
HANN = [0.5 - 0.5 * math.cos(2 * math.pi * at / 240) for at in range(240)]
APART = 0.02
"""The least distance between two words that can occur in the same place."""
LISTED: dict[str, str] = tomli.loads((FOLDER / "voice.toml").read_text("utf-8"))["words"]


def texts() -> ModuleType:
    spec = importlib.util.spec_from_file_location("voice_texts", SOUNDS / "tools" / "texts.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


PLACES: dict[str, tuple[str, ...]] = texts().PLACES


@cache
def samples(word: str) -> array[int]:
    return load(FOLDER / LISTED[word])


def decibels(word: str) -> float:
    """The level of the parts that are not silent, in dB of full scale."""
    sound, step = samples(word), RATE // 200
    powers = [
        sum(sample * sample for sample in sound[at : at + step]) / step
        for at in range(0, len(sound) - step, step)
    ]
    heard = [one for one in powers if one > max(powers) / 100]
    return 10 * math.log10(sum(heard) / len(heard) / 32768**2)


@cache
def portrait(word: str, skipped_ms: int = 0) -> list[list[float]]:
    """The spectral envelope of 30 ms every 10 ms, as cepstra (from linear prediction)."""
    sound = samples(word)[skipped_ms * RATE // 1000 :]
    thin = [sum(sound[at : at + 6]) / 6 for at in range(0, len(sound) - 6, 6)]
    bright = [after - 0.9 * before for before, after in pairwise(thin)]
    return [
        cepstra([sample * factor for sample, factor in zip(bright[at:], HANN, strict=False)])
        for at in range(0, len(bright) - len(HANN), len(HANN) // 3)
    ]


def cepstra(frame: list[float]) -> list[float]:
    """Twelve cepstra, and a little of the level."""
    like = [sum(map(mul, frame, frame[lag:])) for lag in range(ORDER + 1)]
    left = like[0] = like[0] * 1.01 + 0.1
    fit = [1.0]
    for lag in range(1, ORDER + 1):
        turn = -sum(fit[at] * like[lag - at] for at in range(lag)) / left
        fit = [one + turn * other for one, other in zip([*fit, 0], [0, *fit[::-1]], strict=True)]
        left *= 1 - turn * turn
    found = [0.0]
    for at in range(1, ORDER + 1):
        found.append(-fit[at] - sum((at - n) * fit[n] * found[at - n] for n in range(1, at)) / at)
    return [*found[1:], 0.3 * math.log(like[0])]


def distance(first: list[list[float]], second: list[list[float]]) -> float:
    """How far apart two words are, with time warped for the best match (0: identical)."""
    row = [0.0] + [math.inf] * len(second)
    for frame in first:
        before, row = row, [math.inf]
        for at, against in enumerate(second):
            best = min(before[at], before[at + 1], row[at])
            row.append(best + math.dist(frame, against) / ORDER)
    return row[-1] / (len(first) + len(second))


def test_every_word_is_there_and_no_other_file() -> None:
    assert set(WORDS) <= set(LISTED) <= {*WORDS, *WHOLE_NUMBERS}
    assert set(LISTED) == set(texts().TEXTS)
    assert {path.name for path in FOLDER.iterdir()} == {*LISTED.values(), "voice.toml"}


def test_they_stay_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_200_000


@pytest.mark.parametrize("word", LISTED)
def test_a_word_is_clean(word: str) -> None:
    sound = samples(word)
    assert 150 <= length_ms(sound) <= 1_500
    # No clipping, no clicks at the ends.
    assert max(abs(sample) for sample in sound) < 0.9 * 32768
    assert max(abs(sample) for sample in (*sound[:8], *sound[-8:])) < 0.01 * 32768
    # It ends on a whole millisecond, so that the next word follows without a gap.
    assert len(sound) * 1000 % RATE == 0
    assert measured_ms(FOLDER / LISTED[word]) == length_ms(sound)


def test_they_are_equally_loud() -> None:
    levels = {word: decibels(word) for word in LISTED}
    assert max(levels.values()) - min(levels.values()) < 2
    assert -16 < sum(levels.values()) / len(levels) < -13


@pytest.mark.parametrize("place", PLACES)
def test_words_that_can_occur_in_the_same_place_are_distinct(place: str) -> None:
    near = {
        (one, other): distance(portrait(one), portrait(other))
        for one, other in combinations(PLACES[place], 2)
    }
    assert min(near.values()) > APART, sorted(near, key=near.__getitem__)[:3]


def test_a_word_matches_itself_wherever_it_begins() -> None:
    """So the measure compares words, not the accidental position of their frames."""
    for word in LISTED:
        assert distance(portrait(word), portrait(word, 7)) < APART / 2


def test_directions_are_far_apart() -> None:
    assert distance(portrait("forward"), portrait("backward")) > 2.5 * APART


@pytest.mark.parametrize("cue", CueId)
def test_no_word_begins_before_its_cue_has_ended(cue: CueId) -> None:
    assert length_ms(builtin(cue)) <= LASTS[cue] < length_ms(builtin(cue)) + 25
