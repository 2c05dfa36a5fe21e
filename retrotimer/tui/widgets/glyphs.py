"""Big digits and words as text: a 5x7 bitmap font, scaled by whole numbers to fill a space."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

HEIGHT = 7
FLOOR = 3
"""Rows of the smallest digits; with fewer the text is written plainly."""
GAP = 1
"""Pixels between two glyphs."""

_BITMAPS = {
    "0": (" ### ", "#   #", "#  ##", "# # #", "##  #", "#   #", " ### "),
    "1": ("  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "),
    "2": (" ### ", "#   #", "    #", "   # ", "  #  ", " #   ", "#####"),
    "3": ("#####", "   # ", "  #  ", "   # ", "    #", "#   #", " ### "),
    "4": ("   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "),
    "5": ("#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "),
    "6": ("  ## ", " #   ", "#    ", "#### ", "#   #", "#   #", " ### "),
    "7": ("#####", "    #", "   # ", "  #  ", " #   ", " #   ", " #   "),
    "8": (" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "),
    "9": (" ### ", "#   #", "#   #", " ####", "    #", "   # ", " ##  "),
    ":": (" ", " ", "#", " ", "#", " ", " "),
    ".": (" ", " ", " ", " ", " ", " ", "#"),
    "-": ("   ", "   ", "   ", "###", "   ", "   ", "   "),
    "?": (" ### ", "#   #", "    #", "   # ", "  #  ", "     ", "  #  "),
    " ": ("  ", "  ", "  ", "  ", "  ", "  ", "  "),
    "N": ("#   #", "##  #", "##  #", "# # #", "#  ##", "#  ##", "#   #"),
    "O": (" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "),
    "E": ("#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"),
    "W": ("#   #", "#   #", "#   #", "# # #", "# # #", "## ##", "#   #"),
    "S": (" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "),
    "A": (" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"),
    "B": ("#### ", "#   #", "#   #", "#### ", "#   #", "#   #", "#### "),
    "C": (" ### ", "#   #", "#    ", "#    ", "#    ", "#   #", " ### "),
    "D": ("#### ", "#   #", "#   #", "#   #", "#   #", "#   #", "#### "),
    "K": ("#   #", "#  # ", "# #  ", "##   ", "# #  ", "#  # ", "#   #"),
    "R": ("#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"),
}
_LOW_HEIGHT = 5
_LOW = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", " ##", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", " # ", " # "),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    ":": (" ", "#", " ", "#", " "),
    ".": (" ", " ", " ", " ", "#"),
    "-": ("   ", "   ", "###", "   ", "   "),
    "?": ("###", "  #", " ##", "   ", " # "),
    " ": (" ", " ", " ", " ", " "),
    "A": (" # ", "# #", "###", "# #", "# #"),
    "B": ("## ", "# #", "## ", "# #", "## "),
    "C": (" ##", "#  ", "#  ", "#  ", " ##"),
    "D": ("## ", "# #", "# #", "# #", "## "),
    "K": ("# #", "# #", "## ", "# #", "# #"),
    "R": ("## ", "# #", "## ", "# #", "# #"),
    "W": ("#   #", "#   #", "# # #", "## ##", "#   #"),
}
"""For three rows: never scaled."""
_SMALL = {
    "0": ("╭─╮", "│ │", "╰─╯"),
    "1": ("╶╮ ", " │ ", "╶┴╴"),
    "2": ("╶─╮", "╭─╯", "╰─╴"),
    "3": ("╶─╮", " ─┤", "╶─╯"),
    "4": ("╷ ╷", "╰─┤", "  ╵"),
    "5": ("╭─╴", "╰─╮", "╶─╯"),
    "6": ("╭─╴", "├─╮", "╰─╯"),
    "7": ("╶─╮", "  │", "  ╵"),
    "8": ("╭─╮", "├─┤", "╰─╯"),
    "9": ("╭─╮", "╰─┤", "╶─╯"),
    ":": (" ", ":", " "),
    ".": (" ", " ", "."),
    "-": ("   ", "╶─╴", "   "),
    "?": ("╶─╮", " ╭╯", " • "),
    " ": (" ", " ", " "),
    "N": ("╭╮╷", "│││", "╵╰╯"),
    "O": ("╭──╮", "│  │", "╰──╯"),
    "E": ("╭─╴", "├─╴", "╰─╴"),
    "W": ("╷ ╷", "│╷│", "╰┴╯"),
    "S": ("╭──", "╰─╮", "──╯"),
}
_MIRRORED = str.maketrans("╭╮╰╯├┤╶╴", "╮╭╯╰┤├╴╶")
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


class Scale(NamedTuple):
    """How big a pixel is: columns, and half rows."""

    x: int
    y: int


def scale(text: str, width: int, height: int) -> Scale | None:
    """The largest scale at which `text` fits, None if not even one to one does.

    A pixel is never more than half as wide again as it is high, or the other way round; the
    smallest may be two half rows high.
    """
    pixels = _pixels(text)
    if not pixels:
        return None
    x, y = width // pixels, 2 * height // HEIGHT
    if not x or not y:
        return None
    return Scale(min(x, max(1, 3 * y // 2)), min(y, max(2, 3 * x // 2)))


def drawable(text: str) -> bool:
    """Whether there is a bitmap for every character."""
    return all(char in _BITMAPS for char in text)


def rows(text: str, width: int, height: int, mirror: bool = False) -> list[str]:
    """`text` as large as it fits into `width` columns and `height` rows; its rows, equally long.

    Digits, colon, point, minus, question mark, blank and the letters of BACKWARD and NO NEWS. If it
    is too small for the bitmap it is three rows high, of blocks or of lines; if too small for that
    it is plain text, cut to `width`; nothing without any room.
    """
    if width <= 0 or height <= 0 or not text:
        return []
    found = _fit(text, width, height)
    if found is not None:
        return list(_scaled(text, *found, mirror))
    small = _small(text, mirror)
    if height >= FLOOR and small and len(small[0]) <= width:
        return small
    return [text[:width][::-1] if mirror else text[:width]]


def _fit(text: str, width: int, height: int) -> tuple[Scale, bool] | None:
    """The scale of the bitmap that fits, and whether it is the low one; None if none does."""
    found = scale(text, width, height)
    if found is not None:
        return found, False
    low = height >= FLOOR and all(char in _LOW for char in text)
    return (Scale(1, 1), True) if low and _pixels(text, _LOW) <= width else None


def _pixels(text: str, font: Mapping[str, tuple[str, ...]] = _BITMAPS) -> int:
    return sum(len(font[char][0]) for char in text) + GAP * (len(text) - 1)


@lru_cache(maxsize=64)
def _scaled(text: str, size: Scale, low: bool, mirror: bool) -> tuple[str, ...]:
    font, height = (_LOW, _LOW_HEIGHT) if low else (_BITMAPS, HEIGHT)
    lines = []
    for number in range(height):
        line = (" " * GAP).join(font[char][number] for char in text)
        lines += [line[::-1] if mirror else line] * size.y
    if len(lines) % 2:
        lines.append(" " * len(lines[0]))
    return tuple(
        "".join(
            _HALVES[above == "#", below == "#"] * size.x
            for above, below in zip(lines[number], lines[number + 1], strict=True)
        )
        for number in range(0, len(lines), 2)
    )


def _small(text: str, mirror: bool) -> list[str]:
    if not all(char in _SMALL for char in text):
        return []
    lines = ["".join(_SMALL[char][number] for char in text) for number in range(FLOOR)]
    return [line[::-1].translate(_MIRRORED) for line in lines] if mirror else lines
