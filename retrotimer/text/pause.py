"""What is said while a workout is paused: why, where, and what going on begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrotimer.core.sets import Kind
from retrotimer.core.states import Reason
from retrotimer.core.units import Units
from retrotimer.text.format import ARROW, WORD, clock, length, next_text, place, speed

if TYPE_CHECKING:
    from retrotimer.core.view import View

STILL_MOVING = "The belt is still moving."
BELT_OFF = "The belt is off."
REASON = {
    Reason.USER: "you paused",
    Reason.HELP: "help was opened",
    Reason.COVERED: "another screen was opened",
    Reason.STALLED: "the program froze for a moment",
    Reason.SUSPENDED: "the computer was asleep",
    Reason.TERMINAL: "the terminal froze for a moment",
    Reason.SOUND: "the sound was lost",
    Reason.SIGNAL: "the program was told to end",
    Reason.RESTORED: "it was interrupted here",
}


def belt_text(*, dry: bool) -> str:
    """What the belt does while a workout is paused; `dry`: in a set with the belt off."""
    return BELT_OFF if dry else STILL_MOVING


def why(view: View) -> str:
    """Why it is paused, and since when."""
    reason = REASON[view.reason] if view.reason is not None else ""
    return f"{reason} · {clock(view.for_seconds)} ago"


def where(view: View, units: Units) -> str:
    """The current block of a paused workout, and what is left of it."""
    block = view.block
    text = f"{ARROW[block.kind]} {WORD[block.kind]}"
    if block.length is not None and view.block_left is not None:
        whole = -(-block.length // 1000)
        if view.block_left < whole:
            text += f", {clock(view.block_left)} left of {length(block.length)}"
        else:
            text += f" {length(block.length)}"
    if view.speed is not None:
        text += f" at {speed(view.speed, units)}"
    return f"{text} · {place(view)}"


def going_on(view: View, units: Units) -> str:
    """What resuming begins with; "" if it is not paused."""
    going = view.resumption
    if going is None:
        return ""
    if going.block is None:
        return "counts as done: going on ends the workout"
    lead = going.lead
    if going.counts_as_done:
        return f"counts as done: goes on with {next_text((lead, going.block), units)}"
    if lead is None:
        return "goes on with the whole get ready" if going.in_ready else "goes on at once"
    word = "the whole turn" if lead.kind is Kind.TURN else "a get ready"
    return f"goes on with {word} ({-(-lead.length // 1000)} s)"
