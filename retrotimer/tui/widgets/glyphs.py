"""Big digits as text: a 5x7 bitmap font, scaled by whole numbers to fill a space."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

HEIGHT = 7
FLOOR = 3
"""Rows of the smallest digits; with fewer the text is written as it is."""
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
}
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
    """The largest scale at which `text` fits, None when not even one to one does.

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


def rows(text: str, width: int, height: int, mirror: bool = False) -> list[str]:
    """`text` as big as it fits into `width` columns and `height` rows; its rows, equally long.

    Digits, colon, point, minus, question mark, blank and the letters of NO NEWS. Too small for the
    bitmap it is three rows high, too small for that it is the text as it is, cut to `width`;
    nothing without any room.
    """
    if width <= 0 or height <= 0 or not text:
        return []
    found = scale(text, width, height)
    if found is not None:
        return list(_scaled(text, found, mirror))
    small = _small(text, mirror)
    if height >= FLOOR and len(small[0]) <= width:
        return small
    return [text[:width][::-1] if mirror else text[:width]]


def spans(text: str, width: int, height: int, mirror: bool = False) -> list[tuple[int, int]]:
    """Where each character of `text` stands in the rows of `rows`: (first column, columns)."""
    found = scale(text, width, height)
    if found is not None:
        sizes = [len(_BITMAPS[char][0]) * found.x for char in text]
        gap = GAP * found.x
    elif height >= FLOOR and len(_small(text, False)[0]) <= width:
        sizes, gap = [len(_SMALL[char][0]) for char in text], 0
    else:
        sizes, gap = [1] * len(text[:width]), 0
    whole = sum(sizes) + gap * (len(sizes) - 1)
    found_spans = []
    at = 0
    for size in sizes:
        found_spans.append((whole - at - size if mirror else at, size))
        at += size + gap
    return found_spans


def _pixels(text: str) -> int:
    return sum(len(_BITMAPS[char][0]) for char in text) + GAP * (len(text) - 1)


@lru_cache(maxsize=64)
def _scaled(text: str, size: Scale, mirror: bool) -> tuple[str, ...]:
    lines = []
    for number in range(HEIGHT):
        line = (" " * GAP).join(_BITMAPS[char][number] for char in text)
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
    lines = ["".join(_SMALL[char][number] for char in text) for number in range(FLOOR)]
    return [line[::-1].translate(_MIRRORED) for line in lines] if mirror else lines
