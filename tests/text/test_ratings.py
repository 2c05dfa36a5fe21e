"""Ratings that are typed in are understood, or refused with the allowed range."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.text.ratings import RatingError, belt_distance, pain, rpe

Read = Callable[[str], float | None]
belt_km = partial(belt_distance, unit="km")


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (rpe, "", None),
        (rpe, " 7 ", 7),
        (rpe, "10", 10),
        (rpe, "4,5", 4.5),
        (rpe, ".5", 0.5),
        (rpe, "4.", 4),
        (pain, "", None),
        (pain, "0", 0),
        (pain, "10", 10),
        (belt_km, "1,25", 1.25),
        (belt_km, "999.9", 999.9),
    ],
)
def test_valid_ratings_are_understood(read: Read, text: str, value: float | None) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (rpe, "RPE is 0 to 10, in half steps"),
        (pain, "pain is 0 to 10, in whole steps"),
        (belt_km, "the belt's distance is a number of km below 1000"),
    ],
)
@pytest.mark.parametrize("text", ["-1", "nan", "inf", "1e3", "1_0", "x", ".", ",", "1.2.3", "1000"])
def test_anything_else_is_refused_with_the_range(read: Read, message: str, text: str) -> None:
    with pytest.raises(RatingError, match=message):
        read(text)


@pytest.mark.parametrize(
    ("read", "text"), [(rpe, "10.5"), (rpe, "11"), (rpe, "4.2"), (pain, "11"), (pain, "3.5")]
)
def test_values_off_the_scale_are_refused(read: Read, text: str) -> None:
    with pytest.raises(RatingError):
        read(text)


@given(st.text() | st.floats().map(str))
def test_any_text_is_on_the_scale_or_refused(text: str) -> None:
    for read, most in ((rpe, 10.0), (pain, 10.0), (belt_km, 1000.0)):
        try:
            value = read(text)
        except RatingError:
            continue
        assert value is None or (math.isfinite(value) and 0 <= value <= most)
