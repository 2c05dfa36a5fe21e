"""What the player's main thread waits for: commands of the program, and what its threads report."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Protocol, TypeVar

from retrotimer.audio.protocol import Error, PlayerReport

_CHUNK = 65536


class Inbox(Protocol):
    """Commands and reports; `report` may be called in any thread, the rest in one."""

    ended: bool
    """Whether there will be no more commands."""

    def report(self, report: PlayerReport) -> None:
        """Leave a report, and end the wait."""

    def wait(self, seconds: float) -> list[bytes]:
        """Wait until there is something, at most so long; returns the commands, line by line."""

    def reports(self) -> list[PlayerReport]:
        """The reports since the last call."""


class PollingInbox:
    """An Inbox that needs no thread to read in: one wake-up for each line, not two."""

    def __init__(self, commands: IO[bytes]) -> None:
        self.ended = False
        self._commands = commands.fileno()
        self._line = b""
        self._reports: SimpleQueue[PlayerReport] = SimpleQueue()
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._waker, False)
        self._poll = select.poll()
        for one in (self._commands, self._woken):
            self._poll.register(one, select.POLLIN)

    def report(self, report: PlayerReport) -> None:
        """See Inbox."""
        self._reports.put(report)
        with contextlib.suppress(BlockingIOError):
            os.write(self._waker, b"\0")

    def wait(self, seconds: float) -> list[bytes]:
        """See Inbox."""
        lines: list[bytes] = []
        for one, _ in self._poll.poll(seconds * 1000):
            if one == self._commands:
                lines = self._read()
            else:
                os.read(self._woken, _CHUNK)
        return lines

    def reports(self) -> list[PlayerReport]:
        """See Inbox."""
        return _all(self._reports)

    def _read(self) -> list[bytes]:
        data = b""
        try:
            data = os.read(self._commands, _CHUNK)
        except OSError as error:
            self._reports.put(Error(f"the pipe broke: {error}"))
        if not data:
            self.ended = True
            self._poll.unregister(self._commands)
        *lines, self._line = (self._line + data).split(b"\n")
        return lines


class ThreadedInbox:
    """An Inbox for Windows, where nothing waits for a pipe but the thread that reads it."""

    def __init__(self, commands: IO[bytes]) -> None:
        self.ended = False
        self._came: SimpleQueue[bytes | PlayerReport] = SimpleQueue()
        self._reports: list[PlayerReport] = []
        Thread(target=self._read, args=(commands,), name="read", daemon=True).start()

    def report(self, report: PlayerReport) -> None:
        """See Inbox."""
        self._came.put(report)

    def wait(self, seconds: float) -> list[bytes]:
        """See Inbox."""
        lines: list[bytes] = []
        with contextlib.suppress(Empty):
            self._sort(self._came.get(timeout=max(0, seconds)), lines)
        for one in _all(self._came):
            self._sort(one, lines)
        return lines

    def reports(self) -> list[PlayerReport]:
        """See Inbox."""
        reports, self._reports = self._reports, []
        return reports

    def _sort(self, one: bytes | PlayerReport, lines: list[bytes]) -> None:
        if not isinstance(one, bytes):
            self._reports.append(one)
        elif one:
            lines.append(one.removesuffix(b"\n"))
        else:
            self.ended = True

    def _read(self, commands: IO[bytes]) -> None:
        try:
            for line in commands:
                self._came.put(line)
        except (OSError, ValueError) as error:
            self._came.put(Error(f"the pipe broke: {error}"))
        self._came.put(b"")


_One = TypeVar("_One")


def _all(queue: SimpleQueue[_One]) -> list[_One]:
    found: list[_One] = []
    with contextlib.suppress(Empty):
        while True:
            found.append(queue.get_nowait())
    return found


def inbox(commands: IO[bytes]) -> Inbox:
    """The one for this system."""
    return ThreadedInbox(commands) if sys.platform == "win32" else PollingInbox(commands)
