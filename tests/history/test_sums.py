"""A workout in figures, as shown on the full screen and line by line."""

from __future__ import annotations

import pytest

from retrotimer.core.rows import Totals
from retrotimer.core.units import Units
from retrotimer.history.record import Status
from retrotimer.history.sums import sums
from tests.support.history_records import record

PLAIN = Totals(forward=300_500, backward=150_999, turn=60_000)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (False, ["▲ 5:00", "▼ 2:30", "turns 1:00 (1)"]),
        (True, ["forward 5:00", "backward 2:30", "turns 1:00 (1)"]),
    ],
)
def test_times_are_rounded_down_and_missing_figures_left_out(words: bool, shown: list[str]) -> None:
    some = record(totals=PLAIN, distance_m=None, stumbles=())
    assert sums(some, Units.KMH, words=words)[:3] == shown
    assert not any(part.startswith(("rest", "paused", "about")) for part in sums(some, Units.KMH))


def test_everything_known_is_shown_with_signs_or_with_words() -> None:
    totals = Totals(forward=300_500, backward=150_000, turn=60_000, rest=1_000, paused=61_000)
    some = record(
        totals=totals,
        distance_m=1609.344,
        stumbles=(500, 400_000, 90_000_000),
        scaled="80 %",
        status=Status.STOPPED,
        reason="pain",
        rpe=11.5,
    )
    shown = sums(some, Units.MPH)
    assert shown[3:] == [
        "rest 0:01",
        "paused 1:01",
        "about 1.00 mi",
        "stumbles at 0:00 ▲ 2.2 mph, 6:40 ▼ 1.0 mph, 25:00:00 ▼ 1.0 mph",
        "80 %",
        "stopped: pain",
        shown[-1],
    ]
    assert shown[-1].startswith("does not add up: ")
    assert "rpe is 11.5, not from 0 to 10" in shown[-1]
    words = sums(some, Units.MPH, words=True)
    assert (
        words[6]
        == "stumbles at 0:00 forward 2.2 mph, 6:40 backward 1.0 mph, 25:00:00 backward 1.0 mph"
    )
    assert words[7:] == shown[7:]
    assert not set("▲▼↻–") & set("".join(words))
