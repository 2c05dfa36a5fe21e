"""Steps that many tests of the app share."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Footer, Static

from retrotimer.config.model import Config
from retrotimer.tui.app import RetroTimer
from retrotimer.tui.screens.home import HomeScreen
from retrotimer.tui.screens.workout import WorkoutScreen
from retrotimer.tui.themes import Themed
from tests.support import matched_once, parsed_once, prompt_pilot
from tests.support.runner_world import World

parsed_once.install()
matched_once.install()
prompt_pilot.install()

APP_CSS = str(Path(inspect.getfile(RetroTimer)).with_name("app.tcss"))
"""The app's style sheet, for test apps that show one of its screens."""


PATIENCE = 60.0
"""How long to wait for something before giving up, in seconds."""


class Bare(Themed[None]):
    """An app that only styles one of our screens."""

    CSS_PATH = APP_CSS


@contextmanager
def unseen(workout: WorkoutScreen) -> Iterator[None]:
    """Paint nothing inside the block, and the result once afterwards."""
    workout._paint = lambda: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        del workout._paint
    if not workout.runner.over:
        workout._paint()


def app_of(world: World, config: Config, **more: Any) -> RetroTimer:
    return RetroTimer(config, world.environment, **more)


async def until(pilot: Pilot[Any], condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds; `what` describes it if it never does."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        await pilot.pause()
        if condition():
            return
        await pilot.pause(0.01)
    pytest.fail(f"never happened: {what}")


async def settled(pilot: Pilot[Any]) -> None:
    """Wait for the first frame and all workers; never returns while one waits for a dialog."""
    await pilot.pause()
    top = pilot.app.screen
    if isinstance(top, HomeScreen | WorkoutScreen):
        # The footer is mounted with everything else that waits for the first frame.
        await until(pilot, lambda: bool(top.query(Footer)), "the first frame")
    workers = pilot.app.workers
    while True:
        await workers.wait_for_complete()
        await pilot.pause()
        # The result of one worker may have started another.
        if all(worker.is_finished for worker in workers):
            return


async def at_the_start(pilot: Pilot[Any], what: str = "the workout") -> WorkoutScreen:
    """Wait for a workout's start page and for its sound, without which it would not start yet."""
    await until(pilot, lambda: screen(pilot) == "WorkoutScreen", what)
    await settled(pilot)
    assert isinstance(pilot.app.screen, WorkoutScreen)
    assert not pilot.app.screen.runner.opening
    return pilot.app.screen


def screen(pilot: Pilot[Any]) -> str:
    return type(pilot.app.screen).__name__


def shown(pilot: Pilot[Any], name: str) -> str:
    """The text of a Static on the top screen."""
    return str(pilot.app.screen.query_one(f"#{name}", Static).content)


def notices(pilot: Pilot[Any]) -> list[str]:
    return [one.message for one in pilot.app._notifications]


def seen(pilot: Pilot[Any]) -> str:
    """Everything on the screen as text, with ordinary spaces."""
    app = pilot.app
    strips = app.screen._compositor.render_strips(app.size)
    text = "\n".join(strip.text.rstrip() for strip in strips)
    return text.replace("\N{NO-BREAK SPACE}", " ")
