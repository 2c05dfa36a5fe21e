"""Asks what becomes of a workout that broke off, and does it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from textual.app import App

from retrotimer.config.model import Config
from retrotimer.keeper import BrokenOff
from retrotimer.kit import Kit
from retrotimer.run.prompt import Prompt
from retrotimer.run.questions import Outcome, ago, step
from retrotimer.run.questions import settle as settling
from retrotimer.terminal.visible import visible_line
from retrotimer.tui.screens.dialogs import Question


async def settle(app: App[int], broken: BrokenOff, kit: Kit, config: Config) -> Outcome:
    """Ask until it is settled or put off; only from a worker."""
    steps = settling(broken, kit, config.units, config.keys)
    answer: str | None = None
    while True:
        one = await asyncio.to_thread(step, steps, answer)
        answer = None
        if isinstance(one, Outcome):
            return one
        if isinstance(one, Prompt):
            answer = await app.push_screen_wait(Question(one)) or ""
        else:
            app.notify(one.text, severity="error" if one.wrong else "information", markup=False)


def waiting_text(broken: BrokenOff, kit: Kit, key: str) -> str:
    """What home says of one that it was put off to decide about; `key` asks again."""
    how = "was not saved" if broken.workout.state.over else "broke off"
    when = ago(broken.age(kit) // timedelta(minutes=1))
    ways = "go on with it, save or discard it" if broken.resumable(kit) else "save or discard it"
    return f"{visible_line(broken.workout.plan.name)} {how} {when}.  {key}  {ways}"
