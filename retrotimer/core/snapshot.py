"""Turns the progress of a workout into plain data (dicts, lists, text and numbers) and back.

The data may come from anywhere: every value has its range, and the values must fit each other, so
that no workout is restored which could not have come about by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from retrotimer.core.codec import Codec, Place, Rule, UnfitError
from retrotimer.core.plan import MAX_PHASES, Block, CueRules, Plan, Rules, arranged
from retrotimer.core.progress import Progress
from retrotimer.core.sets import Belt, Kind, Safety
from retrotimer.core.stage_guide import TABLES, Facing, StageId
from retrotimer.core.states import State
from retrotimer.core.turn import Countdown, Stage

INSTANTS = ("origin", "now", "since", "resumed_at")
"""The fields that are instants, not lengths."""

LONGEST = 100 * 365 * 24 * 3_600_000
"""The largest instant and length, in ms (NS)."""
DAYS = 7 * 24 * 3_600_000
"""The longest phase, in ms, however often it was lengthened (NS)."""
LONGEST_TEXT = 10_000
"""The most characters of a text (NS)."""

_Span = tuple[float, float]
_INSTANT: _Span = (-LONGEST, LONGEST)
_LENGTH: _Span = (1, DAYS)
_RATE: _Span = (0.01, 100)
_SPEED: _Span = (0.001, 100)
_USUAL: dict[type, _Span] = {int: (0, LONGEST), float: (0, 100)}
_SPANS: dict[tuple[type, str], _Span] = {
    **{(Progress, name): _INSTANT for name in INSTANTS},
    (Progress, "noted"): _SPEED,
    (Block, "length"): _LENGTH,
    (Block, "speed"): _SPEED,
    (Block, "rounds"): (1, LONGEST),
    (Stage, "length"): _LENGTH,
    (Belt, "acceleration"): _RATE,
    (Belt, "deceleration"): _RATE,
    (Belt, "incline_rate"): _RATE,
    (Belt, "min_speed"): _SPEED,
    (Belt, "max_speed"): _SPEED,
    (Safety, "turn"): _LENGTH,
    (Safety, "warn_before_turn"): _LENGTH,
    (Safety, "get_ready"): _LENGTH,
    (CueRules, "count_last"): (0, 10),
}
"""The ranges of fields whose range is not `_USUAL`, in ms, km/h or percent."""
_STAGES: frozenset[tuple[StageId, ...]] = frozenset(
    {(StageId.COUNT,), *(tuple(stage for stage, _ in table) for table in TABLES.values())}
)
"""The stages of every possible countdown; a short get ready has only the 3-2-1."""


def dump(p: Progress) -> dict[str, Any]:
    """The progress as plain data, without what can be worked out and without None."""
    data: dict[str, Any] = _CODEC.plain(p)
    return data


def load(data: object, shift: int) -> Progress:
    """The progress from `dump`'s data, with instants moved by `shift` ms; ValueError if unfit."""
    p = _CODEC.read(Progress, data)
    if isinstance(data, dict) and "faces" not in data:
        # From an older version: if the person may have turned, assume so, and the turn is whole.
        back = data.get("turned") is True or (p.came is not None and p.came.kind is Kind.BACKWARD)
        p.faces = Facing.BACK if back else Facing.FRONT
    for fit, where, what in _conditions(p):
        _demand(fit, where, what)
    for instant in INSTANTS:
        if getattr(p, instant) is not None:
            setattr(p, instant, getattr(p, instant) + shift)
    return p


def _plan(name: str, rules: Rules, blocks: tuple[Block, ...]) -> Plan:
    """The plan from its saved parts; its countdowns are worked out again."""
    if not 1 <= len(blocks) <= MAX_PHASES + 1:
        raise UnfitError("a list", f"1 to {MAX_PHASES} blocks", ("blocks",))
    for number, block in enumerate(blocks):
        _demand(_fits(block), ("blocks", number), "an impossible block")
    return arranged(name, rules, list(blocks))


def _countdown(stages: tuple[Stage, ...], **parts: Any) -> Countdown:
    _demand(bool(stages), ("stages",), "no stages")
    return Countdown(stages=stages, **parts)


