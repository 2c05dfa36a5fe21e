"""A sound device that asks for its buffers by a clock of its own: integers and a seed, no time."""

from __future__ import annotations

import random
from collections.abc import Iterator

from retrotimer.audio.samples import RATE
from retrotimer.host.clock import MILLISECOND, SECOND

FRAMES = 2400
"""Frames of a buffer: 50 ms."""


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

    Its clock is `ppm` slow; requests come late by the half of a normal distribution of `late_ms`,
    and by a `pattern` that repeats; `stall_ms` passes after the first of them.
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
