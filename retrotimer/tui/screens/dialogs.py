"""Small screens over another one: a question with a key for every answer, and a list to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from retrotimer.config.mistakes import ConfigError, render_all
from retrotimer.core.plural import counted
from retrotimer.tui.painted import unless_ended
from retrotimer.tui.screens.closing import ClosingModalScreen


class Answer(NamedTuple):
    """One answer to a question: the key that gives it, its words, and what it stands for."""

    key: str
    text: str
    value: str


class Question(ClosingModalScreen[str]):
    """A question; gives the value of the answer, "" for Esc. The first answer is the default."""

    CSS_PATH = "dialogs.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-high")]  # noqa: RUF012 - declared by Screen
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "later", show=False)]

    def __init__(self, title: str, lines: Iterable[str], answers: Sequence[Answer]) -> None:
        super().__init__()
        self._title = title
        self._lines = tuple(lines)
        self._answers = tuple(answers)

    def compose(self) -> ComposeResult:
        """Title, text and the answers."""
        with Vertical(id="box"):
            yield Static(Content(self._title), id="title")
            yield Static(Content("\n".join(self._lines)), id="text")
            yield OptionList(
                *(Option(Content(f"{_shown(one.key):>3}  {one.text}")) for one in self._answers),
                compact=True,
                id="answers",
            )

    def on_key(self, event: Key) -> None:
        """A letter gives its answer at once."""
        for answer in self._answers:
            if event.key == answer.key:
                event.stop()
                self.dismiss(answer.value)
                return

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click gives the answer it is on."""
        event.stop()
        self.dismiss(self._answers[event.option_index].value)

    def action_later(self) -> None:
        """No answer."""
        self.dismiss("")


def _shown(key: str) -> str:
    return "esc" if key == "escape" else key


class Reading(ClosingModalScreen[None]):
    """Lines to read and scroll; any of Esc, enter and q closes them."""

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
    """Everything that is wrong with a config that was read again."""
    count = counted(len(error.mistakes) + error.more, "mistake")
    text = "\n\n".join(render_all(error))
    return Reading(f"{count}; the previous config stays active", Content(text))
