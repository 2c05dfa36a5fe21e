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

    def read_for(self, seconds: float) -> None:
        """Take what comes for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self._fd, keys)

    def cpu(self) -> float:
        """CPU seconds of the program and its children so far."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return sum(cpu_seconds(pid) for pid in pids)

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return b""
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return b""
        self.bytes += len(data)
        return data

    def close(self) -> None:
        """End it, the player process too."""
        for pid in [*_children(self.process.pid), self.process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._fd)


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
    """User and system time of a process so far; 0 when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(child) for child in task.read_text(encoding="ascii").split()]
    return found
