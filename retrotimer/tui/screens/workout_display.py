"""What the workout screen and the second screen share: the faces and how they are styled."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.screen import ScreenResultType
from textual.types import CSSPathType

from retrotimer.config.model import Config
from retrotimer.core.plan import Plan
from retrotimer.core.view import View
from retrotimer.text import phrases
from retrotimer.text.format import place
from retrotimer.text.phrases import Appearance
from retrotimer.tui.key_labels import name
from retrotimer.tui.screens.closing import ClosingScreen
from retrotimer.tui.terminal.partial_frames import draw_parts
from retrotimer.tui.terminal.title import TerminalTitle
from retrotimer.tui.widgets.flash import Flash
from retrotimer.tui.widgets.lines import Line, Spread
from retrotimer.tui.widgets.workout_faces import PauseFace, RunningFace

_CLASSES = frozenset(
    {"-lost", "-dry", "-warn", "-mirror", *(f"-{look.value}" for look in Appearance)}
)
"""The classes by which the style sheet knows the state."""


class WorkoutDisplay(ClosingScreen[ScreenResultType]):
    """Shows the views of a workout: what runs, the pause, and what belongs to both.

    `_paint` shows everything not shown yet; `_shown` is what was shown last.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = "workout.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - declared by Screen
        (0, "-narrow"),
        (60, "-usual"),
        (120, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-low"),
        (16, "-medium"),
        (22, "-high"),
        (34, "-tall"),
    ]

    def __init__(self, config: Config) -> None:
        super().__init__()
        draw_parts(self)
        self._config = config
        self._mirror = config.display.mirror
        self._note = ""
        self._shown: tuple[object, ...] = ()
        self._flash = Flash(wanted=config.cues.flash)
        self._title: TerminalTitle | None = None
        self._warned = False

    def compose(self) -> ComposeResult:
        """The faces, of which one is visible, then what belongs to all of them."""
        yield RunningFace(id="running")
        yield PauseFace(id="pause")
        yield Line(id="alert")
        yield Spread(id="note")

    def on_resize(self) -> None:
        """The texts have a different amount of room."""
        self._shown = ()
        self.call_after_refresh(self._paint)

    def _paint(self) -> None:
        """Show everything that is not shown yet; what looks the same costs nothing."""
        raise NotImplementedError

    def _wear(self, view: View, plan: Plan) -> None:
        """The classes by which the style sheet knows the state."""
        look = phrases.look(view)
        before = plan.rules.safety.warn_before_turn
        warned, self._warned = self._warned, phrases.warns(view, before)
        told = {"-lost": not view.sound_ok, "-dry": view.dry, "-warn": self._warned}
        told["-mirror"] = self._mirrors(view)
        self._dress({f"-{look.value}", *(name for name, on in told.items() if on)})
        if self._warned and not warned:
            self._flash.begin(self)

    def _mirrors(self, view: View) -> bool:
        """Whether the running block is shown for a mirror."""
        return self._mirror and phrases.look(view) is Appearance.BACKWARD

    def _dress(self, worn: set[str]) -> None:
        """Set these classes of a state at once: each change restyles every widget."""
        classes = self.classes - _CLASSES | worn
        if classes != self.classes:
            self.set_classes(classes)

    def _show_running(self, view: View, plan: Plan, confirm: str, called: str, ends: str) -> None:
        """Show what runs; `confirm` is that key, `called` and `ends` are at the top."""
        face = self.query_one(RunningFace)
        mirror = self._mirrors(view)
        face.show(view, plan, self._config.units, confirm, mirror=mirror)
        face.head(called, place(view), ends, mirror=mirror)

    def _show_alert(self, text: str) -> None:
        """Show what is wrong; nothing for an empty text."""
        alert = self.query_one("#alert", Line)
        alert.show(text)
        alert.set_class(bool(text), "-shown")

    @property
    def _confirm(self) -> str:
        """The name of the confirm key."""
        return name(self.app, self._config.keys["confirm"])

    def action_mirror(self) -> None:
        """Turn mirrored digits in backward blocks on or off."""
        self._mirror = not self._mirror
        self._note = "mirror on, in backward blocks" if self._mirror else "mirror off"
        self._paint()
