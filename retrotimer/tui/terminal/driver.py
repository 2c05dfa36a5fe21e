"""Textual's driver for Unix terminals, adapted where a workout needs more.

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
from retrotimer.tui.terminal.probe import answered

if TYPE_CHECKING or sys.platform != "win32":
    from textual.drivers import linux_driver
    from textual.drivers.linux_driver import LinuxDriver

    # One byte that is not text ended the app: https://github.com/Textualize/textual/issues/6456
    vars(linux_driver)["getincrementaldecoder"] = lambda encoding: partial(
        codecs.getincrementaldecoder(encoding), errors="replace"
    )

NO_TEXT = "\N{REPLACEMENT CHARACTER}"
_CHUNK = 8192
"""How many characters are written at once if more are waiting."""
_BUSY = 0.2
"""How long the end waits for a write in progress, in seconds."""
_MODE = re.compile(r"\x1b\[\?([\d;]+)([hl])|\x1b\[([<>])\d*u")
_USUALLY_ON = {"7", "25"}  # lines wrap, the cursor is shown
_KITTY = "u"
_TURNED_OFF = {_KITTY: "\x1b[<u"} | {mode: f"\x1b[?{mode}h" for mode in _USUALLY_ON}
_FOCUS = "\x1b[?1004h"
_KITTY_ON = re.compile(r"\x1b\[>\d+u")


class ScreenFile:
    """The terminal that the screen is written to; it tracks which modes are changed.

    It writes in the terminal's encoding, with plain signs for missing ones. A terminal that is gone
    accepts everything: output nobody sees need not fail.
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
        """Always true."""
        return True

    def give_back(self) -> None:
        """Write nothing more, and undo the mode changes still in effect.

        In a signal handler: the writing thread may be anywhere.
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
    """The driver to use where `usual` is Textual's choice; `keys_only`: for a read-only screen.

    Such a screen needs no mouse, and no keys beyond those every terminal sends.
    """
    if sys.platform == "win32" or usual is not LinuxDriver:
        return usual
    return KeysOnlyDriver if keys_only else ScreenDriver


if TYPE_CHECKING or sys.platform != "win32":

    class ScreenDriver(LinuxDriver):
        """Turns on only what is used, restores the terminal at any moment, and accepts any byte."""

        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options)
            # The one of the two that is the terminal: errors may go to a file.
            files = [one for one in (sys.__stderr__, sys.__stdout__) if one is not None]
            screen = ScreenFile(next((one for one in files if one.isatty()), files[0]))
            self._file = cast("Any", screen)
            TERMINAL.on_giving_back(screen.give_back)

        def write(self, data: str) -> None:
            """Write, but do not turn on focus reports, which nobody reads."""
            if data != _FOCUS:
                super().write(data)

        def _enable_mouse_support(self) -> None:
            """Clicks, the wheel and dragging; mere mouse movement is not reported."""
            if self._mouse:
                self.write("\x1b[?1002h\x1b[?1006h")

        def _enable_mouse_pixels(self) -> None:
            """Cells are precise enough, and Textual would never turn pixels off again."""

        def _disable_mouse_support(self) -> None:
            if self._mouse:
                self.write("\x1b[?1006l\x1b[?1002l")

        def process_message(self, message: Message) -> None:
            """Pass on input, without bytes that are not text and answers that are for the probe."""
            if isinstance(message, events.CursorPosition) and answered(self._app):
                return
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
            # Raised where Textual looks for it: its own report of this would leave the exit code at
            # 0.
            raise error

    class KeysOnlyDriver(ScreenDriver):
        """For a read-only screen: no mouse, no protocol for more keys."""

        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options | {"mouse": False})

        def write(self, data: str) -> None:
            """Write, but do not turn on kitty's protocol."""
            if not _KITTY_ON.fullmatch(data) and data != _TURNED_OFF[_KITTY]:
                super().write(data)
