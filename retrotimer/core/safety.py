"""What is to be said about the safety of a plan: why it is locked, and what to be careful of.

S-numbers are the sources in domain.md, section 7; NS means that none was found and the number is
a conservative choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from retrotimer.core.plan import Block, Plan
from retrotimer.core.sets import Kind
from retrotimer.core.turn import LONG_TURN, needed

BACKWARD_WALK_LIMIT = 5.9
"""km/h at which young adults change from walking to running backward (S1)."""
STEEP = 10.0
"""Percent; walking studies backward went up to it (S2, S20)."""
LONG_BACKWARD = 600_000
"""ms of backward work in one session that a beginner stays below (NS; S14 for 5 to 10 min)."""
MANY_TURNS = 16
"""Turns in one session beyond which their number itself is the risk (NS)."""


class Level(StrEnum):
    """How much a finding weighs; a LOCK keeps the set from being run."""

    LOCK = "lock"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know: `code` names it for good, `source` says where its number is from."""

    level: Level
    code: str
    text: str
    source: str


def _kmh(speed: float) -> str:
    return f"{speed:.1f} km/h"


def findings(plan: Plan, show: Callable[[float], str] = _kmh) -> tuple[Finding, ...]:
    """Everything to say about a plan, locks first; `show` writes a speed (km/h) for the user."""
    first: dict[str, Finding] = {}
    told = _of_a_lesson() if plan.rules.dry else (*_locks(plan, show), *_warnings(plan, show))
    for finding in told:
        first.setdefault(finding.code, finding)
    order = list(Level)
    return tuple(sorted(first.values(), key=lambda finding: order.index(finding.level)))


def locked(plan: Plan, show: Callable[[float], str] = _kmh) -> Finding | None:
    """The first reason why the plan may not be run, None when it may."""
    return next((f for f in findings(plan, show) if f.level is Level.LOCK), None)


def _of_a_lesson() -> Iterator[Finding]:
    """Nothing moves in it, so there is one thing to say."""
    text = "leave the belt off, but clip the cord on: a lesson, not counted as training"
    yield Finding(Level.NOTE, "belt-off", text, "the set")


def _locks(plan: Plan, show: Callable[[float], str]) -> Iterator[Finding]:
    belt, safety = plan.rules.belt, plan.rules.safety
    for block in plan.blocks:
        speed, incline = block.speed, block.incline or 0.0
        if block.kind is Kind.BACKWARD and _above(speed, safety.max_backward_speed):
            text = (
                f"{show(speed or 0)} backward is above safety.max_backward_speed "
                f"({show(safety.max_backward_speed)})"
            )
            if not safety.backward_running:
                text += "; running backward also needs safety.backward_running = true"
            yield Finding(Level.LOCK, "backward-too-fast", text, "S1")
        if _above(speed, belt.max_speed):
            text = f"{show(speed or 0)} is above treadmill.max_speed ({show(belt.max_speed)})"
            yield Finding(Level.LOCK, "belt-too-fast", text, "the belt")
        if speed is not None and speed < belt.min_speed - 1e-9:
            text = f"{show(speed)} is below treadmill.min_speed ({show(belt.min_speed)})"
            yield Finding(Level.LOCK, "belt-too-slow", text, "the belt")
        if _above(incline, belt.max_incline):
            text = f"{incline:.1f} % is above treadmill.max_incline ({belt.max_incline:.1f} %)"
            yield Finding(Level.LOCK, "belt-too-steep", text, "the belt")


def _warnings(plan: Plan, show: Callable[[float], str]) -> Iterator[Finding]:
    backward = plan.time_in(Kind.BACKWARD)
    moving = backward + plan.time_in(Kind.FORWARD)
    back_blocks = [block for block in plan.blocks if block.kind is Kind.BACKWARD]
    if any(_above(block.speed, BACKWARD_WALK_LIMIT) for block in back_blocks):
        text = f"above {show(BACKWARD_WALK_LIMIT)} backward walking turns into running"
        yield Finding(Level.WARN, "backward-running", text, "S1")
    if any(_above(block.incline, STEEP) for block in back_blocks):
        text = f"backward above {STEEP:.0f} % incline goes beyond what was studied"
        yield Finding(Level.WARN, "backward-steep", text, "S2, S20")
    if any(block.speed is None for block in back_blocks):
        text = "a backward block has no speed: set the belt slow, and the turns to your need"
        yield Finding(Level.WARN, "backward-no-speed", text, "NS")
    if backward > LONG_BACKWARD:
        text = f"more than {LONG_BACKWARD // 60_000} min backward: not in your first two weeks"
        yield Finding(Level.WARN, "backward-long", text, "NS, S14")
    if moving and backward * 2 > moving:
        text = "more than half of the moving time is backward: backward work is supplemental"
        yield Finding(Level.WARN, "backward-share", text, "S10, NS")
    first = next((block for block in plan.blocks if block.kind.moving), None)
    if back_blocks and first is not None and first.kind is Kind.BACKWARD:
        text = "it begins backward, without a forward warm-up"
        yield Finding(Level.WARN, "no-warm-up", text, "NS")
    yield from _rises(plan)
    yield from _turns(plan)


def _rises(plan: Plan) -> Iterator[Finding]:
    last: dict[Kind, Block] = {}
    for block in plan.blocks:
        before = last.get(block.kind)
        if (
            before is not None
            and block.kind is Kind.BACKWARD
            and (block.speed or 0) > (before.speed or 0)
            and (block.incline or 0) > (before.incline or 0)
        ):
            text = "speed and incline rise together from one backward block to the next"
            yield Finding(Level.WARN, "rise-together", text, "S19")
            return
        last[block.kind] = block


def _turns(plan: Plan) -> Iterator[Finding]:
    turns = [lead for lead in plan.leads if lead is not None and lead.kind is Kind.TURN]
    if len(turns) > MANY_TURNS:
        text = f"{len(turns)} turns: each one is a risk of its own"
        yield Finding(Level.NOTE, "many-turns", text, "NS")
    longest = max((lead.length for lead in turns), default=0)
    if longest > LONG_TURN:
        text = f"a turn takes {longest // 1000} s: so long does your belt need for the change"
        yield Finding(Level.NOTE, "long-turn", text, "S44, S45")
    came: Block | None = None
    for lead, block in zip(plan.leads, plan.blocks, strict=True):
        if lead is not None and lead.kind is Kind.TURN:
            need = needed(plan.rules.belt, came.speeds if came else None, block.speeds)
            if lead.length < need:
                text = (
                    f"the turn is set to {lead.length // 1000} s; "
                    f"by its own data the belt needs {need // 1000} s"
                )
                yield Finding(Level.WARN, "turn-short", text, "S44")
                return
        if block.kind.moving:
            came = block


def _above(value: float | None, limit: float) -> bool:
    """Above the limit by more than the noise of a unit conversion."""
    return value is not None and value > limit + 1e-9
