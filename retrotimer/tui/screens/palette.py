"""The command palette."""

from __future__ import annotations

from textual.command import CommandPalette

from retrotimer.tui.screens.closing import ClosingScreen


class Palette(CommandPalette, ClosingScreen[None]):
    """Textual's own, which a held key cannot close twice."""
