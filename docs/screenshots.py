"""Exports the README's pictures from the running app: `python docs/screenshots.py`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "tui"))

from retrotimer.config.read import load  # noqa: E402
from retrotimer.core.plan import make_plan  # noqa: E402
from retrotimer.tui.app import RetroTimer  # noqa: E402
from tests.support.runner_world import World, make_world  # noqa: E402

SIZE = (80, 24)
SET = "First steps"
MOMENTS = {"forward": 130, "turn": 326}
"""When each picture is taken, in seconds from the start of `SET`, including confirmed waits."""


async def picture(name: str, second: int) -> None:
    """Take one picture of the real app with a fake clock."""
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder))
        config = load(None)
        # No picture may show a flash.
        config = replace(config, cues=replace(config.cues, flash=False))
        one = next(one for one in config.sets if one.name == SET)
        safety = replace(config.safety, checklist=False)
        plan = make_plan(one, config.belt, safety, config.cues.rules)
        app = RetroTimer(config, world.environment, first=plan)
        async with app.run_test(size=SIZE) as pilot:
            await let_pass(app, pilot, world, 2)
            await pilot.press("enter")
            for _ in range(second):
                await let_pass(app, pilot, world, 1)
                if app.screen.runner.view.state == "waiting":  # type: ignore[attr-defined]
                    await pilot.press("enter")
            (HERE / f"{name}.svg").write_text(app.export_screenshot(title="retrotimer"))


async def let_pass(app: RetroTimer, pilot: object, world: World, seconds: int) -> None:
    """Let time pass, polling the screen every second."""
    for _ in range(seconds):
        world.clock.advance(1_000)
        app.screen.runner.poll()  # type: ignore[attr-defined]
    await pilot.pause()  # type: ignore[attr-defined]


for moment, at in MOMENTS.items():
    asyncio.run(picture(moment, at))
