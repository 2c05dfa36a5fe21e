"""The screens from 40x12 to 200x60: the time in the middle, for a mirror too, and the keys."""

from __future__ import annotations

from typing import Any

from textual.widget import Widget

from retrotimer.core.plan import make_plan
from retrotimer.core.sets import Kind
from retrotimer.core.states import State
from retrotimer.core.view import View
from retrotimer.tui.widgets import glyphs
from retrotimer.tui.widgets.digits import BigDigits
from tests.support.app_steps import app_of, seen, settled
from tests.support.app_tour import SET, tour_config
from tests.support.frames import paint
from tests.support.runner_world import World, config_of
from tests.support.workout_stage import Play, playing

SIZES = [(60, 16), (80, 24), (100, 30), (120, 40), (200, 60)]


def backward(view: View) -> bool:
    return view.state is State.BLOCK and view.block.kind is Kind.BACKWARD


async def resized(play: Play, size: tuple[int, int]) -> None:
    await play.pilot.resize_terminal(*size)
    await play.pilot.pause()
    play.screen._flash.stop()
    play.screen.remove_class("-flash")
    play.screen._shown = ()
    play.screen._paint()
    await play.pilot.pause()
    paint(play.app)


def painted(play: Play, selector: str) -> list[str]:
    """The rows of a widget as they stand on the screen, without what is cut off."""
    widget = play.screen.query(selector).first(Widget)
    region = widget.region.intersection(play.screen.region)
    strips = play.screen._compositor.render_strips(play.app.size)
    return [strips[y].text[region.x : region.right] for y in range(region.y, region.bottom)]


def turned(rows: list[str]) -> list[str]:
    """Rows as a mirror shows them."""
    return [row[::-1].translate(str.maketrans("╸╺", "╺╸")) for row in rows]


def drawn(play: Play) -> dict[str, list[str]]:
    return {
        name: painted(play, name)
        for name in ("#time", "#speed BigDigits", "#incline BigDigits", "#bar", "#strip")
        if play.seen(name)
    }


async def test_the_time_is_in_the_middle_for_a_mirror_too(world: World) -> None:
    async with playing(world, make_plan(SET)) as play:
        await play.start()
        await play.run_to(backward)
        for width, height in SIZES:
            await resized(play, (width, height))
            time = play.screen.query_one("#time", BigDigits)
            middle = time.region.x + time._box.x + time._box.width / 2
            assert abs(middle - width / 2) <= 0.5, (width, height)
            assert time._box.width >= 38
            assert play.screen.query("#side").first(Widget).region.right == width
            for level in play.screen.query("Figure").results(Widget):
                assert not level.display or play.screen.region.contains_region(level.region)
                below = play.screen.query_one("#middle").region.bottom
                assert level.region.bottom <= below, (width, height)
            plain = drawn(play)

            await play.press("x")
            await resized(play, (width, height))
            assert play.screen.query("#side").first(Widget).region.x == 0
            rows = painted(play, "#banner")
            word = glyphs.rows("BACKWARD", width, len(rows))
            assert len(word) >= 3
            for row, on_screen in zip(word, turned(rows), strict=False):
                assert row.strip() in on_screen
            for name, there in drawn(play).items():
                # With the word drawn there is less room, and the digits may lie higher.
                now = [row.strip() for row in turned(there) if set(row) & set("█▀▄━▔▁")]
                then = [row.strip() for row in plain[name] if set(row) & set("█▀▄━▔▁")]
                assert now == then, (name, width, height)
            await play.press("x")


KEYS = {
    "forward": ("space", "s", "?"),
    "turn": ("space", "s", "?"),
    "waiting": ("space", "⏎", "s", "?"),
    "paused": ("space", "s", "?"),
}


def foot(play_or_pilot: Any) -> str:
    """The last row of the screen."""
    app = play_or_pilot.app
    row: str = app.screen._compositor.render_strips(app.size)[-1].text
    return row.replace("\N{NO-BREAK SPACE}", " ")


async def test_in_40_columns_the_keys_that_matter_stay(world: World) -> None:
    config = tour_config()
    plan = make_plan(SET, config.belt, config.safety, config.cues.rules)
    async with playing(world, plan, config, size=(40, 12)) as play:
        await play.start()
        for name, state in (
            ("turn", State.TURN),
            ("forward", State.BLOCK),
            ("waiting", State.WAITING),
            ("paused", State.PAUSED),
        ):
            if name == "paused":
                await play.press("space")
            await play.run_to(lambda view, state=state: view.state is state)  # type: ignore[misc]
            row = foot(play)
            assert all(f"{key} " in row for key in KEYS[name]), (name, row)
            assert row.rstrip().endswith("? help")
            if name == "forward":
                assert play.text("#small") == "▲ FORWARD  block 1/16  3.5 km/h  1.0 %"
            # Nothing that asks for something is cut.
            if name in ("turn", "waiting"):
                assert play.seen("#order")
                assert "…" not in seen(play.pilot)


async def test_home_keeps_the_way_out_and_the_help_at_any_width(world: World) -> None:
    app = app_of(world, config_of())
    async with app.run_test(size=(40, 12)) as pilot:
        await settled(pilot)
        for width in (40, 24, 60, 120):
            await pilot.resize_terminal(width, 12)
            await pilot.pause()
            await pilot.pause()
            assert "q quit" in foot(pilot)
            assert "? help" in foot(pilot)
            assert ("start" in foot(pilot)) is (width >= 40)
        assert "check" in foot(pilot)
