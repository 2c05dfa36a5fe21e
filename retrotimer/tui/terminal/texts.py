"""Texts on the screen hold nothing that a terminal would obey.

Textual 8.2 leaves five control characters out of a `Content` and lets the others through, ESC and
marks of direction too. All that is shown as text becomes a `Content`, so they become visible there;
what is drawn otherwise (the text that is typed in an `Input`) goes through a filter.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from retrotimer.terminal.visible import harmless, visible
from retrotimer.tui.textual_private import replace_control_codes


def make_visible() -> None:
    """From now on every text shows such characters as escapes; twice is once."""
    replace_control_codes(visible)


class Harmless(LineFilter):
    """Leaves out of a line that is drawn what has not become visible before."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The segments without it."""
        return [
            segment if segment.control else Segment(harmless(segment.text), segment.style)
            for segment in segments
        ]
