"""The flash: the whole screen in another tint for a moment."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen
from textual.timer import Timer

LENGTH = 0.25
"""How long a flash lasts, in seconds."""


class Flash:
    """Gives a screen the class `-flash` for a moment, where flashes are wanted."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._timer: Timer | None = None

    def begin(self, screen: Screen[Any]) -> None:
        """Flash now; one that is under way begins again."""
        if self._wanted:
            self.stop()
            screen.add_class("-flash")
            self._timer = screen.set_timer(LENGTH, lambda: screen.remove_class("-flash"))

    def stop(self) -> None:
        """Leave it as it is."""
        if self._timer is not None:
            self._timer.stop()
