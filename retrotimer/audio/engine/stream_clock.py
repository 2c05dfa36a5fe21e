"""Where a device's stream is on the clock."""

from __future__ import annotations

from collections import deque
from statistics import median

from retrotimer.host.clock import MILLISECOND, SECOND

WINDOW = 40
_PUNCTUAL = 10
"""One request in this many is assumed to be on time, however busy the machine is."""
_RECENT = 8
_JUMP = 25 * MILLISECOND
"""More than the pieces in which devices take their sound, 21 ms (1024 frames) and less."""
_SHIFT = MILLISECOND
_ALIKE = MILLISECOND // 2
_WITNESSES = 3
_STEADY = 5 * MILLISECOND
_ENOUGH = 16


class StreamClock:
    """Estimates the instant at which frame 0 of a stream is due, from when buffers are requested.

    A request may come late, when the machine is busy or the device stalls, but never early: the
    most punctual tenth of the last two seconds is within a fraction of a millisecond, even if most
    are late. If none of the newest is as early as that, the stream itself has stumbled and the old
    ones are dropped: at once after a long jump, after a short one when several of the newest agree.
    (With a device that takes its sound in pieces they do not.)
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._window: deque[int] = deque(maxlen=WINDOW)

    def update(self, now: int, frames: int) -> int:
        """Note that frame number `frames` is requested at `now`; returns the origin (ns)."""
        window = self._window
        window.append(now - frames * SECOND // self._rate)
        found = _punctual(window)
        if len(window) > _RECENT:
            recent = [window[at] for at in range(-_RECENT, 0)]
            first, *_, alike = sorted(recent)[:_WITNESSES]
            if first - found > (_SHIFT if alike - first < _ALIKE else _JUMP):
                self._window = deque(recent, WINDOW)
                found = first
        return found

    @property
    def steady(self) -> bool:
        """Whether the estimate is reliable: both halves of the window agree."""
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


def _punctual(origins: deque[int] | list[int]) -> int:
    if len(origins) <= _RECENT:
        # Too few to tell: a stream may request its first buffers long before it moves.
        return round(median(origins))
    return sorted(origins)[len(origins) // _PUNCTUAL]
