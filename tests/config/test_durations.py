"""Durations as numbers and as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.config.durations import DAY, DurationError, parse, told

GOOD = {
    90: 90_000,
    90.5: 90_500,
    0.001: 1,
    0.29: 290,
    86_399.999: DAY - 1,
    "90s": 90_000,
    "1m30s": 90_000,
    "1m 30s": 90_000,
    "25m": 1_500_000,
    "90m": 5_400_000,
    "2min": 120_000,
    "1h": 3_600_000,
    "1h30s": 3_630_000,
    "1h2m3.5s": 3_723_500,
    " 10s ": 10_000,
    "1:30": 90_000,
    "90:00": 5_400_000,
    "0:00.5": 500,
    "1:02:03": 3_723_000,
}
BAD: list[object] = [
    *(0, -10, 0.0, -0.5, 86_400, 1e300, 10**400, float("nan"), float("inf"), float("-inf")),
    *(True, False, None, [], {}, b"90"),
    *(0.0001, 90.00001, "1.0005s", "0s", "0:00", "24h", "24:00:00", "999999h"),
    *("", " ", "90", "s", "m", "-90s", "1:90", "1:60:00", "1m60s", "1h60m", "1:2", "1:2:3", ":30"),
    *("1d", "10 sec", "open", "auto", "1s30m", "1m1m", "٩s", "1e3s", "9" * 5000 + "s", "1m30"),
]


@pytest.mark.parametrize(("written", "ms"), GOOD.items())
def test_valid_durations(written: object, ms: int) -> None:
    assert parse(written) == ms


@pytest.mark.parametrize("written", BAD, ids=lambda value: repr(value)[:20])
def test_invalid_durations(written: object) -> None:
    with pytest.raises(DurationError):
        parse(written)


@given(st.integers(1, DAY - 1))
def test_a_duration_written_as_text_reads_back(ms: int) -> None:
    assert parse(told(ms)) == ms


@given(st.integers(1, DAY - 1))
def test_seconds_read_back(ms: int) -> None:
    assert parse(ms / 1000) == ms


@given(st.text(max_size=12) | st.floats() | st.integers())
def test_no_other_error_is_raised(written: object) -> None:
    try:
        assert 0 < parse(written) < DAY
    except DurationError as error:
        assert str(error)  # noqa: PT017 - both outcomes are fine
