"""Lists on a terminal that has no room for them."""

from __future__ import annotations

from textual.events import Resize
from textual.geometry import Size

from retrotimer.tui.widgets.lists import OptionList
from tests.support.app_steps import app_of, screen, settled
from tests.support.runner_world import World, config_of
from tests.tui.test_held_keys import quiet, send


async def test_a_list_opens_on_a_terminal_of_a_few_columns(world: World) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        for columns in range(1, 9):
            app.post_message(Resize(Size(columns, 21), Size(columns, 21)))
            await pilot.pause()
            await send(app, ["ctrl+p"])
            await quiet(pilot)
            assert screen(pilot) == "Palette"
            await send(app, ["escape"])
            await quiet(pilot)
            assert screen(pilot) == "HomeScreen"


async def test_no_key_fails_on_a_terminal_of_a_few_columns(world: World) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        for columns in (1, 2, 3):
            await pilot.press("ctrl+p")
            app.post_message(Resize(Size(columns, 1), Size(columns, 1)))
            await pilot.pause()
            await send(
                app, ["pagedown", "end", "up", "pageup", "home", "a", "escape", "pagedown", "up"]
            )
            await quiet(pilot)
            app.post_message(Resize(Size(80, 24), Size(80, 24)))
            await pilot.pause()
            assert screen(pilot) == "HomeScreen"
            assert app.screen.query_one(OptionList).highlighted is not None
