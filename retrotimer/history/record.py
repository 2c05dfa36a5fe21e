"""What the history stores of a workout, and its one canonical form in TOML."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import StrEnum
from typing import Any, TypeVar

import tomli
import tomli_w

from retrotimer.core.rows import Row, Totals
from retrotimer.core.sets import Kind
from retrotimer.history.errors import InvalidRecord

FORMAT = 1
"""The version of the layout that this program writes."""

_LARGEST = 1e12
"""Above this a number is a mistake, and floats can no longer hold thousandths."""

_T = TypeVar("_T", bound=StrEnum)


class Status(StrEnum):
    """How a workout ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    RECOVERED = "recovered"


@dataclass(frozen=True, slots=True)
class Record:
    """One workout of the history.

    Lengths are milliseconds (`planned` None: it had an open block), `stumbles` milliseconds from
    the start, distances meters, `scaled` the user's words such as "speed 90%". `extra` and
    `row_extra` (by row number) hold the keys of newer versions, which are kept.
    """

    id: str
    started: datetime
    ended: datetime
    set: str
    status: Status
    totals: Totals
    rows: tuple[Row, ...]
    planned: int | None = None
    reason: str = ""
    scaled: str = ""
    distance_m: float | None = None
    belt_distance_m: float | None = None
    stumbles: tuple[int, ...] = ()
    rpe: float | None = None
    pain: int | None = None
    note: str = ""
    format: int = FORMAT
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)
    row_extra: Mapping[int, Mapping[str, Any]] = field(default_factory=dict, hash=False)

    def row_at(self, instant: int) -> Row | None:
        """The row that was done at an instant, in ms from the start."""
        return next((row for row in reversed(self.rows) if row.started <= instant), None)

    @property
    def ending(self) -> str:
        """How and why it ended, "" if as planned."""
        if self.status is Status.COMPLETED and not self.reason:
            return ""
        return ": ".join(filter(None, (self.status.value, self.reason)))

    @property
    def remark(self) -> str:
        """Its note, then why it ended as it did."""
        return " · ".join(filter(None, (self.note, self.reason)))

    @property
    def turns(self) -> int:
        """How many turns were completed."""
        whole = (row for row in self.rows if not row.skipped and row.done >= (row.planned or 0))
        return sum(row.kind is Kind.TURN for row in whole)


def to_toml(record: Record) -> bytes:
    """The record as a `[[workout]]` table: scalars, then a line for every row, then `]`.

    The closing line is the commit mark: no beginning of these bytes reads as a whole record.
    InvalidRecord if reading it back would not give the record again.
    """
    record = dataclasses.replace(
        record, started=_fixed_offset(record.started), ended=_fixed_offset(record.ended)
    )
    try:
        data = "".join(f"{line}\n" for line in _lines(record)).encode()
    except UnicodeEncodeError as error:
        raise InvalidRecord(f"{error.object!r} is not valid Unicode") from None
    except (TypeError, ValueError) as error:
        raise InvalidRecord(f"cannot be written as TOML: {error}") from None
    try:
        tables = tomli.loads(data.decode())["workout"]
    except tomli.TOMLDecodeError as error:
        raise InvalidRecord(f"cannot be written as TOML: {error}") from None
    if len(tables) != 1 or not alike(from_table(tables[0]), record):
        raise InvalidRecord("reading it back would give another record")
    return data


