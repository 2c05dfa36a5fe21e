"""The one clock that the program and its player share."""

from __future__ import annotations

import sys
import time

# Windows' monotonic clock moved in steps of 15.6 ms before 3.13; its perf_counter counts from the
# machine's start as well, so two processes still read the same instant.
now_ns = (
    time.perf_counter_ns
    if sys.platform == "win32" and sys.version_info < (3, 13)
    else time.monotonic_ns
)

SECOND = 1_000_000_000
MILLISECOND = 1_000_000
