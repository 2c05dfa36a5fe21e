"""The safety findings of a plan: why it is locked, and what to be careful of.

S-numbers are sources, listed by `retrotimer safety --sources`; NS means that none was found and the
number is a cautious choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from retrotimer.core.plan import Block, Plan
from retrotimer.core.plural import counted
from retrotimer.core.sets import Kind, Laptop
from retrotimer.core.stage_guide import StageId
from retrotimer.core.turn import LONG_TURN, Countdown, needed

BACKWARD_WALK_LIMIT = 5.9
"""km/h at which young adults change from walking to running backward (S1)."""
STEEP = 10.0
"""Percent; nearly all studies of walking backward stayed below (S2, S21; S20: 10 degrees)."""
LONG_BACKWARD = 600_000
"""ms of backward work in one session that a beginner stays below (NS; S14 for 5 to 10 min)."""
LONG_BLOCK = 180_000
"""ms of one backward block; coaching goes up to 2 (S13) or 3 min (S16)."""
MANY_TURNS = 16
"""Turns in one session beyond which their number itself is the risk (NS)."""
BY_KEYS = 0.29
"""km/h in a second by which the one belt that was measured slows by its keys (S44)."""
FAST_STEP = 6.0
"""km/h of a belt above which nobody should step onto it from the side rails (NS)."""


class Level(StrEnum):
    """How much a finding weighs; a LOCK keeps the set from being run."""

    LOCK = "lock"
    WARN = "warn"
    NOTE = "note"


LEVELS = {
    "backward-too-fast": Level.LOCK,
    "belt-too-fast": Level.LOCK,
    "belt-too-slow": Level.LOCK,
    "belt-too-steep": Level.LOCK,
    "backward-running": Level.WARN,
    "backward-steep": Level.WARN,
    "backward-no-speed": Level.WARN,
    "backward-long": Level.WARN,
    "backward-share": Level.WARN,
    "no-warm-up": Level.WARN,
    "ends-backward": Level.WARN,
    "rise-together": Level.WARN,
    "step-on-fast": Level.WARN,
    "turn-short": Level.WARN,
    "slows-long": Level.WARN,
    "backward-block-long": Level.NOTE,
    "many-turns": Level.NOTE,
    "long-turn": Level.NOTE,
    "turn-guessed": Level.NOTE,
    "keys-behind": Level.NOTE,
    "belt-off": Level.NOTE,
}
"""Every code with its level. Codes never change: configs contain them."""


class Finding(NamedTuple):
    """One finding: `source` says where its number is from.

    `path` is that of the step it belongs to (as in `Block`), empty for the set as a whole;
    `acknowledged`: the user knows it and it is not shown again.
    """

    code: str
    text: str
    source: str
    path: tuple[int, ...] = ()
    acknowledged: bool = False

    @property
    def level(self) -> Level:
        """How serious it is."""
        return LEVELS[self.code]


def _kmh(speed: float) -> str:
    return f"{speed:.1f} km/h"


def survey(plan: Plan, show: Callable[[float], str] = _kmh) -> tuple[Finding, ...]:
    """All findings, each step separately, locks first.

    `show` writes a speed (km/h) for the user.
    """
    return tuple(finding for _, finding in _ranked(plan, show))


def findings(plan: Plan, show: Callable[[float], str] = _kmh) -> tuple[Finding, ...]:
    """The findings to show: each one once, where it is worst, without the acknowledged."""
    worst: dict[str, tuple[float, Finding]] = {}
    for how, finding in _ranked(plan, show):
        known = worst.get(finding.code)
        if not finding.acknowledged and (known is None or how > known[0]):
            worst[finding.code] = how, finding
    return tuple(finding for _, finding in worst.values())


def locked(plan: Plan, show: Callable[[float], str] = _kmh) -> Finding | None:
    """The first reason why the plan may not be run, None when it may."""
    return next((f for f in findings(plan, show) if f.level is Level.LOCK), None)


class _Told(NamedTuple):
    """A finding about a block (None: the set); of equal ones the greatest `how` is shown."""

    code: str
    text: str
    source: str
    block: Block | None = None
    how: float = 0.0


_Found = Iterator[_Told]


def _ranked(plan: Plan, show: Callable[[float], str]) -> list[tuple[float, Finding]]:
    """(how bad, finding) for each step, which may be done several times, locks first."""
    known = plan.rules.safety.acknowledged
    worst: dict[tuple[str, tuple[int, ...]], _Told] = {}
    told = _of_a_lesson() if plan.rules.dry else (*_locks(plan, show), *_warnings(plan, show))
    for one in told:
        key = one.code, one.block.path if one.block is not None else ()
        if key not in worst or one.how > worst[key].how:
            worst[key] = one
    found = []
    for (code, path), one in worst.items():
        acknowledged = code in known and LEVELS[code] is not Level.LOCK
        found.append((one.how, Finding(code, one.text, one.source, path, acknowledged)))
    order = list(Level)
    return sorted(found, key=lambda pair: order.index(pair[1].level))


def _of_a_lesson() -> _Found:
    """Nothing moves, so there is only one thing to say."""
    text = "leave the belt off, but clip the cord on: it is a lesson, not training"
    yield _Told("belt-off", text, "your set")


def _locks(plan: Plan, show: Callable[[float], str]) -> _Found:
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
            yield _Told("backward-too-fast", text, "S1", block, speed or 0.0)
        if _above(speed, belt.max_speed):
            text = f"{show(speed or 0)} is above treadmill.max_speed ({show(belt.max_speed)})"
            yield _Told("belt-too-fast", text, "your belt", block, speed or 0.0)
        if speed is not None and speed < belt.min_speed - 1e-9:
            text = f"{show(speed)} is below treadmill.min_speed ({show(belt.min_speed)})"
            yield _Told("belt-too-slow", text, "your belt", block, -speed)
        if _above(incline, belt.max_incline):
            text = f"{incline:.1f} % is above treadmill.max_incline ({belt.max_incline:.1f} %)"
            yield _Told("belt-too-steep", text, "your belt", block, incline)


def _warnings(plan: Plan, show: Callable[[float], str]) -> _Found:
    yield from _whole(plan)
    for block in plan.blocks:
        if block.kind is Kind.BACKWARD:
            yield from _backward(block, show)
    yield from _ends(plan)
    yield from _rises(plan)
    yield from _steps_on(plan, show)
    yield from _turns(plan, show)
    yield from _out_of_reach(plan)


def _whole(plan: Plan) -> _Found:
    backward = plan.time_in(Kind.BACKWARD)
    moving = backward + plan.time_in(Kind.FORWARD)
    if backward > LONG_BACKWARD:
        text = f"more than {LONG_BACKWARD // 60_000} min backward: not for your first two weeks"
        yield _Told("backward-long", text, "NS, S14")
    if backward * 2 > moving:
        text = (
            "more than half of the moving time is backward: backward walking should be a supplement"
        )
        yield _Told("backward-share", text, "S10, NS")
    turns = sum(lead is not None and lead.kind is Kind.TURN for lead in plan.leads)
    if turns > MANY_TURNS:
        yield _Told("many-turns", f"{counted(turns, 'turn')}: each one is a risk in itself", "NS")


def _backward(block: Block, show: Callable[[float], str]) -> _Found:
    if _above(block.speed, BACKWARD_WALK_LIMIT):
        text = f"above {show(BACKWARD_WALK_LIMIT)} backward walking becomes running"
        yield _Told("backward-running", text, "S1", block, block.speed or 0.0)
    if _above(block.incline, STEEP):
        text = f"backward above {STEEP:.0f} % incline is steeper than nearly everything studied"
        yield _Told("backward-steep", text, "S2, S21", block, block.incline or 0.0)
    if block.speed is None:
        text = "a backward block has no speed: set the belt slow, and the turns long enough"
        yield _Told("backward-no-speed", text, "NS", block)
    if (block.length or 0) > LONG_BLOCK:
        text = f"more than {LONG_BLOCK // 60_000} min backward at a stretch: coaches go no further"
        yield _Told("backward-block-long", text, "S13, S16", block, block.length or 0)


def _ends(plan: Plan) -> _Found:
    moving = [block for block in plan.blocks if block.kind.moving]
    if not any(block.kind is Kind.BACKWARD for block in moving):
        return
    if moving[0].kind is Kind.BACKWARD:
        text = "the set begins backward, without a forward warm-up"
        yield _Told("no-warm-up", text, "NS", moving[0])
    if moving[-1].kind is Kind.BACKWARD:
        text = "the set ends backward, on a running belt with the console behind you: end forward"
        yield _Told("ends-backward", text, "S14", moving[-1])


def _rises(plan: Plan) -> _Found:
    for before, block in pairwise(b for b in plan.blocks if b.kind is Kind.BACKWARD):
        faster = (block.speed or 0) > (before.speed or 0)
        if faster and (block.incline or 0) > (before.incline or 0):
            text = "speed and incline rise together from one backward block to the next"
            yield _Told("rise-together", text, "S19", block)


def _steps_on(plan: Plan, show: Callable[[float], str]) -> _Found:
    """Forward blocks that begin on the side rails, however the person got there."""
    before: Block | None = None
    for lead, block in zip(plan.leads, plan.blocks, strict=True):
        from_rails = lead is not None or (before is not None and before.ready > 0)
        if from_rails and block.kind is Kind.FORWARD and _above(block.speed, FAST_STEP):
            text = (
                f"GO onto a belt at {show(block.speed or 0)}: "
                f"step on below {show(FAST_STEP)}, then speed it up"
            )
            yield _Told("step-on-fast", text, "NS", block, block.speed or 0.0)
        before = block


def _turns(plan: Plan, show: Callable[[float], str]) -> _Found:
    came: Block | None = None
    for lead, block in zip(plan.leads, plan.blocks, strict=True):
        if lead is not None and lead.kind is Kind.TURN:
            yield from _turn(plan, lead, came, block, show)
        if block.kind.moving:
            came = block


def _out_of_reach(plan: Plan) -> _Found:
    """Keys needed where nobody can reach them: a turn waits facing the console."""
    waits = [to for lead, to in zip(plan.leads, plan.blocks, strict=True) if lead and lead.confirm]
    if waits and plan.rules.belt.laptop is Laptop.BEHIND:
        text = "turns wait for a key, and the laptop is behind: keep a clicker in your hand"
        yield _Told("keys-behind", text, "S14", waits[0])


def _turn(
    plan: Plan, lead: Countdown, came: Block | None, block: Block, show: Callable[[float], str]
) -> _Found:
    if lead.length > LONG_TURN:
        text = f"a turn takes {lead.length // 1000} s: your belt needs that long to change"
        yield _Told("long-turn", text, "S44, S45", block, lead.length)
    turns = sum(stage.id is StageId.TURN for stage in lead.stages)
    need = needed(plan.rules.belt, came.speeds if came else None, block.speeds, turns)
    if lead.length < need:
        text = (
            f"the turn is set to {lead.length // 1000} s; "
            f"by your belt's data it needs {need // 1000} s"
        )
        yield _Told("turn-short", text, "S44", block, need)
    else:
        yield from _slowing(plan, lead, came, block, show)
    blind = [one for one in (came, block) if one and one.kind is Kind.FORWARD and one.speed is None]
    if blind and plan.rules.safety.turn is None:
        text = (
            f"a forward block has no speed: its turn of {lead.length // 1000} s is a guess, "
            "too short for a fast belt"
        )
        yield _Told("turn-guessed", text, "NS", blind[0], lead.length)


def _slowing(
    plan: Plan, lead: Countdown, came: Block | None, block: Block, show: Callable[[float], str]
) -> _Found:
    before, to = came.speed if came else None, block.speed
    # A belt configured to slow this gently gets the time it needs.
    if before is None or to is None or plan.rules.belt.deceleration <= BY_KEYS:
        return
    seconds = round((before - to) / BY_KEYS)
    if seconds * 1000 > lead.length:
        text = (
            f"slowed by its keys, a belt may need {seconds} s from {show(before)} to {show(to)}; "
            f"the turn takes {lead.length // 1000} s: step on only once it has slowed"
        )
        yield _Told("slows-long", text, "S44", block, seconds)


def _above(value: float | None, limit: float) -> bool:
    """Above the limit by more than rounding in a unit conversion."""
    return value is not None and value > limit + 1e-9
