"""What the workout screen says about a view: pure functions, a view in, words out."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from retrotimer.core import belt_off
from retrotimer.core.plan import Block
from retrotimer.core.plural import counted
from retrotimer.core.sets import Kind
from retrotimer.core.stage_guide import TABLES, WAITING, Guide, StageId, Way
from retrotimer.core.states import State, WaitFor
from retrotimer.core.turn import START
from retrotimer.core.units import Units
from retrotimer.core.view import View
from retrotimer.text.format import (
    ARROW,
    WORD,
    block_text,
    clock,
    incline,
    lead_text,
    length,
    next_text,
    speed,
    stage_title,
)


class Appearance(StrEnum):
    """What a screen looks like; each has an accent, and `-name` is a class of the screen."""

    START = "start"
    FORWARD = "forward"
    BACKWARD = "backward"
    TURN = "turn"
    REST = "rest"
    WAITING = "waiting"
    PAUSED = "paused"


def look(view: View) -> Appearance:
    """The look of a view; a get ready inside a rest looks like any countdown."""
    match view.state:
        case State.READY:
            return Appearance.START
        case State.PAUSED:
            return Appearance.PAUSED
        case State.WAITING:
            return Appearance.WAITING
        case State.TURN:
            return Appearance.TURN
    if view.in_ready:
        return Appearance.TURN
    return Appearance(view.block.kind.value)


def toward(view: View) -> Kind:
    """The direction that matters now: the next one in a countdown, else the block's own."""
    if view.in_ready and view.after is not None:
        return view.after[1].kind
    return view.block.kind


def headline(view: View) -> str:
    """The one word, with the direction it leads to: "BACKWARD", "TURN · into BACKWARD"."""
    into = WORD[toward(view)]
    match view.state:
        case State.READY:
            return "READY"
        case State.PAUSED:
            return "PAUSED"
        case State.WAITING:
            return f"WAITING · into {into}"
        case State.TURN:
            return f"{WORD[view.phase.kind]} · into {into}"
    if view.in_ready:
        return f"{WORD[Kind.READY]} · into {into}"
    return f"{into} · open" if view.left is None else into


def signs(view: View) -> tuple[str, str]:
    """The signs on both sides of the headline; a turn has the next direction on its right."""
    match look(view):
        case Appearance.START | Appearance.PAUSED | Appearance.WAITING:
            return "·", "·"
        case Appearance.TURN:
            kind = view.phase.kind if view.state is State.TURN else Kind.READY
            return ARROW[kind], ARROW[toward(view)]
    return ARROW[view.block.kind], ARROW[view.block.kind]


