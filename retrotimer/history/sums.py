"""The result of a workout, as its end and its summary say it."""

from __future__ import annotations

from retrotimer.core.units import Units
from retrotimer.history.contradictions import contradictions
from retrotimer.history.record import Record
from retrotimer.text.format import ARROW, WORD, directions, distance, elapsed, speed


def sums(record: Record, units: Units, *, words: bool = False) -> list[str]:
    """Its sums in short parts, then remarks.

    `words`: the directions in words, for those who listen, else as signs.
    """
    totals = record.totals
    parts = [
        *directions(totals, words=words),
        f"turns {elapsed(totals.turn)} ({record.turns})",
    ]
    if totals.rest >= 1000:
        parts.append(f"rest {elapsed(totals.rest)}")
    if totals.paused >= 1000:
        parts.append(f"paused {elapsed(totals.paused)}")
    if record.distance_m is not None:
        parts.append(f"about {distance(record.distance_m, units)}")
    if record.stumbles:
        stumbles = (_where(record, at, units, words=words) for at in record.stumbles)
        parts.append(f"stumbles at {', '.join(stumbles)}")
    if record.scaled:
        parts.append(record.scaled)
    if record.ending:
        parts.append(record.ending)
    if odd := contradictions(record):
        parts.append(f"does not add up: {'; '.join(odd)}")
    return parts


def _where(record: Record, instant: int, units: Units, *, words: bool) -> str:
    """A stumble: when, in which direction, how fast."""
    row = record.row_at(instant)
    if row is None:
        return elapsed(instant)
    kind = WORD[row.kind].lower() if words else ARROW[row.kind]
    return f"{elapsed(instant)} {kind} {speed(row.speed, units)}".rstrip()
