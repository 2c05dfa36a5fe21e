"""A set with the belt off: turns as in a real workout, in other words; no distance or direction."""

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


def test_turns_are_as_long_as_with_an_unknown_speed() -> None:
    turns = [lead for lead in plan_of().leads if lead is not None and lead.kind is Kind.TURN]
    assert [lead.length for lead in turns] == [UNKNOWN_TURN, UNKNOWN_TURN]
    own = plan_of(safety=Safety(turn=30_000)).leads[1]
    assert own is not None
    assert own.length == 30_000


def test_the_stages_are_those_of_a_real_turn() -> None:
    for off, on in zip(plan_of().leads, plan_of(power=Power.ON).leads, strict=True):
        assert (off is None) is (on is None)
        if off is not None and on is not None:
            assert [(s.id, s.length) for s in off.stages] == [(s.id, s.length) for s in on.stages]
            assert (off.hold, off.confirm, off.toward) == (on.hold, on.confirm, on.toward)


@pytest.mark.parametrize("way", Way)
def test_only_what_concerns_the_belt_is_worded_differently(way: Way) -> None:
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


def test_every_countdown_has_the_words_for_the_belt_off() -> None:
    steps = (forward(20, None), backward(15, None), rest(20), forward(20, None), rest(20))
    plan = plan_of(*steps, rest(20), backward(15, None), rest(20), forward(20, None))
    for lead in (*plan.leads, *(lead for lead in resumed(plan))):
        if lead is not None:
            assert all(belt_off.said(one.id, one.guide) == one.guide for one in lead.stages)


def resumed(plan: Plan) -> list[Countdown | None]:
    """The countdowns after a pause, for a pause in each second of a plan."""
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


def test_all_blocks_count_as_rest() -> None:
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


def test_no_speed_can_be_noted_and_there_is_no_cool_down() -> None:
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


def test_the_view_and_the_snapshot_say_that_the_belt_is_off() -> None:
    workout = Workout(plan_of())
    workout.send(Command.START, T0)
    assert workout.view(T0 + 1).dry
    data = workout.snapshot()
    assert Workout.restore(data).plan == workout.plan
    # A session file of a version without such sets.
    rules = data["plan"]["rules"]  # type: ignore[index]
    del rules["dry"]
    assert not Workout.restore(data).view(T0 + 1).dry


def test_it_has_only_one_safety_note() -> None:
    # With the belt on, this would be noted for no warm-up, no speed and mostly backward.
    steps = (backward(900, None), forward(10, None))
    assert len(findings(plan_of(*steps, power=Power.ON))) > 3
    (found,) = findings(plan_of(*steps, safety=Safety(turn=15_000)))
    assert (found.level, found.code) == (Level.NOTE, "belt-off")
    assert "leave the belt off" in found.text


def test_its_turns_can_wait_for_a_key() -> None:
    lead = plan_of(safety=Safety(confirm_turns=Confirm.ALWAYS)).leads[1]
    assert lead is not None
    assert lead.confirm
    assert lead.stage_at(lead.hold)[0] == 2
