"""How exactly cues are heard while the program and its machine are busy with something else.

One recording through all loads, one after the other: our player's cues in one sink of a sound
server, those of `simpleaudio.play_buffer()` from a timer (if that is installed) in another, both
due at the same instants. What is told are the residuals of the onsets against the schedule without
the constant latency, which is one and the same for all loads; and their slope. A pilot tone in both
sinks tells a cue that is late from a recording with a gap (`pilot`, `outliers`).
"""

from __future__ import annotations

import importlib
import math
import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from benchmarks.report import Figure
from benchmarks.sound import pilot
from benchmarks.sound.loads import LOADS, Load, hold
from benchmarks.sound.outliers import EARLY, LATE, Cause, Witness, witness
from benchmarks.sound.recorded import PulseServer, Recording, taped
from retrotimer.audio.bank import builtin
from retrotimer.audio.engine.miniaudio import BUFFER_MS
from retrotimer.audio.engine.simpleaudio import refusal
from retrotimer.audio.players.process import ProcessPlayer
from retrotimer.audio.samples import RATE
from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus
from retrotimer.core.cue_ids import CueId
from retrotimer.host.clock import MILLISECOND, SECOND, boot_ns, now_ns

P99_TARGET = 1.0
"""In milliseconds, where neither the server nor the recording had a gap. More is an outlier."""
WORST_TARGET = 1.0
"""Our worst cue against the worst of simpleaudio from a timer."""
SLOPE_TARGET = 0.2
"""In milliseconds over ten minutes; over a shorter time a slope is mostly noise."""
SLOPE_MINUTES = 10
EVERY = 0.5
"""A cue each so many seconds."""
OUR_SINK, THEIR_SINK = "ours", "theirs"
_STILL = BUFFER_MS * MILLISECOND * 3 // 4
"""A server that stands still for longer than this empties the player's buffer."""
_OPEN_SECONDS = 10
_BETWEEN = 4
"""Seconds between two loads: one goes, the next has to be made."""
_LEASE = SECOND * 3 // 2
_RENEW = SECOND // 5


@dataclass(frozen=True, slots=True)
class Residuals:
    """Onsets against the schedule in milliseconds, and how many cues were not heard at all."""

    p50: float
    p95: float
    p99: float
    max: float
    missed: int

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:7.3f}  p95 {self.p95:7.3f}  p99 {self.p99:7.3f}  max {self.max:7.3f} ms"
            f"  missed {self.missed}"
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """For each due instant (ns) how late the onset was (ms), None: not heard."""

    dues: Sequence[int]
    late: Sequence[float | None]

    @property
    def latency(self) -> float:
        """What all have in common, in milliseconds."""
        return median([one for one in self.late if one is not None] or [0.0])

    def errors(self, part: Sequence[int]) -> list[tuple[int, float | None]]:
        """Some of the due instants, and how late each was (ms) beside the latency of them all."""
        wanted, middle = set(part), self.latency
        return [
            (due, None if one is None else one - middle)
            for due, one in zip(self.dues, self.late, strict=True)
            if due in wanted
        ]

    def residuals(self, part: Sequence[int]) -> Residuals:
        """Those of some of the due instants, against the latency of them all."""
        chosen = [error for _, error in self.errors(part)]
        sizes = sorted(abs(error) for error in chosen if error is not None) or [math.nan]

        def share(part: float) -> float:
            return sizes[min(math.ceil(part * len(sizes)), len(sizes)) - 1]

        return Residuals(share(0.5), share(0.95), share(0.99), sizes[-1], chosen.count(None))

    def slope(self, part: Sequence[int]) -> float:
        """How much later some of them come in ten minutes, in ms."""
        points = [
            ((due - self.dues[0]) / (600 * SECOND), error)
            for due, error in self.errors(part)
            if error is not None
        ]
        if len(points) < 2:
            return math.nan
        mean_time, mean_late = (fmean(column) for column in zip(*points, strict=True))
        spread = sum((at - mean_time) ** 2 for at, _ in points)
        return sum((at - mean_time) * (one - mean_late) for at, one in points) / spread


