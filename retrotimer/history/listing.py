"""The history as a list: its columns, as plain text, and as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from retrotimer.config.model import Units
from retrotimer.core.rows import Row, Totals
from retrotimer.history.record import Record
from retrotimer.terminal import cells
from retrotimer.terminal.visible import visible, visible_json
from retrotimer.text.format import elapsed

WIDTH = 80
_SET_WIDTH = 15


class Column(NamedTuple):
    """A column of the history: its head, its text for a record, and whether that is
    right-aligned."""

    head: str
    cell: Callable[[Record, Units], str]
    right: bool = False


def _distance(record: Record, units: Units) -> str:
    metres = record.distance_m if record.belt_distance_m is None else record.belt_distance_m
    return "" if metres is None else f"{units.from_metres(metres):.2f}"


COLUMNS = (
    Column("when", lambda record, _: f"{record.started:%Y-%m-%d %H:%M}"),
    Column("set", lambda record, _: in_one_line(record.set)),
    Column("fwd", lambda record, _: elapsed(record.totals.forward), right=True),
    Column("back", lambda record, _: elapsed(record.totals.backward), right=True),
    Column("turns", lambda record, _: str(record.turns), right=True),
    Column("distance", _distance, right=True),
    Column("RPE", lambda record, _: "" if record.rpe is None else f"{record.rpe:g}", right=True),
    Column("pain", lambda record, _: "" if record.pain is None else str(record.pain), right=True),
    Column("note", lambda record, _: in_one_line(record.remark)),
)
"""The columns of a workout, for both faces; what is not known is left blank.

The time is the one of the record's own offset.
"""


def heads(units: Units) -> tuple[str, ...]:
    """The heads of the columns; that of the distance is its unit."""
    return tuple(units.distance if one.cell is _distance else one.head for one in COLUMNS)


def row_of(record: Record, units: Units) -> tuple[str, ...]:
    """The cells of a record."""
    return tuple(one.cell(record, units) for one in COLUMNS)


def in_one_line(text: str) -> str:
    """The text on one line, with escapes for what a terminal would obey."""
    return visible(" ".join(text.split()))


def table(records: Iterable[Record], width: int = WIDTH, units: Units = Units.KMH) -> str:
    """A line for every record, in the order given, below the heads; at most `width` cells wide."""
    lines = [heads(units), *(row_of(record, units) for record in records)]
    widths = cells.widths(lines)
    widths[1] = min(widths[1], _SET_WIDTH)
    widths[-1] = max(0, width - sum(widths[:-1]) - len(cells.GAP) * (len(COLUMNS) - 1))
    to_right = [number for number, one in enumerate(COLUMNS) if one.right]
    return "".join(f"{cells.row(line, widths, to_right)}\n" for line in lines)


def to_json(records: Iterable[Record], *, ascii_only: bool = False) -> str:
    """The records as a JSON list of objects that all have the same keys; null is unknown.

    Names and units are those of the file: `_s` seconds, `_m` metres, speeds km/h. "nan", "inf" and
    "-inf" are text.
    """
    objects = [_finite(_object(record)) for record in records]
    text = json.dumps(objects, ensure_ascii=ascii_only, indent=2, default=str, allow_nan=False)
    return visible_json(text) + "\n"


def _finite(value: Any) -> Any:
    """The value, with text for what JSON cannot express: "nan", "inf", "-inf"."""
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _object(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "started": record.started.isoformat(),
        "ended": record.ended.isoformat(),
        "set": record.set,
        "status": record.status.value,
        "reason": record.reason,
        "scaled": record.scaled,
        "planned_s": _seconds(record.planned),
        **{f"{f.name}_s": getattr(record.totals, f.name) / 1000 for f in fields(Totals)},
        "distance_m": record.distance_m,
        "belt_distance_m": record.belt_distance_m,
        "stumbles": [ms / 1000 for ms in record.stumbles],
        "rpe": record.rpe,
        "pain": record.pain,
        "note": record.note,
        "format": record.format,
        "extra": dict(record.extra),
        "block": [_row(row, record.row_extra.get(n, {})) for n, row in enumerate(record.rows)],
    }


def _row(row: Row, extra: Any) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "label": row.label,
        "planned_s": _seconds(row.planned),
        "done_s": row.done / 1000,
        "speed": row.speed,
        "incline": row.incline,
        "started_s": row.started / 1000,
        "skipped": row.skipped,
        "extra": dict(extra),
    }


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000
