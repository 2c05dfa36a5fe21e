"""The flash is seen: another colour all over the screen."""

from __future__ import annotations

import pytest

from retrotimer.config.model import CueSettings
from retrotimer.core.sets import Kind
from retrotimer.core.states import State
from retrotimer.tui.widgets import flash
from tests.support.runner_world import World, config_of
from tests.support.workout_stage import Play, playing


def colours(play: Play) -> set[object]:
    """The backgrounds along both edges, where nothing is written."""
    width, height = play.screen.size
    return {play.screen.get_style_at(x, y).bgcolor for y in range(height) for x in (0, width - 1)}


@pytest.mark.parametrize("kind", [Kind.FORWARD, Kind.BACKWARD, None], ids=str)
async def test_a_flash_is_another_colour_all_over_the_screen(
    world: World, kind: Kind | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its end is not what is looked at.
    monkeypatch.setattr(flash, "LENGTH", 3600.0)
    async with playing(world, config=config_of(cues=CueSettings(flash=True))) as play:
        await play.start()
        await play.run_to(
            lambda view: view.state is State.BLOCK and view.block.kind is (kind or Kind.FORWARD)
        )
        if kind is None:
            await play.press("space")
            assert play.state() is State.PAUSED
        # It has flashed by itself: at the GO, and at a pause.
        flashed = colours(play)
        play.screen._flash.stop()
        play.screen.remove_class("-flash")
        await play.pilot.pause()
        usual = colours(play)
        assert flashed.isdisjoint(usual)
