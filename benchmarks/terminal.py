"""Real programs in a pseudo-terminal of a given size, for measuring them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

LIMIT = 30.0
_WHERE, _HERE = b"\x1b[6n", b"\x1b[1;1R"
"""The question where the cursor is, and an answer."""
_CPU_CLOCK = 2
"""Linux: with this in its low bits, the id of a process names the clock of its processor time."""


def usual_env() -> dict[str, str]:
    """The environment, but compiled modules are kept, as they are in every installed program."""
    return {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Terminal:
    """A program in a pseudo-terminal; everything it writes is read and thrown away."""

    def __init__(self, command: Sequence[str], size: tuple[int, int], env: dict[str, str]) -> None:
        self.began = time.monotonic()
        self._fd, slave = pty.openpty()
        columns, lines = size
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        environ = {**usual_env(), **env, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environ, start_new_session=True
        )
        os.close(slave)
        self.bytes = 0

    def until(self, mark: bytes) -> float:
        """Seconds from the start until these bytes were written; TimeoutError after 30."""
        seen = b""
        while mark not in seen:
            seen += self._read(0.5)
            if time.monotonic() - self.began > LIMIT:
                raise TimeoutError(f"never saw {mark!r}, but {seen[-300:]!r}")
        return time.monotonic() - self.began

    def fileno(self) -> int:
        """The descriptor its output is read from."""
        return self._fd

    def take(self) -> bytes:
        """What it has written, at most 64 kB at once; like any terminal, say where the cursor is.

        An empty answer means that it has ended.
        """
        try:
            data = os.read(self._fd, 65536)
            for _ in range(data.count(_WHERE)):
                os.write(self._fd, _HERE)
        except OSError:
            return b""
        self.bytes += len(data)
        return data

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self._fd, keys)

    def cpu(self) -> float:
        """CPU seconds of the program and its children so far."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return sum(cpu_seconds(pid) for pid in pids)

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self], [], [], seconds)
        return self.take() if ready else b""

    def close(self) -> None:
        """End it, the player process too."""
        for pid in [*_children(self.process.pid), self.process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._fd)


def read_all(terminals: Sequence[Terminal], seconds: float) -> None:
    """Take what several programs write for a while; RuntimeError if one of them has ended."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        for one in select.select(terminals, [], [], left)[0]:
            if not one.take():
                raise RuntimeError(f"process {one.process.pid} has ended")


@contextlib.contextmanager
def terminal(
    command: Sequence[str], size: tuple[int, int] = (80, 24), env: dict[str, str] | None = None
) -> Iterator[Terminal]:
    """A program in a terminal, ended at the end of the block."""
    one = Terminal(command, size, env or {})
    try:
        yield one
    finally:
        one.close()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far, all its threads included; 0 when it is gone."""
    try:
        # A process's own clock is exact; /proc counts in steps of 10 ms.
        return time.clock_gettime((~pid << 3) | _CPU_CLOCK)
    except OSError:
        return 0.0


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
    return found
