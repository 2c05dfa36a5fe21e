"""What does not add up in a record: it was edited by hand, because the program keeps every sum."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from retrotimer.core.plan import distance
from retrotimer.core.sets import Kind
from retrotimer.history.record import Record, Status
from retrotimer.text.format import elapsed

SLACK = 1_000
"""A difference up to this, in ms, is ignored: it is rounding by hand (NS)."""
_IN_ROWS = {
    "forward": (Kind.FORWARD,),
    "backward": (Kind.BACKWARD,),
    "rest": (Kind.REST,),
    "turn": (Kind.TURN, Kind.READY),
}


def contradictions(record: Record) -> tuple[str, ...]:
    """A short sentence for everything impossible; none for a record that nobody edited."""
    return tuple(_found(record))


def _found(record: Record) -> Iterator[str]:
    totals = record.totals
    lasted = (record.ended - record.started) // timedelta(milliseconds=1)
    if lasted < 0:
        yield "it ended before it started"
    elif _differ(lasted, totals.elapsed):
        yield f"it lasted {elapsed(lasted)}, its times add up to {elapsed(totals.elapsed)}"
    for name, kinds in _IN_ROWS.items():
        whole = getattr(totals, name)
        rows = sum(row.done for row in record.rows if row.kind in kinds)
        if _differ(whole, rows):
            yield f"{name}_s is {elapsed(whole)}, the rows add up to {elapsed(rows)}"
    for number, row in enumerate(record.rows, 1):
        if row.started + row.done > max(lasted, totals.elapsed) + SLACK:
            yield f"row {number} ends after the workout"
    yield from _overlaps(record)
    if any(at > max(lasted, totals.elapsed) + SLACK for at in record.stumbles):
        yield "a stumble is later than the end"
    if record.status is Status.COMPLETED and not record.rows:
        yield "it was completed, but has no rows"
    yield from _numbers(record)


def _overlaps(record: Record) -> Iterator[str]:
    """Rows that overlap; only a countdown with which a paused block goes on may lie inside it."""
    over = {False: (0, 0), True: (0, 0)}  # by whether it is a countdown: (when, which row)
    for number, row in enumerate(record.rows, 1):
        countdown = row.kind in _IN_ROWS["turn"]
        end, before = over[True] if countdown else max(over.values())
        if end > row.started + SLACK:
            yield f"row {number} begins before row {before} is over"
        over[countdown] = max(over[countdown], (row.started + row.done, number))


def _numbers(record: Record) -> Iterator[str]:
    """Impossible numbers, and the distance against the speeds."""
    told = record.distance_m
    estimate = distance((row.kind, row.done, row.speed) for row in record.rows)
    for name in ("distance_m", "belt_distance_m"):
        value = getattr(record, name)
        if value is not None and value < 0:
            yield f"{name} is negative"
    if told is None or estimate is None or told < 0:
        pass
    elif abs(told - estimate) > max(1.0, 0.01 * estimate):
        yield f"distance_m is {told:.0f}, but the speeds of the rows give {estimate:.0f}"
    for name in ("rpe", "pain"):
        value = getattr(record, name)
        if value is not None and not 0 <= value <= 10:
            yield f"{name} is {value:g}, not from 0 to 10"
    for number, row in enumerate(record.rows, 1):
        if row.speed is not None and row.speed < 0:
            yield f"the speed of row {number} is negative"


def _differ(one: int, other: int) -> bool:
    return abs(one - other) > SLACK
