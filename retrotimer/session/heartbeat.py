"""The sign of life of a running workout: up to which instant its session file tells all.

It is eight bytes in the claim file, the instant on the boot clock. A time stamp of the file would
need as much work, but jumps with the wall clock and tells nothing at the first look. Nothing is
synced: whoever looks reads the same cache, and after a power cut no program is alive.
"""

from __future__ import annotations

import contextlib
import os
import struct
from pathlib import Path

from retrotimer.files.regular import open_regular

BEAT_EVERY = 500
"""A living program leaves a sign at most so often, in ms."""
_FORM = struct.Struct("<q")


def claim_path(session: Path) -> Path:
    """The file that the one program which may run workouts holds, beside the session file."""
    return session.with_suffix(".lock")


def beat(claim: int, now: int) -> None:
    """Leave a sign in the open claim file: alive at `now`, in ms of the boot clock."""
    with contextlib.suppress(OSError):
        os.lseek(claim, 0, os.SEEK_SET)
        # In one piece, so that no reader finds half of it.
        os.write(claim, _FORM.pack(now))


def forget(claim: int) -> None:
    """Take away the sign of the program that had the claim before."""
    with contextlib.suppress(OSError):
        os.ftruncate(claim, 0)


def last(session: Path) -> int | None:
    """The last sign of the program that has the claim, None when it gave none or cannot be read."""
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
