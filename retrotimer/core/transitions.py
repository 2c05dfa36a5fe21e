"""What may follow what: the commands of each state, and the countdown into each block."""

from __future__ import annotations

from collections.abc import Callable

from retrotimer.core.cue_ids import CHANGE_BEFORE
from retrotimer.core.plan import Block, cool_down_of, facing_in, get_ready, turn_into
from retrotimer.core.progress import Progress
from retrotimer.core.sets import Kind
from retrotimer.core.stage_guide import Facing, Footing
from retrotimer.core.states import Command, State, WaitFor
from retrotimer.core.turn import Countdown, with_confirm

_RUNNING = (Command.PAUSE, Command.SKIP, Command.COOL_DOWN, Command.STUMBLE)
_SOUND = (Command.SOUND_LOST, Command.SOUND_BACK)

TRANSITIONS: dict[State, frozenset[Command]] = {
    State.READY: frozenset({Command.START, *_SOUND}),
    State.BLOCK: frozenset(
        {*_RUNNING, Command.CONFIRM, Command.MORE, Command.LESS, Command.NOTE_SPEED, *_SOUND}
    ),
    State.TURN: frozenset({*_RUNNING, Command.CONFIRM, Command.MORE, *_SOUND}),
    State.WAITING: frozenset({*_RUNNING, Command.CONFIRM, *_SOUND}),
    State.PAUSED: frozenset(
        {
            Command.RESUME,
            Command.SKIP,
            Command.BACK,
            Command.COOL_DOWN,
            Command.STUMBLE,
            Command.STOP,
            *_SOUND,
        }
    ),
    State.FINISHED: frozenset(),
    State.STOPPED: frozenset(),
}
"""The commands each state knows; `_GUARDS` restrict some of them further."""


def _may_confirm(p: Progress) -> bool:
    if p.state is State.BLOCK:
        return p.block.length is None
    return p.state is State.WAITING or (
        p.must_wait is WaitFor.CONFIRM and p.lead is not None and p.lead_done < p.lead.hold
    )


def _may_cool_down(p: Progress) -> bool:
    if p.plan.rules.dry:
        return False
    cool = cool_down_of(p.plan)
    same = (cool.length, cool.level) == (p.block.length, p.block.level)
    last = p.cursor == len(p.plan.blocks) - 1
    return not (last and p.block.kind is Kind.FORWARD and same)


def floor(p: Progress) -> int:
    """How much `-` takes off the running block, in ms: the warning before a turn stays whole."""
    lead, _ = following(p) or (None, None)
    least = CHANGE_BEFORE if lead is None else p.plan.rules.safety.warn_before_turn
    return max(least, p.ready)


_GUARDS: dict[Command, Callable[[Progress], bool]] = {
    Command.CONFIRM: _may_confirm,
    Command.COOL_DOWN: _may_cool_down,
    Command.MORE: lambda p: p.phase.length is not None,
    Command.LESS: lambda p: p.left is not None and p.left > floor(p),
    Command.BACK: lambda p: p.cursor > 0 or p.began is not None,
    Command.NOTE_SPEED: lambda p: p.block.kind.moving and not p.plan.rules.dry,
}


def allows(p: Progress, command: Command) -> bool:
    """Whether the command is allowed now."""
    guard = _GUARDS.get(command)
    return command in TRANSITIONS[p.state] and (guard is None or guard(p))


def lead(p: Progress, *, fresh: bool) -> Countdown | None:
    """The countdown into the current block, from where the person was last led.

    `fresh`: directly after the previous block. If a pause interrupted a countdown, the new one is
    no shorter.
    """
    block, planned = p.block, p.plan.leads[p.cursor]
    if not block.kind.moving:
        return None
    broken = 0 if p.lead is None else p.lead.length
    if block.kind is Kind.BACKWARD or p.faces is Facing.BACK:
        at_console = p.footing is Footing.FREE or (
            p.footing is Footing.RAILS and p.faces is Facing.FRONT
        )
        least = planned.length if planned is not None and planned.kind is Kind.TURN else 0
        return turn_into(
            p.plan.rules, p.came, p.faces, block, standing=at_console, at_least=max(least, broken)
        )
    if fresh and p.footing is Footing.BELT:
        return None
    if fresh and planned is None and (p.sound_ok or not p.blind(block.kind)):
        return None  # the get ready was inside the rest
    ready = get_ready(p.plan.rules, broken)
    return with_confirm(ready, p.lead is not None and p.lead.confirm)


def following(p: Progress) -> tuple[Countdown | None, Block] | None:
    """What follows when the current block ends by itself; None at the end of the plan."""
    if p.cursor + 1 >= len(p.plan.blocks):
        return None
    then = p.twin()
    block = p.block
    if block.kind.moving:
        then.came, then.faces, then.footing = p.walked, facing_in(block.kind), Footing.BELT
    else:
        then.footing = Footing.FREE
    then.lead, then.cursor = None, p.cursor + 1
    return lead(then, fresh=True), then.block
