"""Makes every sound of the program, the same bytes on every machine: `python sounds/make.py [DIR]`.

A sound is a list of tones. What each is for, and why it sounds as it does: README.md beside this.
"""

from __future__ import annotations

import math
import sys
import wave
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RATE = 48_000
EDGE_MS = 6
"""Every tone swells and dies away in a raised cosine of this length: an abrupt edge clicks."""

# Harmonics carry a tone over the noise of a belt and make it easier to place than a bare sine.
SOFT = (1.0, 0.15)
BRIGHT = (1.0, 0.45, 0.25)
HARD = (1.0, 0.7, 0.55, 0.3)


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone of `ms` at `start` Hz, gliding to `end`; `fade` lets it die away like a struck bar.

    `wobble` is a swing of the pitch: how far (a share of it) and how often (Hz).
    """

    at: int
    ms: int
    start: float
    end: float = 0.0
    level: float = 1.0
    voice: tuple[float, ...] = BRIGHT
    fade: bool = False
    wobble: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Sound:
    """Tones and the level that they are brought to: of their loudest 50 ms, root mean square."""

    level: float
    tones: tuple[Tone, ...]
    ms: int = 0
    """The whole length, where it has to be longer than the tones."""


def notes(
    *steps: tuple[int, int, float], voice: tuple[float, ...] = BRIGHT, fade: bool = False
) -> tuple[Tone, ...]:
    """Plain notes: (at ms, length ms, Hz) each."""
    return tuple(Tone(at, ms, hertz, voice=voice, fade=fade) for at, ms, hertz in steps)


LOUD, STRONG, MIDDLE, GENTLE, FAINT = 0.42, 0.30, 0.21, 0.12, 0.05
CEILING = 0.92
"""No sample goes beyond this share of full scale."""

TOP, FADE_OUT = 3400.0, 800.0
"""Harmonics die away towards 3.4 kHz: above it they are only shrill."""

# Pitches of the equal-tempered scale, so that motifs sound like motifs.
D5, G5, A5, C6, D6, E6, G6, A6, C7, D7, G7 = (
    587.33,
    783.99,
    880.0,
    1046.5,
    1174.66,
    1318.51,
    1567.98,
    1760.0,
    2093.0,
    2349.32,
    3135.96,
)

SOUNDS: dict[str, Sound] = {
    # Two tones swept upwards by turns, four sweeps a second: nothing else does that.
    "alarm": Sound(
        LOUD,
        tuple(
            Tone(at * 250, 225, low, high, voice=HARD)
            for at, (low, high) in enumerate([(700.0, 1500.0), (1250.0, 2500.0)] * 4)
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
    # Once round and round again.
    "turn": Sound(STRONG, (Tone(0, 1000, 1150.0, voice=BRIGHT, wobble=(0.42, 3.0)),)),
    # Two feet, twice.
    "rails": Sound(
        STRONG,
        notes(
            (0, 90, 659.26),
            (130, 90, 659.26),
            (480, 90, 659.26),
            (610, 130, 659.26),
            voice=HARD,
            fade=True,
        ),
    ),
    # Steps that grow longer and lower: a belt that slows.
    "slow": Sound(STRONG, notes((0, 100, A6), (130, 150, G6), (320, 220, E6), (590, 330, C6))),
    # Keys being pressed: high, short, even.
    "set": Sound(
        STRONG, notes((0, 70, C7), (150, 70, C7), (300, 70, C7), (450, 70, G6), (600, 90, C7))
    ),
    "warn": Sound(STRONG, notes((0, 160, G6), (170, 220, E6), (520, 160, G6), (690, 220, E6))),
    "count": Sound(STRONG, notes((0, 110, A6), voice=BRIGHT, fade=True)),
    "ready": Sound(GENTLE, notes((0, 600, D5), voice=(1.0, 0.5, 0.3))),
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
        GENTLE, (Tone(0, 220, 698.46, voice=SOFT), Tone(200, 220, 698.46, level=0.5, voice=SOFT))
    ),
    "half": Sound(MIDDLE, notes((0, 130, C6), (220, 130, C6), voice=BRIGHT, fade=True)),
    "last": Sound(GENTLE, notes((0, 90, G5), voice=BRIGHT, fade=True)),
    "heartbeat": Sound(FAINT, notes((0, 60, D5), voice=SOFT, fade=True)),
}


def envelope(tone: Tone) -> Callable[[float], float]:
    """How strong a tone is, by the seconds since it began."""
    length, edge = tone.ms / 1000, min(EDGE_MS, tone.ms / 2) / 1000

    def strength(now: float) -> float:
        inside = min(now, length - now)
        swell = 0.5 - 0.5 * math.cos(math.pi * min(max(inside / edge, 0.0), 1.0))
        left = 1.0 - now / length
        return swell * (left * left if tone.fade else 1.0)

    return strength


def add(tone: Tone, mix: list[float]) -> None:
    """Add a tone to a sound."""
    first, count = tone.at * RATE // 1000, tone.ms * RATE // 1000
    ratio = (tone.end or tone.start) / tone.start
    depth, rate = tone.wobble
    strength = envelope(tone)
    phase = 0.0
    for index in range(count):
        now = index / RATE
        # Quadratic in the middle of a glide: heard as even, without the powers that differ
        # between machines.
        along = index / count
        glide = 1.0 + (ratio - 1.0) * along * (along if ratio > 1.0 else 2.0 - along)
        swing = 1.0 + depth * math.sin(2 * math.pi * rate * now - math.pi / 2)
        hertz = tone.start * glide * swing
        level = tone.level * strength(now)
        mix[first + index] += level * sum(
            part * audible(hertz * number) * math.sin(phase * number)
            for number, part in enumerate(tone.voice, 1)
        )
        phase += 2 * math.pi * hertz / RATE


def audible(hertz: float) -> float:
    """How much is left of a harmonic."""
    return min(max((TOP - hertz) / FADE_OUT, 0.0), 1.0)


def loudness(mix: list[float]) -> float:
    """The level of the loudest 50 ms."""
    window = RATE // 20
    return max(
        math.sqrt(sum(value * value for value in mix[first : first + window]) / window)
        for first in range(0, len(mix), window // 2)
    )


def samples(sound: Sound) -> array[int]:
    """The 16-bit samples of a sound."""
    total = max(sound.ms, max(tone.at + tone.ms for tone in sound.tones))
    mix = [0.0] * (total * RATE // 1000)
    for tone in sound.tones:
        add(tone, mix)
    factor = min(sound.level / loudness(mix), CEILING / max(abs(value) for value in mix))
    return array("h", [round(value * factor * 32767) for value in mix])


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
    for made in write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(made)