def from_table(table: Mapping[str, Any]) -> Record:
    """The record of a `[[workout]]` table; InvalidRecord names the key that is missing or wrong."""
    rest = dict(table)
    blocks = _take(rest, "block", list)
    if blocks is None:
        raise InvalidRecord("`block` is missing: the record is incomplete")
    rows: list[Row] = []
    row_extra: dict[int, Mapping[str, Any]] = {}
    for number, block in enumerate(blocks):
        if not isinstance(block, dict):
            raise InvalidRecord(f"block {number + 1} is not a table")
        try:
            row, unknown = _row(dict(block))
        except InvalidRecord as error:
            raise InvalidRecord(f"block {number + 1}: {error.reason}") from None
        rows.append(row)
        if unknown:
            row_extra[number] = unknown
    stumbles = _take(rest, "stumbles", list) or []
    return Record(
        id=_need(rest, "id", str),
        started=_moment(rest, "started"),
        ended=_moment(rest, "ended"),
        set=_need(rest, "set", str),
        status=_choice(rest, "status", Status),
        totals=Totals(*(_ms(rest, f"{f.name}_s") or 0 for f in dataclasses.fields(Totals))),
        rows=tuple(rows),
        planned=_ms(rest, "planned_s"),
        reason=_take(rest, "reason", str) or "",
        scaled=_take(rest, "scaled", str) or "",
        distance_m=_number(rest, "distance_m"),
        belt_distance_m=_number(rest, "belt_distance_m"),
        stumbles=tuple(_to_ms("stumbles", value) for value in stumbles),
        rpe=_score(rest, "rpe"),
        pain=_take(rest, "pain", int),
        note=_take(rest, "note", str) or "",
        format=_take(rest, "format", int) or FORMAT,
        extra=rest,
        row_extra=row_extra,
    )


def alike(one: object, other: object) -> bool:
    """Whether two records (or parts of them) are equal; "nan" of an unknown key equals itself."""
    if isinstance(one, Record) and isinstance(other, Record):
        return all(
            alike(getattr(one, f.name), getattr(other, f.name)) for f in dataclasses.fields(Record)
        )
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    return one == other


def _fixed_offset(moment: datetime) -> datetime:
    """The same instant with a plain offset: zones make equal instants of a DST fold unequal."""
    offset = moment.utcoffset()
    if offset is None:
        raise InvalidRecord("`started` and `ended` need their UTC offset")
    return moment.replace(tzinfo=timezone(offset), fold=0)


# Writing -----------------------------------------------------------------------------------------


def _lines(record: Record) -> Iterator[str]:
    yield "[[workout]]"
    values = scalar_texts(record)
    yield from (f"{_key(name)} = {text}" for name, text in values.items() if text is not None)
    yield "block = ["
    yield from (f"  {text}," for text in row_texts(record))
    yield "]"


def row_texts(record: Record) -> list[str]:
    """Its rows as written, each an inline table."""
    return [
        _row_text(row, record.row_extra.get(number, {})) for number, row in enumerate(record.rows)
    ]


def scalar_texts(record: Record) -> dict[str, str | None]:
    """All keys of a record before its rows, in their order, with their values as TOML."""
    totals = dataclasses.asdict(record.totals)
    return {
        "id": _value(record.id),
        "format": _value(record.format),
        "started": record.started.isoformat(),
        "ended": record.ended.isoformat(),
        "set": _value(record.set),
        "status": _value(record.status.value),
        "reason": _text(record.reason),
        "scaled": _text(record.scaled),
        "planned_s": _seconds(record.planned),
        **{f"{name}_s": _seconds(ms) for name, ms in totals.items()},
        "distance_m": _decimal(record.distance_m),
        "belt_distance_m": _decimal(record.belt_distance_m),
        "stumbles": _stumbles(record.stumbles),
        "rpe": None if record.rpe is None else _value(record.rpe),
        "pain": None if record.pain is None else _value(record.pain),
        "note": _text(record.note),
        **{name: _value(value) for name, value in record.extra.items()},
    }


def _row_text(row: Row, extra: Mapping[str, Any]) -> str:
    values: dict[str, str | None] = {
        "kind": _value(row.kind.value),
        "label": _text(row.label),
        "planned_s": _seconds(row.planned),
        "done_s": _seconds(row.done),
        "speed": _decimal(row.speed),
        "incline": _decimal(row.incline),
        "started_s": _seconds(row.started),
        "skipped": "true" if row.skipped else None,
        **{name: _value(value) for name, value in extra.items()},
    }
    pairs = (f"{_key(name)} = {text}" for name, text in values.items() if text is not None)
    return f"{{ {', '.join(pairs)} }}"


