"""What waits for the first frame, and who may be gone by then."""

from __future__ import annotations

import pytest
from textual.screen import Screen

from retrotimer.tui.first_frame import once_painted
from tests.support.app_steps import Bare, until


@pytest.mark.parametrize("there", [True, False])
async def test_what_was_closed_before_its_first_frame_begins_nothing(there: bool) -> None:
    """With ctrl+c as a screen opens, the footer was mounted on a screen that was gone."""
    done: list[str] = []
    app = Bare()
    async with app.run_test() as pilot:
        await pilot.pause()
        below, screen = app.screen, Screen[None]()
        await app.push_screen(screen)
        once_painted(screen, lambda: done.append("late"))
        assert not done
        if not there:
            await app.pop_screen()
        # What began later, one after the other, is over: what began first would be, too.
        top = app.screen
        assert top is (screen if there else below)
        once_painted(top, lambda: once_painted(top, lambda: done.append("later")))
        await until(pilot, lambda: "later" in done, "the first frame")
        assert done == (["late", "later"] if there else ["later"])
