"""Texts from outside on the screen: shown, never obeyed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from retrotimer.core.rows import Row, Totals
from retrotimer.core.sets import Kind, Step
from retrotimer.history.record import Record, Status
from retrotimer.tui.terminal.title import TerminalTitle
from tests.support.app_steps import app_of, at_the_start, screen, seen, settled, until
from tests.support.runner_world import FIRST_STEPS, World, config_of

HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
ODD = "\x1b]0;x\x07\u202eAb\u2066"
SHOWN = "\\x1b]0;x\\x07\\u202eAb\\u2066"


async def test_no_screen_obeys_what_it_shows(world: World) -> None:
    started = world.clock.wall() - timedelta(days=1)
    made = Record(
        id=f"{started:%Y%m%dT%H%M%S}-0001",
        started=started,
        ended=started + timedelta(minutes=1),
        set=ODD,
        status=Status.STOPPED,
        reason=ODD,
        totals=Totals(forward=60_000),
        rows=(Row(Kind.FORWARD, ODD, 60_000, 60_000, 3.0, None, 0),),
        note=ODD,
    )
    world.history.append(made)
    steps = (Step(Kind.FORWARD, 300_000, speed=3.5, label=ODD, note=ODD),)
    odd = replace(FIRST_STEPS, name=ODD, about=ODD, after=ODD, steps=steps)
    app = app_of(world, config_of(odd))
    async with app.run_test(size=(140, 40)) as pilot:
        await settled(pilot)
        app.notify(ODD, title=ODD, markup=False)
        await until(pilot, lambda: seen(pilot).count(SHOWN) >= 5, "home and a toast")
        assert not HARMFUL.search(seen(pilot))
        app.clear_notifications()
        for key, name in (("h", "HistoryScreen"), ("enter", "SummaryScreen")):
            await pilot.press(key)
            await until(pilot, lambda name=name: screen(pilot) == name, name)  # type: ignore[misc]
            await until(pilot, lambda: SHOWN[:6] in seen(pilot), f"the text in {name}")
            assert not HARMFUL.search(seen(pilot))
        for name in ("HistoryScreen", "HomeScreen"):
            await pilot.press("escape")
            await until(pilot, lambda name=name: screen(pilot) == name, name)  # type: ignore[misc]
        await pilot.press("enter")
        await at_the_start(pilot)
        assert SHOWN in seen(pilot)
        assert not HARMFUL.search(seen(pilot))


def test_the_title_shows_escapes() -> None:
    written: list[str] = []
    TerminalTitle(written.append).show(ODD)
    assert written[0].endswith(f"\x1b]2;{SHOWN}\x07")
