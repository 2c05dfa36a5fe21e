"""The flash: the whole screen tinted for a moment."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen
from textual.timer import Timer

LENGTH = 0.25
"""How long a flash lasts, in seconds."""


class Flash:
    """Gives a screen the class `-flash` for a moment, if flashes are on."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._timer: Timer | None = None

    def begin(self, screen: Screen[Any]) -> None:
        """Flash now; a flash in progress starts again."""
        if self._wanted:
            self.stop()
            screen.add_class("-flash")
            self._timer = screen.set_timer(LENGTH, lambda: screen.remove_class("-flash"))

    def stop(self) -> None:
        """Turn it off."""
        if self._timer is not None:
            self._timer.stop()
