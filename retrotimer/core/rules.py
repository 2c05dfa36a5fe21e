"""What may follow what: the commands of each state, and the countdown into each block."""

from __future__ import annotations

from collections.abc import Callable

from retrotimer.core.cues import CHANGE_BEFORE
from retrotimer.core.plan import cool_down_of, get_ready, lead_into, turn_into
from retrotimer.core.progress import Progress
from retrotimer.core.sets import Kind
from retrotimer.core.states import Command, State, WaitFor
from retrotimer.core.turn import Countdown

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
"""Which commands a state knows at all; `_GUARDS` narrow some of them further."""


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
    """How much of the running block - leaves, in ms: the warning before a turn stays whole."""
    after = p.plan.leads[p.cursor + 1 : p.cursor + 2]
    turns = bool(after) and after[0] is not None
    least = p.plan.rules.safety.warn_before_turn if turns else CHANGE_BEFORE
    return max(least, p.block.ready)


_GUARDS: dict[Command, Callable[[Progress], bool]] = {
    Command.CONFIRM: _may_confirm,
    Command.COOL_DOWN: _may_cool_down,
    Command.MORE: lambda p: p.phase.length is not None,
    Command.LESS: lambda p: p.left is not None and p.left > floor(p),
    Command.BACK: lambda p: p.cursor > 0 or p.began is not None,
    Command.NOTE_SPEED: lambda p: p.block.kind.moving and not p.plan.rules.dry,
}


def allows(p: Progress, command: Command) -> bool:
    """Whether the command is legal now."""
    guard = _GUARDS.get(command)
    return command in TRANSITIONS[p.state] and (guard is None or guard(p))


def lead(p: Progress, *, fresh: bool) -> Countdown | None:
    """The countdown into the block in hand; what is not `fresh` begins from standing."""
    block, planned = p.block, p.plan.leads[p.cursor]
    before = p.plan.blocks[p.cursor - 1] if fresh and p.cursor else None
    if not block.kind.moving:
        return None
    least = planned.length if planned is not None and planned.kind is Kind.TURN else 0
    if block.kind is Kind.FORWARD and p.turned:
        return turn_into(p.plan.rules, p.came, block, standing=True, at_least=least)
    if fresh and planned is None:
        silent = before is not None and before.kind is Kind.REST and not p.sound_ok
        return get_ready(p.plan.rules) if silent and p.blind(block.kind) else None
    return lead_into(p.plan.rules, p.came, before, block, at_least=least)
