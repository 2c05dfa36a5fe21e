"""Sets the terminal's title, which Textual cannot do: OSC 2, and xterm's title stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App

from retrotimer.terminal.visible import visible_line
from retrotimer.tui.textual_private import driver_of

_KEEP, _BACK = "\x1b[22;2t", "\x1b[23;2t"


class TerminalTitle:
    """Sets the title through `write`, once per change; `restore` brings back the previous one."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._shown: str | None = None

    @classmethod
    def of(cls, app: App[Any]) -> TerminalTitle:
        """The title of the terminal an app runs in; without one nothing is written."""
        # Only the driver's own writer cannot cut into what it is sending.
        driver = driver_of(app)
        return cls(lambda _: None) if driver is None or app.is_web else cls(driver.write)

    def show(self, text: str) -> None:
        """Set the title; control characters are escapes."""
        text = visible_line(text)
        if text != self._shown:
            keep = _KEEP if self._shown is None else ""
            self._shown = text
            self._write(f"{keep}\x1b]2;{text}\x07")

    def restore(self) -> None:
        """Clear the title, and bring back the previous one if the terminal stores titles."""
        if self._shown is not None:
            self._shown = None
            self._write(f"\x1b]2;\x07{_BACK}")
