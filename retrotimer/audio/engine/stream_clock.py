"""Where a device's stream is on the clock."""

from __future__ import annotations

from collections import deque
from itertools import groupby, takewhile
from statistics import median

from retrotimer.host.clock import MILLISECOND, SECOND

WINDOW = 40
_MEMORY = 2 * WINDOW
"""How far back it is known how late requests usually are, whatever has become of the stream."""
_START = 8
"""The first requests tell little: a stream may ask for its first buffers long before it moves."""
_LATE = MILLISECOND
_ALIKE = MILLISECOND // 2
_PIECE = 5 * MILLISECOND
"""Less than the pieces in which devices take their sound; a stream that stumbles loses pieces."""
_JUMP = 25 * MILLISECOND
"""More than such a piece, 21 ms (1024 frames) and less."""
_JUMPED, _AGREE, _DIFFER, _SMALL = 2, 3, 5, 20
"""So many late requests in a row are a stumble: after a jump, if some of them are alike, if they
are not, and if it would be a small one."""
_TIMES = 3
_CERTAIN = 8
"""So many that are all alike are a stumble whatever was before."""
_STEADY = 5 * MILLISECOND
_ENOUGH = 16


class StreamClock:
    """Estimates the instant at which frame 0 of a stream is due, from when buffers are requested.

    A request may come late, when the machine is busy or the device stalls, but never early: the
    most punctual of the last two seconds is within a fraction of a millisecond, even if most are
    late. If the newest ones in a row are all late, either the machine is busy, or the stream
    itself has stumbled and everything in it comes later from now on. It has stumbled if the row is
    more than three times as long as any before it that was as late. What came before the row is
    then dropped.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._origins: deque[int] = deque(maxlen=_MEMORY)
        self._valid = 0
        """So many of the newest origins belong to the stream as it is now."""

    def update(self, now: int, frames: int) -> int:
        """Note that frame number `frames` is requested at `now`; returns the origin (ns)."""
        self._origins.append(now - frames * SECOND // self._rate)
        self._valid = min(self._valid + 1, WINDOW)
        window = self._window()
        if len(self._origins) <= _START:
            return round(median(window))
        found = min(window)
        if min(window[-2:]) - found > _LATE:
            found += self._stumble(found)
        return found

    def _stumble(self, origin: int) -> int:
        """How far the stream has fallen back from an origin just now (ns)."""
        late = [one - origin for one in reversed(self._origins)]
        row = len(list(takewhile(lambda one: one > _LATE, late)))
        for count in range(2, row + 1):
            if least := _stumbled(late[:count], late[count:]):
                self._valid = count
                return least
        return 0

    def _window(self) -> list[int]:
        return list(self._origins)[-self._valid :] if self._valid else []

    @property
    def steady(self) -> bool:
        """Whether the estimate is reliable: both halves of the window agree."""
        window = self._window()
        half = len(window) // 2
        return len(window) >= _ENOUGH and (
            abs(median(window[:half]) - median(window[half:])) < _STEADY
        )

    @property
    def spread_ms(self) -> float:
        """How far the requests scatter: the middle half of them, in milliseconds."""
        window = sorted(self._window())
        quarter = len(window) // 4
        return (window[-1 - quarter] - window[quarter]) / MILLISECOND if window else 0.0


def _stumbled(row: list[int], before: list[int]) -> int:
    """By how much a row of late requests shows that the stream has stumbled; 0: it does not."""
    ordered = sorted(row)
    least = ordered[0]
    if least > _JUMP:
        needed = _JUMPED
    elif least > _PIECE:
        needed = _AGREE if ordered[:_AGREE][-1] - least < _ALIKE else _DIFFER
    else:
        needed = _SMALL
    usual = _longest(before, least - _ALIKE)
    certain = least > _PIECE and len(row) >= _CERTAIN and ordered[-1] - least < _ALIKE
    return least if len(row) >= max(needed, _TIMES * usual + 1) or certain else 0


def _longest(late: list[int], least: int) -> int:
    """How many in a row, at most, were late by at least so much."""
    rows = (len(list(row)) for much, row in groupby(late, lambda one: one >= least) if much)
    return max(rows, default=0)
