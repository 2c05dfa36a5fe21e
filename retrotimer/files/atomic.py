"""Writes files so that a crash, a full disk or a power cut leaves the old or the new one whole."""

from __future__ import annotations

import contextlib
import glob
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from retrotimer.files import toml_file
from retrotimer.files.regular import open_regular, refuse_others

STALE_TEMP = 3600
"""Age in seconds from which a temporary file beside its target counts as left by a crash."""


def stamp() -> str:
    """The local time for the name of a file set aside, such as `20261123T071000`."""
    return time.strftime("%Y%m%dT%H%M%S")


def write_all(fd: int, data: bytes) -> None:
    """Write all of `data`; OSError if the system accepts no more."""
    view = memoryview(data)
    while view:
        # A nearly full disk accepts a part without an error; the next call reports it.
        view = view[os.write(fd, view) :]


def sync_folder(folder: Path) -> None:
    """Make new and renamed names in `folder` survive a power cut, if the system can."""
    with contextlib.suppress(OSError):
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def replace_file(path: Path, data: bytes, mode: int | None = None) -> None:
    """Replace the file's content with `data` at once; through a symbolic link its target is
    replaced.

    `mode` None keeps the file's own, or 0o600 for a new one. OSError leaves the file as it was; it
    is also raised for anything but a regular file.
    """
    real = Path(os.path.realpath(path))
    refuse_others(real)
    if mode is None:
        with contextlib.suppress(FileNotFoundError):
            mode = real.stat().st_mode & 0o7777
    _sweep(real)
    fd, temp = tempfile.mkstemp(prefix=f".{real.name}-", suffix=".tmp", dir=real.parent)
    try:
        try:
            write_all(fd, data)
            if mode is not None and sys.platform != "win32":
                os.fchmod(fd, mode)
            os.fsync(fd)
        finally:
            os.close(fd)
        # Checked again: the name may refer to something else by now.
        refuse_others(real)
        Path(temp).replace(real)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temp).unlink()
        raise
    sync_folder(real.parent)


def set_aside(path: Path, data: bytes, word: str, when: Callable[[], str] = stamp) -> Path:
    """Save `data` permanently in a new file beside `path`, `NAME.WORD-TIME`, and return its
    path."""
    target, fd = _create_beside(path, word, when)
    try:
        try:
            write_all(fd, data)
            os.fsync(fd)
        finally:
            os.close(fd)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink()
        raise
    sync_folder(target.parent)
    return target


def move_aside(path: Path, word: str, when: Callable[[], str] = stamp) -> Path:
    """Rename the file to `NAME.WORD-TIME` beside it and return its new path."""
    target, fd = _create_beside(path, word, when)
    os.close(fd)
    path.replace(target)
    sync_folder(target.parent)
    return target


def read_toml(path: Path) -> dict[str, Any] | None:
    """The file's table, None if there is no file; ValueError if it is damaged."""
    try:
        return toml_file.read(path)
    except FileNotFoundError:
        return None


def read_or_set_aside(
    path: Path, when: Callable[[], str] = stamp
) -> tuple[dict[str, Any] | None, str | None]:
    """The file's table and a note: a damaged file is moved aside, and the note says where."""
    try:
        return read_toml(path), None
    except ValueError as error:
        kept = move_aside(path, "damaged", when)
        return None, f"{path.name} could not be read ({error}); it was kept as {kept.name}"


def _create_beside(path: Path, word: str, when: Callable[[], str]) -> tuple[Path, int]:
    """A new empty file that nobody else has, and its descriptor."""
    base = f"{path.name}.{word}-{when()}"
    number = 1
    while True:
        target = path.with_name(base if number == 1 else f"{base}-{number}")
        try:
            return target, open_regular(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            number += 1


def _sweep(real: Path) -> None:
    """Remove what earlier crashes left half written; the holder of the lock may."""
    horizon = time.time() - STALE_TEMP
    with contextlib.suppress(OSError):
        for leftover in real.parent.glob(f".{glob.escape(real.name)}-*.tmp"):
            if leftover.stat().st_mtime < horizon:
                leftover.unlink()
