"""The first lesson on the screens: the belt is off, and every word says so."""

from __future__ import annotations

from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.core.plan import make_plan
from retrotimer.core.sets import Kind
from retrotimer.core.stage_guide import StageId
from retrotimer.core.states import State
from retrotimer.core.view import View
from retrotimer.history.record import Record, Status
from tests.support.app_steps import (
    app_of,
    at_the_start,
    screen,
    seen,
    settled,
    shown,
    unseen,
    until,
)
from tests.support.runner_world import World, config_of
from tests.support.workout_stage import Play, playing

LESSON = make_plan(BUILTIN_SETS[0])


def words(play: Play) -> str:
    return " ".join(seen(play.pilot).split())


async def walk_to(play: Play, stage: StageId, toward: Kind) -> None:
    """On to a stage, confirming where a turn waits."""

    def reached(view: View) -> bool:
        now = view.current_stage
        return now is not None and now.id is stage and view.block.kind is toward

    while not reached(play.view):
        await play.run_to(lambda view: reached(view) or view.state is State.WAITING)
        if play.state() is State.WAITING:
            await play.press("enter")
    await play.pilot.pause()


def before_the_start_it_says_to_leave_the_belt_off(play: Play) -> None:
    assert "LEAVE THE BELT OFF. Clip the cord on all the same." in words(play)
    assert "Stand as you would for real" in words(play)
    assert "km" not in play.text("#start-totals")


async def no_speed_is_noted_and_no_cool_down_offered(play: Play) -> None:
    await play.press("up", "c")
    assert play.view.speed is None
    assert len(play.runner.plan.blocks) == len(LESSON.blocks)
    assert "c cool down" not in words(play)


async def small_screens_keep_what_is_done_now(play: Play) -> None:
    for size in ((40, 12), (60, 16)):
        await play.pilot.resize_terminal(*size)
        await play.pilot.pause()
        assert "REACH OUT, SAY YOUR SPEED" in words(play), size
        assert not play.seen("#about"), size
    await play.pilot.resize_terminal(80, 24)
    await play.pilot.pause()


async def a_pause_and_the_question_say_that_the_belt_is_off(play: Play) -> None:
    await play.press("space")
    assert "The belt is off." in words(play)
    assert "still moving" not in words(play)
    await play.press("s")
    assert "Stop the workout?" in words(play)
    assert "The belt is off." in words(play)
    assert "still moving" not in words(play)


async def test_every_word_of_it_says_that_the_belt_is_off(world: World) -> None:
    async with playing(world, LESSON) as play:
        before_the_start_it_says_to_leave_the_belt_off(play)
        await play.start()
        notes = [block.note for block in LESSON.blocks]
        await play.run_to(lambda view: view.state is State.BLOCK)
        assert notes[0] in words(play)
        await no_speed_is_noted_and_no_cool_down_offered(play)
        # The stages ask for what one would set, and the notes explain them.
        for stage, toward, note, text in (
            (StageId.SLOW, Kind.BACKWARD, notes[1], "REACH OUT, SAY YOUR SPEED"),
            (StageId.TURN, Kind.BACKWARD, notes[1], "TURN ROUND NOW"),
            (StageId.RAILS, Kind.FORWARD, notes[2], "STEP ON THE RAILS"),
            (StageId.SET, Kind.FORWARD, notes[2], "REACH OUT, SAY YOUR SPEED"),
        ):
            await walk_to(play, stage, toward)
            assert note in words(play)
            assert text in words(play)
            if stage is StageId.SLOW:
                await small_screens_keep_what_is_done_now(play)
                # They are there while the turn waits, too.
                await play.run_to(lambda view: view.state is State.WAITING)
                assert note in words(play)
                assert "PRESS ENTER WHEN READY" in words(play)
        await a_pause_and_the_question_say_that_the_belt_is_off(play)


async def test_first_steps_comes_after_it_until_it_was_finished_once(world: World) -> None:
    app = app_of(world, config_of(*BUILTIN_SETS))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert shown(pilot, "name") == "Dry turn"
        assert "leave the belt off" in shown(pilot, "notes")
        await pilot.press("down")
        await pilot.pause()
        assert "finish Dry turn first" in shown(pilot, "notes")
        await pilot.press("up", "enter")
        workout = await at_the_start(pilot, "the lesson")
        world.clock.advance(2_000)
        await pilot.press("enter")
        while not workout.runner.over:
            with unseen(workout):
                waits = False
                while not (waits or workout.runner.over):
                    world.clock.advance(1_000)
                    workout.poll()
                    waits = workout.runner.view.state is State.WAITING
            if waits:
                await pilot.press("enter")
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the summary")
        assert "backward, belt off" in seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
        await settled(pilot)
        await pilot.press("end", *["up"] * (len(BUILTIN_SETS) - 2))
        await pilot.pause()
        assert shown(pilot, "name") == "First steps"
        assert "finish Dry turn first" not in shown(pilot, "notes")
    (record,) = [one for one in world.history.newest() if isinstance(one, Record)]
    assert (record.set, record.status) == ("Dry turn", Status.COMPLETED)
    assert (record.totals.forward, record.totals.backward) == (0, 0)
    assert record.distance_m is None
    assert record.turns == 4
    assert {row.kind for row in record.rows} == {Kind.READY, Kind.REST, Kind.TURN}
