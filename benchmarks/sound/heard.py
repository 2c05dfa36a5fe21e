"""Whether every phase of a workout can be recognised from a recording alone.

A matched filter, which knows the built-in cues to the sample, lists which of them sounded when.
From that list alone the phases are worked out, with direction, waiting and end, and compared with
the plan. The voice is not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.sound.treadmill import RATE, Signal, sound
from retrotimer.audio.samples import RATE as FULL_RATE
from retrotimer.core.cue_ids import CueId
from retrotimer.core.plan import Block, Plan
from retrotimer.core.sets import Kind
from retrotimer.core.turn import Countdown

Samples: TypeAlias = NDArray[np.int16]

_LOUD = (0.75, 1.25)
"""How loud a cue may seem, since other cues may overlap it; 1 is its own loudness."""
_ALIKE = 0.8
"""The least correlation of a sound with a cue; speech does not reach it with any."""
QUIET = 100
"""Samples below this count as silence; full scale is 32768."""
_GAP = FULL_RATE * 3 // 10
"""A silence this long, in samples, ends a stretch; those within cues are shorter."""
_GO = {CueId.FORWARD: Kind.FORWARD, CueId.BACKWARD: Kind.BACKWARD, CueId.REST: Kind.REST}
_STAGES = (CueId.SLOW, CueId.RAILS, CueId.SET, CueId.TURN)


# The listener ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Sound:
    """A cue that was heard; `at` is in ms from the beginning of the recording."""

    at: int
    cue: CueId


def listen(samples: Samples) -> list[Sound]:
    """All cues in a recording at full volume (`FULL_RATE`, mono), in order."""
    found: list[Sound] = []
    for begin, end in _stretches(samples):
        found += _in_stretch(_at_rate(samples[begin:end]), begin)
    return sorted(found)


def _stretches(samples: Samples) -> Iterator[tuple[int, int]]:
    """The stretches of sound between silences, as (begin, end) in samples."""
    loud = np.flatnonzero((samples > QUIET) | (samples < -QUIET))
    if not loud.size:
        return
    breaks = np.flatnonzero(np.diff(loud) > _GAP)
    begins = [loud[0], *loud[breaks + 1]]
    ends = [*loud[breaks], loud[-1]]
    for begin, end in zip(begins, ends, strict=True):
        yield max(int(begin) - _GAP // 2, 0), int(end) + _GAP // 2


def _at_rate(samples: Samples) -> Signal:
    """Samples as a signal at `RATE`, full scale 1."""
    full = samples.astype(np.float64) / 32768
    step = FULL_RATE // RATE
    # A low-pass that does not change the cues, whose pitches are far lower.
    taps = np.sinc(np.arange(-32, 33) / step) * np.hamming(65)
    return np.convolve(full, taps / taps.sum(), "same")[::step]


def _in_stretch(signal: Signal, begin: int) -> list[Sound]:
    """Matching pursuit: note the cues that explain most, subtract them, and repeat."""
    rest = signal
    found: list[Sound] = []
    while np.abs(rest).max() > QUIET / 32768 and (fits := _best(rest)):
        for fit in fits:
            rest[fit.at : fit.end] -= fit.factor * sound(fit.cue)[: rest.size - fit.at]
            at = begin * 1000 / FULL_RATE + fit.at * 1000 / RATE
            found.append(Sound(round(at), fit.cue))
    return found


@dataclass(frozen=True, slots=True)
class _Fit:
    """A cue that may have sounded: how much energy it explains, where, and how loud."""

    explains: float
    cue: CueId
    at: int
    factor: float

    @property
    def end(self) -> int:
        return self.at + sound(self.cue).size


def _best(rest: Signal) -> list[_Fit]:
    """The cues that explain most of what is left; none of them touches another."""
    size = _quick_size(rest.size + max(sound(cue).size for cue in CueId))
    spectrum = np.fft.rfft(rest, size)
    energies = np.concatenate([[0], np.cumsum(rest * rest)])
    # What has less energy than the softest that a cue may seem does not hold it.
    within = [cue for cue in CueId if _energy(cue) * _LOUD[0] ** 2 < energies[-1]]
    found = [fit for cue in within for fit in _fits(cue, spectrum, size, energies)]
    best: list[_Fit] = []
    for fit in sorted(found, key=lambda one: one.explains, reverse=True):
        if all(fit.end <= one.at or one.end <= fit.at for one in best):
            best.append(fit)
    return best


def _fits(
    cue: CueId, spectrum: NDArray[np.complex128], size: int, energies: Signal
) -> Iterator[_Fit]:
    """Where a cue may have sounded: once for each time without a break in which it fits."""
    count = energies.size - 1
    energy = _energy(cue)
    fits = np.fft.irfft(spectrum * _spectrum(cue, size), size)[:count] / energy
    loud = np.flatnonzero((fits > _LOUD[0]) & (fits < _LOUD[1]))
    heard = energies[np.minimum(loud + sound(cue).size, count)] - energies[loud]
    right = loud[fits[loud] * np.sqrt(energy / np.maximum(heard, 1e-12)) > _ALIKE]
    for run in np.split(right, np.flatnonzero(np.diff(right) > 1) + 1):
        if run.size:
            at = int(run[np.argmax(fits[run])])
            yield _Fit(float(fits[at]) ** 2 * energy, cue, at, float(fits[at]))


def _quick_size(least: int) -> int:
    """The next number of samples with which a Fourier transform is quick: few small factors."""
    power = 1 << (least - 1).bit_length()
    sizes = (power * part // 16 for part in (9, 10, 12, 15, 16))
    return next(size for size in sizes if size >= least)


@cache
def _energy(cue: CueId) -> float:
    return float(sound(cue) @ sound(cue))


@cache
def _spectrum(cue: CueId, size: int) -> NDArray[np.complex128]:
    return np.conj(np.fft.rfft(sound(cue), size))


# What it means -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Heard:
    """A phase as heard: what it is, when it began (ms), and its cues."""

    name: str
    at: int
    cues: list[Sound] = field(default_factory=list)

    def count(self, cue: CueId) -> int:
        """How often a cue sounded in this phase."""
        return sum(one.cue is cue for one in self.cues)


def phases(sounds: Sequence[Sound]) -> list[Heard]:
    """The phases, worked out from the meaning of the cues, without knowing the plan."""
    found: list[Heard] = []
    for one in sounds:
        now = found[-1] if found else None
        if one.cue in _GO:
            found.append(Heard(_GO[one.cue].value, one.at))
        elif one.cue in (CueId.DONE, CueId.STOP):
            found.append(Heard(one.cue.value, one.at))
        elif one.cue in _STAGES and (now is None or not _in_turn(now)):
            found.append(Heard("turn", one.at))
        elif one.cue is CueId.READY and (now is None or now.name != Kind.REST.value):
            found.append(Heard("get ready", one.at))
        if found:
            found[-1].cues.append(one)
    for phase in found:
        if _in_turn(phase):
            phase.name = f"turn {_toward([s.cue for s in phase.cues if s.cue in _STAGES])}"
    return found


def _in_turn(phase: Heard) -> bool:
    return phase.name.startswith("turn")


def _toward(stages: Sequence[CueId]) -> str:
    """Where a turn leads, judged by the order of its stages, even before its GO.

    Only a turn into forward begins with RAILS and TURN, and has no second TURN.
    """
    forward = tuple(stages[:2]) == (CueId.RAILS, CueId.TURN) and CueId.TURN not in stages[2:]
    return (Kind.FORWARD if forward else Kind.BACKWARD).value


# The comparison ----------------------------------------------------------------------------------


def name_of(phase: Block | Countdown) -> str:
    """What a phase of a plan is called here."""
    if isinstance(phase, Block):
        return phase.kind.value
    return "get ready" if phase.kind is Kind.READY else f"turn {phase.toward.value}"


def differences(plan: Plan, heard: Sequence[Heard], rate: int = 1, slack_ms: int = 60) -> list[str]:
    """Where the phases heard differ from the plan run to its end, in real milliseconds."""
    planned = list(plan)
    names = [*map(name_of, planned), CueId.DONE.value]
    names_heard = [phase.name for phase in heard]
    if names_heard != names:
        return [f"heard {names_heard}, planned {names}"]
    found = []
    for phase, (one, after) in zip(planned, pairwise(heard), strict=True):
        lasted, length = after.at - one.at, round((phase.length or 0) / rate)
        waits = isinstance(phase, Countdown) and phase.confirm
        if (one.count(CueId.WAIT) > 0) is not waits:
            found.append(f"{one.name} at {one.at} ms: waiting is {waits}, heard otherwise")
        if lasted < length - slack_ms or (not waits and lasted > length + slack_ms):
            found.append(f"{one.name} at {one.at} ms: lasted {lasted} ms, planned {length}")
    return found
