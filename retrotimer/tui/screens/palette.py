"""The command palette."""

from __future__ import annotations

from textual.command import CommandPalette

from retrotimer.tui.screens.closing import ClosingScreen
from retrotimer.tui.widgets import lists  # noqa: F401 - it adapts the palette's list


class Palette(CommandPalette, ClosingScreen[None]):
    """Textual's own, but a held key cannot close it twice."""
