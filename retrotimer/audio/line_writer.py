"""Writes lines to a pipe without ever waiting for the reader."""

from __future__ import annotations

import contextlib
import os
import select
import stat
import sys
from queue import Empty, Full, Queue
from threading import Lock, Thread
from typing import IO

_ROOM = 256
_AT_ONCE = 512
"""POSIX: a pipe that accepts anything at all accepts so many bytes without waiting."""


class LineWriter:
    """Writes lines at once where that cannot wait, else in a thread.

    What no longer fits is lost, and `put` says so.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._pipe = _pipe(stream)
        self._lines: Queue[bytes] = Queue(_ROOM)
        self._lock = Lock()
        self.error: OSError | None = None
        self._thread = Thread(target=self._write, name=name, daemon=True)
        self._thread.start()

    def put(self, line: bytes) -> bool:
        """Write a line, now or soon; False: the reader is stuck, and no room is left."""
        with self._lock:
            if line and len(line) <= _AT_ONCE and not self.behind and self._written(line):
                return True
            try:
                self._lines.put_nowait(line)
            except Full:
                return False
            return True

    def _written(self, line: bytes) -> bool:
        """Write it if that cannot wait: no other thread has to be woken then."""
        if self._pipe is None or self.error is not None:
            return False
        try:
            if not any(event & select.POLLOUT for _, event in self._pipe.poll(0)):
                return False
            os.write(self._stream.fileno(), line)
        except (OSError, ValueError):
            return False  # the thread finds out why
        return True

    @property
    def behind(self) -> bool:
        """Whether a line is not written yet."""
        return self._lines.unfinished_tasks > 0

    def settle(self, timeout: float) -> bool:
        """Wait until everything is written, at most this many seconds; False: it is not."""
        with self._lines.all_tasks_done:
            return self._lines.all_tasks_done.wait_for(lambda: not self.behind, timeout)

    def close(self, timeout: float) -> bool:
        """Write what is left and close the pipe; False: the reader did not accept it in time
        (s)."""
        if not self.put(b""):
            self._empty()
            self.put(b"")
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _empty(self) -> None:
        with contextlib.suppress(Empty):
            while True:
                self._lines.get_nowait()
                self._lines.task_done()

    def _write(self) -> None:
        broken = False
        while line := self._lines.get():
            # When the reader is gone it keeps accepting lines, so that nobody notices here.
            if not broken:
                try:
                    self._stream.write(line)
                    self._stream.flush()
                except (OSError, ValueError) as error:
                    broken = True
                    self.error = error if isinstance(error, OSError) else None
            self._lines.task_done()
        with contextlib.suppress(OSError):
            self._stream.close()


def _pipe(stream: IO[bytes]) -> select.poll | None:
    """What tells whether a pipe accepts a line now; None for anything that may still wait."""
    if sys.platform == "win32":
        return None
    try:
        if not stat.S_ISFIFO(os.fstat(stream.fileno()).st_mode):
            return None
        # Not select(): it cannot handle descriptors from 1024 on.
        pipe = select.poll()
        pipe.register(stream, select.POLLOUT)
    except (OSError, ValueError):
        return None
    return pipe
