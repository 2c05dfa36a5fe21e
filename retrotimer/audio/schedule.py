"""What starts, what is dropped and when the alarm sounds: the player's decisions, without a device.

Instants are nanoseconds of `clock.now_ns`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from retrotimer.host.clock import MILLISECOND

STALE = 250 * MILLISECOND
"""A cue later than this is not played: at the wrong time it would mislead."""


class Entry(NamedTuple):
    """One cue of a track: a cue id or a file, and the cue id to play if the file cannot be.

    With `words`, files of words and pauses, it is a sentence, and `sound` only its name.
    """

    due: int
    sound: str
    fallback: str = ""
    words: tuple[str, ...] = ()

    @property
    def cue(self) -> str:
        """The cue id it stands for; "" for a sentence, whatever its name."""
        return "" if self.words else self.fallback or self.sound

    @property
    def own(self) -> bool:
        """Whether it is a file of the user's: such a sound gives way to the next cue."""
        return bool(self.fallback)


@dataclass(frozen=True, slots=True)
class Score:
    """Everything the player has been told, as one immutable value.

    `lease` is the instant until which the track may be played; None: no renewal is needed.
    """

    track: tuple[Entry, ...] = ()
    lease: int | None = None
    percent: int = 100
    mute: bool = False


@dataclass(frozen=True, slots=True)
class SoundStart:
    """A sound that begins at the instant `at` (its due time, or later if it came late)."""

    at: int
    entry: Entry


@dataclass(slots=True)
class Slice:
    """What happens in one span of time."""

    starts: list[SoundStart] = field(default_factory=list)
    cuts: list[Entry] = field(default_factory=list)
    dropped: list[Entry] = field(default_factory=list)
    silence_at: int | None = None
    """From here on the lease has expired: the sounds of the track end, the alarm is due."""


class Scheduler:
    """Walks along the clock span by span and decides; each cue of a track starts at most once."""

    def __init__(self) -> None:
        self._track: tuple[Entry, ...] = ()
        self._waiting: list[Entry] = []
        self._started: set[Entry] = set()

    def next_due(self) -> int | None:
        """The due instant of the first cue that has not started."""
        return self._waiting[-1].due if self._waiting else None

    def step(self, score: Score, begin: int, end: int) -> Slice:
        """Decide the span from `begin` up to, not including, `end`."""
        step = Slice()
        if score.track is not self._track:
            self._adopt(score.track, step)
        limit = end
        if score.lease is not None and score.lease < end:
            limit = score.lease
            step.silence_at = max(limit, begin)
        waiting = self._waiting
        while waiting and (at := max(waiting[-1].due, begin)) < limit:
            entry = waiting.pop()
            if begin - entry.due > STALE:
                step.dropped.append(entry)
            else:
                self._started.add(entry)
                step.starts.append(SoundStart(at, entry))
        return step

    def _adopt(self, track: tuple[Entry, ...], step: Slice) -> None:
        kept = set(track)
        step.cuts.extend(self._started - kept)
        self._started &= kept
        # Last first, so that the next one is popped from the end.
        self._waiting = sorted(kept - self._started, reverse=True)
        self._track = track