def heard(recording: Recording, dues: Sequence[int]) -> Heard:
    """The onset that belongs to each due instant: one that is not too early, and the first."""
    onsets = [recording.instant(frame) for frame in recording.onsets()]
    late: list[float | None] = []
    for due in dues:
        while onsets and onsets[0] < due - EARLY:
            onsets.pop(0)
        found = bool(onsets) and onsets[0] < due + LATE
        late.append((onsets.pop(0) - due) / MILLISECOND if found else None)
    return Heard(dues, late)


@dataclass(frozen=True, slots=True)
class Part:
    """A load, and the instants at which a cue is due under it."""

    load: Load
    dues: tuple[int, ...]


def schedule(seconds: float) -> list[Part]:
    """Cues for all loads, `seconds` altogether."""
    count = max(round(seconds / len(LOADS) / EVERY), 2)
    parts = []
    first = now_ns() + _BETWEEN * SECOND
    for load in LOADS:
        dues = tuple(first + round(number * EVERY * SECOND) for number in range(count))
        parts.append(Part(load, dues))
        first = dues[-1] + _BETWEEN * SECOND
    return parts


class Program:
    """The main thread of a program: it renews the lease, and starts their sounds by a timer."""

    def __init__(self, player: ProcessPlayer, trigger: Callable[[], object]) -> None:
        self._player = player
        self._trigger = trigger
        self._renewed = 0

    def play(self, part: Part) -> None:
        """Live through one load."""
        dues = list(part.dues)
        with part.load.applied():
            while dues or now_ns() < part.dues[-1] + SECOND:
                if part.load.stall:
                    hold(part.load.stall)
                while dues and now_ns() >= dues[0]:
                    dues.pop(0)
                    self._trigger()
                self.renew()
                coming = min([self._renewed + _RENEW, *dues[:1]])
                time.sleep(max(coming - now_ns(), 0) / SECOND)
        self.renew()

    def wait(self, seconds: float) -> None:
        """Live through nothing at all."""
        end = now_ns() + round(seconds * SECOND)
        while now_ns() < end:
            self.renew()
            time.sleep(_RENEW / SECOND)

    def renew(self) -> None:
        """What the program does five times a second."""
        if now_ns() - self._renewed >= _RENEW:
            self._renewed = now_ns()
            self._player.lease(boot_ns() + _LEASE)
            self._player.poll()


def ready_player() -> ProcessPlayer:
    """A player whose sound is open and steady; SystemExit without sound."""
    player = ProcessPlayer("miniaudio", volume=100)
    player.start()
    deadline = now_ns() + _OPEN_SECONDS * SECOND
    while player.status is not SoundStatus.READY:
        if now_ns() > deadline:
            player.close()
            raise SystemExit(f"no sound: {player.detail}")
        player.poll()
        time.sleep(0.02)
    return player


def urgent(player: ProcessPlayer) -> bool:
    """Whether a thread of the player runs in real time."""
    threads = Path(f"/proc/{player.pid}/task").glob("*")
    policies = [os.sched_getscheduler(int(thread.name)) for thread in threads]
    return any(policy & ~os.SCHED_RESET_ON_FORK == os.SCHED_RR for policy in policies)


