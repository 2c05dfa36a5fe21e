"""Textual's driver for Unix terminals, adapted where it is not what a workout needs.

Seen in Textual 8.2.8; each adapter says what it is for, and `tests/tui/test_driver.py` fails when
what it adapts is gone.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.message import Message

from retrotimer.run.terminal_health import takes
from retrotimer.terminal import streams
from retrotimer.terminal.modes import TERMINAL

if TYPE_CHECKING or sys.platform != "win32":
    from textual.drivers import linux_driver
    from textual.drivers.linux_driver import LinuxDriver

    # One byte that is no text ended the app: https://github.com/Textualize/textual/issues/6456
    # The reader makes its decoder by this name. Such a byte still counts as a character, as old
    # mouse reports are made of three of them.
    vars(linux_driver)["getincrementaldecoder"] = lambda encoding: partial(
        codecs.getincrementaldecoder(encoding), errors="replace"
    )

NO_TEXT = "\N{REPLACEMENT CHARACTER}"
_CHUNK = 8192
"""So many characters are written at once, where the next ones are there already."""
_BUSY = 0.2
"""How long the end waits for a write that is going on, in seconds."""
_MODE = re.compile(r"\x1b\[\?([\d;]+)([hl])|\x1b\[([<>])\d*u")
_USUALLY_ON = {"7", "25"}  # lines wrap, the cursor is shown
_KITTY = "u"
_TURNED_OFF = {_KITTY: "\x1b[<u"} | {mode: f"\x1b[?{mode}h" for mode in _USUALLY_ON}
_FOCUS = "\x1b[?1004h"
_KITTY_ON = re.compile(r"\x1b\[>\d+u")


class ScreenFile:
    """The terminal as the screen is written to it; it knows which of its modes are changed.

    Written in the encoding of the terminal, with plain signs where it lacks one. A terminal that is
    gone takes everything: what is not seen any more need not fail.
    """

    def __init__(self, out: TextIO) -> None:
        self._fd = out.fileno()
        self._encoding = out.encoding
        self._parts: list[str] = []
        self._waiting = 0
        self._changed: dict[str, None] = {}
        self._busy = self._closed = False

    def write(self, text: str) -> None:
        """Write it, at the next `flush` at the latest."""
        self._parts.append(text)
        self._waiting += len(text)
        if self._waiting > _CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        text = "".join(self._parts)
        self._parts.clear()
        self._waiting = 0
        if not text:
            return
        self._busy = True
        # After this it may be interrupted for good.
        if not self._closed:
            self._note(text)
            self._write(text)
        self._busy = False

    def fileno(self) -> int:
        """The descriptor of the terminal."""
        return self._fd

    def isatty(self) -> bool:
        """It is one."""
        return True

    def give_back(self) -> None:
        """Write nothing more, and take back what was changed and not yet changed back.

        In a signal handler: the thread that writes may be anywhere.
        """
        if self._closed:
            return
        self._closed = True
        deadline = monotonic() + _BUSY
        while self._busy and monotonic() < deadline:
            sleep(0.001)
        undo = [_TURNED_OFF.get(mode, f"\x1b[?{mode}l") for mode in reversed(self._changed)]
        if undo and takes(cast("TextIO", self)):
            self._write("".join(undo))

    def _note(self, text: str) -> None:
        for match in _MODE.finditer(text):
            if match[3]:
                self._set(_KITTY, changed=match[3] == ">")
            else:
                for mode in match[1].split(";"):
                    self._set(mode, changed=(match[2] == "h") is not (mode in _USUALLY_ON))

    def _set(self, mode: str, *, changed: bool) -> None:
        if changed:
            self._changed[mode] = None
        else:
            self._changed.pop(mode, None)

    def _write(self, text: str) -> None:
        data = memoryview(text.encode(self._encoding, streams.FALLBACK))
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError:
            return


def driver_class(usual: type[Driver], *, keys_only: bool = False) -> type[Driver]:
    """The driver to use where `usual` is Textual's choice; `keys_only`: for a screen to look at.

    Such a screen has no use for the mouse, and for keys beyond the ones that every terminal tells.
    """
    if sys.platform == "win32" or usual is not LinuxDriver:
        return usual
    return KeysOnlyDriver if keys_only else ScreenDriver


if TYPE_CHECKING or sys.platform != "win32":

    class ScreenDriver(LinuxDriver):
        """Turns on what is used, gives the terminal back at any moment, and takes any byte."""

        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options)
            # The one of the two that is the terminal: errors may be kept in a file.
            files = [one for one in (sys.__stderr__, sys.__stdout__) if one is not None]
            screen = ScreenFile(next((one for one in files if one.isatty()), files[0]))
            self._file = cast("Any", screen)
            TERMINAL.on_giving_back(screen.give_back)

        def write(self, data: str) -> None:
            """Write, but no order for reports that nobody reads: those of the focus."""
            if data != _FOCUS:
                super().write(data)

        def _enable_mouse_support(self) -> None:
            """Clicks, the wheel and dragging; a mouse that only moves is not told of."""
            if self._mouse:
                self.write("\x1b[?1002h\x1b[?1006h")

        def _enable_mouse_pixels(self) -> None:
            """Cells are fine enough. Textual would never turn it off either."""

        def _disable_mouse_support(self) -> None:
            if self._mouse:
                self.write("\x1b[?1006l\x1b[?1002l")

        def process_message(self, message: Message) -> None:
            """Pass on what came, without bytes that are no text."""
            if isinstance(message, events.Key) and message.character == NO_TEXT:
                return
            if isinstance(message, events.Paste):
                message.text = message.text.replace(NO_TEXT, "")
            super().process_message(message)

        def _run_input_thread(self) -> None:
            """Read the keys; an app that can no longer do that has crashed, and says so."""
            try:
                self.run_input_thread()
            except Exception as error:
                self._app.call_later(self._fail, error)

        def _fail(self, error: Exception) -> None:
            # Raised where Textual looks for it, as its own word for this leaves the exit code at 0.
            raise error

    class KeysOnlyDriver(ScreenDriver):
        """For a screen that is only looked at: no mouse, no protocol for more keys."""

        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options | {"mouse": False})

        def write(self, data: str) -> None:
            """Write, but not what turns on kitty's protocol."""
            if not _KITTY_ON.fullmatch(data) and data != _TURNED_OFF[_KITTY]:
                super().write(data)
