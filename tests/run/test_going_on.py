"""What goes on after a crash, a sleep or a held key, and what must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from retrotimer.core.events import Armed, CountdownBegan, Event, Paused
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Confirm
from retrotimer.core.states import Reason, State
from retrotimer.history.record import Status
from retrotimer.run.runner import ASLEEP, STALL, Runner
from retrotimer.session.recovery import SavedWorkout
from tests.support.interval_sets import backward, forward, plan_of
from tests.support.runner_world import World, make_world

PLAN = plan_of(forward(30), backward(30), forward(60))
ASKS = plan_of(backward(30), forward(30), confirm_turns=Confirm.ALWAYS)
HOUR = 3_600_000


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def started(world: World, plan: Plan = PLAN) -> Runner:
    runner = Runner.new(plan, world.environment)
    runner.open()
    world.clock.advance(1_200)
    runner.enter()
    assert runner.view.state is State.TURN
    return runner


def state_of(runner: Runner) -> State:
    return runner.view.state


def run_for(runner: Runner, world: World, ms: int, step: int = 250) -> list[Event]:
    events: list[Event] = []
    while ms > 0:
        world.clock.advance(min(step, ms))
        events += runner.poll()
        ms -= step
    return events


def on_disk(world: World) -> SavedWorkout:
    data = world.session.read()
    assert data is not None
    return SavedWorkout.read(data)


# A sleep, a stall, the lease --------------------------------------------------------------------


def test_a_short_sleep_pauses_too_because_all_cues_would_be_late(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 20_000)
    seen = world.clock.ms
    world.clock.sleep(ASLEEP + 1)
    assert Paused(seen, Reason.SUSPENDED) in runner.poll()
    world.clock.advance(1_000)
    assert runner.view.state is State.PAUSED


def test_the_lease_outlasts_every_gap_that_is_no_stall(world: World) -> None:
    runner = started(world)
    for gap in (50, STALL, 150, STALL, 199, STALL):
        world.clock.advance(gap)
        until = world.player.leases[-1]
        assert until is not None
        assert until >= world.clock.sound_ns()
        runner.poll()
        assert runner.view.state is State.TURN


def test_a_slow_program_still_loses_at_most_five_seconds(world: World) -> None:
    runner = started(world)
    for _ in range(12):
        world.clock.advance(STALL)
        assert runner.elapsed - on_disk(world).workout.totals.elapsed <= 5_000 - STALL
        runner.poll()


# Held keys --------------------------------------------------------------------------------------


def hold(runner: Runner, world: World, key: str) -> list[Event]:
    """A key as a keyboard repeats it: once, again half a second later, then 30 times a second."""
    events: list[Event] = []
    for gap in (0, 500, *[33] * 40):
        world.clock.advance(gap)
        events += getattr(runner, key)()
        events += runner.poll()
    return events


@pytest.mark.parametrize("key", ["enter", "clicker"])
def test_the_key_that_starts_confirms_no_turn_while_it_is_held(world: World, key: str) -> None:
    runner = Runner.new(ASKS, world.environment)
    runner.open()
    world.clock.advance(1_200)
    assert not any(isinstance(event, Armed) for event in hold(runner, world, key))
    run_for(runner, world, 30_000)
    assert state_of(runner) is State.WAITING
    getattr(runner, key)()
    assert state_of(runner) is State.TURN


def test_the_key_that_goes_on_confirms_no_turn_while_it_is_held(world: World) -> None:
    runner = started(world, ASKS)
    runner.pause()
    run_for(runner, world, 2_000)
    events = hold(runner, world, "clicker")
    assert any(isinstance(event, CountdownBegan) for event in events)
    assert not any(isinstance(event, Armed) for event in events)


def test_a_confirm_ahead_of_time_still_arms(world: World) -> None:
    runner = started(world, ASKS)
    run_for(runner, world, 2_000)
    assert any(isinstance(event, Armed) for event in runner.enter())


def test_the_clicker_does_not_end_a_pause_that_nobody_saw_yet(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 20_000)
    world.clock.advance(30_000)
    runner.clicker()
    assert runner.view.state is State.PAUSED
    runner.clicker()
    assert runner.view.state is State.PAUSED


# How long ago ------------------------------------------------------------------------------------


def broken(world: World) -> SavedWorkout:
    run_for(started(world), world, 20_000)
    return on_disk(world)


def test_the_same_boot_knows_the_age_whoever_set_the_clock(world: World) -> None:
    left = broken(world)
    for wrong in (left.saved - timedelta(days=3), left.saved + timedelta(days=3)):
        environment = replace(world.environment, wall=partial(min, wrong, wrong))
        assert left.age(environment) <= timedelta(seconds=5)
        assert left.resumable(environment)
    world.clock.advance(2 * HOUR + 5_000)
    environment = replace(world.environment, wall=lambda: left.saved)
    assert not left.resumable(environment)


def test_after_a_boot_a_clock_set_back_makes_no_time_negative(world: World) -> None:
    left = broken(world)
    earlier = left.saved - timedelta(hours=1)
    environment = replace(
        world.environment, boot_id="next", boot_ms=lambda: 7_000, wall=lambda: earlier
    )
    runner = Runner.resumed(left, environment)
    assert runner.view.state is State.PAUSED
    assert runner.elapsed == left.workout.totals.elapsed


def test_a_second_crash_right_after_going_on_loses_nothing(world: World) -> None:
    left = broken(world)
    world.clock.advance(600_000)
    Runner.resumed(left, world.environment).open()  # and is killed
    world.clock.advance(60_000)
    again = Runner.resumed(on_disk(world), world.environment)
    run_for(again, world, 2_000)
    again.space()
    run_for(again, world, 300_000)
    made = world.history.get("last")
    assert (made.id, made.status) == (left.info.id, Status.COMPLETED)
    assert made.ended - made.started == timedelta(milliseconds=made.totals.elapsed)
    assert made.totals.paused >= 660_000


# What is in the session file ------------------------------------------------------------------


def test_a_session_of_another_format_is_none_of_ours(world: World) -> None:
    broken(world)
    data = world.session.read() or {}
    with pytest.raises(ValueError, match="format 2, expected 1"):
        SavedWorkout.read({**data, "format": 2})
    for key in ("started", "saved"):
        naive = {**data, key: data[key].replace(tzinfo=None)}
        with pytest.raises(ValueError, match="offset"):
            SavedWorkout.read(naive)
        with pytest.raises(ValueError, match="not a session"):
            SavedWorkout.read({**data, key: data[key].date()})


def test_killed_between_the_log_and_the_session_it_is_known_as_saved(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 20_000)
    left = on_disk(world)
    assert not left.logged(world.history)
    made = runner.stop()
    assert left.logged(world.history)
    left.save(world.history)  # asked all the same: nothing twice
    assert list(world.history.newest()) == [made]


def test_a_log_that_cannot_be_read_knows_nothing(world: World) -> None:
    left = broken(world)
    world.history.path.mkdir()
    assert not left.logged(world.history)


def test_what_could_not_be_saved_is_left_over_as_the_session_has_it(world: World) -> None:
    world.history.path.mkdir()
    runner = started(world)
    run_for(runner, world, 20_000)
    assert left_of(runner) is None
    made = runner.stop()
    left = left_of(runner)
    assert left is not None
    assert left.record() == on_disk(world).record() == made
    assert not left.resumable(world.environment)
    world.history.path.rmdir()
    assert runner.journal.save()
    assert left_of(runner) is None


def left_of(runner: Runner) -> SavedWorkout | None:
    return runner.journal.left_over
