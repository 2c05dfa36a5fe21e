"""Turns a score into samples: each cue at its exact frame, overlapping ones added and saturated.

Samples are 16-bit mono at `RATE`. A mixer belongs to one stream; nothing here knows a device.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

from retrotimer.audio.samples import RATE, Samples
from retrotimer.audio.schedule import Entry, Scheduler, Score, SoundStart
from retrotimer.core.cue_ids import CueId
from retrotimer.host.clock import SECOND

FADE = RATE * 5 // 1000
"""Frames over which a cut sound fades out (5 ms)."""
RAMP = RATE // 100
"""Frames over which the volume changes (10 ms)."""
ALARM_SECONDS = 10
NEVER = 1 << 63
"""An instant (ns) that does not come."""

_CUES = frozenset(CueId)
_SCALE = 15
_UNITY = 1 << _SCALE
_LOW, _HIGH = -32768, 32767


def gain_of(percent: int, *, mute: bool = False) -> int:
    """The factor of a volume in 1/32768; squared, because loudness is heard in ratios."""
    bounded = min(max(percent, 0), 100)
    return 0 if mute else bounded * bounded * _UNITY // 10_000


def alarm_gain(percent: int) -> int:
    """The factor of the alarm: never muted, never below 60 percent, because everything else has
    failed."""
    return gain_of(max(percent, 60))


def scaled(samples: Samples, factor: int) -> Samples:
    """The samples times `factor` / 32768."""
    if factor == _UNITY:
        return samples
    return array("h", [sample * factor >> _SCALE for sample in samples])


def frame_at(instant: int, origin: int) -> int:
    """The frame nearest to an instant, for a stream whose frame 0 is at `origin`."""
    return ((instant - origin) * RATE + SECOND // 2) // SECOND


def instant_of(frame: int, origin: int) -> int:
    """The instant of a frame."""
    return origin + frame * SECOND // RATE


@dataclass(slots=True)
class PlayingSound:
    """A sound being played: `start` its first frame, `end` the first one that is silent again."""

    entry: Entry
    samples: Samples
    start: int
    end: int
    fading: bool = False

    def cut(self, frame: int) -> None:
        """Fade it out within `FADE` frames from `frame` on."""
        if frame + FADE < self.end:
            self.end = frame + FADE
            self.fading = True

    def span(self, first: int, last: int) -> Samples:
        """Its samples from frame `first` up to `last`, both inside the sound."""
        part = self.samples[first - self.start : last - self.start]
        fade_from = max(self.end - FADE, first)
        if self.fading and fade_from < last:
            for frame in range(fade_from, last):
                at = frame - first
                part[at] = part[at] * (self.end - frame) // FADE
        return part


@dataclass(slots=True)
class Rendered:
    """One buffer, and what happened in it."""

    samples: Samples
    played: list[SoundStart] = field(default_factory=list)
    dropped: list[tuple[Entry, int]] = field(default_factory=list)
    alarm: bool = False


class Mixer:
    """Renders buffer after buffer; the result does not depend on how the stream is cut into
    buffers.

    `samples_of` looks a sound up (never loads it); None if it is not available.
    """

    def __init__(
        self,
        samples_of: Callable[[Entry], Samples | None],
        alarm: Samples,
        scheduler: Scheduler | None = None,
    ) -> None:
        self.position = 0
        self._samples_of = samples_of
        self._alarm = alarm * (ALARM_SECONDS * RATE // len(alarm))
        self._scheduler = scheduler or Scheduler()
        self._sounding: list[PlayingSound] = []
        self._alarms: list[PlayingSound] = []
        self._alarming = False
        self._gain: _Ramp | None = None
        self._silence: dict[int, Samples] = {}

    def silent_until(self) -> int:
        """Up to when (ns) nothing sounds unless the score changes; 0: something does."""
        if self._sounding or self._alarms or self._alarming:
            return 0
        due = self._scheduler.next_due()
        return NEVER if due is None else due

    def render(self, score: Score, frames: int, origin: int) -> Rendered:
        """The next `frames` frames of a stream whose frame 0 is at `origin` (ns)."""
        first, last = self.position, self.position + frames
        begin, end = instant_of(first, origin), instant_of(last, origin)
        step = self._scheduler.step(score, begin, end)
        rendered = Rendered(self._silent(frames))
        if step.cuts:
            gone = set(step.cuts)
            for sound in self._sounding:
                if sound.entry in gone:
                    sound.cut(first)
        for start in step.starts:
            samples = self._samples_of(start.entry)
            if samples:
                frame = max(frame_at(start.at, origin), first)
                self._give_way(start.entry, frame)
                self._sounding.append(
                    PlayingSound(start.entry, samples, frame, frame + len(samples))
                )
                rendered.played.append(SoundStart(instant_of(frame, origin), start.entry))
        rendered.dropped = [(entry, begin - entry.due) for entry in step.dropped]
        if step.silence_at is None or step.silence_at > begin:
            self._end_alarm(first)
        if step.silence_at is not None and not self._alarming:
            self._sound_alarm(max(frame_at(step.silence_at, origin), first))
            rendered.alarm = True
        self._mix(score, first, last, rendered)
        self.position = last
        return rendered

    def _give_way(self, entry: Entry, frame: int) -> None:
        """A sound of the user's own may be of any length, but it masks no later cue."""
        if entry.cue in _CUES:
            for sound in self._sounding:
                if sound.entry.own and sound.start < frame:
                    sound.cut(frame)

    def _sound_alarm(self, frame: int) -> None:
        self._alarming = True
        for sound in self._sounding:
            sound.cut(frame)
        alarm = PlayingSound(Entry(frame, "alarm"), self._alarm, frame, frame + len(self._alarm))
        self._alarms.append(alarm)

    def _end_alarm(self, frame: int) -> None:
        if self._alarming:
            self._alarming = False
            for sound in self._alarms:
                sound.cut(frame)

    def _mix(self, score: Score, first: int, last: int, rendered: Rendered) -> None:
        target = gain_of(score.percent, mute=score.mute)
        if self._gain is None:
            self._gain = _Ramp(target)
        self._gain.aim(target, first)
        mixed = _sum(self._sounding, first, last)
        if mixed is not None:
            self._gain.apply(mixed, first)
        alarm = _sum(self._alarms, first, last)
        if alarm is not None:
            alarm = scaled(alarm, alarm_gain(score.percent))
            mixed = alarm if mixed is None else add(mixed, 0, alarm)
        if mixed is not None:
            rendered.samples = mixed
        self._sounding = [sound for sound in self._sounding if sound.end > last]
        self._alarms = [sound for sound in self._alarms if sound.end > last]

    def _silent(self, frames: int) -> Samples:
        if frames not in self._silence:
            self._silence.clear()
            self._silence[frames] = array("h", bytes(2 * frames))
        return self._silence[frames]


