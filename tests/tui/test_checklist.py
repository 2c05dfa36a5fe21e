"""The checklist in the app: when it comes, what its keys do, and what the workout takes from it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from retrotimer.audio.status import SoundStatus
from retrotimer.config.model import Config
from retrotimer.core.plan import Plan, make_plan
from retrotimer.core.sets import Belt, IntervalSet, Kind, Laptop, Power, Safety, Step
from retrotimer.history.record import Record, Status
from retrotimer.run.key_repeat import USUAL
from retrotimer.run.runner import Runner
from retrotimer.run.soundcheck import Hearing
from retrotimer.session.recovery import SavedWorkout
from retrotimer.tui.app import RetroTimer
from retrotimer.tui.screens.checklist import ChecklistScreen
from tests.support.app_steps import app_of, at_the_start, screen, seen, settled, until
from tests.support.runner_world import FIRST_STEPS, World, config_of, plan_of

LESSON = IntervalSet("Lesson", (Step(Kind.BACKWARD, 20_000),), belt=Power.OFF)
HOUR = 3_600_000
READ = 1_500
"""How long one looks at something before pressing a key, in ms."""
HEARD = 2_500
"""What the cue and the thought about it take, in ms."""


def config(**changes: object) -> Config:
    """With the checklist, as it is unless it is turned off."""
    return config_of(FIRST_STEPS, LESSON, **{"safety": Safety()} | changes)


def plan() -> Plan:
    return make_plan(FIRST_STEPS)


def check_of(app: RetroTimer) -> ChecklistScreen:
    assert isinstance(app.screen, ChecklistScreen)
    return app.screen


def passes(world: World, check: ChecklistScreen, ms: int) -> None:
    """Time passes, and the list is looked after."""
    for _ in range(0, ms, USUAL):
        world.clock.advance(USUAL)
        check.poll()


async def opened(pilot: Pilot[Any], world: World) -> ChecklistScreen:
    """The list is on the screen, its sound opened, and has been read."""
    await until(pilot, lambda: screen(pilot) == "ChecklistScreen", "the checklist")
    app = pilot.app
    assert isinstance(app, RetroTimer)
    check = check_of(app)
    await until(pilot, lambda: world.player.volume is not None, "the sound")
    passes(world, check, READ)
    await pilot.pause()
    return check


async def heard(pilot: Pilot[Any], world: World) -> None:
    """The cue has been heard out."""
    passes(world, check_of(pilot.app), HEARD)  # type: ignore[arg-type]
    await pilot.pause()
    assert "HEARD IT OVER THE BELT?" in seen(pilot)


async def gone_through(pilot: Pilot[Any], world: World, *, key: str = "enter") -> None:
    await opened(pilot, world)
    await pilot.press(key)
    await heard(pilot, world)
    await pilot.press(key)
    await pilot.pause()


async def leave_workout(pilot: Pilot[Any]) -> None:
    await at_the_start(pilot)
    await pilot.press("escape")
    await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
    await settled(pilot)


# When it comes ----------------------------------------------------------------------------------


async def test_home_and_run_lead_through_it_to_the_workout(world: World) -> None:
    app = app_of(world, config(), first=plan())
    async with app.run_test() as pilot:
        await gone_through(pilot, world, key="enter")
        await at_the_start(pilot)
        assert app.screen.runner.plan.name == "First steps"  # type: ignore[attr-defined]
    home = app_of(world, config())
    async with home.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await gone_through(pilot, world, key="pagedown")
        await at_the_start(pilot)


async def test_it_comes_once_a_day_whatever_the_hour_and_the_zone(world: World) -> None:
    learned: list[dict[str, Any]] = []
    app = app_of(world, config(), remember=learned.append)

    async def start(pilot: Pilot[Any]) -> str:
        await pilot.press("enter")
        await until(
            pilot, lambda: screen(pilot) in ("ChecklistScreen", "WorkoutScreen"), "what comes first"
        )
        return screen(pilot)

    async with app.run_test() as pilot:
        await settled(pilot)
        assert await start(pilot) == "ChecklistScreen"  # 07:10
        await gone_through(pilot, world)
        await leave_workout(pilot)
        world.clock.advance(16 * HOUR)  # 23:10
        assert await start(pilot) == "WorkoutScreen"
        await leave_workout(pilot)
        world.clock.advance(HOUR)  # past midnight
        assert await start(pilot) == "ChecklistScreen"
        await gone_through(pilot, world)
        await leave_workout(pilot)
        world.clock.travel(-5)  # the day before again, by the clock on the wall
        assert await start(pilot) == "ChecklistScreen"
    assert [one["checked"].day for one in learned if "checked" in one] == [23, 24]


async def test_a_day_remembered_by_another_start_counts(world: World) -> None:
    today = world.clock.wall().date()
    app = app_of(world, config(), first=plan(), remembered={"checked": today})
    async with app.run_test() as pilot:
        await at_the_start(pilot)


async def test_it_does_not_come_where_it_says_nothing(world: World) -> None:
    learned: list[dict[str, Any]] = []
    app = app_of(world, config(), remember=learned.append)
    async with app.run_test() as pilot:
        await settled(pilot)
        for what, begun, rate in (
            ("a rehearsal", plan(), 20),
            ("a lesson with the belt off", make_plan(LESSON), 1),
            ("turned off", plan_of(), 1),
        ):
            app.open_workout(begun, rate)
            await at_the_start(pilot, what)
            await leave_workout(pilot)
    assert learned == []


def broken_off(world: World) -> SavedWorkout:
    runner = Runner.new(plan(), world.environment)
    runner.open()
    world.clock.advance(READ)
    runner.enter()
    for _ in range(40):
        world.clock.advance(1_000)
        runner.poll()
    data = world.session.read()
    assert data is not None
    return SavedWorkout.read(data)


async def test_a_workout_that_broke_off_is_resumed_without_it(world: World) -> None:
    app = app_of(world, config(), broken=broken_off(world))
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        await pilot.press("g")
        await at_the_start(pilot)


async def test_a_new_workout_after_one_that_broke_off_begins_with_it(world: World) -> None:
    app = app_of(world, config(), first=plan(), broken=broken_off(world))
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        await pilot.press("s")
        await gone_through(pilot, world)
        await at_the_start(pilot)
    (record,) = [one for one in world.history.newest() if isinstance(one, Record)]
    assert record.status is Status.RECOVERED


async def test_where_another_program_runs_a_workout_there_is_nothing_to_prepare(
    world: World,
) -> None:
    app = app_of(world, config(), may_run=False)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert screen(pilot) == "HomeScreen"


def sheets(paths: Iterable[str | Path]) -> set[str]:
    """The names of style sheets."""
    return {Path(one).name for one in paths}


@pytest.mark.parametrize(
    ("what", "screen_seen"),
    [
        ("home", "HomeScreen"),
        ("checklist", "ChecklistScreen"),
        ("rehearsal", "WorkoutScreen"),
        ("broken off", "Question"),
    ],
)
async def test_the_first_screens_style_sheet_is_parsed_with_the_apps(
    world: World, what: str, screen_seen: str
) -> None:
    app = app_of(
        world,
        config(),
        first=None if what == "home" else plan(),
        rate=20 if what == "rehearsal" else 1,
        broken=broken_off(world) if what == "broken off" else None,
    )
    # Another one makes Textual parse all of them once more before the first frame.
    known = sheets(app.css_path)
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == screen_seen, "the first screen")
        assert sheets(app.screen.css_path) <= known


# Its keys ---------------------------------------------------------------------------------------


async def test_the_volume_that_was_heard_is_the_workouts_and_is_remembered(world: World) -> None:
    learned: list[dict[str, Any]] = []
    app = app_of(world, config(), first=plan(), remember=learned.append)
    async with app.run_test() as pilot:
        await opened(pilot, world)
        await pilot.press("enter")
        assert world.player.cues() == ["backward"]
        await heard(pilot, world)
        await pilot.press("up")
        await heard(pilot, world)
        assert "volume 90 %" in seen(pilot)
        await pilot.press("right_square_bracket")
        await heard(pilot, world)
        assert world.player.volume == 100
        await pilot.press("r")
        assert len(world.player.tracks) == 4
        await heard(pilot, world)
        await pilot.press("enter")
        await at_the_start(pilot)
        runner = app.screen.runner  # type: ignore[attr-defined]
        assert runner.volume == 100
    day = world.clock.wall().date()
    assert learned == [{"checked": day, "volume": 100}]


async def test_escape_goes_back_and_the_list_comes_again(world: World) -> None:
    app = app_of(world, config())
    async with app.run_test() as pilot:
        await settled(pilot)
        for _ in range(2):
            await pilot.press("enter")
            await opened(pilot, world)
            await pilot.press("enter", "escape")
            await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
            # The cue does not sound on over home.
            assert world.player.tracks[-1] == []
    straight = app_of(world, config(), first=plan())
    async with straight.run_test() as pilot:
        await opened(pilot, world)
        await pilot.press("escape")
        await until(pilot, lambda: straight._exit, "the end")
    assert straight.return_value == 0


async def test_it_can_be_called_up_from_home_at_any_time(world: World) -> None:
    learned: list[dict[str, Any]] = []
    off = config(safety=Safety(checklist=False))
    app = app_of(world, off, remember=learned.append)
    async with app.run_test() as pilot:
        await settled(pilot)
        for _ in range(2):
            await pilot.press("c")
            await gone_through(pilot, world)
            await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
    assert learned == [{"checked": world.clock.wall().date()}]


async def test_its_keys_are_those_of_the_config(world: World) -> None:
    keys = dict(config().keys) | {"check": "g", "confirm": "y", "volume_up": "k"}
    app = app_of(world, config(keys=keys))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("g")
        await opened(pilot, world)
        assert "y  play GO backward" in seen(pilot)
        await pilot.press("enter")
        assert world.player.tracks == []
        await pilot.press("y")
        await heard(pilot, world)
        await pilot.press("k")
        assert world.player.volume == 90


async def test_the_key_that_chose_the_set_goes_no_further_while_it_is_held(world: World) -> None:
    app = app_of(world, config(), first=plan())
    async with app.run_test() as pilot:
        await until(pilot, lambda: world.player.volume is not None, "the sound")
        for _ in range(100):
            world.clock.advance(33)
            await pilot.press("enter")
        assert screen(pilot) == "ChecklistScreen"
        assert world.player.tracks == []


# What it shows ----------------------------------------------------------------------------------


async def test_lost_sound_is_said_and_lets_one_go_on_without(world: World) -> None:
    world.player.status, world.player.detail = SoundStatus.LOST, "no device [/]"
    app = app_of(world, config(), first=plan())
    async with app.run_test(size=(80, 24)) as pilot:
        check = await opened(pilot, world)
        for size, told in (((80, 24), ": no device [/]"), ((40, 12), "")):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert f"NO SOUND{told}" in seen(pilot)
            assert check.has_class("-silent")
            assert "enter  go on without sound" in seen(pilot)
            assert "esc  back" in seen(pilot)
        await pilot.press("enter")
        await at_the_start(pilot)


async def test_sound_that_comes_back_is_noticed_by_itself(world: World) -> None:
    world.player.status = SoundStatus.LOST
    app = app_of(world, config(), first=plan())
    async with app.run_test() as pilot:
        check = await opened(pilot, world)
        world.player.status = SoundStatus.READY
        await until(pilot, lambda: check.check.hearing is Hearing.READY, "the sound")
        await pilot.pause()
        assert "SOUND CHECK" in seen(pilot)
        assert not check.has_class("-silent")


async def at_every_size(pilot: Pilot[Any]) -> AsyncIterator[str]:
    """All that is on the screen, once for each size of it."""
    for size in ((40, 12), (60, 16), (80, 24), (120, 40)):
        await pilot.resize_terminal(*size)
        await pilot.pause()
        yield seen(pilot)


@pytest.mark.parametrize("laptop", Laptop)
async def test_all_of_it_is_on_the_screen_at_every_size(world: World, laptop: Laptop) -> None:
    app = app_of(world, config(belt=Belt(laptop=laptop)), first=plan())
    async with app.run_test(size=(40, 12)) as pilot:
        await opened(pilot, world)
        begins = [text async for text in at_every_size(pilot)]
        await pilot.press("enter")
        await heard(pilot, world)
        questions = [text async for text in at_every_size(pilot)]
    for text in (*begins, *questions):
        plain = " ".join(text.split())
        for word in ("cord", "space", "rails", "laptop", "2 m x 1 m", "volume 80 %", "esc back"):
            assert word in plain
        assert "This program cannot stop the belt." in plain
    place = {Laptop.FRONT: "in front", Laptop.SIDE: "at the side", Laptop.BEHIND: "a clicker"}
    for begin in begins:
        assert "enter play GO backward" in " ".join(begin.split())
        assert place[laptop] in begin.lower()
    for asked in questions:
        for word in ("enter yes, go on", "up louder", "r again"):
            assert word in " ".join(asked.split())


async def test_the_workout_starts_by_a_key_of_its_own(world: World) -> None:
    app = app_of(world, config(), first=plan())
    async with app.run_test() as pilot:
        await gone_through(pilot, world)
        workout = await at_the_start(pilot)
        await pilot.press("enter")
        assert not workout.runner.started
        for _ in range(0, READ, USUAL):
            world.clock.advance(USUAL)
            workout.poll()
        await pilot.press("enter")
        assert workout.runner.started
