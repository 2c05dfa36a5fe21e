"""How exactly cues are heard while the program redraws as fast as it can.

A PulseAudio server with a null sink is recorded: for our player and for
`simpleaudio.play_buffer()` called from a timer (if that is installed), the residuals of the onsets
against the schedule, the constant latency removed (ms), and the slope (ms a minute); then the CPU
time of the idle player.
"""

from __future__ import annotations

import importlib
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from threading import Event, Thread

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "e2e"))

from pulse import PulseServer as PulseServer
from pulse import missing as missing

from benchmarks.report import Figure
from benchmarks.terminal import cpu_seconds
from retrotimer.audio.bank import builtin
from retrotimer.audio.clock import SECOND, now_ns
from retrotimer.audio.mixer import RATE
from retrotimer.audio.player import ProcessPlayer, SoundStatus
from retrotimer.audio.simple import refusal
from retrotimer.core.cue import CueId

_OPEN_SECONDS = 10
P99_TARGET = 1.0
IDLE_TARGET = 0.6


@dataclass(frozen=True, slots=True)
class Residuals:
    """Onsets against the schedule: milliseconds, and how many cues were not heard at all."""

    p50: float
    p95: float
    p99: float
    max: float
    slope: float
    missed: int

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:7.3f}  p95 {self.p95:7.3f}  p99 {self.p99:7.3f}  max {self.max:7.3f} ms"
            f"  slope {self.slope:+8.3f} ms/min  missed {self.missed}"
        )


def residuals(onsets: list[float], dues: list[int]) -> Residuals:
    """What remains of the onsets (s) against the due instants (ns) without the constant latency."""
    count = min(len(onsets), len(dues))
    times = [(due - dues[0]) / SECOND for due in dues[:count]]
    late = [onset * 1000 - at * 1000 for onset, at in zip(onsets, times, strict=False)]
    middle = median(late)
    sizes = sorted(abs(one - middle) for one in late)

    def share(part: float) -> float:
        return sizes[min(math.ceil(part * count), count) - 1]

    mean_time, mean_late = fmean(times), fmean(late)
    spread = sum((at - mean_time) ** 2 for at in times)
    slope = sum((at - mean_time) * (one - mean_late) for at, one in zip(times, late, strict=True))
    return Residuals(
        share(0.5),
        share(0.95),
        share(0.99),
        sizes[-1],
        60 * slope / spread if spread else 0.0,
        len(dues) - count,
    )


@contextmanager
def redrawing() -> Iterator[None]:
    """A thread of this process that makes screens of text, as fast as it can."""
    end = Event()

    def redraw() -> None:
        number = 0
        with open(os.devnull, "w", encoding="ascii") as screen:  # noqa: PTH123
            while not end.is_set():
                number += 1
                rows = (f"\x1b[{row};1H{number + row:080d}" for row in range(50))
                screen.write("".join(rows))

    thread = Thread(target=redraw, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def wait_until(instant: int) -> None:
    """Sleep up to an instant."""
    while (left := instant - now_ns()) > 0:
        time.sleep(left / SECOND)


def scheduled(dues: list[int], player: ProcessPlayer) -> None:
    """Our way: tell the player the whole track, then only keep the lease."""
    player.play([(due, CueId.COUNT.value) for due in dues])
    while now_ns() < dues[-1] + SECOND:
        player.lease(now_ns() + 3 * SECOND // 2)
        player.poll()
        time.sleep(0.1)
    player.lease(None)


def triggered(dues: list[int], library: object) -> None:
    """The usual way: a timer in the program that starts each sound when it is due."""
    data = builtin(CueId.COUNT).tobytes()
    play_buffer: Callable[..., object] = library.play_buffer  # type: ignore[attr-defined]
    for due in dues:
        wait_until(due)
        play_buffer(data, 1, 2, RATE)
    time.sleep(1)


def measure(server: PulseServer, play: Callable[[list[int]], None], dues: list[int]) -> Residuals:
    """Record while `play` plays."""
    with server.recorder() as recorder, redrawing():
        play(dues)
        onsets = recorder.stop().onsets()
    return residuals(onsets, dues)


def schedule(count: int, every: float) -> list[int]:
    first = now_ns() + 2 * SECOND
    return [first + round(number * every * SECOND) for number in range(count)]


def ready_player() -> ProcessPlayer:
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


def figures(
    server: PulseServer, count: int, every: float = 0.5, idle: float = 20.0
) -> list[Figure]:
    """Ours and simpleaudio's onsets, and what the idle player costs."""
    player = ready_player()
    try:
        before = cpu_seconds(player.pid or 0)
        time.sleep(idle)
        minute = (cpu_seconds(player.pid or 0) - before) * 60 / idle
        ours = measure(server, lambda dues: scheduled(dues, player), schedule(count, every))
    finally:
        player.close()
    found = [
        Figure("onsets p99, scheduled, screen redrawn", ours.p99, P99_TARGET, str(ours), "ms"),
        Figure("idle player, CPU seconds a minute", minute, IDLE_TARGET, "", "s"),
    ]
    if ours.missed:
        found.append(Figure("cues not heard", ours.missed, 0, "", ""))
    if unusable := refusal():
        print(f"simpleaudio from a timer: skipped, {unusable}")
    else:
        library = importlib.import_module("simpleaudio")
        theirs = measure(server, lambda dues: triggered(dues, library), schedule(count, every))
        found.append(
            Figure("onsets p99, simpleaudio.play from a timer", theirs.p99, None, str(theirs), "ms")
        )
    return found
