"""The app: from home through a workout to the summary, what it remembers, and how it ends."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import Any

import pytest
from textual.color import Color
from textual.pilot import Pilot

from retrotimer.core.sets import IntervalSet, Kind, Step
from retrotimer.core.states import State
from retrotimer.history.record import Record, Status
from retrotimer.run.runner import Runner
from retrotimer.session.remembered import Remembered
from retrotimer.tui.app import RetroTimer
from retrotimer.tui.screens.workout import WorkoutScreen
from retrotimer.tui.themes import THEMES
from tests.support.app_steps import (
    APP_CSS,
    app_of,
    at_the_start,
    notices,
    screen,
    seen,
    settled,
    unseen,
    until,
)
from tests.support.runner_world import EVERYTHING, World, config_of, plan_of


def records(world: World) -> list[Record]:
    return [one for one in world.history.newest() if isinstance(one, Record)]


def runner_of(app: RetroTimer) -> Runner:
    """The runner of the workout, whatever is open over it."""
    return next(one.runner for one in app.screen_stack if isinstance(one, WorkoutScreen))


def paused(app: RetroTimer) -> bool:
    return runner_of(app).view.state is State.PAUSED


async def walk(pilot: Pilot[Any], world: World, seconds: int) -> None:
    """Let time pass on a workout that is on screen, a second at a time, to its end at most."""
    workout = pilot.app.screen
    assert isinstance(workout, WorkoutScreen)
    with unseen(workout):
        for _ in range(seconds):
            world.clock.advance(1000)
            workout.poll()
            if workout.runner.over:
                break
    await pilot.pause()


async def started(pilot: Pilot[Any], world: World, seconds: int = 30) -> None:
    """From home into the chosen workout, so far."""
    await settled(pilot)
    await pilot.press("enter")
    await at_the_start(pilot)
    world.clock.advance(2000)
    await pilot.press("enter")
    await walk(pilot, world, seconds)


async def test_from_home_through_a_workout_to_a_record_with_what_was_felt(world: World) -> None:
    learned: list[dict[str, Any]] = []
    app = app_of(world, config_of(), remember=learned.append)
    async with app.run_test() as pilot:
        await started(pilot, world)
        await pilot.press("right_square_bracket")
        await walk(pilot, world, plan_of().total // 1000)
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the summary")
        # Already saved when it opens.
        (record,) = records(world)
        assert (record.set, record.status) == ("First steps", Status.COMPLETED)
        assert "saved in history.toml" in seen(pilot)
        await pilot.press(*"4", "enter")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
        await settled(pilot)
        assert records(world)[0].rpe == 4
        assert "RPE 4" in seen(pilot)
        assert "again  First steps" in seen(pilot)
    assert learned == [{"last_set": "First steps", "volume": 90}]
    assert not world.session.path.exists()
    assert not world.awake.active


async def test_a_workout_left_before_its_start_leaves_no_trace(world: World) -> None:
    learned: list[dict[str, Any]] = []
    app = app_of(world, config_of(EVERYTHING), remember=learned.append)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await at_the_start(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
    assert learned == []
    assert records(world) == []


async def test_a_rehearsal_is_told_and_not_saved(world: World) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("r")
        await at_the_start(pilot)
        assert runner_of(app).rate == 20
        world.clock.advance(2000)
        await pilot.press("enter")
        await walk(pilot, world, plan_of().total // 20_000 + 2)
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the summary")
        assert "rehearsal: not saved" in seen(pilot)
        assert "RPE" not in seen(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
    assert not world.history.path.exists()


async def test_run_name_goes_straight_to_the_set_and_ends_with_it(world: World) -> None:
    app = app_of(world, config_of(), first=plan_of(EVERYTHING), rate=60)
    async with app.run_test() as pilot:
        await at_the_start(pilot)
        assert runner_of(app).plan.name == "[/] everything [b"
        assert runner_of(app).rate == 60
        await pilot.press("escape")
        await pilot.pause()
    assert app.return_value == 0


# What is remembered -----------------------------------------------------------------------------


async def test_a_voice_switched_off_stays_off(world: World) -> None:
    learned: list[dict[str, Any]] = []
    app = app_of(world, config_of(), first=plan_of(), remember=learned.append)
    async with app.run_test() as pilot:
        await until(pilot, lambda: world.player.volume is not None, "the sound")
        await pilot.press("v", "escape")
        await until(pilot, lambda: bool(learned), "what was learned")
    assert learned[-1] == {"voice": False}


@pytest.mark.parametrize(
    ("remembered", "given", "volume"),
    [
        ({}, frozenset(), 80),
        ({"volume": 30}, frozenset(), 30),
        ({"volume": 30}, frozenset({"cues.volume"}), 80),
        ({"volume": "loud"}, frozenset(), 80),
        ({"volume": 900}, frozenset(), 100),
    ],
)
def test_the_volume_is_remembered_unless_the_config_gives_it(
    remembered: dict[str, Any], given: frozenset[str], volume: int
) -> None:
    assert Remembered(remembered).volume(config_of(given=given)) == volume


async def test_a_workout_has_the_remembered_volume(world: World) -> None:
    app = app_of(world, config_of(), first=plan_of(), remembered={"volume": 30})
    async with app.run_test() as pilot:
        await until(pilot, lambda: world.player.volume is not None, "the sound")
        assert world.player.volume == 30


async def test_a_theme_chosen_in_the_palette_is_remembered(world: World) -> None:
    from retrotimer.config.model import DisplaySettings

    kept: list[dict[str, Any]] = []
    config = config_of(display=DisplaySettings(theme="paper"))
    app = app_of(world, config, remember=kept.append)
    (paper,) = (one for one in THEMES if one.name == "paper")
    async with app.run_test() as pilot:
        await settled(pilot)
        assert app.screen.styles.background == Color.parse(paper.background or "")
        app.screen.action_reload()  # type: ignore[attr-defined]
        await settled(pilot)
        assert kept == []
        app.theme = "nord"
        await settled(pilot)
        assert kept == [{"theme": "nord"}]
        app.screen.action_reload()  # type: ignore[attr-defined]
        await settled(pilot)
        assert app.theme == "nord"
        assert not [text for text in notices(pilot) if "theme" in text or "nord" in text]
    assert app_of(world, config, remembered=kept[0]).theme == "nord"
    assert app_of(world, config, remembered={"theme": 3}).theme == "paper"

    given = replace(config, given=frozenset({"display.theme"}))
    app = app_of(world, given, remembered=kept[0])
    assert app.theme == "paper"
    async with app.run_test() as pilot:
        await settled(pilot)
        app.theme = "nord"
        await settled(pilot)
        assert any("the next start uses paper from the config" in one for one in notices(pilot))


async def test_a_theme_that_is_not_there_is_told_with_the_nearest(world: World) -> None:
    from retrotimer.config.model import DisplaySettings

    app = app_of(world, config_of(display=DisplaySettings(theme="retro-grean")))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert app.theme == "retro-amber"
        assert "did you mean 'retro-green'?" in notices(pilot)[0]


async def test_keys_are_those_of_the_config(world: World) -> None:
    keys = dict(config_of().keys) | {"start": "g", "quit": "f10"}
    app = app_of(world, config_of(keys=keys))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter", "q")
        await pilot.pause()
        assert screen(pilot) == "HomeScreen"
        await pilot.press("g")
        await at_the_start(pilot)
        assert not any("one key" in text for text in notices(pilot))


# The end ----------------------------------------------------------------------------------------


class Staying(RetroTimer):
    """Writes down how it would end, and goes on."""

    CSS_PATH = APP_CSS
    left: int | None = None

    def exit(self, result: int | None = None, *_: Any, **__: Any) -> None:
        self.left = result


async def test_leaving_home(world: World) -> None:
    staying = Staying(config_of(), world.environment)
    async with staying.run_test() as pilot:
        await settled(pilot)
        for key, code in (("q", 0), ("ctrl+q", 0), ("ctrl+c", 130)):
            staying.left = None
            await pilot.press(key)
            await pilot.pause()
            assert staying.left == code, key
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("q")
        await pilot.pause()
    assert app.return_value == 0


async def goes_on(pilot: Pilot[Any], world: World) -> None:
    """Out of a pause."""
    await walk(pilot, world, 2)
    await pilot.press("space")
    await walk(pilot, world, 2)
    assert not paused(pilot.app)  # type: ignore[arg-type]


async def a_key_that_leaves_pauses_and_asks(pilot: Pilot[Any], world: World, key: str) -> None:
    app = pilot.app
    assert isinstance(app, RetroTimer)
    assert not paused(app)
    await pilot.press(key)
    await until(pilot, lambda: screen(pilot) == "Question", "the question")
    assert paused(app)
    assert app.is_running
    world.clock.advance(1_000)  # sooner the key that asked is only held
    await pilot.press("escape")
    await at_the_start(pilot, "the pause")
    assert paused(app)


async def ctrl_c_twice_saves_and_leaves(pilot: Pilot[Any], world: World) -> None:
    app = pilot.app
    await pilot.press("ctrl+c")
    await until(pilot, lambda: screen(pilot) == "Question", "the question")
    # So soon it may be the same press, held.
    world.clock.advance(600)
    await pilot.press("ctrl+c")
    await pilot.pause()
    assert app.is_running
    world.clock.advance(700)
    await pilot.press("ctrl+c")
    await pilot.pause()


async def test_no_key_leaves_a_workout_without_asking_and_ctrl_c_twice_does(world: World) -> None:
    learned: list[dict[str, Any]] = []
    app = app_of(world, config_of(), remember=learned.append)
    async with app.run_test() as pilot:
        await started(pilot, world)
        # The palette stays shut over a workout.
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert screen(pilot) == "WorkoutScreen"
        assert not paused(app)
        # Before it suspends it pauses.
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert paused(app)
        for key in ("ctrl+c", "ctrl+q", "q", "escape", "s"):
            await goes_on(pilot, world)
            await a_key_that_leaves_pauses_and_asks(pilot, world, key)
        await goes_on(pilot, world)
        await ctrl_c_twice_saves_and_leaves(pilot, world)
    assert app.return_value == 130
    (record,) = records(world)
    assert record.status is Status.STOPPED
    assert record.totals.elapsed >= 30_000
    assert not world.session.path.exists()
    assert learned == [{"last_set": "First steps"}]


async def test_ctrl_c_before_the_start_leaves_at_once(world: World) -> None:
    app = app_of(world, config_of(), first=plan_of())
    async with app.run_test() as pilot:
        await at_the_start(pilot)
        await pilot.press("ctrl+c")
        await pilot.pause()
    assert app.return_value == 130
    assert records(world) == []


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signals here")
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
async def test_a_signal_keeps_the_progress_and_ends_in_good_order(
    world: World, name: str, code: int
) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await started(pilot, world)
        os.kill(os.getpid(), getattr(signal, name))
        await until(pilot, lambda: app._exit, "the end")
    assert app.return_value == code
    data = world.session.read()
    assert data is not None
    assert data["set"] == "First steps"
    assert data["workout"]["state"] == "paused"
    assert world.player.leases[-1] is None
    assert records(world) == []


async def test_what_was_typed_into_the_summary_outlives_ctrl_c(world: World) -> None:
    short = IntervalSet("Short", (Step(Kind.FORWARD, 20_000),))
    app = app_of(world, config_of(short))
    async with app.run_test() as pilot:
        await started(pilot, world, plan_of(short).total // 1000 + 5)
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the summary")
        await pilot.press("7", "tab", "2", "ctrl+c")
        await pilot.pause()
    assert app.return_value == 130
    (record,) = records(world)
    assert (record.rpe, record.pain) == (7, 2)


async def test_where_another_program_runs_a_workout_one_may_only_rehearse(world: World) -> None:
    app = RetroTimer(config_of(), world.environment, may_run=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        (said,) = notices(pilot)
        assert all(word in said for word in ("rehearses", "history", "retrotimer watch"))
        app.open_workout(plan_of())
        await pilot.pause()
        assert notices(pilot) == [said, said]
        assert not isinstance(app.screen, WorkoutScreen)
        app.open_workout(plan_of(), 20)
        await pilot.pause()
        assert isinstance(app.screen, WorkoutScreen)
