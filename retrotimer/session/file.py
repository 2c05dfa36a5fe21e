"""session.toml: the workout in progress, so that it survives the program."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from retrotimer.files import locks
from retrotimer.files.atomic import (
    move_aside,
    read_or_set_aside,
    stamp,
    sync_folder,
)
from retrotimer.files.regular import make_folder, open_regular
from retrotimer.history.errors import HistoryError, Unavailable
from retrotimer.session import heartbeat, state_file


class SessionFile:
    """The workout in progress at `path`, and the lock of the one program that may run it."""

    def __init__(self, path: Path, *, when: Callable[[], str] = stamp) -> None:
        self.path = path
        self.note: str | None = None
        """What `read` set aside, if anything."""
        self._when = when
        self._claim: int | None = None

    def write(self, values: Mapping[str, Any]) -> None:
        """Replace the session, on disk when this returns; HistoryError leaves the old one."""
        state_file.save(self.path, values)

    def read(self) -> dict[str, Any] | None:
        """The session, None without one. A damaged file is moved aside, and `note` says where."""
        try:
            table, self.note = read_or_set_aside(self.path, self._when)
        except OSError as error:
            raise Unavailable.because(error, self.path) from error
        return table

    def set_aside(self) -> str:
        """Move aside a session that is readable but unusable; returns the new file's name."""
        try:
            return move_aside(self.path, "unusable", self._when).name
        except OSError as error:
            raise Unavailable.because(error, self.path) from error

    def remove(self) -> None:
        """Delete the session, if there is one."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable.because(error, self.path) from error
        sync_folder(self.path.parent)

    # The claim -----------------------------------------------------------------------------------

    @property
    def _claim_path(self) -> Path:
        return heartbeat.claim_path(self.path)

    def claim(self, patience: float = 0.2) -> bool:
        """Hold the session for the life of this process; False if another one does.

        However the process ends, the lock goes with it. `patience` (seconds) outlasts a program
        that only checks whether it is held.
        """
        if self._claim is not None:
            return True
        fd = self._open_claim()
        try:
            locks.lock(fd, self._claim_path, patience)
        except TimeoutError:
            os.close(fd)
            return False
        heartbeat.forget(fd)
        self._claim = fd
        return True

    def beat(self, now: int) -> None:
        """Tell other processes that this one is alive at `now` (ms of the boot clock), if it holds
        the lock."""
        if self._claim is not None:
            heartbeat.beat(self._claim, now)

    def release(self) -> None:
        """Release the lock."""
        claim, self._claim = self._claim, None
        if claim is not None:
            os.close(claim)

    def _open_claim(self) -> int:
        try:
            make_folder(self.path.parent)
            return open_regular(self._claim_path, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise Unavailable.because(error, self._claim_path) from error


class SessionStore(Protocol):
    """Saves the session of a running workout, in a thread or at once."""

    @property
    def error(self) -> str | None:
        """Why the last write failed, in a few words; None if it did not."""

    @property
    def written(self) -> int:
        """The number of the newest `save` or `clear` that is on disk, 0 before the first."""

    def save(self, values: Mapping[str, Any]) -> int:
        """Save these values, which must not change any more; returns the number of this call."""

    def clear(self) -> int:
        """Delete the session: the workout is in the history."""

    def alive(self, now: int) -> None:
        """Leave a sign of life for other processes, as of `now` (ms of the boot clock).

        None is left while a save is pending, because the file is not current then.
        """

    def flush(self, timeout: float) -> bool:
        """Wait until all is on disk, at most `timeout` seconds; False if it is not."""

    def close(self, timeout: float = 2.0) -> bool:
        """Flush and end."""


class DirectWriter:
    """A SessionStore that writes within the call."""

    def __init__(self, file: SessionFile) -> None:
        self.error: str | None = None
        self.written = 0
        self._file = file
        self._asked = 0
        self._beat = 0

    def save(self, values: Mapping[str, Any]) -> int:
        """See SessionStore."""
        return self._do(values)

    def clear(self) -> int:
        """See SessionStore."""
        return self._do(None)

    def alive(self, now: int) -> None:
        """See SessionStore."""
        if 0 < self._asked == self.written and now - self._beat >= heartbeat.BEAT_EVERY:
            self._beat = now
            self._file.beat(now)

    def flush(self, timeout: float = 0) -> bool:  # noqa: ARG002
        """See SessionStore."""
        return self.written == self._asked

    def close(self, timeout: float = 0) -> bool:
        """See SessionStore."""
        return self.flush(timeout)

    def _do(self, values: Mapping[str, Any] | None) -> int:
        self._asked += 1
        self.error = _put(self._file, values)
        if self.error is None:
            self.written = self._asked
        return self._asked


class SessionWriter:
    """A SessionStore with a thread, so that no screen waits for a disk.

    It holds one save: a newer one replaces it if writing has not begun.
    """

    def __init__(self, file: SessionFile) -> None:
        self._file = file
        self._changed = threading.Condition()
        self._slot: tuple[int, Mapping[str, Any] | None] | None = None
        self._asked = 0
        self._tried = 0
        self._written = 0
        self._error: str | None = None
        self._beat = 0
        self._alive: int | None = None
        self._closing = False
        # A daemon: a disk that hangs must not keep the program from ending.
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)
        self._thread.start()

    @property
    def error(self) -> str | None:
        """See SessionStore."""
        return self._error

    @property
    def written(self) -> int:
        """See SessionStore."""
        return self._written

    def save(self, values: Mapping[str, Any]) -> int:
        """See SessionStore."""
        return self._ask(values)

    def clear(self) -> int:
        """See SessionStore."""
        return self._ask(None)

    def alive(self, now: int) -> None:
        """See SessionStore."""
        with self._changed:
            if 0 < self._asked == self._written and now - self._beat >= heartbeat.BEAT_EVERY:
                # Also written by the thread: on a busy disk any write may block.
                self._beat = self._alive = now
                self._changed.notify_all()

    def flush(self, timeout: float) -> bool:
        """See SessionStore."""
        with self._changed:
            self._changed.wait_for(lambda: self._tried == self._asked, timeout)
            return self._written == self._asked

    def close(self, timeout: float = 2.0) -> bool:
        """See SessionStore."""
        deadline = time.monotonic() + timeout
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        done = self.flush(timeout)
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return done

    def _ask(self, values: Mapping[str, Any] | None) -> int:
        with self._changed:
            if self._closing:
                raise RuntimeError("the session writer is closed")
            self._asked += 1
            self._slot = (self._asked, values)
            self._changed.notify_all()
            return self._asked

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._slot or self._alive or self._closing)
                slot, alive = self._slot, self._alive
                self._slot = self._alive = None
            if slot is None:
                if alive is None:
                    return
                self._file.beat(alive)
                continue
            number, values = slot
            error = _put(self._file, values)
            with self._changed:
                self._tried = number
                self._error = error
                if error is None:
                    self._written = number
                self._changed.notify_all()


def _put(file: SessionFile, values: Mapping[str, Any] | None) -> str | None:
    """Write or remove the session; returns only the reason if that failed."""
    try:
        if values is None:
            file.remove()
        else:
            file.write(values)
    except HistoryError as error:
        return error.reason
    return None
