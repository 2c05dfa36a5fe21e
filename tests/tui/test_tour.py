"""What holds for every screen in every state: it can be read, and it names the keys in force."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from textual.app import App

from retrotimer.config.model import Config
from tests.support import matched_once, parsed_once
from tests.support.app_steps import seen
from tests.support.app_tour import Stop, tour, tour_config, unread, watch_tour
from tests.support.runner_world import World
from tests.tui.test_key_labels import OTHERS, defaults

KEYS_OF_THEIR_OWN = {"stop question", "palette", "home, notes", "home, searching"}
"""Stops where letters are answers, text that was typed, or keys of Textual."""


@pytest.fixture(autouse=True)
def many_themes() -> Iterator[None]:
    with parsed_once.for_now(), matched_once.for_now():
        yield


@pytest.mark.parametrize("walk", [tour, watch_tour])
async def test_every_text_can_be_read_in_every_theme_and_names_no_key_that_is_not_in_force(
    world: World, walk: Callable[[World, Config], AsyncIterator[Stop]]
) -> None:
    """One theme at each place, all in turn, and all of them where one walks backward.

    `python -m benchmarks.looks` tries all of them at each place.
    """
    unreadable, not_in_force, looked = {}, [], set()
    turn = 0
    async for stop in walk(world, replace(tour_config(), keys=OTHERS)):
        app: App[Any] = stop.app
        if stop.name not in KEYS_OF_THEIR_OWN:
            not_in_force += [f"{stop.name}: {one}" for one in defaults(seen(stop.pilot))]
        if turn % 3 == 0:
            assert matched_once.otherwise(app) == [], stop.name
        # Light and dark ones alternate.
        themes = sorted(app.available_themes.values(), key=lambda one: (one.dark, one.name))
        place = turn // 2 % len(themes)
        for theme in (
            themes if stop.name == "backward" else [themes[-1 - place if turn % 2 else place]]
        ):
            app.theme = theme.name
            await stop.pilot.pause()
            if bad := list(unread(app)):
                unreadable[theme.name, stop.name] = bad
            looked.add(theme.name)
        turn += 1
    assert unreadable == {}
    assert not_in_force == [], "\n".join(not_in_force)
    assert walk is watch_tour or looked == {*app.available_themes}
