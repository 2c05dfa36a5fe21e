"""What a paused workout says: why, where it stands, and how it goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrotimer.core.plan import Plan
from retrotimer.core.sets import IntervalSet, Kind, Step
from retrotimer.core.states import Command, Reason, State
from retrotimer.core.units import Units
from retrotimer.core.view import View
from retrotimer.core.workout import Workout
from retrotimer.run.actions import ACTIONS
from retrotimer.text import pause, phrases
from retrotimer.text.format import WORD
from retrotimer.text.pause import going_on, where
from tests.support.runner_world import plan_of

KMH = Units.KMH
FORWARD = Step(Kind.FORWARD, 60_000, 3.0)
BACKWARD = Step(Kind.BACKWARD, 30_000, 1.6)
REST = Step(Kind.REST, 60_000)


def paused(plan: Plan, at: int) -> View:
    """The view of a workout paused at that instant, in ms from its start."""
    workout = Workout(plan)
    workout.send(Command.START, 0)
    workout.send(Command.PAUSE, at)
    return workout.view(at)


@pytest.mark.parametrize("reason", Reason)
def test_a_pause_says_why_and_since_when(reason: Reason) -> None:
    view = replace(paused(plan_of(), 20_000), reason=reason, for_seconds=72)
    assert pause.why(view).endswith(" · 1:12 ago")
    assert len(pause.why(view)) > len(" · 1:12 ago") + 5


def test_a_pause_says_what_is_left_and_how_the_workout_goes_on() -> None:
    view = paused(plan_of(), 347_000)
    assert where(view, KMH) == (
        "▼ BACKWARD, 0:13 left of 0:30 at 1.6 km/h · round 1 of 5 · block 2 of 12"
    )
    assert going_on(view, KMH) == "goes on with the whole turn (20 s)"
    assert ACTIONS["pause"].label(view) == "go on"
    assert phrases.terminal_title(view) == "paused – retrotimer"


@pytest.mark.parametrize(
    ("steps", "at", "expected"),
    [
        ((FORWARD, BACKWARD), 68, "counts as done: goes on with TURN 20 s, then"),
        ((BACKWARD, FORWARD), 42, "counts as done: goes on with TURN 20 s, then ▲ FORWARD 1:00"),
        ((FORWARD, REST, FORWARD), 68, "counts as done: goes on with – REST 1:00"),
        ((FORWARD,), 68, "counts as done: going on ends the workout"),
        ((FORWARD, REST, FORWARD), 80, "goes on at once"),
        ((FORWARD, REST, FORWARD), 127, "goes on with the whole get ready"),
        ((FORWARD, BACKWARD), 20, "goes on with a get ready (10 s)"),
        ((FORWARD, BACKWARD), 85, "goes on with the whole turn (20 s)"),
    ],
)
def test_a_pause_says_what_really_comes_on_going_on(
    steps: tuple[Step, ...], at: int, expected: str
) -> None:
    """The get ready takes 10 s, the turn into a first backward block 15 s."""
    workout = Workout(plan_of(IntervalSet("One", steps)))
    workout.send(Command.START, 0)
    workout.send(Command.PAUSE, at * 1000)
    view = workout.view(at * 1000)
    assert going_on(view, KMH).startswith(expected)
    assert ACTIONS["pause"].label(view) == ("end" if expected.endswith("workout") else "go on")
    workout.send(Command.RESUME, (at + 9) * 1000)
    after = workout.view((at + 9) * 1000)
    if after.state is State.BLOCK:
        assert WORD[after.block.kind] in expected or "at once" in expected or after.in_ready
    elif after.state is State.TURN:
        assert f"{WORD[after.phase.kind].lower()}" in expected.lower()
    assert going_on(after, KMH) == ""
