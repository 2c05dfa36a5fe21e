"""A plan to scale: forward above the axis, backward below it, turns on it."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from retrotimer.core.plan import Block, Phase, Plan
from retrotimer.core.sets import Kind
from retrotimer.tui.contrast import SIGNS, standing_out

OPEN = 60_000
"""How long an open block is drawn, in ms."""
_WEIGHT = {Kind.BACKWARD: 3, Kind.FORWARD: 2, Kind.REST: 2, Kind.TURN: 1, Kind.READY: 1}
"""Which phase gets a column that several share: backward blocks are never lost."""
_UP = "▂▃▄▅▆▇█"
_DOWN = "▔▀█"
_STRIP = {Kind.FORWARD: "▔", Kind.BACKWARD: "▁", Kind.REST: "·", Kind.TURN: "╷", Kind.READY: "·"}


class Cell(NamedTuple):
    """What a column shows: the kind of phase, and its speed relative to the fastest, 0 to 1."""

    kind: Kind
    speed: float


def drawn(phase: Phase) -> int:
    """How long a phase is drawn, in ms."""
    return OPEN if phase.length is None else phase.length


@lru_cache(maxsize=32)
def cells(plan: Plan, width: int) -> tuple[Cell, ...]:
    """The plan in `width` columns of equal time, each with the phase that dominates it."""
    fastest = max((block.speed or 0.0 for block in plan.blocks), default=0.0)
    phases = plan.phases
    whole = sum(drawn(phase) for phase in phases)
    if width <= 0 or not whole:
        return ()
    best: list[tuple[int, Cell]] = [(0, Cell(Kind.REST, 0.0))] * width
    at = 0
    for phase in phases:
        end = at + drawn(phase)
        speed = phase.speed if isinstance(phase, Block) else None
        cell = Cell(phase.kind, (speed if speed is not None else fastest) / (fastest or 1.0))
        for column in range(at * width // whole, min(width, -(-end * width // whole))):
            # In units of 1/width of a ms, so that everything stays an integer.
            shared = min(end * width, (column + 1) * whole) - max(at * width, column * whole)
            if shared * _WEIGHT[phase.kind] > best[column][0]:
                best[column] = (shared * _WEIGHT[phase.kind], cell)
        at = end
    return tuple(cell for _, cell in best)


def column_at(plan: Plan, position: int, width: int) -> int:
    """The column of an instant, in drawn ms from the start of the plan."""
    whole = sum(drawn(phase) for phase in plan)
    return min(width, max(0, position) * width // whole) if whole else 0


def position_in(plan: Plan, number: int, lead_left: int | None, left: int | None) -> int:
    """How far block `number` (from 1) is, in drawn ms from the start of the plan.

    `lead_left` is what the countdown into it still has (None: it is over), `left` what the block
    still has, both in ms.
    """
    at = 0
    leads, blocks = plan.leads, plan.blocks
    for lead, block in zip(leads[: number - 1], blocks[: number - 1], strict=True):
        at += (lead.length if lead else 0) + drawn(block)
    lead = leads[number - 1]
    block = blocks[number - 1]
    if lead_left is not None:
        planned = lead.length if lead else 0
        return at + max(0, planned - lead_left)
    at += lead.length if lead else 0
    done = 0 if left is None or block.length is None else max(0, block.length - left)
    return at + done


class DrawnPlan(Widget):
    """Draws a plan and marks how far it is done."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "plan--forward",
        "plan--backward",
        "plan--turn",
        "plan--rest",
        "plan--done",
    }
    DEFAULT_CSS = """
    DrawnPlan {
        width: 1fr;
        height: 1;
        & > .plan--forward { color: $forward; }
        & > .plan--backward { color: $backward; }
        & > .plan--turn { color: $turn; }
        & > .plan--rest { color: $rest; }
        & > .plan--done { text-style: dim; }
    }
    """

    def __init__(
        self,
        plan: Plan | None = None,
        position: int | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._plan = plan
        self._position = position

    def show(self, plan: Plan | None, position: int | None = None) -> None:
        """Show a plan and how far it is done, in drawn ms; None: it is not under way."""
        before, was = self._plan, self._done()
        self._plan, self._position = plan, position
        if plan is not before:
            self.refresh()
        elif (done := self._done()) != was:
            self._refresh_between(*sorted((done, was)))

    def _refresh_between(self, first: int, last: int) -> None:
        """Repaint these columns of the drawing."""
        self.refresh(Region(self._indent + first, 0, last - first, self.size.height))

    _indent = 0

    @property
    def _width(self) -> int:
        return max(0, self.size.width - self._indent)

    def _done(self) -> int:
        if self._plan is None or self._position is None:
            return 0
        return column_at(self._plan, self._position, self._width)

    def _styles_of(self) -> dict[Kind, Style]:
        named = {kind: kind.value for kind in Kind} | {Kind.READY: "turn"}
        return {
            kind: self.get_component_rich_style(f"plan--{name}") for kind, name in named.items()
        }

    def _strip(self, signs: str, plan: Plan) -> Strip:
        styles = self._styles_of()
        faded = self.get_component_rich_style("plan--done", partial=True)
        done = self._done()
        segments = [Segment(" " * self._indent, self.visual_style.rich_style)]
        for column, (cell, sign) in enumerate(zip(cells(plan, self._width), signs, strict=True)):
            style = styles[cell.kind]
            worn = standing_out(style + faded if column < done else style, SIGNS)
            segments.append(Segment(sign, worn))
        return Strip(segments, self.size.width).simplify()


class PlanStrip(DrawnPlan):
    """One row: forward above, backward below; what is done is dimmed.

    `mirror`: it runs from right to left.
    """

    mirror: reactive[bool] = reactive(False)

    def _refresh_between(self, first: int, last: int) -> None:
        if self.mirror:
            first, last = self._width - last, self._width - first
        super()._refresh_between(first, last)

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - it has one row
        """The row."""
        if self._plan is None:
            return Strip.blank(self.size.width, self.visual_style.rich_style)
        strip = self._strip(strip_row(self._plan, self._width), self._plan)
        if not self.mirror:
            return strip
        turned = [Segment(text[::-1], style) for text, style, _ in reversed(list(strip))]
        return Strip(turned, strip.cell_length)


class PlanTimeline(DrawnPlan):
    """Three rows: forward upwards, turns and rests on the axis, backward downwards."""

    DEFAULT_CSS = "PlanTimeline { height: 3; }"
    _indent = 2

    def render_line(self, y: int) -> Strip:
        """One of the three rows."""
        if self._plan is None or y > 2:
            return Strip.blank(self.size.width, self.visual_style.rich_style)
        strip = self._strip(timeline_rows(self._plan, self._width)[y], self._plan)
        if sign := ("▲", "", "▼")[y]:
            style = self._styles_of()[Kind.FORWARD if y == 0 else Kind.BACKWARD]
            style = standing_out(style, SIGNS)
            head = Strip([Segment(sign.ljust(self._indent), style)], self._indent)
            return Strip.join([head, strip.crop(self._indent, self.size.width)])
        return strip


def strip_row(plan: Plan, width: int) -> str:
    """The plan in one row of `width` columns."""
    return "".join(_STRIP[cell.kind] for cell in cells(plan, width))


def timeline_rows(plan: Plan, width: int) -> tuple[str, str, str]:
    """The plan in three rows of `width` columns; heights show speeds."""
    above = below = axis = ""
    for kind, speed in cells(plan, width):
        above += _step(_UP, speed) if kind is Kind.FORWARD else " "
        below += _step(_DOWN, speed) if kind is Kind.BACKWARD else " "
        axis += {Kind.TURN: "╵", Kind.READY: "╵", Kind.REST: "·"}.get(kind, "─")
    return above, axis, below


def _step(signs: str, speed: float) -> str:
    return signs[max(0, round(min(1.0, speed) * len(signs)) - 1)]
