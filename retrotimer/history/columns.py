"""The columns of the history, and the table they make in the shell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from retrotimer.core.units import Units
from retrotimer.history.record import Record
from retrotimer.terminal import cells
from retrotimer.terminal.visible import visible
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
