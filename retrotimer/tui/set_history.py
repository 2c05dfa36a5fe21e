"""What the history says about sets, read back only as far as needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrotimer.history.errors import HistoryError
from retrotimer.text.format import day

if TYPE_CHECKING:
    from retrotimer.history.file import HistoryFile
    from retrotimer.history.record import Record


@dataclass(frozen=True, slots=True)
class SetHistory:
    """The newest record of each set, and the sets that were completed.

    `whole` once nothing more can be found; `trouble` says why the history could not be read.
    """

    newest: Mapping[str, Record] = field(default_factory=dict)
    completed: frozenset[str] = frozenset()
    whole: bool = False
    trouble: str = ""


def look_back(
    history: HistoryFile, names: AbstractSet[str], after: AbstractSet[str]
) -> Iterator[SetHistory | None]:
    """What is known after every record, None if it added nothing; the last one is whole.

    It ends once every one of `names` was found and every one of `after` was completed.
    """
    # Home shows this module's values before any record is read.
    from retrotimer.history.record import Record, Status

    newest: dict[str, Record] = {}
    completed: set[str] = set()
    trouble = ""
    try:
        for entry in history.newest():
            if names <= newest.keys() and after <= completed:
                break
            if not isinstance(entry, Record):
                continue
            known = len(newest) + len(completed)
            newest.setdefault(entry.set, entry)
            # To its own end, not that of an early cool down.
            if entry.status is Status.COMPLETED and not entry.reason:
                completed.add(entry.set)
            new = len(newest) + len(completed) > known
            yield SetHistory(dict(newest), frozenset(completed)) if new else None
    except HistoryError as error:
        trouble = str(error)
    yield SetHistory(dict(newest), frozenset(completed), whole=True, trouble=trouble)


def done_text(record: Record) -> str:
    """When a workout was done, how it ended and how it felt."""
    from retrotimer.history.record import Status

    parts = [day(record.started)]
    if record.status is not Status.COMPLETED:
        parts.append(record.status.value)
    if record.rpe is not None:
        parts.append(f"RPE {record.rpe:g}")
    if record.pain is not None:
        parts.append(f"pain {record.pain}" if record.pain else "no pain")
    return ", ".join(parts)
