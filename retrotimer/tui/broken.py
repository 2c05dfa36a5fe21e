"""Asks what becomes of a workout that broke off, and does it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from enum import StrEnum

from textual.app import App

from retrotimer.config.model import Config
from retrotimer.core.plural import counted
from retrotimer.core.sets import Kind
from retrotimer.history.errors import HistoryError
from retrotimer.keeper import BrokenOff
from retrotimer.kit import Kit
from retrotimer.tui.screens.dialogs import Answer, Question
from retrotimer.wording import ARROW, block_text, clock


class Outcome(StrEnum):
    """What became of it. GONE: saved or forgotten; LATER: kept, to be asked about again."""

    RESUME = "resume"
    GONE = "gone"
    LATER = "later"


_SAVE, _DISCARD = "save", "discard"


async def settle(app: App[int], broken: BrokenOff, kit: Kit, config: Config) -> Outcome:
    """Ask until it is settled or put off; only from a worker."""
    name = broken.workout.plan.name
    while True:
        question = about(
            broken,
            config,
            may_resume=broken.resumable(kit),
            minutes=broken.age(kit) // timedelta(minutes=1),
        )
        match await app.push_screen_wait(question):
            case Outcome.RESUME.value:
                return Outcome.RESUME
            case "save":
                saved = await _saved(app, broken, kit)
            case "discard":
                saved = await app.push_screen_wait(really_discard(name)) == _DISCARD
            case _:
                return Outcome.LATER
        if saved:
            kit.sessions.clear()
            return Outcome.GONE


async def _saved(app: App[int], broken: BrokenOff, kit: Kit) -> bool:
    try:
        await asyncio.to_thread(broken.save, kit.history)
    except HistoryError as error:
        app.notify(str(error), title="Not saved", severity="error", markup=False)
        return False
    app.notify(f"saved in {kit.history.path}", markup=False)
    return True


def about(broken: BrokenOff, config: Config, *, may_resume: bool, minutes: int) -> Question:
    """What to do with a workout that broke off `minutes` ago; "" means later."""
    workout = broken.workout
    view = workout.view(workout.now)
    totals = workout.totals
    forward = f"{ARROW[Kind.FORWARD]} {clock(totals.forward // 1000)}"
    backward = f"{ARROW[Kind.BACKWARD]} {clock(totals.backward // 1000)}"
    lines = [
        f"in block {view.number} of {view.count}: {block_text(view.block, config.units)}",
        f"done: {forward}   {backward}",
    ]
    answers = [
        Answer("s", "save what was done", _SAVE),
        Answer("d", "discard it", _DISCARD),
        Answer("escape", "decide later", ""),
    ]
    if may_resume:
        answers.insert(0, Answer("r", "resume it, paused", Outcome.RESUME.value))
    how = "was not saved" if workout.state.over else "broke off"
    return Question(f"{workout.plan.name} {how} {ago(minutes)}", lines, answers)


def really_discard(name: str) -> Question:
    """Asked once more before a workout is forgotten."""
    answers = [Answer("n", "no, keep it", ""), Answer("y", "yes, forget it for good", _DISCARD)]
    return Question(f"Discard {name}?", ["What was done in it will be in no history."], answers)


def ago(minutes: int) -> str:
    """How long ago, in the largest unit that says enough."""
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{counted(hours // 24, 'day')} ago"
