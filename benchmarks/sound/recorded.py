"""What a sound server's monitor gives, recorded by another process and read back with numpy.

Nothing of the recording runs in this process, so that nothing can spoil it here.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.sound import arrivals, pilot
from retrotimer.host.clock import SECOND
from tests.support.sound_server import RATE as RATE
from tests.support.sound_server import SINK as SINK
from tests.support.sound_server import PulseServer as PulseServer
from tests.support.sound_server import missing as missing
from tests.support.sound_server import recording

Samples: TypeAlias = NDArray[np.int16]

_FRAME = 2
_WATCHED = 1.0
"""For how long it is recorded before it is known when the recording began, in seconds."""

Span: TypeAlias = tuple[int, int]
"""From one instant (ns) to another."""


@dataclass(frozen=True, slots=True)
class Recording:
    """48 kHz mono samples; `origin` is the instant (ns) of the first, to within a chunk (25 ms).

    `broken` is where the recording had lost samples, or had some too many or silent ones. `waits`
    are the times between two arrivals of samples.
    """

    samples: Samples
    origin: int
    broken: Sequence[Span] = ()
    waits: Sequence[Span] = ()

    def mended(self) -> Recording:
        """The same without the pilot tone, and with every sample where it belongs."""
        found = pilot.breaks(self.samples)
        samples, spans = pilot.mended(pilot.without_tone(self.samples), found)
        broken = [(self.instant(first), self.instant(last)) for first, last in spans]
        return Recording(samples, self.origin, broken, self.waits)

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
        self._notes = path.with_name(f"{path.name}.arrivals")
        self._notes.touch()
        self._process = recording(server.env, subprocess.PIPE, sink)
        command = [sys.executable, arrivals.__file__, str(path), str(self._notes)]
        self._copying = subprocess.Popen(command, stdin=self._process.stdout)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def wait(self) -> None:
        """Wait until it runs, and has for long enough; TimeoutError after 30 s."""
        deadline = time.monotonic() + 30
        while (noted := self._arrivals()).size < 2 or np.ptp(noted[:, 0]) < _WATCHED * SECOND:
            if time.monotonic() > deadline:
                raise TimeoutError("nothing is being recorded")
            time.sleep(0.01)

    def take(self) -> Recording:
        """What was heard so far."""
        noted = self._arrivals()
        instants, frames = noted[:, 0], noted[:, 1] // _FRAME
        # A chunk is never early: the earliest of the first tells when the recording began.
        first = instants <= instants[0] + round(_WATCHED * SECOND)
        origin = int(np.min((instants - frames * SECOND // RATE)[first]))
        waits = list(pairwise(instants.tolist()))
        return Recording(np.fromfile(self._path, np.int16, int(frames[-1])), origin, (), waits)

    def stop(self) -> Recording:
        """End it, and return what was heard."""
        if self._process.poll() is None:
            self._process.terminate()
        for process in (self._process, self._copying):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return self.take()

    def _arrivals(self) -> NDArray[np.int64]:
        """Instants, and how many bytes had come by then."""
        size = self._notes.stat().st_size // arrivals.NOTE.size
        return np.fromfile(self._notes, np.int64, 2 * size).reshape(-1, 2)


@contextmanager
def taped(server: PulseServer, path: Path, sink: str = SINK) -> Iterator[Tape]:
    """Record into a file; begins when the first samples have come, ends by itself."""
    tape = Tape(server, path, sink)
    try:
        tape.wait()
        yield tape
    finally:
        tape.stop()