def figures(server: PulseServer, minutes: float) -> list[Figure]:
    """Ours and simpleaudio's onsets under every load."""
    trigger: Callable[[], object] = int
    if unusable := refusal():
        print(f"simpleaudio from a timer: skipped, {unusable}")
    else:
        library = importlib.import_module("simpleaudio")
        data = builtin(CueId.COUNT).tobytes()

        def trigger() -> object:
            return library.play_buffer(data, 1, 2, RATE)

    for sink in (OUR_SINK, THEIR_SINK):
        server.add_sink(sink, plain=True)
        server.add_tone(sink, pilot.HZ, pilot.DECIBELS)
    with ExitStack() as stack:
        stack.callback(os.environ.pop, "PULSE_SINK")
        os.environ["PULSE_SINK"] = OUR_SINK
        player = ready_player()
        stack.callback(player.close)
        print(f"the player fills its buffers in real time: {'yes' if urgent(player) else 'no'}")
        # simpleaudio runs in this very process.
        os.environ["PULSE_SINK"] = THEIR_SINK
        folder = server.folder
        our_tape = stack.enter_context(taped(server, folder / "ours", OUR_SINK))
        their_tape = stack.enter_context(taped(server, folder / "theirs", THEIR_SINK))
        parts = schedule(minutes * 60)
        dues = [due for part in parts for due in part.dues]
        player.play([Entry(due, CueId.COUNT.value) for due in dues])
        program = Program(player, trigger)
        for part in parts:
            program.play(part)
        player.lease(None)
        our_recording, their_recording = our_tape.stop().mended(), their_tape.stop().mended()
    seen = witness(our_recording, their_recording, _STILL)
    ours = heard(our_recording, dues)
    theirs = None if unusable else heard(their_recording, dues)
    told = _told(parts, ours, seen, minutes)
    return told if theirs is None else [*told, *_compared(parts, ours, theirs)]


def _told(parts: Sequence[Part], ours: Heard, seen: Witness, minutes: float) -> list[Figure]:
    found = []
    clean = [due for due in ours.dues if seen.cause(due) is Cause.PLAYER]
    for part in parts:
        name = part.load.name
        everything = ours.residuals(part.dues)
        chosen = [due for due in part.dues if due in set(clean)]
        one = ours.residuals(chosen)
        how = f"{one}, {len(chosen)} of {len(part.dues)} cues"
        found += [
            Figure(f"onsets p99, {name}", everything.p99, None, str(everything), "ms"),
            Figure("  where only the player can be late", one.p99, P99_TARGET, how, "ms"),
        ]
        found += _outliers(part, ours, seen)
    target = SLOPE_TARGET if minutes >= SLOPE_MINUTES else None
    how = f"over {minutes:g} min; latency {ours.latency:.0f} ms"
    missed = [due for due, one in zip(ours.dues, ours.late, strict=True) if one is None]
    own = sum(seen.cause(due) is Cause.PLAYER for due in missed)
    return [
        *found,
        Figure("slope of the onsets, ms in ten minutes", abs(ours.slope(clean)), target, how, "ms"),
        Figure("cues not heard", own, 0, f"of {len(ours.late)}; {len(missed) - own} excused", ""),
    ]


def _outliers(part: Part, ours: Heard, seen: Witness) -> list[Figure]:
    """How many cues were further off than allowed, one figure for each cause there was."""
    off = [
        (due, error)
        for due, error in ours.errors(part.dues)
        if error is None or abs(error) > P99_TARGET
    ]
    found = []
    for cause in Cause:
        sizes = [
            "not heard" if error is None else f"{error:.1f}"
            for due, error in off
            if seen.cause(due) is cause
        ]
        if sizes:
            detail = f"by {', '.join(sizes)} ms"
            found.append(Figure(f"  outliers, {cause.value}", len(sizes), None, detail, ""))
    return found


def _compared(parts: Sequence[Part], ours: Heard, theirs: Heard) -> list[Figure]:
    found = []
    for part in parts:
        one = theirs.residuals(part.dues)
        name = part.load.name
        ratio = ours.residuals(part.dues).max / one.max
        found += [
            Figure(f"simpleaudio.play p99, {name}", one.p99, None, str(one), "ms"),
            Figure(f"  our worst cue against its, {name}", ratio, WORST_TARGET, "", "x"),
        ]
    return found
