"""The program's end of the player process: one running child and its pipes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections import deque
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING

from retrotimer.audio.line_writer import LineWriter
from retrotimer.audio.protocol import (
    Error,
    Goodbye,
    PlayerCommand,
    PlayerReport,
    ProtocolError,
    decode_report,
    encode,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ROOT = Path(__file__).resolve().parents[3]
_START = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from retrotimer.audio.engine.main import main; main(sys.argv[1:])"
)


def player_command(backend: str, driver: str = "") -> list[str]:
    """How to start the player with this very package, whatever is in the current folder."""
    return [sys.executable, "-P", "-c", _START, str(_ROOT), backend, driver]


class ProcessHandle:
    """A player process. Only `close` waits for it, and only up to its timeout.

    Starting it raises OSError.
    """

    def __init__(self, command: Sequence[str], clock: Callable[[], int]) -> None:
        self._clock = clock
        self._reports: SimpleQueue[PlayerReport] = SimpleQueue()
        self._noise: deque[str] = deque(maxlen=20)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            creationflags=_creation_flags(),
        )
        self.heard = clock()
        stdin, stdout, stderr = self._process.stdin, self._process.stdout, self._process.stderr
        if stdin is None or stdout is None or stderr is None:
            raise OSError("the player has no pipes")
        self._writer = LineWriter(stdin, "player in")
        self._readers = [
            Thread(target=self._listen, args=(stdout,), name="player out", daemon=True),
            Thread(target=self._drain, args=(stderr,), name="player noise", daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def noise(self) -> str:
        """The last thing it, or a library in it, wrote to stderr."""
        return self._noise[-1] if self._noise else ""

    def send(self, command: PlayerCommand) -> bool:
        """Send a command; False: it is stuck."""
        return self._writer.put(encode(command))

    def reports(self) -> list[PlayerReport]:
        """What it has reported since the last call."""
        reports = []
        with contextlib.suppress(Empty):
            while True:
                reports.append(self._reports.get_nowait())
        return reports

    def exit_code(self) -> int | None:
        """How it ended; None: it is running."""
        return self._process.poll()

    def kill(self) -> None:
        """End it at once; `close` reaps it."""
        self._process.kill()

    def close(self, timeout: float = 0.8) -> None:
        """Say goodbye, wait `timeout` seconds, then kill it."""
        self._writer.put(encode(Goodbye()))
        limit = timeout / 2
        self._writer.close(0 if self._process.poll() is not None else limit)
        try:
            self._process.wait(limit)
        except subprocess.TimeoutExpired:
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.2)
        # With the process gone both ends of every pipe are free, and the threads finish.
        self._writer.close(0.1)
        for reader in self._readers:
            reader.join(0.1)

    def _listen(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                self.heard = self._clock()
                try:
                    self._reports.put(decode_report(line))
                except ProtocolError as error:
                    self._reports.put(Error(f"the player said {error}"))

    def _drain(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                if text := line.decode(errors="replace").strip():
                    self._noise.append(text)


def _creation_flags() -> int:
    if os.name != "nt":
        return 0
    flags = ("CREATE_NO_WINDOW", "CREATE_NEW_PROCESS_GROUP")
    return sum(int(getattr(subprocess, flag)) for flag in flags)
