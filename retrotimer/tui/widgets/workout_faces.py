"""The faces of a workout: what runs, the pause that looks like nothing else, and the start."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from retrotimer.core.plan import Plan
from retrotimer.core.sets import Kind
from retrotimer.core.stage_guide import Guide
from retrotimer.core.states import State
from retrotimer.core.units import Units
from retrotimer.core.view import View
from retrotimer.text import pause, phrases
from retrotimer.text.format import led_text, start_texts, totals_text
from retrotimer.text.pause import belt_text, going_on, where
from retrotimer.text.treadmill import LEGEND, picture
from retrotimer.tui.widgets import glyphs
from retrotimer.tui.widgets.digits import BigDigits
from retrotimer.tui.widgets.lines import Bar, Line, Parts, Spread
from retrotimer.tui.widgets.timeline import PlanStrip, PlanTimeline, position_in

NARROW = 60
"""Below this many columns everything uses fewer words."""
ROOM = (80, 24)
"""From this many columns and rows on the picture of a turn takes no space from the digits."""


class Banner(Widget):
    """The direction word between its arrows, centred; for a mirror it is drawn in mirror image."""

    DEFAULT_CSS = "Banner { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._view: View | None = None
        self._mirror = False
        self._text = ""

    @property
    def text(self) -> str:
        """What is shown."""
        return self._text

    def show(self, view: View, *, mirror: bool = False) -> None:
        """Show the headline of a view."""
        self._view = view
        if mirror is not self._mirror or phrases.banner(view, self.size.width) != self._text:
            self._mirror = mirror
            self.refresh()

    def render(self) -> Content:
        """The headline for the present width."""
        width, height = self.size
        self._text = phrases.banner(self._view, width) if self._view else ""
        drawn = _drawn(self._view, width, height) if self._mirror and self._view else []
        return Content("\n".join(row.center(width) for row in drawn or [self._text]))


def _drawn(view: View, width: int, height: int) -> list[str]:
    """The mirrored headline between its signs; nothing if there is no room to draw it."""
    word = phrases.headline(view)
    if height < glyphs.FLOOR or not glyphs.drawable(word):
        return []
    rows = glyphs.rows(word, width, height, mirror=True)
    if len(rows) < glyphs.FLOOR:
        return []
    left, right = phrases.signs(view)
    count = max(0, min(3, (width - len(rows[0]) - 6) // 4))
    if count:
        middle = len(rows) // 2
        rows[middle] = f"{' '.join(right * count)}   {rows[middle]}   {' '.join(left * count)}"
    return rows


class Stages(Line):
    """The stages of a countdown: done, now, to come."""

    def show_stages(self, marks: tuple[phrases.StageMark, ...]) -> None:
        """Show the list of stages."""
        parts: list[Content | str | tuple[str, str]] = []
        for mark in marks:
            sign = "✓ " if mark.done else "▶ " if mark.now else ""
            style = "bold reverse" if mark.now else "dim" if mark.done else ""
            text = f" {sign}{mark.text} "
            parts += [(text, style) if style else text, "   "]
        self.show(Content.assemble(*parts[:-1]))


class Figure(Vertical):
    """A figure with its unit below: a speed or an incline."""

    def compose(self) -> ComposeResult:
        """The figure and the unit."""
        yield BigDigits()
        yield Line()

    def show(self, value: float | None, unit: str, *, mirror: bool = False) -> None:
        """Show one decimal; None leaves the place blank."""
        text = "" if value is None else f"{value:.1f}"
        self.query_one(BigDigits).show(text, mirror=mirror)
        self.query_one(Line).show(unit if text else "")


class Treadmill(Line):
    """The picture of how to stand in a countdown; visible only if there is one to show."""

    def show_guide(self, guide: Guide | None) -> None:
        """Show the pose of a guide; nothing without one, or without room for it."""
        pose = guide.pose if guide is not None else None
        size = self.screen.size
        self.display = pose is not None and size.width >= ROOM[0] and size.height >= ROOM[1]
        if pose is not None:
            self.show("\n".join((*picture(pose), "", LEGEND)))


class RunningFace(Container):
    """A block or a countdown: direction, digits, speed, what to do, what comes next."""

    def compose(self) -> ComposeResult:
        """From top to bottom, the digits taking all remaining room."""
        yield Spread(id="top")
        yield Spread(id="small")
        yield Banner(id="banner")
        yield Stages(id="stages")
        yield Line(id="about")
        with Horizontal(id="middle"):
            # As wide as the side, so that the time is centred.
            yield Container(id="balance")
            yield BigDigits(id="time")
            with Vertical(id="side"):
                yield Figure(id="speed")
                yield Figure(id="incline")
            yield Treadmill(id="treadmill")
        yield Line(id="order")
        yield Line(id="body")
        yield Line(id="next")
        yield Bar(id="bar")
        with Horizontal(id="whole"):
            yield PlanStrip(id="strip")
            yield Line(id="progress")

    def show(self, view: View, plan: Plan, units: Units, confirm: str, *, mirror: bool) -> None:
        """Show a view. `confirm` is the name of that key.

        `mirror`: everything is for a mirror, digits, word, bars and sides; small print only changes
        sides.
        """
        find = self.query_one
        short = self.screen.size.width < NARROW
        brief = phrases.brief(view, units)
        find("#small", Spread).show(*(reversed(brief) if mirror else brief))
        find("#banner", Banner).show(view, mirror=mirror)
        marks = phrases.stages(view)
        find("#stages", Stages).show_stages(marks)
        find("#about", Line).show(phrases.about(view))
        backward = phrases.look(view) is phrases.Appearance.BACKWARD
        find("#time", BigDigits).show(
            phrases.digits(view),
            mirror=mirror,
            pattern="down" if backward else "",
        )
        moving = view.block.kind.moving and view.state is State.BLOCK
        shown = units.from_kmh(view.speed) if moving and view.speed is not None else None
        find("#speed", Figure).show(
            shown, units.value + (" noted" if view.noted else ""), mirror=mirror
        )
        find("#incline", Figure).show(view.block.incline if moving else None, "%", mirror=mirror)
        find("#treadmill", Treadmill).show_guide(phrases.guide(view))
        told = phrases.order(view, units, confirm, short=short)
        find("#order", Line).show(told.title if told else "")
        find("#body", Line).show(told.body if told else "")
        find("#next", Line).show(phrases.coming(view, units, short=short))
        find("#bar", Bar).show(view.fraction, mirror=mirror)
        strip = find("#strip", PlanStrip)
        strip.mirror = mirror
        strip.show(plan, _position(view, plan))
        find("#progress", Line).show(phrases.progress(view))

    def head(self, left: str, middle: str, right: str, *, mirror: bool) -> None:
        """Show the line at the top."""
        parts = (right, middle, left) if mirror else (left, middle, right)
        self.query_one("#top", Spread).show(*parts)


class PauseFace(Container):
    """Paused: that the belt still moves, why it is paused, and how it goes on."""

    def compose(self) -> ComposeResult:
        """The sign with its word, then the lines."""
        with Horizontal(id="pause-sign"):
            yield Container(classes="pause-bar")
            yield Container(classes="pause-bar")
            with Vertical(id="pause-words"):
                yield Line("PAUSED", id="pause-word")
                yield Line(id="pause-belt")
        yield Line(id="pause-why")
        yield Parts(id="pause-where", gap=" · ")
        yield Line(id="pause-resume")
        yield Line(id="pause-keys")

    def show(self, view: View, units: Units, keys: str) -> None:
        """Show a paused view; `keys` says which keys lead on."""
        find = self.query_one
        find("#pause-belt", Line).show(belt_text(dry=view.dry))
        find("#pause-why", Line).show(pause.why(view))
        find("#pause-where", Line).show(where(view, units))
        find("#pause-resume", Line).show(going_on(view, units))
        find("#pause-keys", Line).show(keys)


class StartFace(Container):
    """Before the start: the cord, the first step, the plan."""

    def compose(self) -> ComposeResult:
        """The name, the safety lines, the plan."""
        yield Line(id="start-name")
        yield PlanTimeline(id="start-plan")
        yield Parts(id="start-totals")
        yield Line(id="start-cord")
        yield Line(id="start-feet")
        yield Line(id="start-first")
        yield Line(id="start-key")
        yield Parts(id="start-state", gap=" · ")

    def show(self, view: View, plan: Plan, name: str, units: Units, key: str, state: str) -> None:
        """Show what will be run; `key` says how to start it, `state` is that of sound and
        screen."""
        find = self.query_one
        find("#start-name", Line).show(name)
        find("#start-plan", PlanTimeline).show(plan)
        find("#start-totals", Line).show(totals_text(plan, units))
        cord, feet = start_texts(plan)
        find("#start-cord", Line).show(cord)
        find("#start-feet", Line).show(feet)
        find("#start-first", Line).show(f"first   {led_text(plan.leads[0], view.block, units)}")
        find("#start-key", Line).show(Content.styled(f"   {key}   ", "bold reverse"))
        find("#start-state", Line).show(state)


def _position(view: View, plan: Plan) -> int:
    """How far a view is in its plan, in drawn ms."""
    countdown = view.phase.kind in (Kind.TURN, Kind.READY)
    block_left = None if view.block_left is None else view.block_left * 1000
    lead_left = view.left * 1000 if countdown and view.left is not None else None
    return position_in(plan, view.number, lead_left, block_left)