def _value(value: object) -> str:
    """A TOML value on one line."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(k)} = {_value(v)}' for k, v in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, datetime):
        return value.isoformat()
    return tomli_w.dumps({"k": value}).removeprefix("k = ").removesuffix("\n")


def _key(name: str) -> str:
    return tomli_w.dumps({name: 0}).removesuffix(" = 0\n")


def _text(value: str) -> str | None:
    return _value(value) if value else None


def _seconds(ms: int | None) -> str | None:
    """Milliseconds as exact decimal seconds, always with a point."""
    if ms is None:
        return None
    whole, thousandths = divmod(ms, 1000)
    if whole < 0:
        raise ValueError(f"{ms} ms is negative")
    return f"{whole}.{f'{thousandths:03}'.rstrip('0') or '0'}"


def _decimal(value: float | None) -> str | None:
    """A number that stays a decimal even if it happens to be whole."""
    return None if value is None else _value(float(value))


def _stumbles(instants: tuple[int, ...]) -> str | None:
    return f"[{', '.join(text for ms in instants if (text := _seconds(ms)))}]" if instants else None


# Reading -----------------------------------------------------------------------------------------


def _row(block: dict[str, Any]) -> tuple[Row, dict[str, Any]]:
    row = Row(
        kind=_choice(block, "kind", Kind),
        label=_take(block, "label", str) or "",
        planned=_ms(block, "planned_s"),
        done=_to_ms("done_s", _need(block, "done_s", (int, float))),
        speed=_number(block, "speed"),
        incline=_number(block, "incline"),
        started=_ms(block, "started_s") or 0,
        skipped=_take(block, "skipped", bool) or False,
    )
    return row, block


def _take(table: dict[str, Any], key: str, kind: type | tuple[type, ...]) -> Any:
    """Remove and return a value of this kind; None if the key is missing."""
    value = table.pop(key, None)
    if value is None:
        return None
    # A bool is an int to Python, but a mistake to a reader.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise InvalidRecord(f"`{key}` is {value!r}, which is not {_NAMES[kind]}")
    return value


def _need(table: dict[str, Any], key: str, kind: type | tuple[type, ...]) -> Any:
    value = _take(table, key, kind)
    if value is None:
        raise InvalidRecord(f"`{key}` is missing")
    return value


def _choice(table: dict[str, Any], key: str, kind: type[_T]) -> _T:
    value = _need(table, key, str)
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(kind)
        raise InvalidRecord(f"`{key}` is {value!r}, which is not one of {known}") from None


def _moment(table: dict[str, Any], key: str) -> datetime:
    value: datetime = _need(table, key, datetime)
    if value.utcoffset() is None:
        raise InvalidRecord(f"`{key}` has no offset from UTC, such as +01:00")
    return value


def _score(table: dict[str, Any], key: str) -> float | None:
    value: float | None = _take(table, key, (int, float))
    return _finite(key, value)


def _number(table: dict[str, Any], key: str) -> float | None:
    value = _score(table, key)
    return None if value is None else float(value)


def _ms(table: dict[str, Any], key: str) -> int | None:
    value = _take(table, key, (int, float))
    return None if value is None else _to_ms(key, value)


def _to_ms(key: str, value: object) -> int:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise InvalidRecord(f"`{key}` is {value!r}, which is not {_NAMES[(int, float)]}")
    _finite(key, value)
    if value < 0:
        raise InvalidRecord(f"`{key}` is {value}, which is negative")
    return round(value * 1000)


def _finite(key: str, value: float | None) -> float | None:
    # Compared first: a whole number may be too large for the check whether it is finite.
    if value is not None and (abs(value) > _LARGEST or math.isnan(value)):
        raise InvalidRecord(f"`{key}` is {value}, which is not a sensible number")
    return value


_NAMES: dict[type | tuple[type, ...], str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    datetime: "a date and time",
    (int, float): "a number",
}
