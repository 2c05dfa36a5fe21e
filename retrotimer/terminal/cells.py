"""How many cells of a terminal a text takes; pads, cuts and aligns texts by cells.

A Chinese character or an emoji takes two cells, a combining mark none. The texts contain nothing
that a terminal would obey (`visible`).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterator, Sequence

ELLIPSIS = "…"
GAP = "  "
"""What separates two columns."""
_NARROW = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc]*")
"""Characters of one cell that combine with no other: nearly all our texts consist of them."""


def width(text: str) -> int:
    """The cells that a one-line text takes."""
    if _NARROW.fullmatch(text):
        return len(text)
    # Importing it takes longer than everything else in a short command; most texts do not need it.
    import wcwidth

    return wcwidth.width(text, control_codes="ignore")


def left(text: str, cells: int) -> str:
    """The text left-aligned in this many cells; unchanged if it takes more."""
    return text + " " * (cells - width(text))


def right(text: str, cells: int) -> str:
    """The text right-aligned in this many cells; unchanged if it takes more."""
    return " " * (cells - width(text)) + text


def cut(text: str, cells: int) -> str:
    """The text, cut with an ellipsis if it takes more cells than that.

    What is drawn as one sign is never split.
    """
    if width(text) <= cells:
        return text
    kept, room = "", cells - width(ELLIPSIS)
    if room < 0:
        return ""
    for sign in _signs(text):
        room -= width(sign)
        if room < 0:
            break
        kept += sign
    return kept + ELLIPSIS


def wrap(text: str, cells: int, first: str = "", rest: str = "") -> list[str]:
    """The text in lines of at most this many cells, broken at blanks; `first` and `rest` are the
    indents of the first line and of the others."""
    if _NARROW.fullmatch(text):
        return textwrap.wrap(text, cells, initial_indent=first, subsequent_indent=rest)
    import wcwidth

    return wcwidth.wrap(
        text, cells, initial_indent=first, subsequent_indent=rest, control_codes="ignore"
    )


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """How many cells the longest text of each column takes."""
    return [max(map(width, column)) for column in zip(*rows, strict=True)]


def row(cells: Sequence[str], wide: Sequence[int], to_right: Collection[int] = ()) -> str:
    """A line of columns that take `wide` cells, longer texts cut; `to_right`: indices of
    right-aligned ones."""
    fitted = (
        (right if number in to_right else left)(cut(text, most), most)
        for number, (text, most) in enumerate(zip(cells, wide, strict=True))
    )
    return GAP.join(fitted).rstrip()


def table(rows: Sequence[Sequence[str]], to_right: Collection[int] = ()) -> Iterator[str]:
    """The rows as lines of columns, each as wide as its longest text."""
    wide = widths(rows)
    return (row(cells, wide, to_right) for cells in rows)


def _signs(text: str) -> Iterator[str]:
    """The text split into the parts that are each drawn as one sign."""
    if _NARROW.fullmatch(text):
        return iter(text)
    import wcwidth

    return wcwidth.iter_graphemes(text)
