from typing import Any

import pytest

from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.core.plan import Block, Plan, make_plan
from retrotimer.core.safety import LEVELS, Level, findings, locked, survey
from retrotimer.core.sets import Belt, Confirm, IntervalSet, Kind, Laptop, Power, Repeat, Safety
from retrotimer.core.turn import Countdown
from retrotimer.core.workout import Workout
from tests.support.interval_sets import backward, forward, plan_of, rest


def codes(plan: Plan, level: Level) -> list[str]:
    return [f.code for f in findings(plan) if f.level is level]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (plan_of(forward(60), backward(30, 6.1)), "backward-too-fast"),
        (plan_of(forward(60, 16.5)), "belt-too-fast"),
        (plan_of(forward(60, 0.5)), "belt-too-slow"),
        (plan_of(forward(60, incline=15.5)), "belt-too-steep"),
    ],
)
def test_what_locks(plan: Plan, code: str) -> None:
    assert codes(plan, Level.LOCK) == [code]
    found = locked(plan)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (plan_of(forward(600), backward(30, 6.0), forward(60)), "backward-running"),
        (plan_of(forward(600), backward(30, incline=11.0), forward(60)), "backward-steep"),
        (plan_of(forward(600), backward(30, None), forward(60)), "backward-no-speed"),
        (plan_of(forward(1200), backward(601), forward(60)), "backward-long"),
        (plan_of(forward(19), backward(30), forward(10)), "backward-share"),
        (plan_of(backward(30), forward(60)), "no-warm-up"),
        (plan_of(forward(60), backward(30), rest(10)), "ends-backward"),
        (
            plan_of(
                forward(600), backward(30), forward(60), backward(30, 2.0, incline=2.0), forward(9)
            ),
            "rise-together",
        ),
        (
            plan_of(
                forward(60), forward(600, 8.0), backward(30), forward(9), safety=Safety(turn=15_000)
            ),
            "turn-short",
        ),
        (plan_of(forward(60), forward(60, 12.0), backward(30), forward(9)), "slows-long"),
        # Stepping onto the belt after a turn, at the start, and after a rest.
        (plan_of(forward(60), backward(30), forward(60, 6.1)), "step-on-fast"),
        (plan_of(forward(60, 6.1)), "step-on-fast"),
        (plan_of(forward(60, 6.0), rest(20), forward(60, 6.1)), "step-on-fast"),
    ],
)
def test_what_warns(plan: Plan, code: str) -> None:
    assert codes(plan, Level.WARN) == [code]
    assert locked(plan) is None


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (plan_of(Repeat(9, (forward(60), backward(20)))), "many-turns"),
        (
            plan_of(forward(600, 8.0), backward(30), belt=Belt(deceleration=0.1)),
            "long-turn",
        ),
        (plan_of(forward(600), backward(181), forward(60)), "backward-block-long"),
        (plan_of(forward(60, None), backward(20), forward(60)), "turn-guessed"),
        (
            plan_of(
                forward(60),
                backward(20),
                forward(60),
                belt=Belt(laptop=Laptop.BEHIND),
                safety=Safety(confirm_turns=Confirm.ALWAYS),
            ),
            "keys-behind",
        ),
        (make_plan(IntervalSet("Lesson", (backward(30, None),), belt=Power.OFF)), "belt-off"),
    ],
)
def test_what_is_noted(plan: Plan, code: str) -> None:
    assert codes(plan, Level.NOTE) == [code]


def test_nothing_is_said_just_within_a_limit() -> None:
    most = plan_of(
        forward(60, 6.0),
        Repeat(8, (backward(75, 5.9, incline=10.0), forward(75, 6.0))),
    )
    assert findings(most) == ()
    # Between two forward blocks nobody steps onto the belt.
    assert findings(plan_of(forward(60, 6.0), forward(60, 12.0))) == ()
    assert findings(plan_of(forward(60, None), rest(20), forward(60, None))) == ()
    set_by_hand = Safety(turn=30_000)
    assert findings(plan_of(forward(60, None), backward(20), forward(60), safety=set_by_hand)) == ()


def test_every_finding_has_a_source_and_comes_once() -> None:
    plan = plan_of(Repeat(30, (backward(60, 9.0, incline=20.0), forward(10, 20.0))))
    found = findings(plan)
    assert len({f.code for f in found}) == len(found) > 4
    assert all(f.source for f in found)
    levels = [list(Level).index(f.level) for f in found]
    assert levels == sorted(levels)
    assert set(levels) == {0, 1, 2}


