"""What does not add up in a record edited by hand is noted; nothing is noted in our own records."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from retrotimer.core.rows import Row, Totals
from retrotimer.core.sets import Kind
from retrotimer.core.states import Command
from retrotimer.core.workout import Workout
from retrotimer.history.contradictions import contradictions
from retrotimer.session.recovery import WorkoutInfo
from retrotimer.session.recovery import record as record_of
from tests.support.history_records import record
from tests.support.interval_sets import backward, forward, plan_of, rest
from tests.support.session_mutations import SAVED, workout

ROWS = (
    Row(Kind.READY, "", 10_000, 10_000, None, None, 0),
    Row(Kind.FORWARD, "", 60_000, 70_000, 3.6, None, 10_000),
    Row(Kind.TURN, "", 20_000, 20_000, None, None, 80_000),
    Row(Kind.BACKWARD, "", 30_000, 20_000, 1.8, None, 100_000, skipped=True),
)
SOUND = replace(
    record(),
    ended=record().started + timedelta(seconds=130),
    totals=Totals(forward=70_000, backward=20_000, turn=30_000, paused=10_000),
    rows=ROWS,
    distance_m=80.0,
    stumbles=(20_000,),
)


def test_our_own_records_add_up() -> None:
    assert contradictions(SOUND) == ()
    for number in range(200):
        made, _ = workout(Random(f"sums/{number}"))
        one = record_of(WorkoutInfo.new(SAVED, made.plan.total, Random(number)), made)
        assert contradictions(one) == (), number


def test_a_countdown_after_a_pause_is_inside_its_block() -> None:
    made = Workout(plan_of(forward(60), backward(30), rest(45)))
    made.send(Command.START, 0)
    made.advance(96_000)
    made.send(Command.PAUSE, 96_000)
    made.advance(101_000)
    made.send(Command.RESUME, 101_000)
    made.advance(300_000)
    one = record_of(WorkoutInfo.new(SAVED, made.plan.total, Random(1)), made)
    turn, back = one.rows[4], one.rows[3]
    assert (back.kind, turn.kind) == (Kind.BACKWARD, Kind.TURN)
    assert back.started + back.done > turn.started
    assert contradictions(one) == ()
    late = replace(one.rows[5], started=turn.started + 5_000)
    noted = contradictions(replace(one, rows=(*one.rows[:5], late)))
    assert noted == ("row 6 begins before row 5 is over",)


@pytest.mark.parametrize(
    ("changes", "noted"),
    [
        ({"ended": SOUND.started - timedelta(seconds=1)}, "it ended before it started"),
        (
            {"ended": SOUND.started + timedelta(seconds=200)},
            "it lasted 3:20, its times add up to 2:10",
        ),
        (
            {"totals": replace(SOUND.totals, backward=30_000, paused=0)},
            "backward_s is 0:30, the rows add up to 0:20",
        ),
        (
            {"rows": (*ROWS[:3], replace(ROWS[3], started=90_000))},
            "row 4 begins before row 3 is over",
        ),
        ({"rows": (*ROWS[:3], replace(ROWS[3], started=119_000))}, "row 4 ends after the workout"),
        ({"stumbles": (200_000,)}, "a stumble is later than the end"),
        ({"distance_m": 800.0}, "distance_m is 800, but the speeds of the rows give 80"),
        ({"distance_m": -1.0}, "distance_m is negative"),
        ({"belt_distance_m": -1.0}, "belt_distance_m is negative"),
        ({"rpe": 11.5}, "rpe is 11.5, not from 0 to 10"),
        ({"pain": -1}, "pain is -1, not from 0 to 10"),
    ],
)
def test_what_does_not_add_up_is_noted(changes: dict[str, Any], noted: str) -> None:
    assert contradictions(replace(SOUND, **changes)) == (noted,)


def test_a_completed_workout_without_rows_and_a_negative_speed_are_noted() -> None:
    nothing = replace(SOUND, rows=(), totals=Totals(paused=130_000), distance_m=None)
    assert contradictions(nothing) == ("it was completed, but has no rows",)
    odd = replace(SOUND, rows=(*ROWS[:3], replace(ROWS[3], speed=-1.8)), distance_m=60.0)
    assert contradictions(odd) == ("the speed of row 4 is negative",)


def test_rounding_by_hand_is_not_noted() -> None:
    table: dict[str, Any] = {"ended": SOUND.ended.replace(microsecond=0), "distance_m": 80.4}
    assert contradictions(replace(SOUND, **table)) == ()
