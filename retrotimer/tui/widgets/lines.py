"""Text that costs nothing while it does not change: lines, rows of parts, a bar."""

from __future__ import annotations

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from retrotimer.tui.contrast import SIGNS, standing_out


class Line(Static):
    """Text that is repainted only when it changes; the style sheet sets its size."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str = "") -> None:  # noqa: A002 - Textual's name
        super().__init__(Content(text), id=id, classes=classes, markup=False)
        self._shown = Content(text)

    @property
    def text(self) -> str:
        """What is shown, without its styles."""
        return self._shown.plain

    def show(self, text: str | Content) -> None:
        """Show text, never as markup."""
        content = Content(text) if isinstance(text, str) else text
        before = self._shown
        if content.is_same(before):
            return
        self._shown = content
        # Only wrapped text can need another number of rows.
        longest = max(content.cell_length, before.cell_length)
        self.update(content, layout=self.styles.auto_dimensions and longest > self.size.width)


class Parts(Line):
    """Text in parts with a `gap` between them: it breaks only there, unless a part is too long."""

    def __init__(self, text: str = "", *, gap: str = "   ", id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(text, id=id)
        self._gap = gap

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """Its rows at a width."""
        return len(flowed(self.text, width, self._gap))

    def render(self) -> Content:
        """The rows for the present width."""
        return Content("\n".join(flowed(self.text, self.content_size.width, self._gap)))


def flowed(text: str, width: int, gap: str) -> list[str]:
    """Text in rows of at most `width` columns, broken at its gaps, and at blanks if necessary."""
    rows = [""]
    for part in text.split(gap):
        longer = rows[-1] + gap + part if rows[-1] else part
        if Content(longer).cell_length <= width:
            rows[-1] = longer
        elif gap != " " and Content(part).cell_length > width:
            rows += flowed(part, width, " ")
        else:
            rows.append(part)
    return [row for row in rows if row] or [""]


class Spread(Widget):
    """One row: text on the left, in the middle and on the right.

    If it is too narrow, the middle is dropped first, then the left is cut.
    """

    DEFAULT_CSS = "Spread { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._parts = ("", "", "")

    @property
    def text(self) -> str:
        """All three parts."""
        return "  ".join(part for part in self._parts if part)

    def show(self, left: str, middle: str = "", right: str = "") -> None:
        """Show three parts."""
        if (left, middle, right) != self._parts:
            self._parts = (left, middle, right)
            self.refresh()

    def render(self) -> Content:
        """The row for the present width."""
        return Content(spread(*self._parts, self.size.width))


def spread(left: str, middle: str, right: str, width: int) -> str:
    """Three parts in `width` columns, the middle one as close to the middle as it fits."""
    room = width - Content(right).cell_length - (1 if right else 0)
    left = Content(left).truncate(max(0, room), ellipsis=True).plain
    taken = Content(left).cell_length
    size = Content(middle).cell_length
    if middle and taken + 1 + size + 1 <= room:
        at = min(max((width - size) // 2, taken + 2), max(room - size - 1, taken + 1))
        left = left + " " * (at - taken) + middle
        taken = at + size
    return left + " " * (width - taken - Content(right).cell_length) + right


class Bar(Widget):
    """A progress line of half columns; only columns that changed are repainted."""

    DEFAULT_CSS = """
    Bar { height: 1; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._fraction = 0.0
        self._mirror = False

    @property
    def fraction(self) -> float:
        """How much is filled, 0 to 1."""
        return self._fraction

    def show(self, fraction: float, *, mirror: bool = False) -> None:
        """Fill `fraction` (0 to 1) of the line; for a mirror from the right."""
        width = self.size.width
        before, after = (halves(part, width) for part in (self._fraction, fraction))
        self._fraction = fraction
        if mirror is not self._mirror:
            self._mirror = mirror
            self.refresh()
        elif before != after:
            first, last = sorted((before, after))
            at, end = first // 2, (last + 1) // 2
            self.refresh(Region(width - end if mirror else at, 0, end - at, 1))

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - it has one row
        """The line."""
        width = self.size.width
        style = standing_out(self.visual_style.rich_style, SIGNS)
        return Strip([Segment(bar(self._fraction, width, self._mirror), style)], width)


def halves(fraction: float, width: int) -> int:
    """How many half columns of `width` columns are filled."""
    return min(2 * width, max(0, int(fraction * 2 * width)))


def bar(fraction: float, width: int, mirror: bool = False) -> str:
    """A line of `width` columns: heavy where it is filled, light after that."""
    filled = halves(fraction, width)
    if mirror:
        return ("╺" * (filled % 2) + "━" * (filled // 2)).rjust(width, "─")
    return ("━" * (filled // 2) + "╸" * (filled % 2)).ljust(width, "─")
