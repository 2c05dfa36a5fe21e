"""Textual's frames, drawn with less work where only a part of the screen has changed.

Textual draws every widget between the first and the last row that changed, and starts and ends the
colours of every piece. Here only rows that changed are drawn, and only of the widgets that show
there; colours are written when they change.

Seen in Textual 8.2.8; `tests/tui/test_partial_frames.py` fails when what it adapts is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.style import Style
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

_PLAIN = "\x1b[0m"
_NEAR = 8
"""So many rows that did not change take less work than to begin to draw a widget again."""


class Piece(NamedTuple):
    """A part of a row of the screen, and what is shown there."""

    x: int
    y: int
    strip: Strip


class PiecesUpdate(CompositorUpdate):
    """A frame of pieces."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = tuple(pieces)

    def render_segments(self, console: Console) -> str:
        """What is written to the terminal."""
        depth = COLOR_SYSTEMS.get(console.color_system or "", ColorSystem.TRUECOLOR)
        return written(self._pieces, depth)


def written(pieces: Iterable[Piece], depth: ColorSystem) -> str:
    """The pieces as a terminal gets them, in as few bytes as every terminal understands.

    Where a piece begins is told from the end of the one before if that is shorter, and colours only
    when they change.
    """
    out: list[str] = []
    before, worn, at = "", Style.null(), (-1, -1)
    for x, y, strip in pieces:
        out.append(_move(at, x, y))
        at = (x + strip.cell_length, y)
        for text, style, _ in strip:
            codes = Strip.render_ansi(style, depth) if style is not None else ""
            linked = style is not None and style.link
            if before and style is not None and _alike(text, style, worn):
                codes = before
            if before and (linked or codes != before):
                out.append(_PLAIN)
                before = ""
            if style is not None and linked:
                out.append(Strip.render_style(style, text, depth))
                continue
            if codes != before:
                out.append(f"\x1b[{codes}m")
                before, worn = codes, style or Style.null()
            out.append(text)
    out.append(_PLAIN if before else "")
    return "".join(out)


def _move(at: tuple[int, int], x: int, y: int) -> str:
    """From where a row was written last to where the next piece begins."""
    absolute = f"\x1b[{y + 1};{x + 1}H"
    # At the last column, terminals differ in where they are.
    forward = f"\x1b[{x - at[0]}C" if at[1] == y and x > at[0] else absolute
    return min(forward, absolute, key=len)


def _alike(text: str, style: Style, worn: Style) -> bool:
    """Whether text looks the same in another style: of blanks only the background is seen."""
    return (
        text.isspace()
        and style.bgcolor == worn.bgcolor
        and not any(
            (one.underline, one.underline2, one.overline, one.strike, one.reverse, one.link)
            != (None,) * 6
            for one in (style, worn)
        )
    )


class PartialCompositor(Compositor):
    """A compositor that draws only rows that changed, of the widgets that show there."""

    def render_partial_update(self) -> Any:
        """The next frame; None if nothing has changed."""
        regions = [one.intersection(self.size.region) for one in self._dirty_regions]
        self._dirty_regions.clear()
        spans = list(self._regions_to_spans(one for one in regions if one))
        return PiecesUpdate(self._drawn(spans)) if spans else None

    def _drawn(self, spans: list[tuple[int, int, int]]) -> Iterator[Piece]:
        places = [place for span in spans for place in self._shown(*span)]
        rows: dict[Widget, set[int]] = {}
        for widget, region, y, _, _ in places:
            rows.setdefault(widget, set()).add(y - region.y)
        strips = {widget: _strips(widget, wanted) for widget, wanted in rows.items()}
        for widget, region, y, first, last in places:
            strip = strips[widget][y - region.y]
            yield Piece(first, y, strip.crop(first - region.x, last - region.x))

    def _shown(
        self, y: int, first: int, last: int
    ) -> Iterator[tuple[Widget, Region, int, int, int]]:
        """Which widgets show in these columns of a row, the front ones hiding those behind."""
        free = [(first, last)]
        for widget, cropped, region in self.layers_visible[y]:
            still = []
            for begin, end in free:
                at, to = max(begin, cropped.x), min(end, cropped.right)
                if at >= to:
                    still.append((begin, end))
                    continue
                yield widget, region, y, at, to
                still += [part for part in ((begin, at), (to, end)) if part[0] < part[1]]
            free = still
            if not free:
                return


def _strips(widget: Widget, rows: set[int]) -> dict[int, Strip]:
    """These rows of a widget, drawn together if they are near each other."""
    found: dict[int, Strip] = {}
    ordered = sorted(rows)
    ends = [at for at, (one, other) in enumerate(pairwise(ordered), 1) if other - one > _NEAR]
    width = widget.outer_size.width
    for begin, end in pairwise([0, *ends, len(ordered)]):
        first, last = ordered[begin], ordered[end - 1]
        drawn = widget.render_lines(Region(0, first, width, last - first + 1))
        found.update(enumerate(drawn, first))
    return found


def draw_parts(screen: Screen[Any]) -> None:
    """From now on a screen, not shown yet, draws only what changes."""
    screen._compositor = PartialCompositor()