def banner(view: View, width: int) -> str:
    """The headline between its signs, as many as fit into `width`, at most three a side."""
    text = headline(view)
    left, right = signs(view)
    count = min(3, max(0, (width - len(text) - 6) // 4))
    parts = (" ".join(left * count), text, " ".join(right * count))
    return "    ".join(parts) if count else text


def digits(view: View) -> str:
    """The large figure: what is left, what has passed of an open block, 3-2-1, or a question."""
    if view.state is State.WAITING:
        return "?"
    stage = view.current_stage
    if stage is not None and stage.id is StageId.COUNT and view.stage_left is not None:
        return str(view.stage_left)
    return clock(view.passed if view.left is None else view.left)


def brief(view: View, units: Units) -> tuple[str, str, str]:
    """For small screens: sign and headline, the round or block, speed and incline."""
    sign = signs(view)[1]
    rounds = [(number, count) for number, count in view.block.rounds if count > 1]
    what, (number, count) = (
        ("round", rounds[-1]) if rounds else ("block", (view.number, view.count))
    )
    place = f"{what} {number}/{count}"
    if view.state in (State.TURN, State.WAITING) or not view.block.kind.moving:
        # The headline of the stage already says what to set the belt to.
        return f"{sign} {headline(view)}", "", place
    level = (speed(view.speed, units), incline(view.block.incline))
    told = "  ".join(part for part in level if part)
    return f"{sign} {headline(view)}", place, told


def coming(view: View, units: Units, *, short: bool = False) -> str:
    """What comes next and its speed; in a countdown the block it leads into."""
    into: Block | None = None
    if view.state in (State.TURN, State.WAITING):
        into = view.block
    elif view.in_ready and view.after is not None:
        into = view.after[1]
    if short:
        if into is not None:
            return f"then {_short(into, units)}"
        lead, block = view.after or (None, None)
        parts = (lead_text(lead) if lead else "", _short(block, units) if block else "the end")
        return f"next {', '.join(part for part in parts if part)}"
    return f"then   {block_text(into, units)}" if into else f"next   {next_text(view.after, units)}"


def _short(block: Block, units: Units) -> str:
    """A block in 40 columns: with the sign instead of the word."""
    text = f"{ARROW[block.kind]} {length(block.length)}"
    return text if block.speed is None else f"{text} at {speed(block.speed, units)}"


def about(view: View) -> str:
    """The step's own label and note."""
    return " · ".join(part for part in (view.block.label, view.block.note) if part)


class StageMark(NamedTuple):
    """A stage in the list of stages: its name, and whether it is over, now or to come."""

    text: str
    done: bool
    now: bool


_STAGE = {StageId.COUNT: "3-2-1", StageId.READY: "GET READY"}


def stages(view: View) -> tuple[StageMark, ...]:
    """The stages of the running countdown, GO being the last; none in a block."""
    if not view.stages or view.stage is None:
        return ()
    names = [_STAGE.get(stage.id, stage.id.value.upper()) for stage in view.stages]
    now = view.stage
    held = view.state is State.WAITING and view.stage_left == 0
    marks = [
        StageMark(name, index < now or (held and index == now), index == now and not held)
        for index, name in enumerate(names)
    ]
    return (*marks, StageMark("GO", False, False))


class Instruction(NamedTuple):
    """What to do now: a title, and where feet, hands and eyes belong."""

    title: str
    body: str


def guide(view: View) -> Guide | None:
    """What feet, hands and eyes do now; None if there is nothing to do but go on."""
    match view.state:
        case State.WAITING:
            return WAITING
        case State.TURN:
            return view.current_stage.guide if view.current_stage is not None else None
        case State.BLOCK if view.in_ready:
            return _inside_rest(view)[1]
    return None


def _inside_rest(view: View) -> tuple[StageId, Guide]:
    """The stage of a get ready inside a rest."""
    ready, count = TABLES[Way.READY]
    stage, guide = count if view.left is not None and view.left * 1000 <= START else ready
    return stage, belt_off.said(stage, guide) if view.dry else guide


def order(view: View, units: Units, confirm: str, *, short: bool = False) -> Instruction | None:
    """What the countdown asks for now; None in a block. `confirm` is the name of that key."""
    told = guide(view)
    if told is None:
        return None
    if view.state is State.WAITING:
        title = f"PRESS {confirm.upper()} WHEN READY"
        if view.wait_for is WaitFor.SOUND:
            title = f"NO SOUND: {confirm.upper()} GOES ON WITHOUT SOUND"
        body = f"waiting {clock(view.for_seconds)} · feet {told.feet}"
        return Instruction(title, body if short else f"{body} · hands {told.hands}")
    stage = view.current_stage
    if stage is not None:
        title = stage_title(stage.id, told, view.speed, view.block, units)
        if stage.id is not StageId.COUNT:
            title += f"  ·  {view.stage_left} s"
    else:
        into = view.after[1] if view.after is not None else view.block
        title = stage_title(_inside_rest(view)[0], told, into.speed, into, units)
    if short:
        return Instruction(title, f"feet {told.feet}")
    return Instruction(title, f"feet {told.feet}   hands {told.hands}   eyes {told.eyes}")


def progress(view: View) -> str:
    """How much is done and to go; an open block ahead makes that a minimum."""
    more = "+" if view.open_ahead else ""
    return f"{clock(view.done)} done · {clock(view.to_go)}{more} to go"


def marks(view: View) -> Iterator[str]:
    """Short notes about what was confirmed or noted."""
    if view.armed and view.state is State.TURN:
        yield "confirmed in advance"
    if view.noted:
        yield "speed as noted"
    if view.stumbles:
        yield counted(view.stumbles, "stumble")


def warns(view: View, before: int) -> bool:
    """Whether a turn is so near that it was announced; `before` in ms."""
    if view.state is not State.BLOCK or view.left is None or view.after is None:
        return False
    lead = view.after[0]
    return lead is not None and lead.kind is Kind.TURN and view.left * 1000 <= before


def terminal_title(view: View) -> str:
    """The title of the terminal: "▼ 0:30 backward – retrotimer"."""
    if view.state.over:
        return "retrotimer"
    text = headline(view).lower()
    if view.state.running:
        text = f"{signs(view)[1]} {digits(view)} {text}"
    return f"{text} – retrotimer"
