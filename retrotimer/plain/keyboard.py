"""Single keys from a terminal, for the line mode; the full screen reads its own."""

from __future__ import annotations

import os
import re
import select
import signal
import string
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from itertools import groupby
from typing import Any

from retrotimer.config.keys import WORKOUT_KEYS, key_name
from retrotimer.terminal.modes import TERMINAL
from retrotimer.terminal.signals import HANGUP

ESCAPE_WAIT = 0.05
"""How long the rest of a sequence may take, in seconds; after that Esc was a key."""
_QUIET = 0.005
"""A key that comes this soon after another came with it, in seconds: no finger is as fast."""
_FINGERS = 0.06
"""A finger takes at least this long to the next key, in seconds (NS)."""
_CHORD = 2
"""This many different keys may come at once: fingers that come down together."""
_PASTE_ENDS = 0.5
"""A paste whose end never came is over after this long without more of it, in seconds."""
PASTE_ON, PASTE_OFF = b"\x1b[?2004h", b"\x1b[?2004l"
_PASTE, _PASTED = b"\x1b[200~", b"\x1b[201~"

_LETTERS = {
    b"A": "up",
    b"B": "down",
    b"C": "right",
    b"D": "left",
    b"H": "home",
    b"F": "end",
    **{bytes([80 + n]): f"f{n + 1}" for n in range(4)},
}
"""The keys by the last letter of their sequence."""
_NUMBERS = {
    1: "home",
    2: "insert",
    3: "delete",
    4: "end",
    5: "pageup",
    6: "pagedown",
    7: "home",
    8: "end",
    **{11 + n: f"f{n + 1}" for n in range(5)},
    **{17 + n: f"f{n + 6}" for n in range(5)},
    23: "f11",
    24: "f12",
    25: "f13",
    26: "f14",
    28: "f15",
    29: "f16",
    **{31 + n: f"f{n + 17}" for n in range(4)},
}
"""The keys by the number in a sequence that ends with a tilde."""
_MODIFIED = re.compile(rb"\x1b\[(?P<number>\d{1,3})?(?:;(?P<modifiers>\d{1,2}))?(?P<last>[A-Z~])$")
_SHIFT, _ALT, _CTRL = 1, 2, 4
_SEQUENCE = re.compile(
    rb"\x1b(?:\[M[\s\S]{3}"  # where an old mouse was: three bytes, whatever they are
    rb"|\[\[[\s\S]"  # function keys of the Linux console
    rb"|\[(?![M\[])[0-?]*[ -/]*[@-~]|O[\s\S]|[^\[O])"
)
_PART = re.compile(rb"\x1b(?:\[(?:M[\s\S]{0,2}|\[|[0-?]*[ -/]*)|O)?$")
"""A sequence that may go on."""
_NAMES = {
    " ": "space",
    "\r": "enter",
    "\n": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\b": "backspace",
    "\x1c": "ctrl+backslash",
    "\x1d": "ctrl+right_square_bracket",
    "\x1e": "ctrl+circumflex_accent",
    "\x1f": "ctrl+underscore",
}
_SIGNALS = frozenset({"ctrl+c", "ctrl+z", "ctrl+backslash"})
"""Keys that a terminal turns into signals."""


def _of_character(char: str) -> str:
    """The name of the key for a character, "" for none."""
    if char in _NAMES:
        return _NAMES[char]
    if "\x01" <= char <= "\x1a":
        return f"ctrl+{chr(ord(char) + 96)}"
    return key_name(char) if char.isprintable() else ""


