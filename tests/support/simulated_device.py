"""A simulated sound device that asks for buffers by its own clock; it takes no real time."""

from __future__ import annotations

import random
from collections.abc import Iterator

from retrotimer.audio.samples import RATE
from retrotimer.host.clock import MILLISECOND, SECOND

FRAMES = 2400
"""Frames in a buffer: 50 ms."""


def device(
    *,
    ppm: float = 0.0,
    late_ms: float = 0.0,
    stall_ms: float = 0.0,
    pattern: tuple[float, ...] = (0.0,),
    seed: int = 0,
    count: int = 200,
) -> Iterator[tuple[int, int, int]]:
    """The device's requests: (now, frames so far, true origin of the stream at that moment).

    Its clock is `ppm` slow. Requests come late by a half-normal distribution of `late_ms` and by a
    repeating `pattern`. After the first request, `stall_ms` passes.
    """
    noise = random.Random(seed)
    step = FRAMES * SECOND / RATE * (1 + ppm / 1e6)
    start = 5 * SECOND
    for number in range(count):
        stalled = stall_ms * MILLISECOND if number else 0
        true = start + stalled + number * step
        jitter = abs(noise.gauss(0, late_ms)) + pattern[number % len(pattern)]
        frames = number * FRAMES
        yield (
            round(true + jitter * MILLISECOND),
            frames,
            round(true - frames * SECOND / RATE),
        )
