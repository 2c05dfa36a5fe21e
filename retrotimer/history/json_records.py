"""The history as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from retrotimer.core.rows import Row, Totals
from retrotimer.history.record import Record
from retrotimer.terminal.visible import visible_json


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
