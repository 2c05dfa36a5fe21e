"""Makes every sound, the same bytes on every machine: `python -m sounds.tools.make [DIR]`.

A sound is a list of tones. ../README.md says what each sound is for, and why it sounds as it does.
Everything is computed in whole numbers, because sines and sums of floats differ between machines.
"""

from __future__ import annotations

import sys
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from math import isqrt
from pathlib import Path

RATE = 48_000
EDGE_MS = 6
"""Every tone fades in and out with a raised cosine of this length; an abrupt edge would click."""

# Harmonics (in thousandths) make a tone audible over the noise of a belt, and easier to locate than
# a pure sine.
SOFT = (1000, 150)
BRIGHT = (1000, 450, 250)
HARD = (1000, 700, 550, 300)


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone of `ms` at `start` mHz, gliding to `end`; with `fade` it decays like a struck bar.

    `level` is in thousandths. `wobble` is a vibrato: how far (in thousandths of the pitch) and how
    fast (mHz).
    """

    at: int
    ms: int
    start: int
    end: int = 0
    level: int = 1000
    voice: tuple[int, ...] = BRIGHT
    fade: bool = False
    wobble: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Sound:
    """Tones, and the loudness to which they are scaled (see `loudness`)."""

    level: int
    tones: tuple[Tone, ...]
    ms: int = 0
    """The whole length, if it must be longer than the tones."""


def notes(
    *steps: tuple[int, int, int], voice: tuple[int, ...] = BRIGHT, fade: bool = False
) -> tuple[Tone, ...]:
    """Plain notes: (at ms, length ms, mHz) each."""
    return tuple(Tone(at, ms, pitch, voice=voice, fade=fade) for at, ms, pitch in steps)


LOUD, STRONG, MIDDLE, GENTLE, FAINT = 19_660, 13_107, 9_175, 5_243, 2_621
"""Levels out of 32768: 4.4, 8, 11, 16 and 22 dB below full scale."""
CEILING = 30_146
"""The largest sample, 0.7 dB below full scale."""

TOP, FADE_OUT = 3_400_000, 800_000
"""Harmonics fade out towards 3.4 kHz (in mHz), because higher ones are only shrill."""

# Pitches of the equal-tempered scale in mHz, so that motifs sound like motifs.
D5, E5, F5, G5, A5, B5, C6, D6, E6, G6, A6, C7, D7 = (
    587_330,
    659_255,
    698_456,
    783_991,
    880_000,
    987_767,
    1_046_502,
    1_174_659,
    1_318_510,
    1_567_982,
    1_760_000,
    2_093_005,
    2_349_318,
)

SOUNDS: dict[str, Sound] = {
    # Two tones alternately sweep upwards, four sweeps a second: no other cue does that.
    "alarm": Sound(
        LOUD,
        tuple(
            Tone(at * 250, 225, low, high, voice=HARD)
            for at, (low, high) in enumerate([(700_000, 1_500_000), (1_250_000, 2_500_000)] * 4)
        ),
        ms=2000,
    ),
    "pause": Sound(STRONG, notes((0, 170, D6), (190, 170, G5), (380, 230, D6))),
    "backward": Sound(
        STRONG,
        (Tone(0, 800, D7, D5), Tone(796, 480, D5, voice=HARD)),
    ),
    "forward": Sound(
        STRONG,
        (Tone(0, 800, D5, D7), Tone(796, 480, D7, voice=HARD)),
    ),
    # Round and round again.
    "turn": Sound(STRONG, (Tone(0, 1000, 1_150_000, voice=BRIGHT, wobble=(420, 3_000)),)),
    # Two feet, twice.
    "rails": Sound(
        STRONG,
        notes((0, 80, E5), (120, 80, E5), (460, 80, E5), (580, 120, E5), voice=HARD),
    ),
    # Notes that get longer and lower, like a belt slowing down.
    "slow": Sound(STRONG, notes((0, 100, A6), (130, 150, G6), (320, 220, E6), (590, 330, C6))),
    # Keys being pressed: high, short, even.
    "set": Sound(
        STRONG, notes((0, 70, C7), (150, 70, C7), (300, 70, C7), (450, 70, G6), (600, 90, C7))
    ),
    "warn": Sound(STRONG, notes((0, 160, G6), (170, 220, E6), (520, 160, G6), (690, 220, E6))),
    "count": Sound(STRONG, notes((0, 150, A6), voice=BRIGHT, fade=True)),
    "ready": Sound(GENTLE, notes((0, 600, D5), voice=(1000, 500, 300))),
    "stop": Sound(MIDDLE, notes((0, 180, E6), (200, 180, C6), (400, 500, G5))),
    "done": Sound(
        MIDDLE, notes((0, 140, C6), (150, 140, E6), (300, 140, G6), (450, 150, E6), (610, 600, C7))
    ),
    "resume": Sound(STRONG, notes((0, 170, G5), (190, 170, D6), (380, 230, G5))),
    "rest": Sound(MIDDLE, notes((0, 1200, A5), voice=SOFT)),
    "change": Sound(
        MIDDLE, notes(*((at * 60, 62, D6 if at % 2 else E6) for at in range(8)), voice=BRIGHT)
    ),
    "wait": Sound(
        GENTLE, (Tone(0, 220, F5, voice=SOFT), Tone(200, 220, F5, level=500, voice=SOFT))
    ),
    "half": Sound(MIDDLE, notes((0, 130, C6), (220, 130, C6), voice=BRIGHT, fade=True)),
    "last": Sound(GENTLE, notes((0, 90, B5), voice=BRIGHT, fade=True)),
    "heartbeat": Sound(FAINT, notes((0, 60, D5), voice=SOFT, fade=True)),
}


ONE = 1 << 30
"""1 as a fixed-point number, for sines, envelopes and mixed samples."""
TURN = 1 << 32
"""A whole turn of a phase."""
_STEPS = 4096
_STEP = TURN // _STEPS


def _circle() -> list[int]:
    """A whole sine in `_STEPS` steps and one more, by turning a pointer step by step."""
    one = 1 << 64
    step = 115_904_311_329_233_965_478 // _STEPS  # two pi
    sine = step - step**3 // (6 * one**2) + step**5 // (120 * one**4)
    cosine = one - step**2 // (2 * one) + step**4 // (24 * one**3)
    x, y, found = one, 0, []
    for _ in range(_STEPS + 1):
        found.append(y >> 34)
        x, y = (x * cosine - y * sine) >> 64, (x * sine + y * cosine) >> 64
    return found


_CIRCLE = _circle()


def sine(phase: int) -> int:
    """The sine of a phase."""
    at, rest = divmod(phase % TURN, _STEP)
    low = _CIRCLE[at]
    return low + (_CIRCLE[at + 1] - low) * rest // _STEP


def envelope(tone: Tone) -> Callable[[int], int]:
    """A function that gives the strength of a tone by the frames since it began."""
    count = tone.ms * RATE // 1000
    edge = min(EDGE_MS, tone.ms // 2) * RATE // 1000
    swell = [(ONE - sine(TURN // 4 + TURN // 2 * at // edge)) // 2 for at in range(edge)]

    def strength(at: int) -> int:
        inside = min(at, count - at)
        strong = swell[inside] if inside < edge else ONE
        left = count - at
        return strong * left * left // (count * count) if tone.fade else strong

    return strength


def add(tone: Tone, mix: list[int]) -> None:
    """Add a tone to a sound."""
    first, count = tone.at * RATE // 1000, tone.ms * RATE // 1000
    way = (tone.end or tone.start) - tone.start
    depth, rate = tone.wobble
    strength = envelope(tone)
    phase = 0
    for at in range(count):
        # A quadratic glide, slower at low pitches, sounds even.
        along = at * at if way > 0 else at * (2 * count - at)
        pitch = tone.start + way * along // (count * count)
        if depth:
            swing = sine(TURN * rate * at // (1000 * RATE) - TURN // 4)
            pitch += pitch * depth * swing // (1000 * ONE)
        value = sum(
            part * audible(pitch * number) * sine(phase * number)
            for number, part in enumerate(tone.voice, 1)
        )
        mix[first + at] += value // 1_000_000 * tone.level // 1000 * strength(at) // ONE
        phase += pitch * TURN // (1000 * RATE)


def audible(pitch: int) -> int:
    """How much of a harmonic remains, in thousandths."""
    return min(max((TOP - pitch) * 1000 // FADE_OUT, 0), 1000)


SPAN = RATE // 10
"""The ear sums sound over about this long, so a shorter sound must be stronger to be as loud."""
_SHELF = tuple(
    round(factor * ONE)
    for factor in (
        1.53512485958697,
        -2.69169618940638,
        1.19839281085285,
        1.69065929318241,
        -0.73248077421585,
    )
)
"""The high shelf of the K weighting at 48 kHz (ITU-R BS.1770): about +4 dB above 2 kHz."""


def loudness(mix: list[int]) -> int:
    """The level of the loudest 100 ms as an ear perceives it (K-weighted root mean square)."""
    b0, b1, b2, a1, a2 = _SHELF
    x1 = x2 = y1 = y2 = 0
    total = loudest = 0
    squares: list[int] = []
    for x in [*mix, *[0] * SPAN]:
        y = (b0 * x + b1 * x1 + b2 * x2 + a1 * y1 + a2 * y2) // ONE
        x1, x2, y1, y2 = x, x1, y, y1
        squares.append(y * y)
        total += y * y
        if len(squares) > SPAN:
            total -= squares[-1 - SPAN]
        loudest = max(loudest, total)
    return isqrt(loudest // SPAN)


def samples(sound: Sound) -> array[int]:
    """The 16-bit samples of a sound."""
    total = max(sound.ms, max(tone.at + tone.ms for tone in sound.tones))
    mix = [0] * (total * RATE // 1000)
    for tone in sound.tones:
        add(tone, mix)
    peak = max(abs(value) for value in mix)
    loud = max(loudness(mix), -(-peak * sound.level // CEILING))
    return array("h", [(2 * value * sound.level + loud) // (2 * loud) for value in mix])


def write(folder: Path) -> list[Path]:
    """Write every sound into a folder as 48 kHz mono 16-bit wav; return the files."""
    paths = []
    for name, sound in SOUNDS.items():
        data = samples(sound)
        if sys.byteorder == "big":
            data.byteswap()
        path = folder / f"{name}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(data.tobytes())
        paths.append(path)
    return paths


if __name__ == "__main__":
    for made in write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]):
        print(made)
