"""state.toml: the small things the program remembers, such as the volume and the last set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from retrotimer.files.atomic import read_or_set_aside, replace_file
from retrotimer.files.regular import make_folder
from retrotimer.history.errors import InvalidRecord, Unavailable


def load(path: Path, tell: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """The remembered values; none if there is no file, or a damaged one, which is set aside.

    Never raises: a lost memory is no reason not to run. `tell` is given the reason.
    """
    try:
        table, note = read_or_set_aside(path)
    except OSError as error:
        tell(str(Unavailable.because(error, path)))
        return {}
    if note:
        tell(note)
    return table or {}


def save(path: Path, values: Mapping[str, Any]) -> None:
    """Replace all remembered values; HistoryError if that is not possible."""
    try:
        data = tomli_w.dumps(values).encode()
    except (TypeError, ValueError) as error:
        raise InvalidRecord(f"cannot be written as TOML: {error}", path) from None
    try:
        make_folder(path.parent)
        replace_file(path, data)
    except OSError as error:
        raise Unavailable.because(error, path) from error
