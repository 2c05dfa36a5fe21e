"""Digits that fill the space they get and repaint only what changed."""

from __future__ import annotations

from collections.abc import Sequence
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
NEAR = 3
"""So few cells between two that changed are written again: to skip them takes as many bytes."""
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
        """Show `text`; only the cells that differ are painted again."""
        before, rows = (self._text, self._mirror, self._pattern, self._box), self._rows
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
        self.refresh(*(one.translate(self._box.offset) for one in changed(rows, self._rows)))

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
        width, box = self.size.width, self._box
        if not (box.y <= y < box.bottom):
            backdrop = self._backdrop(y)
            pattern = standing_out(self.get_component_rich_style("big-digits--pattern"), SIGNS)
            return Strip([Segment(backdrop.center(width), pattern)], width)
        style = standing_out(self.visual_style.rich_style, DIGITS)
        row = self._rows[y - box.y]
        left = " " * box.x
        right = " " * max(0, width - box.right)
        return Strip([Segment(left, style), Segment(row, style), Segment(right, style)], width)

    def _backdrop(self, y: int) -> str:
        """The signs of a row, every other row between those of the row above, centred alike."""
        width = self._box.width
        count = (width - 1) // APART + 1 - y % 2
        return (" " * (APART - 1)).join(PATTERNS[self._pattern] * count) if width else ""


def changed(before: Sequence[str], after: Sequence[str]) -> list[Region]:
    """Where rows differ from equally long ones; cells that are too few to be left out are in it."""
    found: list[Region] = []
    above: dict[tuple[int, int], int] = {}
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        runs: dict[tuple[int, int], int] = {}
        for first, last in _runs(old, new):
            at = above.get((first, last))
            if at is None:
                runs[first, last] = len(found)
                found.append(Region(first, y, last - first, 1))
            else:
                # One region for what is equally wide, row below row.
                runs[first, last] = at
                found[at] = found[at].grow((0, 0, 1, 0))
        above = runs
    return found


def _runs(old: str, new: str) -> list[tuple[int, int]]:
    """From where to where two rows differ."""
    runs: list[tuple[int, int]] = []
    for at, (one, other) in enumerate(zip(old, new, strict=True)):
        if one != other:
            if runs and at - runs[-1][1] <= NEAR:
                runs[-1] = (runs[-1][0], at + 1)
            else:
                runs.append((at, at + 1))
    return runs
