"""The sign of life of a running workout: the instant up to which its session file is current.

It is eight bytes in the lock file, the instant on the boot clock. A file's time stamp would need as
much work, but jumps with the wall clock and says nothing at the first look. Nothing is synced:
readers share the same cache, and after a power cut no program is alive.
"""

from __future__ import annotations

import contextlib
import os
import struct
from pathlib import Path

from retrotimer.files.regular import open_regular

BEAT_EVERY = 500
"""A living program leaves a sign at most this often, in ms."""
_FORM = struct.Struct("<q")


def claim_path(session: Path) -> Path:
    """The file that the one program that may run workouts locks, beside the session file."""
    return session.with_suffix(".lock")


def beat(claim: int, now: int) -> None:
    """Leave a sign in the open lock file: alive at `now`, in ms of the boot clock."""
    with contextlib.suppress(OSError):
        os.lseek(claim, 0, os.SEEK_SET)
        # In one piece, so that no reader finds half of it.
        os.write(claim, _FORM.pack(now))


def forget(claim: int) -> None:
    """Remove the sign of the program that held the lock before."""
    with contextlib.suppress(OSError):
        os.ftruncate(claim, 0)


def last(session: Path) -> int | None:
    """The last sign of the program that holds the lock, None if there is none or it is
    unreadable."""
    try:
        fd = open_regular(claim_path(session), os.O_RDONLY)
    except OSError:
        return None
    try:
        (instant,) = _FORM.unpack(os.read(fd, _FORM.size))
    except (OSError, struct.error):
        return None
    finally:
        os.close(fd)
    return int(instant)