def _conditions(p: Progress) -> Iterator[tuple[bool, Place, str]]:
    """Conditions between values: whether each holds, its place, and what is found if not."""
    yield bool(p.plan.name.strip()), ("plan", "name"), "no name"
    belt = p.plan.rules.belt
    yield belt.min_speed < belt.max_speed, ("plan", "rules", "belt"), "no range of speeds"
    blocks = p.plan.blocks
    for number, block in enumerate(blocks):
        after = blocks[number + 1].kind if number + 1 < len(blocks) else None
        may = block.kind is Kind.REST and after is Kind.FORWARD
        yield may or not block.ready, ("plan", "blocks", number), "a get ready that leads nowhere"
    yield p.cursor < len(blocks), ("cursor",), "a block that is not in the plan"
    begun = p.state is not State.READY
    elapsed = p.totals.elapsed
    spans = p.now - p.origin
    yield (
        spans >= 0 and elapsed == (spans if begun else 0),
        ("now",),
        "a time other than the sum of its parts",
    )
    halted = p.state.over or p.state in (State.PAUSED, State.WAITING)
    yield not halted or p.origin <= p.since <= p.now, ("since",), "an instant outside the workout"
    yield p.resumed_at is None or p.resumed_at <= p.now, ("resumed_at",), "an instant in the future"
    yield (
        (p.reason is not None) == (p.state is State.PAUSED),
        ("reason",),
        "a reason without a pause, or none for it",
    )
    yield (
        (p.wait_for is not None) == (p.state is State.WAITING),
        ("wait_for",),
        "a wait that does not fit the state",
    )
    yield (
        p.came is None or (p.came.kind.moving and _fits(p.came)),
        ("came",),
        "a block without motion",
    )
    yield from _lead_conditions(p)
    if p.began is None:
        yield p.state is not State.BLOCK, ("began",), "a block that has not begun"
        yield p.position == p.spent == 0, ("position",), "time before the beginning"
    else:
        yield begun and p.began <= spans, ("began",), "an instant in the future"
        yield p.entry <= p.position, ("entry",), "more than was done"
    length = p.block.length
    yield length is None or p.position <= length, ("position",), "more than the whole block"
    yield p.spent <= elapsed, ("spent",), "more than all the time"
    yield all(at <= spans for at in p.stumbles), ("stumbles",), "an instant in the future"
    for number, row in enumerate(p.rows):
        yield row.started + row.done <= spans, ("rows", number), "more than all the time"


def _lead_conditions(p: Progress) -> Iterator[tuple[bool, Place, str]]:
    """The same for the current countdown."""
    lead, counting = p.lead, p.state in (State.TURN, State.WAITING)
    if lead is None:
        yield not counting, ("lead",), "no countdown"
        return
    yield counting or p.state is State.PAUSED, ("lead",), "a countdown that is not running"
    yield lead.kind.countdown and lead.toward.moving, ("lead",), "no countdown"
    yield tuple(stage.id for stage in lead.stages) in _STAGES, ("lead", "stages"), "unknown stages"
    yield lead.hold <= lead.length, ("lead", "hold"), "more than the whole countdown"
    yield p.lead_done <= lead.length, ("lead_done",), "more than the whole countdown"
    waits = p.state is not State.WAITING or p.lead_done == lead.hold
    yield waits, ("lead_done",), "a wait in the wrong place"
    yield p.lead_began + p.lead_done <= p.offset, ("lead_began",), "an instant in the future"


def _fits(block: Block) -> bool:
    """Whether a plan can hold the block."""
    may_be_open = block.kind is not Kind.BACKWARD
    sound = block.length is not None or may_be_open
    return sound and not block.kind.countdown and block.ready <= (block.length or 0)


def _demand(fit: bool, where: Place, found: str) -> None:
    if not fit:
        raise UnfitError(found, "something possible in a workout", where)


def _rule(owner: type, field: str, kind: type) -> Rule | None:
    """The rule for the numbers and texts of a field."""
    if kind is str:
        return people_can_read
    if kind is bool:
        return None
    least, most = _SPANS.get((owner, field), _USUAL[kind])
    expected = f"{least:g} to {most:.16g}"
    # Written so that NaN is out of range too.
    return lambda value: None if least <= value <= most else expected


def people_can_read(text: str) -> str | None:
    """What is expected instead of this text for people; None if it is fine."""
    control = any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in text)
    fit = not control and len(text) <= LONGEST_TEXT
    return None if fit else "a text without control characters"


_CODEC = Codec(
    sparse=True,
    rule=_rule,
    makers={Plan: _plan, Countdown: _countdown},
    lenient=(Progress,),
)
