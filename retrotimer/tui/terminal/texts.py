"""Keeps texts on the screen free of anything a terminal would obey.

Textual 8.2 removes five control characters from a `Content` and lets the others through, including
ESC and text-direction marks. All text that is shown becomes a `Content`, so they are made visible
there; what is drawn otherwise (text typed into an `Input`) goes through a filter.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from retrotimer.terminal.visible import harmless, visible
from retrotimer.tui.textual_private import replace_control_codes


def make_visible() -> None:
    """From now on every text shows such characters as escapes; calling it twice is harmless."""
    replace_control_codes(visible)


class Harmless(LineFilter):
    """Removes from a drawn line what was not made visible before."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The segments without it."""
        return [
            segment if segment.control else Segment(harmless(segment.text), segment.style)
            for segment in segments
        ]
