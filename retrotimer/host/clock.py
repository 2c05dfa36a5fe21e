"""The clocks that the program and its player share; docs/clocks.md has them for each system."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

SECOND = 1_000_000_000
MILLISECOND = 1_000_000

# Windows' monotonic clock moved in steps of 15.6 ms before 3.13; its perf_counter also counts from
# the machine's start, so two processes read the same instant.
now_ns = (
    time.perf_counter_ns
    if sys.platform == "win32" and sys.version_info < (3, 13)
    else time.monotonic_ns
)
"""Nanoseconds on the clock that sound is scheduled on.

Where the system allows, it stops while the machine sleeps."""


def boot_ns() -> int:
    """Nanoseconds on a clock that counts sleep and never jumps.

    Like `now_ns` it is the same for all processes until the next boot. Leases use it.
    """
    if sys.platform == "linux":
        ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        # time.monotonic() stops in sleep on macOS; this one goes on, and no time server adjusts it.
        ns = time.clock_gettime_ns(time.CLOCK_MONOTONIC_RAW)
    else:
        # Windows: both clocks behind this one count sleep. Other systems have no better one.
        ns = now_ns()
    return ns


def apart(boot: Callable[[], int] = boot_ns, sound: Callable[[], int] = now_ns) -> int:
    """How far `boot_ns` is ahead of `now_ns` (ns): it grows by the time the machine slept.

    Two clocks cannot be read at once, and reading may be interrupted in between: the closest of
    several readings counts.
    """
    closest, found = SECOND * SECOND, 0
    for _ in range(5):
        before = sound()
        ahead = boot()
        took = sound() - before
        if took < closest:
            closest, found = took, ahead - before - took // 2
        if took < MILLISECOND // 10:
            break
    return found


def boot_ms() -> int:
    """Milliseconds on a clock that counts sleep and never jumps.

    It is the same for all processes until the next boot, whatever happens to the wall clock.
    """
    return boot_ns() // 1_000_000


def wall() -> datetime:
    """The local time with its offset from UTC."""
    return datetime.now().astimezone()


def boot_id() -> str:
    """An id of this run of the machine, "" if the system has none: `boot_ms` starts anew with
    it."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""
