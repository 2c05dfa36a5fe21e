"""A machine's memory as plain values and back: dicts, lists, text, whole and decimal numbers.

What is read may have been written by anybody since: every value has its range, and the values must
fit each other, so that no machine comes out of it that our own could not have become.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from retrotimer.core.plan import MAX_PHASES, Block, CueRules, Plan, arranged
from retrotimer.core.progress import Progress
from retrotimer.core.sets import Belt, Kind, Safety
from retrotimer.core.stage_guide import TABLES, Facing, StageId
from retrotimer.core.states import State
from retrotimer.core.turn import Countdown, Stage

INSTANTS = ("origin", "now", "since", "resumed_at")
"""The fields that are instants of the clock, not lengths."""

LONGEST = 100 * 365 * 24 * 3_600_000
"""No clock and no length goes beyond it, in ms (NS)."""
DAYS = 7 * 24 * 3_600_000
"""No phase is longer, in ms, however often it was made longer (NS)."""
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
"""What the numbers of a field may be, where that is not `_USUAL`: ms, km/h, percent."""
_STAGES: frozenset[tuple[StageId, ...]] = frozenset(
    {(StageId.COUNT,), *(tuple(stage for stage, _ in table) for table in TABLES.values())}
)
"""The stages of all the countdowns there are; a short get ready has its 3-2-1 alone."""

_Path = tuple[str | int, ...]


def dump(p: Progress) -> dict[str, object]:
    """The memory without what can be worked out; None is left out, as TOML has none."""
    data = {f.name: getattr(p, f.name) for f in dataclasses.fields(p) if f.name != "plan"}
    plan = {"name": p.plan.name, "rules": p.plan.rules, "blocks": p.plan.blocks}
    encoded: dict[str, object] = {
        name: _encode(value) for name, value in data.items() if value is not None
    }
    encoded["plan"] = {name: _encode(value) for name, value in plan.items()}
    return encoded


def load(data: object, shift: int) -> Progress:
    """The memory from `dump`'s values, instants moved by `shift` ms; ValueError when unfit."""
    table = _table(data, ())
    hints = _hints(Progress)
    parts = _table(table.get("plan"), ("plan",))
    if not 1 <= len(_list(parts.get("blocks"), ("plan", "blocks"))) <= MAX_PHASES + 1:
        raise _wrong(("plan", "blocks"), "a list", f"1 to {MAX_PHASES} blocks")
    plan_hints = _hints(Plan)
    name, rules, blocks = (
        _decode(plan_hints[part], parts.get(part), ("plan", part), Plan)
        for part in ("name", "rules", "blocks")
    )
    known = {f.name for f in dataclasses.fields(Progress)} - {"plan"}
    values = {
        name: _decode(hints[name], value, (name,), Progress)
        for name, value in table.items()
        if name in known
    }
    if "faces" not in values:
        # Of an older version: where one may have turned, the whole turn is the careful guess.
        came: Block | None = values.get("came")
        back = table.get("turned") is True or (came is not None and came.kind is Kind.BACKWARD)
        values["faces"] = Facing.BACK if back else Facing.FRONT
    for number, block in enumerate(blocks):
        _demand(_fits(block), ("plan", "blocks", number), "no block that can be")
    p = Progress(arranged(name, rules, list(blocks)), **values)
    for fit, where, what in _conditions(p):
        _demand(fit, where, what)
    for instant in INSTANTS:
        if getattr(p, instant) is not None:
            setattr(p, instant, getattr(p, instant) + shift)
    return p


def _conditions(p: Progress) -> Iterator[tuple[bool, _Path, str]]:
    """What must hold between the values: whether it does, where, and what is found if not."""
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
    yield spans >= 0 and elapsed == (spans if begun else 0), ("now",), "another time than was spent"
    halted = p.state.over or p.state in (State.PAUSED, State.WAITING)
    yield not halted or p.origin <= p.since <= p.now, ("since",), "an instant outside the workout"
    yield p.resumed_at is None or p.resumed_at <= p.now, ("resumed_at",), "an instant to come"
    yield (p.reason is not None) == (p.state is State.PAUSED), ("reason",), "no pause to it"
    yield (p.wait_for is not None) == (p.state is State.WAITING), ("wait_for",), "no wait to it"
    yield p.came is None or (p.came.kind.moving and _fits(p.came)), ("came",), "nobody moving"
    yield from _lead_conditions(p)
    if p.began is None:
        yield p.state is not State.BLOCK, ("began",), "a block that has not begun"
        yield p.position == p.spent == 0, ("position",), "time before the beginning"
    else:
        yield begun and p.began <= spans, ("began",), "an instant to come"
        yield p.entry <= p.position, ("entry",), "more than was done"
    length = p.block.length
    yield length is None or p.position <= length, ("position",), "more than the whole block"
    yield p.spent <= elapsed, ("spent",), "more than all the time"
    yield all(at <= spans for at in p.stumbles), ("stumbles",), "an instant to come"
    for number, row in enumerate(p.rows):
        yield row.started + row.done <= spans, ("rows", number), "more than all the time"


