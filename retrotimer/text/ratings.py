"""What a person says about a workout, as typed: the value, or the range it must be in."""

from __future__ import annotations

import re

MOST = 10
"""The top of the scales of exertion and pain."""
LONGEST = 1000
"""No distance is as long as this, in the unit it is typed in."""
_NUMBER = re.compile(r"\d+(?:[.,]\d*)?|[.,]\d+", re.ASCII)


class RatingError(ValueError):
    """The typed value is out of range; the text gives the range."""


def _number(text: str, refused: str) -> float | None:
    """A number with a point or a comma; None for nothing."""
    text = text.strip()
    if not text:
        return None
    if _NUMBER.fullmatch(text) is None:
        raise RatingError(refused)
    return float(text.replace(",", "."))


def rpe(text: str) -> float | None:
    """Exertion on the CR10 scale."""
    refused = f"RPE is 0 to {MOST}, in half steps"
    value = _number(text, refused)
    if value is not None and (value > MOST or value * 2 % 1):
        raise RatingError(refused)
    return value


def pain(text: str) -> int | None:
    """Pain, in whole steps."""
    refused = f"pain is 0 to {MOST}, in whole steps"
    value = _number(text, refused)
    if value is None:
        return None
    if value > MOST or value % 1:
        raise RatingError(refused)
    return int(value)


def belt_distance(text: str, unit: str) -> float | None:
    """What the belt's display says, in `unit`."""
    refused = f"the belt's distance is a number of {unit} below {LONGEST}"
    value = _number(text, refused)
    if value is not None and value >= LONGEST:
        raise RatingError(refused)
    return value
