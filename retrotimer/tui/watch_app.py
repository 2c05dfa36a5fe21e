"""The app of a second screen: one screen, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen

from retrotimer.config.keys import DEFAULT_KEYS, given_anew
from retrotimer.config.model import Config
from retrotimer.terminal import exit_codes
from retrotimer.terminal.modes import terminals
from retrotimer.tui.input_order import InOrder
from retrotimer.tui.screens.watch import PROGRAM, WatchScreen
from retrotimer.tui.terminal import signals
from retrotimer.tui.terminal.driver import driver_class
from retrotimer.tui.terminal.texts import make_visible
from retrotimer.tui.textual_private import driver_of
from retrotimer.tui.themes import Themed, wear
from retrotimer.watch.reader import Watch

_HERE = Path(__file__).parent
_SHEETS = ("app", "screens/workout", "screens/watch")
_KEYS = ("quit", "mirror", "help")


class WatchApp(InOrder[int], Themed[int]):
    """Shows what a watch sees. Its result is the exit code.

    `theme` is the one to use, "" for that of the config.
    """

    TITLE = PROGRAM
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", show=False, priority=True, system=True),
        Binding("ctrl+z", "suspend_process", show=False, priority=True, system=True),
        Binding(DEFAULT_KEYS["quit"], "quit", "quit", id="quit"),
    ]

    def __init__(
        self, watch: Watch, config: Config, *, theme: str = "", mirror: bool = False
    ) -> None:
        super().__init__(css_path=[_HERE / f"{name}.tcss" for name in _SHEETS])
        self._watch = watch
        self._config = config
        self._theme = theme or config.display.theme
        self._mirror = mirror
        self._terminals = terminals()
        self._release: Callable[[], None] = lambda: None
        make_visible()
        wear(self, self._theme)

    def get_driver_class(self) -> type[Driver]:
        """Textual's own, adapted, without what a read-only screen does not need."""
        return driver_class(super().get_driver_class(), keys_only=True)

    def get_default_screen(self) -> Screen[Any]:
        """The only screen."""
        return WatchScreen(self._watch, self._config, mirror=self._mirror)

    def on_mount(self) -> None:
        """Theme and keys as in the config, and signals."""
        if complaint := wear(self, self._theme):
            self.notify(complaint, severity="warning", markup=False)
        anew = given_anew(self._config.keys)
        self.set_keymap({name: anew[name] for name in _KEYS if name in anew})
        self._release = signals.catch(self.exit, self._terminals, driver_of(self))

    def on_unmount(self) -> None:
        """Restore the previous signal handlers."""
        self._release()

    async def action_quit(self) -> None:
        """Quit; the workout goes on without us."""
        self.exit(exit_codes.DONE)

    def action_interrupt(self) -> None:
        """Ctrl+c."""
        self.exit(exit_codes.INTERRUPTED)
