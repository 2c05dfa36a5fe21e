"""Everything can be read: every screen in every state, in every theme the palette offers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App
from textual.color import BLACK, WHITE, Color

from retrotimer.tui.contrast import contrast, legible
from tests.support.app_tour import tour, tour_config, unread, watch_tour
from tests.support.runner_world import World

COLORS = st.builds(Color, *[st.integers(0, 255)] * 3)


@given(COLORS, COLORS, st.sampled_from([3.0, 4.5]))
def test_a_legible_colour_has_the_contrast(color: Color, ground: Color, least: float) -> None:
    found = legible(color, ground, least)
    assert contrast(found, ground) >= least
    assert (found == color) is (contrast(color, ground) >= least)


@given(COLORS, COLORS)
def test_where_there_is_no_such_contrast_it_is_the_most(color: Color, ground: Color) -> None:
    most = max(contrast(end, ground) for end in (BLACK, WHITE))
    assert contrast(legible(color, ground, 7.0), ground) >= min(7.0, most)


@pytest.mark.parametrize("walk", [tour, watch_tour])
async def test_every_text_can_be_read_in_every_theme(world: World, walk: object) -> None:
    """Two themes at each place, all in turn; `python -m benchmarks.looks` tries all at each."""
    found, looked = {}, set()
    turn = 0
    async for stop in walk(world, tour_config()):  # type: ignore[operator]
        app: App[object] = stop.app
        # Light and dark ones alternate.
        themes = sorted(app.available_themes.values(), key=lambda one: (one.dark, one.name))
        for theme in themes[turn % len(themes)], themes[-1 - turn % len(themes)]:
            app.theme = theme.name
            await stop.pilot.pause()
            if bad := list(unread(app)):
                found[theme.name, stop.name] = bad
            looked.add(theme.name)
        turn += 1
    assert found == {}
    assert walk is watch_tour or looked == {*app.available_themes}
