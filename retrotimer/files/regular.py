"""Only regular files are read, written or replaced; what we make is for its owner alone.

Opening a device can do something and opening a pipe can wait for ever, and a rename puts a regular
file in the place of either. So everything that has a name given by the user goes through here.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

FILE_MODE = 0o600
"""The mode of a new file, whatever the umask."""
FOLDER_MODE = 0o700
"""The mode of a new folder."""

_BINARY = getattr(os, "O_BINARY", 0)
_SAFELY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
    stat.S_IFLNK: "a link that leads nowhere",
}


def refuse_others(path: Path) -> None:
    """OSError when the name, or what it links to, is there and is no regular file."""
    try:
        found = os.lstat(os.path.realpath(path))
    except FileNotFoundError:
        return
    _refuse(found.st_mode, path)


def open_regular(path: Path, flags: int) -> int:
    """A descriptor of the regular file, made with `FILE_MODE` where `flags` has O_CREAT.

    OSError where it is anything else; never waits for another program.
    """
    # Looked at before, as the opening alone may ring, rewind or trigger something ...
    refuse_others(path)
    fd = os.open(path, flags | _BINARY | _SAFELY, FILE_MODE)
    try:
        # ... and after, as the name may have come to mean something else.
        _refuse(os.fstat(fd).st_mode, path)
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_regular(path: Path, most: int | None = None) -> bytes:
    """The bytes of the regular file, all or the first `most`; OSError when it is none."""
    with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
        return file.read(-1 if most is None else most)


def make_folder(folder: Path) -> None:
    """Make the folder and those above it where they lack, each for its owner alone."""
    lacking = []
    while not folder.is_dir():
        lacking.append(folder)
        if folder.parent == folder:
            break
        folder = folder.parent
    for one in reversed(lacking):
        one.mkdir(FOLDER_MODE, exist_ok=True)


def _refuse(mode: int, path: Path) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise OSError(errno.EINVAL, f"it is {kind}, not a regular file", str(path))
