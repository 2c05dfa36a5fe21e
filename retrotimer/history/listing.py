"""The history as plain text and as JSON, for the command line."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from retrotimer.config.model import Units
from retrotimer.core.rows import Row, Totals
from retrotimer.history.record import Record
from retrotimer.terminal import cells
from retrotimer.terminal.visible import visible, visible_json

WIDTH = 80
_SET_WIDTH = 15
_HEADS = ("when", "set", "fwd", "back", "turns", "distance", "RPE", "pain", "note")
_RIGHT = range(2, 8)


def clock(ms: int) -> str:
    """Milliseconds as minutes and seconds, `m:ss`, or `h:mm:ss` from an hour on; rounded down."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def table(records: Iterable[Record], width: int = WIDTH, units: Units = Units.KMH) -> str:
    """A line for every record, in the order given, below a head line; at most `width` cells wide.

    What is not known is left blank. The time is the one of the record's own offset. `units` has
    the unit of the distances, which is their head.
    """
    heads = tuple(units.distance if head == "distance" else head for head in _HEADS)
    lines = [heads, *(_cells(record, units) for record in records)]
    widths = cells.widths(lines)
    widths[1] = min(widths[1], _SET_WIDTH)
    widths[-1] = max(0, width - sum(widths[:-1]) - 2 * (len(_HEADS) - 1))
    return "".join(f"{cells.row(line, widths, _RIGHT)}\n" for line in lines)


def to_json(records: Iterable[Record], *, ascii_only: bool = False) -> str:
    """The records as a JSON list of objects that all have the same keys; null is unknown.

    Names and units are those of the file: `_s` seconds, `_m` meters, speeds km/h. Decimals that
    are no number are texts: "nan", "inf", "-inf".
    """
    objects = [_finite(_object(record)) for record in records]
    text = json.dumps(objects, ensure_ascii=ascii_only, indent=2, default=str, allow_nan=False)
    return visible_json(text) + "\n"


def _finite(value: Any) -> Any:
    """The value with words for what is no number, which JSON cannot have: "nan", "inf", "-inf"."""
    if isinstance(value, Mapping):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _cells(record: Record, units: Units) -> tuple[str, ...]:
    meters = record.distance_m if record.belt_distance_m is None else record.belt_distance_m
    return (
        f"{record.started:%Y-%m-%d %H:%M}",
        _plain(record.set),
        clock(record.totals.forward),
        clock(record.totals.backward),
        str(record.turns),
        "" if meters is None else f"{units.from_metres(meters):.2f}",
        "" if record.rpe is None else f"{record.rpe:g}",
        "" if record.pain is None else str(record.pain),
        _plain(record.remark),
    )


def _plain(text: str) -> str:
    """The text on one line, with escapes for what a terminal would obey."""
    return visible(" ".join(text.split()))


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
