"""The app: which screen follows which, how it ends, and what it remembers."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.screen import Screen

from retrotimer.config.keys import DEFAULT_KEYS, given_anew, key_text
from retrotimer.config.location import ConfigPlace
from retrotimer.config.mistakes import ConfigError
from retrotimer.config.model import Config
from retrotimer.core.plan import Plan
from retrotimer.core.plural import counted
from retrotimer.run.key_repeat import FIRST
from retrotimer.session.remembered import Remembered
from retrotimer.terminal import exit_codes
from retrotimer.terminal.modes import terminals
from retrotimer.tui.before_workout import BeforeWorkout, other
from retrotimer.tui.first_frame import once_painted
from retrotimer.tui.input_order import InOrder
from retrotimer.tui.key_input import KeyInput
from retrotimer.tui.screens.closing import KeepsWhatIsTyped
from retrotimer.tui.terminal import probe, signals
from retrotimer.tui.terminal.driver import driver_class
from retrotimer.tui.terminal.texts import make_visible
from retrotimer.tui.textual_private import driver_of
from retrotimer.tui.themes import Themed, wear

if TYPE_CHECKING:
    from retrotimer.history.record import Record
    from retrotimer.run.environment import Environment
    from retrotimer.session.recovery import SavedWorkout
    from retrotimer.tui.screens.home import HomeScreen
    from retrotimer.tui.screens.workout import WorkoutScreen

_HERE = Path(__file__).parent


class RetroTimer(probe.Answering, InOrder[int], KeyInput, Themed[int]):
    """The full screen. Its result is the exit code.

    `first` goes straight to a workout and ends with it, `rate` is that workout's; `broken` is an
    interrupted one to ask about; `may_run` False: only rehearsals. `remember` gets everything to be
    remembered, `reload` reads the config again and may raise ConfigError.
    """

    TITLE = "retrotimer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True, system=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True, system=True),
        Binding(DEFAULT_KEYS["quit"], "quit", "quit", id="quit"),
        Binding(DEFAULT_KEYS["help"], "help", "help", id="help"),
    ]

    def __init__(
        self,
        config: Config,
        environment: Environment,
        *,
        first: Plan | None = None,
        rate: int = 1,
        broken: SavedWorkout | None = None,
        may_run: bool = True,
        remembered: dict[str, Any] | None = None,
        remember: Callable[[dict[str, Any]], None] | None = None,
        reload: Callable[[], Config] | None = None,
        config_path: Path | None = None,
    ) -> None:
        self.memory = Remembered(remembered, remember)
        self._before_workout = BeforeWorkout(environment, self.memory, broken)
        # With the first screen's style sheet beside the app's own, everything is parsed only once.
        opening = "home" if first is None else self._before_workout.opening(first, rate)
        super().__init__(css_path=[_HERE / "app.tcss", _HERE / f"screens/{opening}.tcss"])
        self.config = config
        self.environment = environment
        self.deleted: list[bytes] = []
        """Records taken out of the history, the newest last; they can be put back."""
        self._first = first
        self._rate = rate
        self._may_run = may_run
        self._reload = reload or (lambda: config)
        path = config_path or config.path
        self._config_place = ConfigPlace(path) if path is not None else None
        self._workout: WorkoutScreen | None = None
        self._entering = False
        self._interrupted = -FIRST
        self._clashes: set[str] = set()
        self._terminals = terminals()
        self._release: Callable[[], None] = lambda: None
        self._dressing = False
        make_visible()
        self._dress()

    def get_driver_class(self) -> type[Driver]:
        """Textual's own, adapted."""
        return driver_class(super().get_driver_class())

    def key_clock(self) -> int:
        """Now, in ms."""
        return self.environment.boot_ms()

    # Screens ------------------------------------------------------------------------------

    def get_default_screen(self) -> Screen[Any]:
        """Home, unless only a workout was asked for."""
        if self._first is not None:
            return super().get_default_screen()
        from retrotimer.tui.screens.home import HomeScreen

        return HomeScreen(
            self.config, self.environment, self.memory, lambda: self._before_workout.broken
        )

    def on_mount(self) -> None:
        """Start the probe, catch signals, and open the interrupted or requested workout."""
        self._apply_config()
        self._release = signals.catch(self._leave, self._terminals, driver_of(self))
        once_painted(self, gc.enable)
        if self._first is not None:
            self.open_workout(self._first, self._rate)
        elif self._before_workout.asks(None, 1):
            self._enter(None)
        elif not self._may_run:
            self.notify(other(self.config.keys), severity="warning", markup=False)

    def on_unmount(self) -> None:
        """Restore the previous signal handlers."""
        self._release()

    def open_workout(self, plan: Plan, rate: int = 1) -> None:
        """Show a plan, ready to start, after everything that must be asked or checked first."""
        if rate == 1 and not self._may_run:
            self.notify(other(self.config.keys), severity="warning", markup=False)
        elif self._entering or self._workout is not None:
            return  # it is open already
        elif self._before_workout.asks(plan, rate):
            self._enter(plan)
        else:
            self._show(plan, rate)

    def _enter(self, plan: Plan | None) -> None:
        self._entering = True
        self._go_in(plan)

    @work(group="before-workout")
    async def _go_in(self, plan: Plan | None) -> None:
        try:
            begin = await self._before_workout.begin(self, self.config, plan)
        finally:
            self._entering = False
        if begin is None:
            self._back_home()
        else:
            self._show(begin)

    def _show(self, begin: Plan | SavedWorkout, rate: int = 1) -> None:
        from retrotimer.run.runner import Runner
        from retrotimer.tui.screens.workout import WorkoutScreen

        volume, talk = self.memory.volume(self.config), self.memory.talk(self.config)
        if isinstance(begin, Plan):
            runner = Runner.new(begin, self.environment, rate=rate, volume=volume, talk=talk)
        else:
            runner = Runner.resumed(begin, self.environment, volume=volume, talk=talk)
        self._workout = WorkoutScreen(runner, self.config)
        self.push_screen(self._workout, self._workout_ended)

    def _workout_ended(self, record: Record | None) -> None:
        if self._workout is None:
            return
        runner, self._workout = self._workout.runner, None
        self.memory.learn(runner, self.config)
        if record is None:
            self._back_home()
            return
        from retrotimer.tui.screens.summary import SummaryScreen

        journal = runner.journal
        summary = SummaryScreen(
            record, self.environment.history, self.config.units, journal=journal
        )
        self.push_screen(summary, lambda _: self._back_home(journal.left_over))

    def _back_home(self, left: SavedWorkout | None = None) -> None:
        self._before_workout.broken = left or self._before_workout.broken
        if self._first is not None:
            self.exit(exit_codes.FAILED if left else exit_codes.DONE)
            return
        from retrotimer.tui.screens.home import HomeScreen

        for home in self.screen_stack:
            if isinstance(home, HomeScreen):
                home.tell_waiting()

    def action_help(self) -> None:
        """The keys of this screen; the workout has its own help, which pauses it."""
        from retrotimer.tui.screens.help import HelpScreen, files_of, keys_of

        keys = keys_of(self, self.screen.active_bindings.values())
        self.push_screen(HelpScreen(keys, files_of(self.config, self.environment.history.path)))

    def action_command_palette(self) -> None:
        """Not over a workout: there every key has only one meaning."""
        if self._workout is None:
            from retrotimer.tui.screens.palette import Palette

            if not isinstance(self.screen, Palette):
                self.push_screen(Palette(id="--command-palette"))

    # Home ---------------------------------------------------------------------------------

    def on_home_screen_start(self, event: HomeScreen.Start) -> None:
        """A set was chosen."""
        self.open_workout(event.plan, event.rate)

    def on_home_screen_history(self) -> None:
        """Show the history."""
        from retrotimer.tui.screens.history import HistoryScreen

        shown = HistoryScreen(self.environment, self.config.units, self.deleted, self.config.keys)
        self.push_screen(shown)

    def on_home_screen_check(self) -> None:
        """Show the checklist, on request."""
        from retrotimer.tui.screens.checklist import ChecklistScreen

        self.push_screen(ChecklistScreen(self.config, self.environment, self.memory))

    def on_home_screen_decide(self) -> None:
        """Ask about the interrupted workout again."""
        if self._before_workout.broken is not None and not self._entering and self._workout is None:
            self._enter(None)

    def on_home_screen_reload(self, event: HomeScreen.Reload) -> None:
        """Read the config again; if it has mistakes they are shown, and the old one stays."""
        if error := self._read_again(event.home):
            from retrotimer.tui.screens.dialogs import mistakes

            self.push_screen(mistakes(error))

    def on_home_screen_look(self, event: HomeScreen.Look) -> None:
        """Take over a config that has appeared, changed or gone; if it has mistakes the old one
        stays."""
        place = self._config_place
        if place is None or self.screen is not event.home or not place.changed():
            return
        if self._read_again(event.home):
            key = key_text(self.config.keys["reload"])
            text = f"The config has changed and has mistakes; {key} shows them."
            self.notify(text, severity="warning", markup=False)

    def _read_again(self, home: HomeScreen) -> ConfigError | None:
        """Take over the current config; returns its mistakes, if any, and keeps the old one
        then."""
        if self._config_place is not None:
            self._config_place.changed()  # known from now on
        try:
            self.config = self._reload()
        except ConfigError as error:
            return error
        self._apply_config()
        home.show(self.config)
        self.notify(f"config read again: {counted(len(self.config.sets), 'set')}")
        return None

    @work(group="edit", exclusive=True)
    async def on_home_screen_edit(self, event: HomeScreen.Edit) -> None:
        """Open the config in the user's editor, offering to write one first if there is none."""
        place = self._config_place
        if place is None:
            self.notify("There is no config file yet: `retrotimer init` writes one.", markup=False)
            return
        if not place.there:
            from retrotimer.config.write import InitError, init
            from retrotimer.run.questions import WRITE, first_config
            from retrotimer.tui.screens.dialogs import Question

            asked = first_config(str(place.path), self.config.keys)
            if await self.push_screen_wait(Question(asked)) != WRITE:
                return
            try:
                init(place.path)
            except InitError as error:
                self.notify(str(error), title="No config", severity="error", markup=False)
                return
            self._read_again(event.home)
        event.home.edit(place.path)

    def _apply_config(self) -> None:
        self.set_keymap(given_anew(self.config.keys))
        if complaint := self._dress():
            self.notify(complaint, severity="warning", markup=False)
        for told in self.config.notes():
            self.notify(told, markup=False)

    def _dress(self) -> str:
        """Use the theme of the config, or the one last chosen; returns a complaint about it."""
        self._dressing = True
        try:
            return wear(self, self.memory.theme(self.config))
        finally:
            self._dressing = False

    def watch_theme(self, name: str) -> None:
        """The theme changed: one chosen in the palette is remembered."""
        if self._dressing or not self.is_running:
            return
        self.memory.take(theme=name)
        if self.config.gives("display.theme"):
            self.notify(
                f"{name} until the program ends; "
                f"the next start uses {self.config.display.theme} from the config",
                markup=False,
            )

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:  # noqa: ARG002
        """Say once which keys are used twice."""
        names = ", ".join(sorted({one.id or one.action for one in clashed_bindings}))
        if "," in names and names not in self._clashes:
            self._clashes.add(names)
            self.notify(f"one key does several things: {names}", severity="warning", markup=False)

    # The end ------------------------------------------------------------------------------

    async def action_quit(self) -> None:
        """Quit; a workout is paused first, and asks."""
        if self._workout is None:
            self._leave(exit_codes.DONE)
        else:
            self._workout.interrupt()

    def action_interrupt(self) -> None:
        """Ctrl+c: pause a workout and ask; pressed again, save it and quit."""
        workout = self._workout
        now, before = self.environment.boot_ms(), self._interrupted
        self._interrupted = now
        if workout is None or not workout.runner.started:
            self._leave(exit_codes.INTERRUPTED)
        elif workout.asking and now - before < FIRST:
            return  # held: that ends nothing
        elif workout.asking:
            workout.runner.stop()
            self._leave(exit_codes.INTERRUPTED)
        else:
            workout.interrupt()

    def action_suspend_process(self) -> None:
        """Ctrl+z: a workout is paused first."""
        if self._workout is not None:
            self._workout.runner.pause()
        super().action_suspend_process()

    def _leave(self, code: int) -> None:
        """End: save progress and what was typed, restore the terminal."""
        self.keep()
        self.exit(code)

    def keep(self) -> None:
        """Save the progress of a workout, and what was typed."""
        if self._workout is not None:
            self._workout.runner.leave()
            self.memory.learn(self._workout.runner, self.config)
        for screen in self.screen_stack:
            if isinstance(screen, KeepsWhatIsTyped):
                screen.keep_typed()
