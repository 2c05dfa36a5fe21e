"""An app that ends while one of its screens is built: by a signal, or by ctrl+c twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import Screen

from retrotimer.core.states import Command
from retrotimer.core.units import Units
from retrotimer.run.runner import Runner
from retrotimer.tui.app import RetroTimer
from retrotimer.tui.screens.checklist import ChecklistScreen
from retrotimer.tui.screens.help import HelpScreen
from retrotimer.tui.screens.history import HistoryScreen
from retrotimer.tui.screens.home import HomeScreen
from retrotimer.tui.screens.summary import SummaryScreen
from retrotimer.tui.screens.workout import WorkoutScreen
from tests.support.app_steps import app_of, settled
from tests.support.runner_world import World, config_of, plan_of


def summary(app: RetroTimer) -> SummaryScreen:
    runner = Runner.new(plan_of(), app.environment)
    runner.command(Command.START)
    record = runner.stop()
    assert record is not None
    return SummaryScreen(record, app.environment.history, Units.KMH)


SCREENS: dict[str, Callable[[RetroTimer], Screen[Any]]] = {
    "check": lambda app: ChecklistScreen(app.config, app.environment, app.memory),
    "help": lambda _: HelpScreen([("space", "pauses")]),
    "history": lambda app: HistoryScreen(app.environment, Units.KMH, []),
    "home": lambda app: HomeScreen(app.config, app.environment, app.memory),
    "summary": summary,
    "workout": lambda app: WorkoutScreen(Runner.new(plan_of(), app.environment), app.config),
}


@pytest.mark.parametrize("turns", [0, 1, 2, 4], ids="after {} turns of the loop".format)
@pytest.mark.parametrize("name", SCREENS)
async def test_it_ends_in_good_order(world: World, name: str, turns: int) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        app.push_screen(SCREENS[name](app))
        for _ in range(turns):
            await asyncio.sleep(0)
        app.exit(130)
    # What a screen raises would have been raised here.
    assert app.return_value == 130
    assert app.return_code == 0
