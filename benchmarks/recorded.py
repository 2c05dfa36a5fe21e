"""What a sound server's monitor gives, recorded by another process and read back with numpy.

Nothing of the recording runs in this process, so that nothing can spoil it here.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrotimer.host.clock import SECOND, now_ns
from tests.support.sound_server import RATE as RATE
from tests.support.sound_server import SINK as SINK
from tests.support.sound_server import PulseServer as PulseServer
from tests.support.sound_server import missing as missing
from tests.support.sound_server import recording

Samples: TypeAlias = NDArray[np.int16]

_FRAME = 2
_WATCHED = 1.0
"""For how long the recording is watched to know when it began, in seconds."""


@dataclass(frozen=True, slots=True)
class Recording:
    """48 kHz mono samples; `origin` is the instant (ns) of the first, to within a chunk (25 ms)."""

    samples: Samples
    origin: int

    def instant(self, frame: int) -> int:
        """The instant (ns) at which a frame was heard."""
        return self.origin + frame * SECOND // RATE

    def frame(self, instant: int) -> int:
        """The frame that was heard at an instant, within the recording."""
        return min(max((instant - self.origin) * RATE // SECOND, 0), self.samples.size)

    def onsets(self, threshold: int = 1500, gap_ms: int = 150) -> list[int]:
        """The frames at which a sound begins after `gap_ms` of silence."""
        loud = np.flatnonzero((self.samples > threshold) | (self.samples < -threshold))
        new = np.diff(loud, prepend=-RATE) >= gap_ms * RATE // 1000
        return [int(frame) for frame in loud[new]]


class Tape:
    """A recording under way; `take` gives what has been heard so far."""

    def __init__(self, server: PulseServer, path: Path, sink: str = SINK) -> None:
        self._path = path
        with path.open("wb") as file:
            self._process = recording(server.env, file, sink)
        self._origin = 0

    def wait(self) -> None:
        """Wait until it runs, and find out when it began; TimeoutError after 30 s."""
        deadline = time.monotonic() + 30
        while not self._frames():
            if time.monotonic() > deadline:
                raise TimeoutError("nothing is being recorded")
            time.sleep(0.01)
        # A chunk is never early: the earliest of them tells where the recording began.
        found = []
        end = time.monotonic() + _WATCHED
        while time.monotonic() < end:
            found.append(now_ns() - self._frames() * SECOND // RATE)
            time.sleep(0.001)
        self._origin = min(found)

    def take(self) -> Recording:
        """What was heard so far."""
        return Recording(np.fromfile(self._path, np.int16, self._frames()), self._origin)

    def stop(self) -> Recording:
        """End it, and return what was heard."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        return self.take()

    def _frames(self) -> int:
        return self._path.stat().st_size // _FRAME


@contextmanager
def taped(server: PulseServer, path: Path, sink: str = SINK) -> Iterator[Tape]:
    """Record into a file; begins when the first samples have come, ends by itself."""
    tape = Tape(server, path, sink)
    try:
        tape.wait()
        yield tape
    finally:
        tape.stop()
