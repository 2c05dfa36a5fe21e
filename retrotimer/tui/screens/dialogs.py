"""Small screens over another one: a question with a key for every answer, and a list to read."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.widgets import Static
from textual.widgets.option_list import Option

from retrotimer.config.mistakes import ConfigError, render_all
from retrotimer.core.plural import counted
from retrotimer.run.key_repeat import TAP
from retrotimer.run.prompt import Prompt
from retrotimer.terminal.cells import right
from retrotimer.tui.first_frame import unless_ended
from retrotimer.tui.key_input import bidden, held
from retrotimer.tui.screens.closing import ClosingModalScreen
from retrotimer.tui.widgets.lists import OptionList


class Question(ClosingModalScreen[str]):
    """A question; returns the value of the answer, "" for Esc. The first answer is the default.

    A held key answers nothing. If no key opened the question, the first key waits a moment to see
    whether it is held.
    """

    CSS_PATH = "dialogs.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012 - declared by Screen
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "later", show=False)]

    def __init__(self, prompt: Prompt) -> None:
        super().__init__()
        self.prompt = prompt
        self._sure = False
        self._waits: str | None = None

    def compose(self) -> ComposeResult:
        """Title, text and the answers."""
        with Vertical(id="box"):
            yield Static(Content(self.prompt.title), id="title")
            yield Static(Content("\n".join(self.prompt.lines)), id="text")
            yield OptionList(
                *(
                    Option(Content(f"{right(_shown(one.key), 3)}  {one.words}"))
                    for one in self.prompt.answers
                ),
                compact=True,
                id="answers",
            )

    def on_mount(self) -> None:
        """Note whether a key opened it."""
        self._sure = bidden(self.app)

    def on_key(self, event: Key) -> None:
        """A letter answers at once."""
        sure, self._sure = self._sure, True
        if held(self.app):
            event.stop()
            self._waits = None
            return
        answer = self.prompt.answer(event.key)
        if event.key == "enter":
            at = self.query_one(OptionList).highlighted
            answer = None if at is None else self.prompt.answers[at]
        if answer is None:
            return
        event.stop()
        if sure:
            self.dismiss(answer.value)
        else:
            self._waits = answer.value
            self.set_timer(TAP / 1000, self._unless_held)

    def _unless_held(self) -> None:
        if self._waits is not None:
            self.dismiss(self._waits)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click chooses its answer."""
        event.stop()
        self.dismiss(self.prompt.answers[event.option_index].value)

    def action_later(self) -> None:
        """No answer."""
        self.dismiss("")


def _shown(key: str) -> str:
    return "esc" if key == "escape" else key


class Reading(ClosingModalScreen[None]):
    """Lines to read and scroll; Esc, enter or q closes them."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "close", "close", show=False),
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Title and text."""
        with Vertical(id="box"):
            yield Static(Content(f"{self._title}   (esc closes)"), id="title")
            with VerticalScroll(id="scroll"):
                yield Static(self._text, id="text")

    @unless_ended
    def on_mount(self) -> None:
        """Arrow keys scroll at once."""
        self.query_one("#scroll").focus()

    def action_close(self) -> None:
        """Back to what is below."""
        self.dismiss(None)


def mistakes(error: ConfigError) -> Reading:
    """All mistakes of a config that was read again."""
    count = counted(len(error.mistakes) + error.more, "mistake")
    text = "\n\n".join(render_all(error))
    return Reading(f"{count}; the previous config stays active", Content(text))