class _Ramp:
    """A factor that moves to its target in a straight line over `RAMP` frames."""

    def __init__(self, factor: int) -> None:
        self._from = self._to = factor
        self._since = -RAMP

    def aim(self, factor: int, frame: int) -> None:
        if factor != self._to:
            self._from, self._to, self._since = self._at(frame), factor, frame

    def _at(self, frame: int) -> int:
        passed = min(frame - self._since, RAMP)
        return self._from + (self._to - self._from) * passed // RAMP

    def apply(self, samples: Samples, first: int) -> None:
        moving = min(max(self._since + RAMP - first, 0), len(samples))
        for at in range(moving):
            samples[at] = samples[at] * self._at(first + at) >> _SCALE
        if moving < len(samples) and self._to != _UNITY:
            samples[moving:] = scaled(samples[moving:], self._to)


def add(into: Samples, offset: int, part: Samples) -> Samples:
    """Add `part` to `into` from `offset` on, saturated at 16 bits; returns `into`."""
    end = offset + len(part)
    into[offset:end] = array(
        "h",
        [
            _LOW if (both := one + other) < _LOW else _HIGH if both > _HIGH else both
            for one, other in zip(into[offset:end], part, strict=True)
        ],
    )
    return into


def _sum(sounds: list[PlayingSound], first: int, last: int) -> Samples | None:
    """The samples of sounds between two frames added up; None: all silent."""
    mixed: Samples | None = None
    covered = 0
    for sound in sounds:
        begin, end = max(sound.start, first), min(sound.end, last)
        if begin >= end:
            continue
        part = sound.span(begin, end)
        if mixed is None:
            mixed = array("h", bytes(2 * (last - first)))
        offset = begin - first
        if offset >= covered:
            # Nothing is there yet: a plain copy.
            mixed[offset : offset + len(part)] = part
        else:
            add(mixed, offset, part)
        covered = max(covered, offset + len(part))
    return mixed
