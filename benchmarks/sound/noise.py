"""How well cues can be told apart in the noise of a treadmill: `python -m benchmarks.sound.noise`.

Each cue is mixed into pink noise with footfalls, at the same RMS over the cue's duration (0 dB) or
softer. Two simulated listeners then say which cue it was:

- a matched filter: normalised cross-correlation with every cue. No listener can do better with the
  sound alone: what it confuses nobody can tell apart, but the reverse does not follow.
- a simple model of an ear: what rises above the noise in bands as wide as the ear's, over time,
  compared with every cue by dynamic time warping, so that exact pitch and speed do not count.

All randomness comes from the seed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.sound.treadmill import (
    CADENCES,
    LATEST,
    RATE,
    ROOM,
    SPEAKER,
    Heard,
    Signal,
    mix,
    rms,
    sound,
)
from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.core.cue_ids import CueId
from retrotimer.core.plan import CueRules, make_plan
from retrotimer.core.states import Command
from retrotimer.core.workout import Workout

CUES = tuple(CueId)
GO = (CueId.FORWARD, CueId.BACKWARD)
AT_LEAST = 0.99


# The matched filter ------------------------------------------------------------------------------


class MatchedFilter:
    """Knows every cue to the sample, but not when it sounds or how loud it is."""

    def __init__(self, cues: Sequence[CueId] = CUES) -> None:
        templates = np.zeros((len(cues), ROOM))
        for row, cue in zip(templates, cues, strict=True):
            row[: sound(cue).size] = sound(cue) / np.linalg.norm(sound(cue))
        self._spectra = np.conj(np.fft.rfft(templates))
        # Where a cue may begin: it lies in the room as a whole, so that nothing wraps around.
        self._starts = [ROOM - sound(cue).size for cue in cues]

    def scores(self, heard: Heard) -> Signal:
        """The best normalised correlation with each cue, 0 to 1."""
        found = np.abs(np.fft.irfft(self._spectra * np.fft.rfft(heard.signal), ROOM))
        best = [row[: last + 1].max() for row, last in zip(found, self._starts, strict=True)]
        return np.asarray(np.array(best) / np.linalg.norm(heard.signal))


# The model of an ear -----------------------------------------------------------------------------

HOP = RATE // 50
WINDOW = 2 * HOP
BANDS = 24
SPAN = (ROOM - LATEST) // HOP - 2
WARP = 8
"""How far time may be warped, in hops (160 ms)."""
SHIFT = 2
"""How far the pitch may be off, in bands (four semitones in the middle of the cues)."""
FULL = 24.0
"""A band this many dB above the noise is fully salient; louder makes no difference."""


@cache
def _mel() -> Signal:
    """Triangular bands, each as wide as an ear's critical band, from 250 to 5000 Hz."""
    top, bottom = (2595 * np.log10(1 + hertz / 700) for hertz in (5000.0, 250.0))
    edges = 700 * (10 ** (np.linspace(bottom, top, BANDS + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(WINDOW, 1 / RATE)
    rows = []
    for low, middle, high in zip(edges, edges[1:], edges[2:], strict=False):
        rise, fall = (hertz - low) / (middle - low), (high - hertz) / (high - middle)
        rows.append(np.clip(np.minimum(rise, fall), 0, None))
    return np.array(rows)


def bands(signal: Signal) -> Signal:
    """The power in each band in each 20 ms."""
    starts = np.arange((signal.size - WINDOW) // HOP + 1) * HOP
    frames = signal[starts[:, None] + np.arange(WINDOW)] * np.hanning(WINDOW)
    return np.asarray(np.abs(np.fft.rfft(frames)) ** 2 @ _mel().T)


@cache
def _clean(cue: CueId) -> Signal:
    """The power in each band of a cue with an RMS of 1, as nothing else sounds."""
    alone = np.zeros(ROOM)
    alone[: sound(cue).size] = sound(cue) / rms(sound(cue))
    return bands(alone)[:SPAN]


def salience(power: Signal, background: Signal) -> Signal:
    """How far each band sticks out of a steady background (power in each band), 0 to 1."""
    above = 10 * np.log10(power / background + 1e-12)
    return np.asarray(np.clip(above - 3, 0, FULL) / FULL)


class Ear:
    """Compares what rises above the noise with what would do so of each cue.

    It has no absolute pitch: pitches up to `SHIFT` bands apart count as the same.
    """

    def __init__(self, cues: Sequence[CueId] = CUES) -> None:
        self._cues = cues

    def scores(self, heard: Heard) -> Signal:
        """How close each cue is; 0 is closest. The ear knows the noise and the onset."""
        background = bands(heard.noise).mean(axis=0)
        level = rms(sound(heard.cue))
        first = heard.onset // HOP
        picture = salience(bands(heard.signal)[first : first + SPAN], background)
        templates = [salience(_clean(cue) * level**2, background) for cue in self._cues]
        cost = warped(picture, transposed(np.array(templates)))
        return np.asarray(-cost.reshape(-1, len(self._cues)).min(axis=0))


def transposed(pictures: Signal) -> Signal:
    """The pictures shifted down and up by up to `SHIFT` bands, one set after the other."""
    wide = np.pad(pictures, ((0, 0), (0, 0), (SHIFT, SHIFT)))
    return np.concatenate([wide[:, :, at : at + BANDS] for at in range(2 * SHIFT + 1)])


def warped(picture: Signal, templates: Signal) -> Signal:
    """The cost of matching a picture to each template, warped in time by at most `WARP` hops."""
    count, frames, _ = templates.shape
    squares = (templates**2).sum(axis=2)[:, :, None] + (picture**2).sum(axis=1)
    cost = np.sqrt(np.maximum(squares - 2 * templates @ picture.T, 0))
    # All templates side by side: what is computed together lies together.
    cost = np.ascontiguousarray(cost.transpose(1, 2, 0))
    before = np.full((frames + 1, count), np.inf)
    before[0] = 0
    for row in range(frames):
        now = np.full((frames + 1, count), np.inf)
        first, end = max(row - WARP, 0), min(row + WARP + 1, frames)
        best = np.minimum(before[first:end], before[first + 1 : end + 1])
        for column in range(first, end):
            reached = np.minimum(best[column - first], now[column], out=now[column + 1])
            reached += cost[row, column]
        before = now
    return before[frames]


# The counting ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Confusion:
    """`better[a, b]`: in how many of `trials` with cue a it matched better than b."""

    cues: Sequence[CueId]
    trials: int = 0
    better: NDArray[np.int64] = field(init=False)
    taken: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.better = np.zeros((len(self.cues), len(self.cues)), dtype=np.int64)
        self.taken = self.better.copy()

    def add(self, cue: CueId, scores: Signal) -> None:
        """Count a trial with this cue."""
        row = self.cues.index(cue)
        self.better[row] += scores[row] > scores
        self.taken[row, int(np.argmax(scores))] += 1

    def rate(self, cue: CueId, other: CueId) -> float:
        """How often the two were told apart, whichever sounded."""
        a, b = self.cues.index(cue), self.cues.index(other)
        return float(self.better[a, b] + self.better[b, a]) / (2 * self.trials)

    def pairs(self) -> list[tuple[float, CueId, CueId]]:
        """Every pair with its rate, worst first."""
        return sorted(
            (self.rate(cue, other), cue, other)
            for at, cue in enumerate(self.cues)
            for other in self.cues[at + 1 :]
        )

    def false_go(self) -> list[tuple[CueId, CueId, int]]:
        """(cue, GO, times): cues mistaken for a GO."""
        found = []
        for cue in self.cues:
            for go in GO:
                times = int(self.taken[self.cues.index(cue), self.cues.index(go)])
                if go is not cue and times:
                    found.append((cue, go, times))
        return found

    @property
    def right(self) -> float:
        """The share of cues that were recognised among all cues."""
        return float(np.trace(self.taken)) / (self.trials * len(self.cues))


def listen(
    listener: MatchedFilter | Ear,
    seeds: Iterable[int],
    cadences: Sequence[int] = CADENCES,
    decibels: float = 0.0,
    band: tuple[float, float] | None = None,
) -> Confusion:
    """Let a listener hear every cue once for each seed and cadence."""
    confusion = Confusion(CUES)
    for seed in seeds:
        for cadence in cadences:
            for number, cue in enumerate(CUES):
                chance = np.random.default_rng([seed, cadence, number])
                heard = mix(cue, chance, cadence, decibels, band)
                confusion.add(cue, listener.scores(heard))
            confusion.trials += 1
    return confusion


def neighbours() -> set[frozenset[CueId]]:
    """The pairs of cues that can follow each other in the built-in sets, or after a pause."""
    found: set[frozenset[CueId]] = set()
    rules = CueRules(heartbeat=True)
    for one in BUILTIN_SETS:
        plan = make_plan(one, cues=rules)
        workout = Workout(plan)
        workout.send(Command.START, 0)
        now, track = 0, []
        while not workout.state.over:
            coming = workout.cues(now, now + 60_000)
            track.append([cue.id for cue in coming])
            if workout.allows(Command.CONFIRM):
                workout.send(Command.CONFIRM, now)
            # Far less than a minute, so that what is seen of the track overlaps.
            now += 10_000
            workout.advance(now)
        for ids in track:
            found |= {frozenset(pair) for pair in pairwise(ids) if len(set(pair)) == 2}
            found |= {frozenset((cue, CueId.PAUSE)) for cue in ids if cue is not CueId.PAUSE}
    return found


@dataclass(frozen=True, slots=True)
class Trial:
    """A way of listening, and how often it must tell each pair apart (0: no requirement)."""

    name: str
    ear: bool
    decibels: float = 0.0
    band: tuple[float, float] | None = None
    must: float = AT_LEAST


TRIALS = (
    Trial("matched filter, 0 dB", ear=False),
    Trial("matched filter, 0 dB, laptop speaker", ear=False, band=SPEAKER),
    Trial("matched filter, -6 dB", ear=False, decibels=-6, must=0),
    Trial("matched filter, -18 dB", ear=False, decibels=-18, must=0),
    Trial("ear of sorts, 0 dB", ear=True),
    Trial("ear of sorts, 0 dB, laptop speaker", ear=True, band=SPEAKER),
    Trial("ear of sorts, -6 dB", ear=True, decibels=-6, must=0),
    Trial("ear of sorts, -12 dB", ear=True, decibels=-12, must=0),
)


def passed(confusion: Confusion, must: float) -> bool:
    """Whether each pair was told apart often enough, and nothing was mistaken for a GO."""
    return confusion.pairs()[0][0] >= must and not confusion.false_go()


def report(
    trial: Trial, cadence: int, confusion: Confusion, followers: set[frozenset[CueId]]
) -> str:
    """A line about all pairs, followed by the worst ones, if any."""
    pairs = confusion.pairs()
    close = min(rate for rate, *pair in pairs if frozenset(pair) in followers)
    text = (
        f"{trial.name:38} {cadence:3} steps/min  {confusion.trials * len(CUES):5} cues  "
        f"right {confusion.right:6.1%}  worst pair {pairs[0][0]:6.1%}  "
        f"worst that follow each other {close:6.1%}"
    )
    if trial.must:
        text += "  ok" if passed(confusion, trial.must) else "  MISSED"
    worst = [f"{cue}/{other} {rate:.1%}" for rate, cue, other in pairs[:5] if rate < 1]
    gone = [f"{cue} taken for GO {go} {times}x" for cue, go, times in confusion.false_go()]
    for few in filter(None, (worst, gone)):
        text += f"\n    {', '.join(few)}"
    return text


def main() -> int:
    """Print which cues are confused; returns 1 if a pair is told apart too rarely."""
    parser = argparse.ArgumentParser(description="Can the cues be told apart in noise?")
    parser.add_argument("--seeds", type=int, default=20, help="noises for each cue and cadence")
    parser.add_argument("--ear-seeds", type=int, default=5, help="the same for the slower ear")
    args = parser.parse_args()
    followers = neighbours()
    missed = 0
    print(f"{len(CUES)} cues, {len(followers)} pairs of them can follow each other")
    for trial in TRIALS:
        listener = Ear() if trial.ear else MatchedFilter()
        seeds = range(args.ear_seeds if trial.ear else args.seeds)
        for cadence in CADENCES:
            found = listen(listener, seeds, [cadence], trial.decibels, trial.band)
            print(report(trial, cadence, found, followers), flush=True)
            missed += bool(trial.must) and not passed(found, trial.must)
    print(f"{missed} of these missed" if missed else "every pair is told apart as it must be")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