def test_a_finding_describes_the_worst_place_not_the_first() -> None:
    steps = forward(60, 2.0), Repeat(2, (backward(20), forward(60, 5.0)))
    slow = Belt(deceleration=0.1)
    # The first backward block is entered from 2 km/h, the second from 5.
    first, second = (
        lead.length // 1000
        for lead, block in zip(*parts_of(plan_of(*steps, belt=slow)), strict=True)
        if lead is not None and block.kind is Kind.BACKWARD
    )
    assert first < second
    (long_turn,) = [f for f in findings(plan_of(*steps, belt=slow)) if f.code == "long-turn"]
    assert long_turn.text.startswith(f"a turn takes {second} s")
    short = plan_of(*steps, belt=slow, safety=Safety(turn=20_000))
    (again,) = [f for f in survey(short) if f.code == "turn-short" and f.path == (1, 0)]
    assert f"needs {second} s" in again.text
    (whole,) = [f for f in findings(short) if f.code == "turn-short"]
    assert f"needs {second} s" in whole.text


def parts_of(plan: Plan) -> tuple[tuple[Countdown | None, ...], tuple[Block, ...]]:
    return plan.leads, plan.blocks


def test_a_finding_belongs_to_its_step() -> None:
    plan = plan_of(
        forward(60),
        Repeat(3, (backward(20, 7.0), Repeat(2, (forward(60), rest(5), backward(20, 8.0))))),
        forward(60, 7.0),
    )
    places = [(f.code, f.path) for f in survey(plan)]
    # A repeated step is still one step.
    assert places == [
        ("backward-too-fast", (1, 0)),
        ("backward-too-fast", (1, 1, 2)),
        ("backward-running", (1, 0)),
        ("backward-running", (1, 1, 2)),
        ("step-on-fast", (2,)),
    ]
    # Each finding of the whole plan is at its worst place.
    assert [f.path for f in findings(plan)] == [(1, 1, 2), (1, 1, 2), (2,)]


def test_a_finding_about_the_whole_set_has_no_step() -> None:
    plan = plan_of(forward(60), Repeat(20, (backward(60), forward(20))))
    whole = {f.code: f.path for f in survey(plan)}
    assert whole == {"backward-long": (), "backward-share": (), "many-turns": ()}


def test_merged_blocks_have_the_place_of_the_first() -> None:
    plan = plan_of(forward(60), backward(30, 6.0), backward(30, 6.0), forward(60))
    assert [f.path for f in survey(plan)] == [(1,)]


def test_acknowledged_findings_are_found_but_not_shown() -> None:
    steps = (backward(30, 6.0), forward(60))
    everything = plan_of(*steps)
    assert [f.code for f in findings(everything)] == ["backward-running", "no-warm-up"]
    known = plan_of(*steps, safety=Safety(acknowledged=("no-warm-up",)))
    assert [f.code for f in findings(known)] == ["backward-running"]
    assert [(f.code, f.acknowledged) for f in survey(known)] == [
        ("backward-running", False),
        ("no-warm-up", True),
    ]
    both = plan_of(
        *steps, safety=Safety(acknowledged=("no-warm-up",)), acknowledged=("backward-running",)
    )
    assert findings(both) == ()


def test_a_lock_cannot_be_acknowledged() -> None:
    plan = plan_of(forward(60, 16.5), safety=Safety(acknowledged=("belt-too-fast",)))
    assert locked(plan) is not None


def test_blocks_are_compared_and_saved_without_their_path() -> None:
    workout = Workout(plan_of(Repeat(2, (forward(60), backward(20)))))
    assert workout.plan.blocks[1].path == (0, 1)
    again = Workout.restore(workout.snapshot())
    assert again.plan == workout.plan
    assert [block.path for block in again.plan.blocks] == [()] * 4
    assert [f.code for f in findings(again.plan)] == [f.code for f in findings(workout.plan)]


def test_every_code_has_a_test() -> None:
    def tried(test: Any) -> set[str]:
        (mark,) = test.pytestmark
        return {code for _, code in mark.args[1]}

    assert tried(test_what_locks) | tried(test_what_warns) | tried(test_what_is_noted) == set(
        LEVELS
    )


def test_of_the_built_in_sets_only_the_running_one_is_locked() -> None:
    shut = [one.name for one in BUILTIN_SETS if locked(make_plan(one))]
    assert shut == ["Advanced intervals"]
    (running,) = [one for one in BUILTIN_SETS if one.name == shut[0]]
    assert locked(make_plan(running, safety=Safety(max_backward_speed=6.5))) is None
