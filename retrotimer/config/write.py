"""Writes the first config: the commented example, never over an existing file."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path

from retrotimer.config import schema
from retrotimer.host.paths import CONFIG_NAME


class InitError(Exception):
    """A config could not be written; `path` is the file, `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def example() -> str:
    """The text of the example config: every key with its default and a comment."""
    return files("retrotimer.config").joinpath("example.toml").read_text(encoding="utf-8")


def init(place: Path) -> list[Path]:
    """Write the example as a new config with its schema beside it; returns what was written.

    `place` is the file if it ends in .toml and is not a folder, else the folder for a
    `config.toml`; missing folders are created, an existing schema stays. Raises InitError, also if
    the config already exists.
    """
    # os.path returns False where Path raises: a name that is too long, a folder without permission.
    is_folder = os.path.isdir(place)  # noqa: PTH112
    path = place if place.suffix == ".toml" and not is_folder else place / CONFIG_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise InitError(path, f"{error.filename} is not a folder") from error
    except OSError as error:
        raise InitError(path, error.strerror or str(error)) from error
    if not _written(path, example()):
        raise InitError(path, "already exists; nothing was written")
    beside = path.with_name(schema.FILE_NAME)
    text = json.dumps(schema.schema(), indent=2, ensure_ascii=False) + "\n"
    return [path, beside] if _written(beside, text) else [path]


def _written(path: Path, text: str) -> bool:
    """Whether the file was written: an existing one stays; a failed write leaves none behind."""
    try:
        file = path.open("x", encoding="utf-8", newline="\n")
    except FileExistsError:
        return False
    except OSError as error:
        raise InitError(path, error.strerror or str(error)) from error
    try:
        with file:
            file.write(text)
    except OSError as error:
        path.unlink(missing_ok=True)  # half a file would be worse than none
        raise InitError(path, error.strerror or str(error)) from error
    return True
