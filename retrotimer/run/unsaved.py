"""Where a workout goes that the history could not take, so that it is never lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from retrotimer.history.errors import HistoryError
from retrotimer.run.environment import Environment
from retrotimer.run.journal import FLUSH

if TYPE_CHECKING:
    from retrotimer.history.record import Record

IN_SESSION = "It stays in the session file; the next start offers to save it."
ELSEWHERE = (
    "The session file does not have it either. When the program ends, it is saved in another "
    "folder or shown as text."
)


def other_places(history: Path, record_id: str) -> list[Path]:
    """Files for the record if the history cannot be written: beside it, at home, here."""
    folders = [history.parent]
    with suppress(RuntimeError):  # no home folder is known
        folders.append(Path.home())
    with suppress(OSError):  # the current folder is gone
        folders.append(Path.cwd())
    return [folder / f"retrotimer-{record_id}.toml" for folder in dict.fromkeys(folders)]


def rescue(environment: Environment, say: Callable[[str], None]) -> None:
    """At the end of the program: save what is not in the history to the first place that takes it.

    That is the session file, else another folder, or finally the terminal; `say` is told which.
    """
    record, environment.pending = environment.pending, None
    if record is None:
        return
    if environment.sessions.flush(FLUSH):
        say(IN_SESSION)
        return
    place = _saved_elsewhere(record, environment.history_path)
    if place is not None:
        # The session file has an older state.
        environment.sessions.clear()
        say(f"the workout was saved in {place}; `retrotimer --history {place} history` shows it")
        return
    from retrotimer.history.record import to_toml

    say("the workout could not be saved anywhere; here is its record, to add to the history:")
    for line in to_toml(record).decode().removesuffix("\n").split("\n"):
        say(line)


def _saved_elsewhere(record: Record, history: Path) -> Path | None:
    from retrotimer.history.file import HistoryFile

    for place in other_places(history, record.id):
        try:
            HistoryFile(place).append(record)
        except HistoryError:
            continue
        return place
    return None
