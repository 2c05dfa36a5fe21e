"""A set with the belt off: the turns of earnest in other words, and nothing that counts."""

import pytest

from retrotimer.core import belt_off
from retrotimer.core.events import IllegalCommand
from retrotimer.core.plan import Plan, make_plan
from retrotimer.core.safety import Level, findings
from retrotimer.core.sets import Confirm, IntervalSet, Kind, Power, Repeat, Safety, Step
from retrotimer.core.stage_guide import SETTING, TABLES, StageId, Way
from retrotimer.core.states import Command, State
from retrotimer.core.turn import UNKNOWN_TURN, Countdown
from retrotimer.core.workout import Workout
from tests.support.interval_sets import S, backward, forward, rest

T0 = 5_000
STEPS = (forward(20, None), backward(15, None), forward(20, None, label="Last"), rest(12))


def plan_of(*steps: Step | Repeat, power: Power = Power.OFF, safety: Safety | None = None) -> Plan:
    return make_plan(IntervalSet("Lesson", steps or STEPS, belt=power), safety=safety)


def finished(plan: Plan) -> Workout:
    workout = Workout(plan)
    workout.send(Command.START, T0)
    now = T0
    while not workout.state.over:
        now += 10_000
        workout.advance(now)
        if workout.state is State.WAITING:
            workout.send(Command.CONFIRM, now)
    return workout


def test_turns_are_as_long_as_with_a_speed_that_is_not_known() -> None:
    turns = [lead for lead in plan_of().leads if lead is not None and lead.kind is Kind.TURN]
    assert [lead.length for lead in turns] == [UNKNOWN_TURN, UNKNOWN_TURN]
    own = plan_of(safety=Safety(turn=30_000)).leads[1]
    assert own is not None
    assert own.length == 30_000


def test_the_stages_are_those_of_earnest() -> None:
    for off, on in zip(plan_of().leads, plan_of(power=Power.ON).leads, strict=True):
        assert (off is None) is (on is None)
        if off is not None and on is not None:
            assert [(s.id, s.length) for s in off.stages] == [(s.id, s.length) for s in on.stages]
            assert (off.hold, off.confirm, off.toward) == (on.hold, on.confirm, on.toward)


@pytest.mark.parametrize("way", Way)
def test_only_what_would_be_done_to_the_belt_is_said_otherwise(way: Way) -> None:
    for stage, before in TABLES[way]:
        after = belt_off.said(stage, before)
        if stage in SETTING:
            assert "belt" not in f"{after.title} {after.feet} {after.hands}".lower()
            assert "walk" not in after.feet
            assert "sets" not in after.hands
            assert ("SAY YOUR SPEED" in after.title) is (stage is not StageId.READY)
            assert (after.eyes, after.pose) == (before.eyes, before.pose)
        else:
            assert after == before


def test_every_countdown_of_a_lesson_says_it_so() -> None:
    steps = (forward(20, None), backward(15, None), rest(20), forward(20, None), rest(20))
    plan = plan_of(*steps, rest(20), backward(15, None), rest(20), forward(20, None))
    for lead in (*plan.leads, *(lead for lead in resumed(plan))):
        if lead is not None:
            assert all(belt_off.said(one.id, one.guide) == one.guide for one in lead.stages)


def resumed(plan: Plan) -> list[Countdown | None]:
    """The countdowns with which going on begins, paused in each second of a plan."""
    found: list[Countdown | None] = []
    workout = Workout(plan)
    workout.send(Command.START, T0)
    for now in range(T0, T0 + plan.total, 1_000):
        workout.advance(now)
        twin = Workout.restore(workout.snapshot())
        twin.send(Command.PAUSE, now)
        going = twin.view(now).resumption
        assert going is not None
        found.append(going.lead)
    return found


def test_nobody_moves_so_nothing_counts() -> None:
    plan = plan_of()
    assert plan.distance is None
    workout = finished(plan)
    totals = workout.totals
    assert (totals.forward, totals.backward) == (0, 0)
    assert totals.rest == 67 * S
    assert totals.turn == 10 * S + 2 * UNKNOWN_TURN
    assert [(row.kind, row.label) for row in workout.rows if not row.kind.countdown] == [
        (Kind.REST, "forward, belt off"),
        (Kind.REST, "backward, belt off"),
        (Kind.REST, "Last (forward, belt off)"),
        (Kind.REST, "belt off"),
    ]


def test_no_speed_is_noted_and_there_is_nothing_to_cool_down_from() -> None:
    workout = Workout(plan_of())
    workout.send(Command.START, T0)
    workout.advance(T0 + 15_000)
    assert workout.state is State.BLOCK
    for command in (Command.NOTE_SPEED, Command.COOL_DOWN):
        assert not workout.allows(command)
        with pytest.raises(IllegalCommand):
            workout.send(command, T0 + 15_000, speed=2.0)
    on = Workout(plan_of(power=Power.ON))
    on.send(Command.START, T0)
    on.advance(T0 + 15_000)
    assert on.allows(Command.NOTE_SPEED)
    assert on.allows(Command.COOL_DOWN)


def test_the_view_and_a_snapshot_know_it() -> None:
    workout = Workout(plan_of())
    workout.send(Command.START, T0)
    assert workout.view(T0 + 1).dry
    data = workout.snapshot()
    assert Workout.restore(data).plan == workout.plan
    # A session of a version that knew no such sets.
    rules = data["plan"]["rules"]  # type: ignore[index]
    del rules["dry"]
    assert not Workout.restore(data).view(T0 + 1).dry


def test_there_is_one_thing_to_say_about_its_safety() -> None:
    # With the belt on this has no warm-up, no speed, and is mostly backward.
    steps = (backward(900, None), forward(10, None))
    assert len(findings(plan_of(*steps, power=Power.ON))) > 3
    (found,) = findings(plan_of(*steps, safety=Safety(turn=15_000)))
    assert (found.level, found.code) == (Level.NOTE, "belt-off")
    assert "leave the belt off" in found.text


def test_it_may_wait_for_keys_like_any_other() -> None:
    lead = plan_of(safety=Safety(confirm_turns=Confirm.ALWAYS)).leads[1]
    assert lead is not None
    assert lead.confirm
    assert lead.stage_at(lead.hold)[0] == 2