def _of_sequence(code: bytes) -> str:
    """The name of the key for a whole escape sequence, "" for none."""
    if code == b"\x1b[Z":
        return "shift+tab"
    if code[1:3] == b"[[":
        return f"f{code[3] - 64}" if b"A" <= code[3:] <= b"E" else ""
    if code[1:2] == b"O":
        return _LETTERS.get(code[2:], "")
    found = _MODIFIED.match(code)
    if found is None:
        if code[1:2] == b"[":
            return ""
        # Alt sends its key after an Esc.
        plain = _of_character(code[1:].decode("ascii", "ignore"))
        return f"alt+{plain}" if plain and "+" not in plain else ""
    number = int(found["number"] or 0)
    if found["last"] == b"~":
        key = _NUMBERS.get(number, "")
    else:
        key = _LETTERS.get(found["last"], "") if number < 2 else ""
    bits = max(0, int(found["modifiers"] or 1) - 1)
    if not key or bits > _SHIFT | _ALT | _CTRL:
        return ""
    if bits & _SHIFT and re.fullmatch(r"f(\d|1[0-2])", key):
        key, bits = f"f{int(key[1:]) + 12}", bits & ~_SHIFT
    held = [(_ALT, "alt"), (_CTRL, "ctrl"), (_SHIFT, "shift")]
    return "+".join([*(name for bit, name in held if bits & bit), key])


class KeyReader:
    """Turns what a terminal sends into names of keys, however it is split up."""

    def __init__(self) -> None:
        self._left = b""
        self.pasting = False
        """Whether the input is pasted text."""

    @property
    def pending(self) -> bool:
        """Whether the beginning of a key has been read."""
        return bool(self._left)

    def feed(self, data: bytes) -> list[str]:
        """The keys in it; pasted text and unknown sequences are dropped."""
        data, self._left = self._left + data, b""
        found: list[str] = []
        while data:
            if self.pasting:
                _, end, rest = data.partition(_PASTED)
                if not end:
                    # The end mark itself may be split.
                    self._left = data[-(len(_PASTED) - 1) :]
                    break
                data, self.pasting = rest, False
            elif data.startswith(_PASTE):
                data, self.pasting = data[len(_PASTE) :], True
            elif _PART.match(data):
                self._left = data
                break
            elif code := _SEQUENCE.match(data):
                found.append(_of_sequence(code[0]))
                data = data[code.end() :]
            else:
                size = _size(data[0])
                if len(data) < size:
                    self._left = data
                    break
                char = data[:size].decode("utf-8", "ignore")
                # A byte that is not text is dropped on its own.
                data = data[size if len(char) == 1 else 1 :]
                found.append(_of_character(char) if len(char) == 1 else "")
        return [name for name in found if name]

    def flush(self) -> list[str]:
        """The keys in what is left, when no more of it comes."""
        left, self._left = self._left, b""
        if self.pasting:
            self.pasting = False
            return []
        return ["escape"] if left == b"\x1b" else []


def _size(first: int) -> int:
    """The length in bytes of the UTF-8 character that begins with this byte."""
    return 1 + sum(first >= least for least in (0xC2, 0xE0, 0xF0)) if first < 0xF5 else 1


def names(data: bytes) -> Iterator[str]:
    """The names of the keys in everything a terminal sent."""
    reader = KeyReader()
    yield from reader.feed(data)
    yield from reader.flush()


@cache
def _sent() -> frozenset[str]:
    codes = [bytes([code]) for code in range(128)]
    codes += [b"\x1b" + bytes([code]) for code in range(32, 127)]
    for bits in range(1, 9):
        codes += [b"\x1b[%d;%d~" % (number, bits) for number in _NUMBERS]
        codes += [b"\x1b[1;%d%s" % (bits, letter) for letter in _LETTERS]
    found = {name for code in (*codes, b"\x1b[Z") for name in names(code)}
    return frozenset(found - _SIGNALS)


def can_be_sent(key: str) -> bool:
    """Whether a terminal sends a key of this name to a program that reads it directly.

    A terminal with kitty's keyboard protocol reports more keys to the full screen.
    """
    last = key.rpartition("+")[2]
    if len(last) == 1 and last not in string.printable:
        return key in (last, f"alt+{last}")
    return key in _sent()


