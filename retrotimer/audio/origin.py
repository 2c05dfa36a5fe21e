"""Where a device's stream lies on the clock."""

from __future__ import annotations

from collections import deque
from statistics import median

from retrotimer.audio.clock import MILLISECOND, SECOND

WINDOW = 40
_RECENT = 6
_AGREE = 8 * MILLISECOND
_JUMP = 25 * MILLISECOND
_STEADY = 5 * MILLISECOND
_ENOUGH = 16


class Origin:
    """Estimates the instant at which frame 0 of a stream is asked for, from when buffers are.

    A single request says little (the device stalls, the scheduler is late); the median of the last
    two seconds is within a fraction of a millisecond. When the newest estimates agree with one
    another and lie elsewhere, the stream itself has jumped, and the old ones are forgotten.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._window: deque[int] = deque(maxlen=WINDOW)

    def update(self, now: int, frames: int) -> int:
        """Take in that the frame number `frames` is asked for at `now`; return the origin (ns)."""
        self._window.append(now - frames * SECOND // self._rate)
        if len(self._window) > _RECENT:
            recent = list(self._window)[-_RECENT:]
            if (
                max(recent) - min(recent) < _AGREE
                and abs(median(recent) - median(self._window)) > _JUMP
            ):
                self._window = deque(recent, WINDOW)
        return round(median(self._window))

    @property
    def steady(self) -> bool:
        """Whether the estimate can be relied on: both halves of the window say the same."""
        window = list(self._window)
        half = len(window) // 2
        return len(window) >= _ENOUGH and (
            abs(median(window[:half]) - median(window[half:])) < _STEADY
        )

    @property
    def spread_ms(self) -> float:
        """How far the requests scatter: the middle half of them, in milliseconds."""
        window = sorted(self._window)
        quarter = len(window) // 4
        return (window[-1 - quarter] - window[quarter]) / MILLISECOND if window else 0.0
