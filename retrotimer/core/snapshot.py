"""A machine's memory as plain values and back: dicts, lists, text, whole and decimal numbers."""

from __future__ import annotations

import dataclasses
import types
from enum import Enum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from retrotimer.core.guide import Facing
from retrotimer.core.plan import Block, arranged
from retrotimer.core.progress import Progress
from retrotimer.core.sets import Kind

INSTANTS = ("origin", "now", "since", "resumed_at")
"""The fields that are instants of the clock, not lengths."""


def dump(p: Progress) -> dict[str, object]:
    """The memory without what can be worked out; None is left out, as TOML has none."""
    data = {f.name: getattr(p, f.name) for f in dataclasses.fields(p) if f.name != "plan"}
    plan = {"name": p.plan.name, "rules": p.plan.rules, "blocks": p.plan.blocks}
    encoded: dict[str, object] = {
        name: _encode(value) for name, value in data.items() if value is not None
    }
    encoded["plan"] = {name: _encode(value) for name, value in plan.items()}
    return encoded


def load(data: dict[str, object], shift: int) -> Progress:
    """The memory from `dump`'s values, instants moved by `shift` ms; ValueError when unfit."""
    try:
        return _load(data, shift)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"not a workout in progress: {error!r}") from error


def _load(data: dict[str, object], shift: int) -> Progress:
    hints = _hints(Progress)
    plan_data = data["plan"]
    if not isinstance(plan_data, dict):
        raise TypeError("plan")
    plan_hints = _hints(hints["plan"])
    parts = {n: _decode(plan_hints[n], plan_data[n]) for n in ("name", "rules", "blocks")}
    plan = arranged(parts["name"], parts["rules"], list(parts["blocks"]))
    known = {f.name for f in dataclasses.fields(Progress)} - {"plan"}
    values = {name: _decode(hints[name], value) for name, value in data.items() if name in known}
    if "faces" not in values:
        # Of an older version: where one may have turned, the whole turn is the careful guess.
        came: Block | None = values.get("came")
        back = data.get("turned") is True or (came is not None and came.kind is Kind.BACKWARD)
        values["faces"] = Facing.BACK if back else Facing.FRONT
    for name in INSTANTS:
        if values.get(name) is not None:
            values[name] += shift
    p = Progress(plan, **values)
    if not 0 <= p.cursor < len(plan.blocks):
        raise IndexError("cursor")
    return p


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


def _decode(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
        return _decode(hint, value)
    if origin is list:
        return [_decode(get_args(hint)[0], part) for part in value]
    if origin is tuple:
        args = get_args(hint)
        if args[-1] is Ellipsis:
            return tuple(_decode(args[0], part) for part in value)
        return tuple(_decode(arg, part) for arg, part in zip(args, value, strict=True))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        hints = _hints(hint)
        # What is left out was None.
        empty = {f.name: None for f in dataclasses.fields(hint) if f.default is dataclasses.MISSING}
        return hint(**empty | {name: _decode(hints[name], part) for name, part in value.items()})
    if issubclass(hint, Enum):
        return hint(value)
    if issubclass(hint, tuple):
        # A file of an older version may have fewer fields; what is new has a default.
        pairs = zip(_hints(hint).values(), value, strict=False)
        return hint(*(_decode(part, one) for part, one in pairs))
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise TypeError(f"{value!r} is no {hint.__name__}")
    return value
