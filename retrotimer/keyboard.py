"""Single keys from a terminal, for the line mode; a screen has its own."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from retrotimer.config.keys import key_name

_ESCAPES = {
    b"\x1b[5~": "pageup",
    b"\x1b[6~": "pagedown",
    b"\x1b[A": "up",
    b"\x1b[B": "down",
    b"\x1bOA": "up",
    b"\x1bOB": "down",
    b"\x1b[C": "right",
    b"\x1b[D": "left",
    b"\x1bOC": "right",
    b"\x1bOD": "left",
    b"\x1b[H": "home",
    b"\x1b[F": "end",
    b"\x1b[2~": "insert",
    b"\x1b[3~": "delete",
    **{b"\x1bO" + bytes([80 + n]): f"f{n + 1}" for n in range(4)},
    **{b"\x1b[%d~" % code: f"f{n + 5}" for n, code in enumerate((15, *range(17, 22), 23, 24))},
}
_SEQUENCE = re.compile(
    rb"\x1b(?:\[M[\s\S]{3}"  # where an old mouse was: three bytes, whatever they are
    rb"|\[(?!M)[0-?]*[ -/]*[@-~]|O[\s\S]|[^\[O])"
)
_NAMES = {
    b" ": "space",
    b"\r": "enter",
    b"\n": "enter",
    b"\t": "tab",
    b"\x7f": "backspace",
}


def names(data: bytes) -> Iterator[str]:
    """The names of the keys in what a terminal sent; unknown sequences are left out."""
    while data:
        if data == b"\x1b":
            # Alone it is the key; no part of a sequence comes by itself.
            yield "escape"
            return
        if data[:1] == b"\x1b":
            known = next((code for code in _ESCAPES if data.startswith(code)), None)
            if known is None:
                unknown = _SEQUENCE.match(data)
                if unknown is None:
                    return
                data = data[unknown.end() :]
                continue
            yield _ESCAPES[known]
            data = data[len(known) :]
            continue
        one, data = data[:1], data[1:]
        if one in _NAMES:
            yield _NAMES[one]
        elif b" " < one < b"\x7f":
            yield key_name(one.decode("ascii"))


def _single(fd: int) -> None:
    """Let a terminal give single keys, without an echo."""
    if sys.platform == "win32":
        return
    import termios
    import tty

    tty.setcbreak(fd)
    modes = termios.tcgetattr(fd)
    # Ctrl+c takes back what was typed just before: a read that waited for it would stop the clock.
    modes[6][termios.VMIN] = modes[6][termios.VTIME] = 0
    termios.tcsetattr(fd, termios.TCSANOW, modes)


class Keyboard:
    """Keys of the terminal at standard input, where there is one."""

    def __init__(self) -> None:
        self.there = sys.stdin is not None and sys.stdin.isatty()
        self._cooked: list[Any] | None = None

    @contextmanager
    def raw(self) -> Iterator[None]:
        """Keys come one by one and are not echoed, until the end of the block."""
        if not self.there or sys.platform == "win32":
            yield
            return
        import termios

        fd = sys.stdin.fileno()
        self._cooked = termios.tcgetattr(fd)
        try:
            _single(fd)
            yield
        finally:
            with suppress(termios.error):  # it hung up
                termios.tcsetattr(fd, termios.TCSANOW, self._cooked)

    def suspend(self) -> None:
        """Stop this process as ctrl+z would, with the terminal as the shell expects it."""
        if sys.platform == "win32":
            return
        import termios

        fd = sys.stdin.fileno()
        if self._cooked is not None:
            termios.tcsetattr(fd, termios.TCSANOW, self._cooked)
        os.kill(os.getpid(), signal.SIGSTOP)
        if self._cooked is not None:
            _single(fd)

    def wait(self, seconds: float) -> list[str]:
        """The keys that come within `seconds`; at the first one it returns."""
        if not self.there:
            time.sleep(seconds)
            return []
        if sys.platform == "win32":
            return self._wait_windows(seconds)
        fd = sys.stdin.fileno()
        ready, _, _ = select.select([fd], [], [], max(0.0, seconds))
        if not ready:
            return []
        try:
            data = os.read(fd, 1024)
        except OSError:
            data = b""
        if not data and not os.isatty(fd):
            # The terminal is gone. Not every shell passes that on.
            signal.raise_signal(signal.SIGHUP)
        return list(names(data))

    def _wait_windows(self, seconds: float) -> list[str]:
        import msvcrt

        until = time.monotonic() + seconds
        while not msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
            if time.monotonic() >= until:
                return []
            time.sleep(0.01)
        code = msvcrt.getch()  # type: ignore[attr-defined,unused-ignore]
        if code in (b"\xe0", b"\x00"):
            arrows = {b"H": "up", b"P": "down", b"I": "pageup", b"Q": "pagedown"}
            name = arrows.get(msvcrt.getch())  # type: ignore[attr-defined,unused-ignore]
            return [name] if name else []
        return list(names(code))