def unsent(keys: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The bindings of a workout, each with those of its keys that never reach the line mode."""
    for name in WORKOUT_KEYS:
        for key in keys[name].split(","):
            if not can_be_sent(key):
                yield name, key


def _single(fd: int) -> None:
    """Set a terminal to single keys without echo."""
    if sys.platform == "win32":
        return
    import termios
    import tty

    tty.setcbreak(fd)
    modes = termios.tcgetattr(fd)
    # Ctrl+s and ctrl+q, ctrl+v and ctrl+o are keys like any other.
    modes[0] &= ~termios.IXON
    modes[3] &= ~termios.IEXTEN
    # Ctrl+c drops what was typed just before: a read that waited for it would stop the clock.
    modes[6][termios.VMIN] = modes[6][termios.VTIME] = 0
    termios.tcsetattr(fd, termios.TCSANOW, modes)


_TAKEN_WITHIN = 0.2
"""A terminal that accepts nothing for this long is frozen, in seconds (NS)."""


def _write(fd: int, code: bytes) -> None:
    """Write to the terminal at a descriptor, unless it is gone or accepts nothing.

    It also accepts nothing for a moment while another thread writes to it.
    """
    with suppress(OSError):
        if select.select([], [fd], [], _TAKEN_WITHIN)[1]:
            os.write(fd, code)


class Keyboard:
    """Keys of the terminal at standard input, where there is one."""

    def __init__(self) -> None:
        self.there = sys.stdin is not None and sys.stdin.isatty()
        self._cooked: list[Any] | None = None
        self._reader = KeyReader()
        self._came = time.monotonic()
        self._returned = self._came
        self._burst = 0.0

    @contextmanager
    def raw(self) -> Iterator[None]:
        """Within the block, keys come one by one and are not echoed."""
        if not self.there or sys.platform == "win32":
            yield
            return
        import termios

        fd = sys.stdin.fileno()
        self._cooked = termios.tcgetattr(fd)
        try:
            _single(fd)
            TERMINAL.on_giving_back(lambda: _write(fd, PASTE_OFF))
            _write(fd, PASTE_ON)
            yield
        finally:
            _write(fd, PASTE_OFF)
            TERMINAL.on_giving_back(lambda: None)
            with suppress(termios.error):  # it hung up
                termios.tcsetattr(fd, termios.TCSANOW, self._cooked)

    def suspend(self) -> None:
        """Stop this process as ctrl+z would, with the terminal as the shell expects it."""
        if sys.platform == "win32":
            return
        import termios

        fd = sys.stdin.fileno()
        if self._cooked is not None:
            _write(fd, PASTE_OFF)
            termios.tcsetattr(fd, termios.TCSANOW, self._cooked)
        # To this thread: sent to the process, it might reach another one first, and this one would
        # go on.
        signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
        if self._cooked is not None:
            _single(fd)
            _write(fd, PASTE_ON)

    def wait(self, seconds: float) -> list[str]:
        """The keys that come within `seconds`; returns at the first one."""
        if not self.there:
            time.sleep(seconds)
            return []
        if sys.platform == "win32":
            return self._wait_windows(seconds)
        away = time.monotonic() - self._returned
        found = self._read(max(0.0, seconds))
        # Keys that belong together come together.
        while found or self._reader.pending:
            pending = self._reader.pending and not self._reader.pasting
            more = self._read(ESCAPE_WAIT if pending else _QUIET)
            if not more and not (pending and self._reader.pending):
                break
            if not more:
                found += self._reader.flush()
                break
            found += more
        self._returned = time.monotonic()
        return self._typed(found, away)

    def _read(self, seconds: float) -> list[str]:
        """The keys that come within `seconds`; returns at the first input."""
        fd = sys.stdin.fileno()
        ready, _, _ = select.select([fd], [], [], seconds)
        now = time.monotonic()
        if not ready:
            if self._reader.pasting and now - self._came > _PASTE_ENDS:
                self._reader.flush()
            return []
        self._came = now
        try:
            data = os.read(fd, 1024)
        except OSError:
            data = b""
        if not data and not os.isatty(fd):
            # The terminal is gone.
            signal.raise_signal(HANGUP)
        return self._reader.feed(data)

    def _typed(self, found: list[str], away: float) -> list[str]:
        """The keys, without those that come faster than fingers: they were pasted.

        While the program was `away` for this many seconds, keys may have been typed one by one.
        """
        now = time.monotonic()
        if len(list(groupby(found))) > _CHORD + away / _FINGERS:
            self._burst = now + ESCAPE_WAIT
            return []
        return [] if now < self._burst else found

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
