"""How far off cues are on a device whose clock is off; simulated, without a device."""

from __future__ import annotations

from statistics import fmean

from benchmarks.report import Figure
from retrotimer.audio.engine.stream_clock import WINDOW, StreamClock
from retrotimer.audio.samples import RATE
from retrotimer.host.clock import MILLISECOND, SECOND
from tests.support.simulated_device import FRAMES, device

HOURS = 3
PPM = (100.0, -100.0)
"""Real crystals are more accurate than this."""
LATE_MS = 0.5
"""How late requests come: the scale of a half-normal distribution."""
ERROR_TARGET = 1.0
DRIFT_TARGET = 0.02
_HOUR = 3600 * RATE // FRAMES


def errors(ppm: float, hours: int = HOURS) -> list[float]:
    """The estimate's error at each request from the first full window on, in ms."""
    origin = StreamClock(RATE)
    requests = device(ppm=ppm, late_ms=LATE_MS, count=hours * _HOUR)
    found = [origin.update(now, frames) - true for now, frames, true in requests]
    return [error / MILLISECOND for error in found[WINDOW:]]


def figures() -> list[Figure]:
    """The largest error, and how much it grows from the first minute to the last."""
    found = []
    minute = _HOUR // 60
    buffer_ms = FRAMES * SECOND // RATE // MILLISECOND
    how = f"{HOURS} h of buffers of {buffer_ms} ms, late by some {LATE_MS:g} ms; simulated"
    for ppm in PPM:
        one = errors(ppm)
        worst = max(map(abs, one))
        drift = abs(fmean(one[-minute:]) - fmean(one[:minute]))
        name = f"device clock {ppm:+.0f} ppm"
        found.append(Figure(f"{name}, cues off by at most", worst, ERROR_TARGET, how, "ms"))
        found.append(Figure(f"{name}, drift", drift, DRIFT_TARGET, "", "ms"))
    return found
