"""Durations as people write them: 90, "90s", "1m30s", "25m", "1:30", "1:02:03"."""

from __future__ import annotations

import math
import re

DAY = 24 * 3_600_000
"""No duration is longer, in ms (NS)."""

EXAMPLES = '90, "90s", "1m30s", "25m" or "1:30"'

_H, _M, _S = r"({})\s*h\s*", r"({})\s*m(?:in)?\s*", r"({})\s*s\s*"
_ANY, _PART = "[0-9]{1,6}", r"(?:\.[0-9]+)?"
_UNITS = re.compile(f"(?:{_H})?(?:{_M})?(?:{_S})?".format(_ANY, _ANY, _ANY + _PART))
_CLOCK = re.compile(rf"(?:([0-9]{{1,3}}):)?([0-9]{{1,4}}):([0-9]{{2}}{_PART})")

_BELOW_60, _MS = "0{0,4}[0-5]?[0-9]", r"(?:\.[0-9]{1,3}0*)?"
PATTERN = "".join(
    (
        r"^\s*(?:",
        f"{_H}(?:{_M})?(?:{_S})?".format(_ANY, _BELOW_60, _BELOW_60 + _MS),
        f"|{_M}(?:{_S})?".format(_ANY, _BELOW_60 + _MS),
        f"|{_S}".format(_ANY + _MS),
        rf"|(?:[0-9]{{1,3}}:0{{0,2}}[0-5]?[0-9]|[0-9]{{1,4}}):[0-5][0-9]{_MS}",
        r")\s*$",
    )
)
"""The texts that `parse` accepts, for editors; they cannot see whether it is under 24 hours."""


class DurationError(ValueError):
    """Not a duration; the text says what was expected."""


def parse(value: object) -> int:
    """A duration in milliseconds, over 0 and under 24 hours. Numbers are seconds.

    Raises DurationError, also for anything finer than a millisecond.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise DurationError(f"a duration such as {EXAMPLES}")
    if isinstance(value, str):
        return _whole(*_split(value.strip()))
    if isinstance(value, float) and not math.isfinite(value):
        raise DurationError("a duration over 0 and under 24 h")
    if not 0 < value < DAY / 1000:
        raise DurationError("a duration over 0 and under 24 h")
    return _whole(0, 0, repr(value))


def _split(text: str) -> tuple[int, int, str]:
    found = _UNITS.fullmatch(text) or _CLOCK.fullmatch(text)
    if not text or found is None:
        raise DurationError(f"a duration such as {EXAMPLES}")
    hours, minutes, seconds = found.groups()
    # 1:90 and 1m90s are typing mistakes; 90m and 90s alone are not.
    if (hours and minutes and int(minutes) > 59) or (
        (hours or minutes) and seconds and float(seconds) >= 60
    ):
        raise DurationError("minutes and seconds after a larger unit to be under 60")
    return int(hours or 0), int(minutes or 0), seconds or "0"


def _whole(hours: int, minutes: int, seconds: str) -> int:
    exact = float(seconds) * 1000
    rounded = round(exact)
    if not math.isclose(exact, rounded, rel_tol=0, abs_tol=1e-6):
        raise DurationError("a duration in whole milliseconds")
    total = (hours * 60 + minutes) * 60_000 + rounded
    if not 0 < total < DAY:
        raise DurationError("a duration over 0 and under 24 h")
    return total


def told(ms: int) -> str:
    """A duration as it could be written in a config: 90s below two minutes, else 1h2m3s."""
    seconds, rest = divmod(ms, 1000)
    fraction = f".{rest:03}".rstrip("0") if rest else ""
    if seconds < 120:
        return f"{seconds}{fraction}s"
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours}h"] * bool(hours) + [f"{minutes}m"] * bool(minutes)
    return "".join(parts) + (f"{seconds}{fraction}s" if seconds or fraction else "")
