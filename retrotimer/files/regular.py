"""Only regular files are read, written or replaced; files we create are for their owner alone.

Opening a device can trigger something, opening a pipe can block forever, and a rename would replace
either by a regular file. So every file with a name given by the user goes through here.
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
    """OSError if the name, or what it links to, exists and is not a regular file."""
    try:
        found = os.lstat(os.path.realpath(path))
    except FileNotFoundError:
        return
    _refuse(found.st_mode, path)


def open_regular(path: Path, flags: int) -> int:
    """A descriptor of the regular file, created with `FILE_MODE` if `flags` has O_CREAT.

    OSError if it is anything else; never waits for another program.
    """
    # Checked before, because opening alone may ring, rewind or trigger something ...
    refuse_others(path)
    fd = os.open(path, flags | _BINARY | _SAFELY, FILE_MODE)
    try:
        # ... and after, because the name may refer to something else by now.
        _refuse(os.fstat(fd).st_mode, path)
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_regular(path: Path, most: int | None = None) -> bytes:
    """The bytes of the regular file, all or the first `most`; OSError if it is not one."""
    with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
        return file.read(-1 if most is None else most)


def make_folder(folder: Path) -> None:
    """Make the folder and any missing ones above it, each for its owner alone."""
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
