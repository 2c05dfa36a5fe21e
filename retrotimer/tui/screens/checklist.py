"""The checklist before the day's first workout, with the sound over the belt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.config.model import Config
from retrotimer.run.checklist import CHECK_ACTIONS, TITLE, Checklist, Does, by_key, hints, main_key
from retrotimer.run.checklist_words import words
from retrotimer.run.environment import Environment
from retrotimer.run.soundcheck import Hearing
from retrotimer.session.remembered import Remembered
from retrotimer.terminal.cells import left, width
from retrotimer.text.format import CLIP_THE_CORD
from retrotimer.tui.first_frame import once_painted, show_keys, unless_ended
from retrotimer.tui.key_input import held
from retrotimer.tui.key_labels import name
from retrotimer.tui.screens.closing import ClosingScreen
from retrotimer.tui.widgets.lines import Line

POLL_EVERY = 0.1
"""How often the sound is polled, in seconds; the bell depends on it."""
NARROW = 78
"""Below this many columns the list uses fewer words."""
_PAD = 9


def _bindings() -> Iterator[Binding]:
    """The keys of the checklist as Textual bindings, made from its table."""
    for one in CHECK_ACTIONS:
        act = f"do({one.does.value!r})"
        if one.own:
            yield Binding(one.own, act, one.words, id=f"checklist.{one.does}")
        if one.bound:
            yield Binding(DEFAULT_KEYS[one.bound], act, one.words, id=one.bound)
        if one.clicker:
            text = f"clicker: {one.words}"
            yield Binding(one.clicker, act, text, show=False, id=f"clicker.{one.does}")


class ChecklistScreen(ClosingScreen[bool]):
    """Goes through the list; returns True if the person goes on, False if not.

    The volume that was heard, and the day, go to `memory`.
    """

    CSS_PATH = "checklist.tcss"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012 - declared by Screen
    BINDINGS: ClassVar[list[BindingType]] = [*_bindings()]

    def __init__(self, config: Config, environment: Environment, memory: Remembered) -> None:
        super().__init__()
        self._config = config
        self._list = Checklist(config, environment, memory)
        self.check = self._list.check

    def compose(self) -> ComposeResult:
        """The list, then the sound."""
        with Vertical(id="check"):
            yield Line(TITLE, id="check-title")
            with Vertical(id="check-list"):
                for item in self._list.items:
                    yield Line(id=f"check-{item.name}")
            yield Line(CLIP_THE_CORD, id="check-cannot")
            yield Line(id="check-call")
            yield Line(id="check-text")
            yield Line(id="check-volume")
            yield Line(id="check-key")
            yield Line(id="check-others")

    @unless_ended
    def on_mount(self) -> None:
        """Show it, and open the sound once that is on the screen."""
        self._show()
        once_painted(self, self._open)

    def _open(self) -> None:
        show_keys(self)
        self._list.open()
        self.set_interval(POLL_EVERY, self.poll)
        self.poll()

    def on_unmount(self) -> None:
        """Stop what is still playing."""
        self.check.close()

    def on_resize(self) -> None:
        """The texts have a different amount of room."""
        self.call_after_refresh(self._show)

    def poll(self) -> None:
        """Poll the sound, and show how far it is."""
        before = self.check.hearing
        self.check.poll()
        self._show()
        if self.check.hearing is not before:
            self.refresh_bindings()

    def _show(self) -> None:
        narrow = self.size.width < NARROW
        texts = [item.short if narrow else item.text for item in self._list.items]
        wide = max(map(width, texts))
        for item, text in zip(self._list.items, texts, strict=True):
            # Padded to one width, so that centred they start in one column.
            line = Content.assemble((left(item.name, _PAD), "bold $primary"), left(text, wide))
            self.query_one(f"#check-{item.name}", Line).show(line)
        told = words(self.check, self._config, short=narrow)
        self.set_class(self.check.hearing in (Hearing.LOST, Hearing.OFF), "-silent")
        self.query_one("#check-call", Line).show(told.call)
        self.query_one("#check-text", Line).show(told.text)
        self.query_one("#check-volume", Line).show(f"volume {self.check.volume} %")
        now = self._list.confirm_label
        key = f"{name(self.app, self._config.keys['confirm'])}  {now}" if now else ""
        self.query_one("#check-key", Line).show(Content.styled(key, "bold reverse"))
        own = hints(self._config.keys, self.check.hearing, short=narrow)
        own_keys = [f"{_named(self.app, key)}  {does}" for key, does in own]
        self.query_one("#check-others", Line).show(("   " if narrow else "    ").join(own_keys))

    # Keys ---------------------------------------------------------------------------------

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The active bindings with what they do now; the footer has the main key of each."""
        found = dict(super().active_bindings)
        for key, action in by_key(self._config.keys).items():
            one = found.get(key)
            if one is None or one.node is not self or key in action.clicker.split(","):
                continue
            shown = action.footer and key == main_key(action, self._config.keys)
            now = action.label(self.check.hearing) or "wait"
            found[key] = one._replace(binding=replace(one.binding, description=now, show=shown))
        return found

    async def action_do(self, does: str) -> None:
        """Do what a key of the table does."""
        if self.closing:
            return
        sure = not held(self.app)
        if does == Does.HELP and sure:
            await self.app.run_action("help")
        if word := self._list.do(Does(does), held=not sure):
            self.notify(word, markup=False)
        if self._list.passed is None:
            self.poll()
            return
        self.dismiss(self._list.passed)
        if does == Does.QUIT:
            await self.app.run_action("quit")


def _named(app: App[Any], key: str) -> str:
    return "esc" if key == "escape" else name(app, key)