def _lead_conditions(p: Progress) -> Iterator[tuple[bool, _Path, str]]:
    """The same of the countdown in hand."""
    lead, counting = p.lead, p.state in (State.TURN, State.WAITING)
    if lead is None:
        yield not counting, ("lead",), "no countdown"
        return
    yield counting or p.state is State.PAUSED, ("lead",), "a countdown that does not run"
    yield lead.kind.countdown and lead.toward.moving, ("lead",), "no countdown"
    yield tuple(stage.id for stage in lead.stages) in _STAGES, ("lead", "stages"), "unknown stages"
    yield lead.hold <= lead.length, ("lead", "hold"), "more than the whole countdown"
    yield p.lead_done <= lead.length, ("lead_done",), "more than the whole countdown"
    waits = p.state is not State.WAITING or p.lead_done == lead.hold
    yield waits, ("lead_done",), "another place than where it waits"
    yield p.lead_began + p.lead_done <= p.offset, ("lead_began",), "an instant to come"


def _fits(block: Block) -> bool:
    """Whether a plan can hold the block."""
    may_be_open = block.kind is not Kind.BACKWARD
    sound = block.length is not None or may_be_open
    return sound and not block.kind.countdown and block.ready <= (block.length or 0)


def _demand(fit: bool, where: _Path, found: str) -> None:
    if not fit:
        raise _wrong(where, found, "what a workout can come to")


def _wrong(where: _Path, found: str, expected: str) -> ValueError:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return ValueError(f"{path.lstrip('.') or 'workout'}: found {found}, expected {expected}")


def told(value: object) -> str:
    """A value in a few words, however large or deep it is."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if abs(value) < 10**18 else "an absurdly large number"
        case str():
            return repr(value if len(value) <= 40 else f"{value[:39]}…")
        case float():
            return repr(value)
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


@lru_cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _encode(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kept = (f for f in dataclasses.fields(value) if f.metadata.get("kept", True))
        pairs = ((f.name, getattr(value, f.name)) for f in kept)
        return {name: _encode(part) for name, part in pairs if part is not None}
    if isinstance(value, (list, tuple)):
        # Of a tuple only the last fields may be None.
        return [_encode(part) for part in value if part is not None]
    return value


def _table(value: object, where: _Path) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(where, told(value), "a table")
    return value


def _list(value: object, where: _Path) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(where, told(value), "a list")
    return value


def _decode(hint: Any, value: Any, where: _Path, owner: type) -> Any:
    """The value as `hint` asks for; `owner` is the class whose field it belongs to."""
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
        return _decode(hint, value, where, owner)
    if origin is list:
        inner = get_args(hint)[0]
        return [
            _decode(inner, part, (*where, number), owner)
            for number, part in enumerate(_list(value, where))
        ]
    if origin is tuple:
        return _tuple(get_args(hint), _list(value, where), where, owner)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _instance(hint, _table(value, where), where)
    if issubclass(hint, Enum):
        if not isinstance(value, str) or value not in {one.value for one in hint}:
            raise _wrong(where, told(value), f"one of {', '.join(one.value for one in hint)}")
        return hint(value)
    if issubclass(hint, tuple):
        hints = tuple(_hints(hint).items())
        values = _list(value, where)
        # A file of an older version may have fewer fields; what is new has a default.
        least = len(hints) - len(hint._field_defaults)
        if not least <= len(values) <= len(hints):
            raise _wrong(where, f"{len(values)} values", f"{len(hints)}")
        return hint(
            *(
                _decode(one, part, (*where, name), hint)
                for (name, one), part in zip(hints, values, strict=False)
            )
        )
    return _plain(hint, value, where, owner)


def _tuple(args: tuple[Any, ...], values: list[Any], where: _Path, owner: type) -> tuple[Any, ...]:
    if args[-1] is Ellipsis:
        args = (args[0],) * len(values)
    if len(args) != len(values):
        raise _wrong(where, f"{len(values)} values", f"{len(args)}")
    return tuple(
        _decode(arg, part, (*where, number), owner)
        for number, (arg, part) in enumerate(zip(args, values, strict=True))
    )


def _instance(kind: type, table: dict[str, Any], where: _Path) -> Any:
    hints = _hints(kind)
    values = {}
    for field in dataclasses.fields(kind):
        if field.name in table:
            at = (*where, field.name)
            values[field.name] = _decode(hints[field.name], table[field.name], at, kind)
        elif field.default is field.default_factory is dataclasses.MISSING:
            # What is left out was None.
            if type(None) not in get_args(hints[field.name]):
                raise _wrong((*where, field.name), "nothing", "a value")
            values[field.name] = None
    for name in table:
        if name not in hints:
            raise _wrong(where, f"the unknown key {told(name)}", "only those there are")
    made = kind(**values)
    if isinstance(made, Countdown):
        _demand(bool(made.stages), (*where, "stages"), "no stages")
    return made


def plain_text(value: object, where: _Path) -> str:
    """The value when it is a text for people; else ValueError, which says where it stands."""
    if not isinstance(value, str):
        raise _wrong(where, told(value), _NAMES[str])
    control = any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in value)
    if control or len(value) > LONGEST_TEXT:
        raise _wrong(where, told(value), "a text without control characters")
    return value


def _plain(hint: type[Any], value: Any, where: _Path, owner: type) -> Any:
    """A number, a text or a truth value."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if hint is float and whole and abs(value) <= LONGEST:
        value = float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise _wrong(where, told(value), _NAMES[hint])
    if isinstance(value, str):
        plain_text(value, where)
    elif not isinstance(value, bool):
        field = next((part for part in reversed(where) if isinstance(part, str)), "")
        least, most = _SPANS.get((owner, field), _USUAL[hint])
        # Written so that what is no number is outside too.
        if not least <= value <= most:
            raise _wrong(where, told(value), f"{least:g} to {most:.16g}")
    return value


_NAMES: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
}
