"""Digits that fill the space they get and repaint only what changed."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from retrotimer.tui.contrast import DIGITS, SIGNS, standing_out
from retrotimer.tui.widgets import glyphs

PATTERNS = {"": " ", "down": "▾"}
"""The signs of a backdrop, by name: above and below the digits, as wide as they are."""
APART = 6
"""Columns from one sign of a backdrop to the next."""
ROOMY = 9
"""From this many rows on, a row above and one below the digits stay free."""


class BigDigits(Widget):
    """Time or speed in large digits, centred; the characters are those of `glyphs`.

    `show` takes the text, whether it is mirrored, and the name of the backdrop pattern.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"big-digits--pattern"}
    DEFAULT_CSS = """
    BigDigits { width: 1fr; height: 1fr; }
    BigDigits > .big-digits--pattern { text-style: dim; }
    """

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._text = text
        self._mirror = False
        self._pattern = ""
        self._box = Region()
        self._rows: list[str] = []
        self._laid_out = Size(0, 0)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    @property
    def mirrored(self) -> bool:
        """Whether it is shown as for a mirror."""
        return self._mirror

    def show(self, text: str, *, mirror: bool = False, pattern: str = "") -> None:
        """Show `text`; only the glyphs that differ are painted again."""
        before = (self._text, self._mirror, self._pattern, self._box)
        if (text, mirror, pattern) == before[:3]:
            return
        self._text, self._mirror, self._pattern = text, mirror, pattern
        if not self._laid_out:
            self.refresh()
            return
        self._lay_out()
        if (mirror, pattern, self._box) != before[1:] or len(text) != len(before[0]):
            self.refresh()
            return
        self.refresh(*self._changed(before[0]))

    def _changed(self, before: str) -> list[Region]:
        """The regions of the glyphs that differ from those of `before`, equally long and placed."""
        places = glyphs.spans(self._text, *self._room, self._mirror)
        if places != glyphs.spans(before, *self._room, self._mirror):
            return [self._box]
        return [
            Region(self._box.x + at, self._box.y, size, self._box.height)
            for (at, size), old, new in zip(places, before, self._text, strict=False)
            if old != new
        ]

    @property
    def _room(self) -> tuple[int, int]:
        """The columns and rows for the digits."""
        width, height = self.size
        return width, height - 2 if height >= ROOMY else height

    def _lay_out(self) -> None:
        self._laid_out = self.size
        self._rows = glyphs.rows(self._text, *self._room, self._mirror)
        width = len(self._rows[0]) if self._rows else 0
        height = len(self._rows)
        self._box = Region(
            (self.size.width - width) // 2, (self.size.height - height) // 2, width, height
        )

    def render_line(self, y: int) -> Strip:
        """One row: backdrop, digits, backdrop."""
        if self._laid_out != self.size:
            self._lay_out()
        style = standing_out(self.visual_style.rich_style, DIGITS)
        pattern = standing_out(self.get_component_rich_style("big-digits--pattern"), SIGNS)
        width, box = self.size.width, self._box
        if not (box.y <= y < box.bottom):
            backdrop = self._backdrop(y)
            return Strip([Segment(backdrop.center(width), pattern)], width)
        row = self._rows[y - box.y]
        left = " " * box.x
        right = " " * max(0, width - box.right)
        return Strip([Segment(left, style), Segment(row, style), Segment(right, style)], width)

    def _backdrop(self, y: int) -> str:
        """The signs of a row, every other row between those of the row above, centred alike."""
        width = self._box.width
        count = (width - 1) // APART + 1 - y % 2
        return (" " * (APART - 1)).join(PATTERNS[self._pattern] * count) if width else ""
