"""The contrast of a colour with its background, and a filter that ensures it for text.

Ratios are those of WCAG 2, from 1 to 21.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import BLACK, WHITE, Color
from textual.filter import LineFilter

TEXT, DIGITS, SIGNS = 4.5, 7.0, 3.0
"""The least contrast of text (WCAG 1.4.3), of what is read from three metres (1.4.6), and of bars
and patterns (1.4.11)."""
_LEAST = "contrast"
_DRAWN = re.compile("[\\s\u2500-\u259f]*")
"""Not text: blanks, lines and blocks."""
_STEPS = 32


def luminance(color: Color) -> float:
    """Relative luminance, 0 to 1."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """The contrast of two opaque colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@lru_cache(4096)
def legible(color: Color, ground: Color, least: float) -> Color:
    """`color`, made lighter or darker just enough for a contrast of `least` on `ground`.

    If even white and black have less, the better of the two.
    """
    if contrast(color, ground) >= least:
        return color
    ends = (WHITE, BLACK) if luminance(color) >= luminance(ground) else (BLACK, WHITE)
    for end in ends:
        for step in range(1, _STEPS + 1):
            found = color.blend(end, step / _STEPS)
            if contrast(found, ground) >= least:
                return found
    return max(ends, key=lambda end: contrast(end, ground))


@lru_cache(256)
def standing_out(style: Style, least: float) -> Style:
    """A style that the filter holds to `least`, wherever it is used."""
    return style + Style.from_meta({_LEAST: least})


class Legible(LineFilter):
    """Holds text to `TEXT`, and what is `standing_out` to its own minimum, in every theme.

    Text in the terminal's own colours cannot be judged: on a background of ours it becomes black or
    white, elsewhere it stays as it is.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with colours that stand out."""
        return [
            segment
            if segment.style is None or segment.control or segment.text.isspace()
            else Segment(
                segment.text,
                _held(segment.style, background, _DRAWN.fullmatch(segment.text) is None),
            )
            for segment in segments
        ]


@lru_cache(4096)
def _held(style: Style, background: Color, text: bool) -> Style:
    least = style.meta.get(_LEAST, TEXT if text else 0.0)
    ground = background if style.bgcolor is None else Color.from_rich_color(style.bgcolor)
    if not least or style.color is None or ground.ansi is not None:
        return style
    color = Color.from_rich_color(style.color)
    told = color if color.ansi is None else ground.get_contrast_text(1.0)
    found = legible(told, ground, least)
    return style if found == color else style + Style.from_color(found.rich_color)
