"""Cues as heard on a treadmill: in the noise of belt, motor and footfalls."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrotimer.audio.bank import builtin
from retrotimer.core.cue_ids import CueId

Signal: TypeAlias = NDArray[np.float64]

RATE = 16_000
"""Enough for the frequencies in the cues, in Hz."""
ROOM = 3 * RATE
"""What a listener hears: three seconds with a cue near their beginning."""
LATEST = RATE // 2
CADENCES = (100, 130, 170)
"""Steps a minute: a slow walk, a brisk walk and a run (0.6 to 0.35 s between footfalls)."""
SPEAKER = (300.0, 7_900.0)
"""The band of a laptop's speakers, in Hz; the upper end is limited by this sample rate."""


def footfalls(chance: np.random.Generator, cadence: int, frames: int) -> Signal:
    """Thuds on the deck with the slap of a sole, no two alike, at about `cadence` a minute."""
    found = np.zeros(frames + RATE)
    gap = 60 * RATE / cadence
    at = chance.uniform(0, gap)
    while at < frames:
        now = np.arange(RATE // 4) / RATE
        hertz = chance.uniform(55, 90)
        thud = np.exp(-now / 0.045) * np.sin(2 * np.pi * hertz * now * np.exp(-2 * now))
        slap = np.exp(-now / 0.008) * chance.standard_normal(now.size)
        step = chance.uniform(0.7, 1.0) * (thud + 0.25 * slap)
        found[int(at) : int(at) + step.size] += step
        at += gap * chance.uniform(0.95, 1.05)
    return found[:frames]


def pink(chance: np.random.Generator, frames: int) -> Signal:
    """Noise with equal power in every octave from 20 Hz up, RMS 1."""
    spectrum = np.fft.rfft(chance.standard_normal(frames))
    hertz = np.fft.rfftfreq(frames, 1 / RATE)
    spectrum *= np.where(hertz < 20, 0, 1 / np.sqrt(np.maximum(hertz, 20)))
    found = np.fft.irfft(spectrum, frames)
    return found / rms(found)


def treadmill(chance: np.random.Generator, cadence: int, frames: int = ROOM) -> Signal:
    """Belt and motor as pink noise, plus footfalls with the same energy."""
    steps = footfalls(chance, cadence, frames)
    return pink(chance, frames) + steps / rms(steps)


def rms(signal: Signal) -> float:
    return float(np.sqrt(np.mean(signal * signal)))


def through(signal: Signal, band: tuple[float, float]) -> Signal:
    """A signal as played by a speaker: 24 dB an octave less outside its band."""
    hertz = np.fft.rfftfreq(signal.shape[-1], 1 / RATE)
    low, high = band
    keep = 1 / np.sqrt(1 + (low / np.maximum(hertz, 1)) ** 8) / np.sqrt(1 + (hertz / high) ** 8)
    return np.fft.irfft(np.fft.rfft(signal) * keep, signal.shape[-1])


@cache
def sound(cue: CueId) -> Signal:
    """A built-in sound at `RATE`, full scale 1."""
    full = np.asarray(builtin(cue), dtype=np.float64) / 32768
    frames = full.size * RATE // 48_000
    spectrum = np.fft.rfft(full)[: frames // 2 + 1]
    return np.fft.irfft(spectrum, frames) * frames / full.size


@dataclass(frozen=True, slots=True)
class Heard:
    """What reaches the ear: `signal` has the cue from frame `onset` on, `noise` does not."""

    cue: CueId
    signal: Signal
    noise: Signal
    onset: int


def mix(
    cue: CueId,
    chance: np.random.Generator,
    cadence: int,
    decibels: float = 0.0,
    band: tuple[float, float] | None = None,
) -> Heard:
    """A cue in noise; `decibels` is its RMS relative to the noise, over the cue's duration."""
    clean = sound(cue) if band is None else through(sound(cue), band)
    onset = int(chance.integers(0, LATEST))
    noise = treadmill(chance, cadence)
    place = slice(onset, onset + clean.size)
    # The level is that before the speaker; what the speaker loses is not made up for.
    noise *= rms(sound(cue)) / rms(noise[place]) / 10 ** (decibels / 20)
    signal = noise.copy()
    signal[place] += clean
    return Heard(cue, signal, noise, onset)
