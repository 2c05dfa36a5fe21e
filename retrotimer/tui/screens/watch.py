"""The second screen of a workout: it shows what another program runs, and cannot change it."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.types import CSSPathType

from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.config.model import Config
from retrotimer.text import phrases
from retrotimer.text.format import clock
from retrotimer.text.phrases import Appearance
from retrotimer.tui.first_frame import unless_ended
from retrotimer.tui.key_labels import name
from retrotimer.tui.screens.help import HelpScreen, keys_of
from retrotimer.tui.screens.workout_display import WorkoutDisplay
from retrotimer.tui.terminal.title import TerminalTitle
from retrotimer.tui.wake_up import WakeUp
from retrotimer.tui.widgets.key_footer import KeyFooter
from retrotimer.tui.widgets.lines import Line, Spread
from retrotimer.tui.widgets.watch_notice import NO_NEWS, WatchNotice
from retrotimer.tui.widgets.workout_faces import NARROW, PauseFace
from retrotimer.watch.notices import ONLY_WATCHING, notice
from retrotimer.watch.reader import Live, Nothing, Over, Silent, Unreadable, Watch, Watched

PROGRAM = "retrotimer watch"
GOES_ON = "Go on with a key on the first screen."


class WatchScreen(WorkoutDisplay[None]):
    """Looks ten times a second and shows whatever there is."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["workout.tcss", "watch.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(DEFAULT_KEYS["mirror"], "mirror", "mirror", id="mirror"),
        Binding(DEFAULT_KEYS["help"], "help", "help", id="help"),
    ]

    def __init__(self, watch: Watch, config: Config, *, mirror: bool = False) -> None:
        super().__init__(config)
        self._watch = watch
        self._mirror = mirror or self._mirror
        self._sight: Watched = Nothing()
        self._face: object = None
        self._wake_up = WakeUp(self, self.poll)

    # Life ----------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """The notice, the faces, and a line saying that this is read-only."""
        yield WatchNotice(id="notice")
        yield from super().compose()
        yield Line(id="only")
        yield KeyFooter(compact=True)

    @unless_ended
    def on_mount(self) -> None:
        """Show what there is, and keep looking."""
        self._title = TerminalTitle.of(self.app)
        self.poll()

    def on_unmount(self) -> None:
        """Stop looking; restore the title."""
        self._wake_up.stop()
        if self._title is not None:
            self._title.restore()

    def poll(self) -> None:
        """Look, show it, and look again when something may have changed."""
        self._sight = self._watch.look()
        self._paint()
        self._wake_up.after(max(0.001, self._watch.wait()))

    # Showing -------------------------------------------------------------------------------------

    @unless_ended
    def _paint(self) -> None:
        """Show everything that is not shown yet; what looks the same costs nothing."""
        sight = self._sight
        ends = self._ends
        shown = (sight, ends, self._mirror, self._note)
        if shown == self._shown or not self.is_running:
            return
        self._shown = shown
        self._begin(sight)
        wide = self.size.width >= NARROW
        quits = name(self.app, self._config.keys["quit"])
        narrow = f"only watching · {quits} quits"
        self.query_one("#only", Line).show(ONLY_WATCHING if wide else narrow)
        if isinstance(sight, Live):
            self._show_live(sight, ends)
        else:
            self._show_notice(sight)

    @property
    def _ends(self) -> str:
        """The local time at which it ends if nothing is paused."""
        if not isinstance(self._sight, Live):
            return ""
        ends = self._watch.wall() + timedelta(seconds=self._sight.view.to_go)
        return f"ends {ends:%H:%M}"

    def _begin(self, sight: Watched) -> None:
        """Set the classes of what is shown; flash if that is new and nothing covers it."""
        if isinstance(sight, Live):
            self._wear(sight.view, sight.plan)
        else:
            self._warned = False
            self._dress(set())
        self.set_class(isinstance(sight, Silent), "-silent")
        self.set_class(isinstance(sight, Nothing | Unreadable | Over), "-notice")
        before, self._face = self._face, _face(sight)
        if before is None or before == self._face:
            return
        self._note = ""
        self._flash.begin(self)
        if isinstance(self.app.screen, HelpScreen):
            self.app.screen.action_close()

    def _show_live(self, sight: Live, ends: str) -> None:
        view = sight.view
        if phrases.look(view) is Appearance.PAUSED:
            self.query_one(PauseFace).show(view, self._config.units, GOES_ON)
        else:
            # That key does nothing here.
            confirm = f"{self._confirm} there"
            self._show_running(view, sight.plan, confirm, sight.plan.name, ends)
        self._show_alert("" if view.sound_ok else "no sound")
        self._show_foot(" · ".join(phrases.marks(view)), f"{phrases.terminal_title(view)} watch")

    def _show_notice(self, sight: Nothing | Unreadable | Silent | Over) -> None:
        title, *lines = notice(sight, self._config.units)
        face = self.query_one(WatchNotice)
        self._show_alert("")
        if isinstance(sight, Silent):
            face.show(f"{title} · {clock(sight.seconds)} ago", lines, NO_NEWS)
            self._show_foot("", f"{NO_NEWS} – {PROGRAM}")
        else:
            face.show(title, lines)
            self._show_foot("", PROGRAM)

    def _show_foot(self, marks: str, title: str) -> None:
        self.query_one("#note", Spread).show(self._note, "", marks)
        if self._title is not None:
            self._title.show(title)

    # Keys ----------------------------------------------------------------------------------------

    def action_help(self) -> None:
        """The keys of this screen; the workout goes on, and a new event closes the help."""
        keys = keys_of(self.app, self.active_bindings.values())
        self.app.push_screen(HelpScreen(keys, {"watched": str(self._watch.path)}))


def _face(sight: Watched) -> object:
    """A change in this flashes, as it does on the first screen."""
    if not isinstance(sight, Live):
        return type(sight)
    view = sight.view
    return view.state, view.number, view.stage, view.in_ready, view.sound_ok
