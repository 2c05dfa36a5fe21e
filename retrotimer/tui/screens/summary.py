"""A finished workout: planned against done, and what the person says about it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Button, DataTable, Input, Label, Static

from retrotimer.config.keys import HOME_KEYS
from retrotimer.core.rows import Row
from retrotimer.core.units import Units
from retrotimer.history.errors import HistoryError
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record
from retrotimer.history.sums import sums
from retrotimer.run.journal import Journal
from retrotimer.run.prompt import Answer, Prompt
from retrotimer.run.unsaved import ELSEWHERE, IN_SESSION, other_places
from retrotimer.session.recovery import rated
from retrotimer.terminal.visible import visible_line
from retrotimer.text import ratings
from retrotimer.text.format import (
    ARROW,
    WORD,
    day_and_time,
    distance,
    elapsed,
    incline,
    length,
    speed,
)
from retrotimer.text.ratings import RatingError
from retrotimer.tui.first_frame import unless_ended
from retrotimer.tui.screens.closing import ClosingScreen
from retrotimer.tui.screens.dialogs import Question
from retrotimer.tui.themes import ALARM
from retrotimer.tui.widgets.key_footer import KeyFooter
from retrotimer.tui.widgets.lines import Parts

RPE_WORDS = {
    0: "nothing",
    0.5: "barely noticeable",
    1: "very weak",
    2: "weak",
    3: "moderate",
    5: "strong",
    7: "very strong",
    10: "maximal",
}
"""The anchors of the CR10 scale of exertion; values between two belong to the lower one."""
_NUMBER = r"[0-9.,-]*"
"""The characters of a number; the key of the question before may still be held."""
_LONGEST_NOTE = 1000
_FIELDS = ("rpe", "pain", "belt", "note")


def rpe_word(rpe: float) -> str:
    """What a number on the scale means."""
    return next(word for least, word in reversed(RPE_WORDS.items()) if rpe >= least)


class SummaryScreen(ClosingScreen[Record]):
    """A record and the form for it; returns the record as it finally is in the history.

    `journal` is that of a workout just ended, None for a record from the history. `edit` puts the
    cursor into the form.
    """

    CSS_PATH = "summary.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]  # noqa: RUF012 - declared by Screen
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back"),
        Binding("enter", "back", show=False),
        Binding(HOME_KEYS["edit"], "edit", "edit", id="edit"),
        Binding("tab", "app.focus_next", "next field", show=True),
    ]

    def __init__(
        self,
        record: Record,
        history: HistoryFile,
        units: Units,
        *,
        journal: Journal | None = None,
        edit: bool = True,
    ) -> None:
        super().__init__()
        self._record = record
        self._history = history
        self._units = units
        self._journal = journal
        self._edit = edit
        self._first = self._texts(record)
        self._leaving = False

    # What is shown ------------------------------------------------------------------------

    @property
    def _kept(self) -> bool:
        """Whether the record is, or will be, in the history."""
        return self._journal is None or self._journal.keeps

    @property
    def _unsaved(self) -> HistoryError | None:
        return None if self._journal is None else self._journal.unsaved

    def compose(self) -> ComposeResult:
        """What was done above, the form below."""
        record = self._record
        with Horizontal(classes="head"):
            yield Static(Content(record.set), classes="name")
            yield Static(id="state", classes="state")
        yield Parts("   ".join(sums(record, self._units)), id="sums")
        yield DataTable[Text](id="rows", cursor_type="none", zebra_stripes=True)
        with Vertical(id="trouble"):
            yield Static(id="why")
            with Horizontal(classes="field"):
                yield Label("save to")
                place = other_places(self._history.path, record.id)[0]
                yield Input(str(place), compact=True, id="place")
            with Horizontal(classes="field"):
                yield Button("try again", compact=True, id="again")
                yield Button("save there", compact=True, id="elsewhere")
        if self._kept:
            yield from self._form()
        yield KeyFooter()

    def _form(self) -> ComposeResult:
        rpe, pain, belt, note = self._first
        with Vertical(id="form"):
            with Horizontal(classes="field"):
                yield Label("RPE")
                yield Input(rpe, restrict=_NUMBER, compact=True, id="rpe")
                yield Static(self._hint("rpe", rpe), id="rpe-hint", classes="hint")
            with Horizontal(classes="field"):
                yield Label("pain")
                yield Input(pain, restrict=_NUMBER, compact=True, id="pain")
                yield Static(self._hint("pain", pain), id="pain-hint", classes="hint")
            with Horizontal(classes="field"):
                yield Label(f"belt {self._units.distance}")
                yield Input(belt, restrict=_NUMBER, compact=True, id="belt")
                yield Static(self._hint("belt", belt), id="belt-hint", classes="hint")
            with Horizontal(classes="field"):
                yield Label("note")
                yield Input(note, max_length=_LONGEST_NOTE, compact=True, id="note")

    @unless_ended
    def on_mount(self) -> None:
        """The rows; the cursor where the first digit belongs."""
        table = self.query_one(DataTable)
        # The most important first: narrow screens do not show all.
        table.add_columns("", "planned", "done", "speed", "incline", "", "")
        for row in self._record.rows:
            table.add_row(*(Text(visible_line(cell)) for cell in self._cells(row)))
        self._tell()
        field = self.query("#rpe") if self._edit else self.query("#rows")
        for one in field:
            one.focus()

    def _tell(self) -> None:
        """Where the record is."""
        self.set_class(self._unsaved is not None, "-unsaved")
        state, style = self._state()
        self.query_one("#state", Static).update(Content.styled(state, style))
        if self._unsaved is not None:
            self.query_one("#why", Static).update(Content(str(self._unsaved)))

    def _state(self) -> tuple[str, str]:
        if not self._kept:
            return "rehearsal: not saved", "$warning"
        if self._unsaved is not None:
            return "NOT SAVED", ALARM
        if self._journal is None:
            return day_and_time(self._record.started), ""
        aside = self._journal.set_aside
        return aside or f"saved in {self._history.path.name}", "$warning" if aside else ""

    def _cells(self, row: Row) -> tuple[str, ...]:
        return (
            f"{ARROW[row.kind]} {WORD[row.kind].lower()}",
            length(row.planned).rjust(7),
            elapsed(row.done).rjust(7),
            speed(row.speed, self._units).rjust(9),
            incline(row.incline).rjust(7),
            row.label,
            "skipped" if row.skipped else "",
        )

    def _estimate(self) -> str:
        told = distance(self._record.distance_m, self._units)
        return f"about {told} by the set speeds" if told else ""

    # What is typed ------------------------------------------------------------------------

    def _texts(self, record: Record) -> tuple[str, str, str, str]:
        metres = record.belt_distance_m
        return (
            "" if record.rpe is None else f"{record.rpe:g}",
            "" if record.pain is None else str(record.pain),
            ""
            if metres is None
            else f"{self._units.from_metres(metres):.3f}".rstrip("0").rstrip("."),
            " ".join(record.note.split()),
        )

    def _typed(self) -> Record:
        """The record with what is in the form.

        Untouched values stay as they are to the byte, and so do refused ones.
        """
        if not self.query("#form"):
            return self._record
        was = self._record
        rpe, pain, belt = was.rpe, was.pain, was.belt_distance_m
        if self._touched("rpe"):
            with suppress(RatingError):
                rpe = ratings.rpe(self._text("rpe"))
        if self._touched("pain"):
            with suppress(RatingError):
                pain = ratings.pain(self._text("pain"))
        if self._touched("belt"):
            with suppress(RatingError):
                shown = ratings.belt_distance(self._text("belt"), self._units.distance)
                belt = None if shown is None else round(self._units.to_metres(shown), 1)
        touched = self._touched("note")
        return rated(
            replace(was, note="") if touched else was,
            rpe=rpe,
            pain=pain,
            belt_distance_m=belt,
            note=self._text("note") if touched else was.note,
        )

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value

    def _touched(self, name: str) -> bool:
        return self._text(name) != self._first[_FIELDS.index(name)]

    def _refused(self, name: str) -> str:
        """Why the content of a field is refused, "" if it is not."""
        text = self._text(name)
        try:
            match name:
                case "rpe":
                    ratings.rpe(text)
                case "pain":
                    ratings.pain(text)
                case "belt":
                    ratings.belt_distance(text, self._units.distance)
        except RatingError as error:
            return str(error)
        return ""

    @on(Input.Changed, "#rpe, #pain, #belt")
    def _say(self, event: Input.Changed) -> None:
        """What a number means, or why it is refused."""
        name = event.input.id or ""
        refused = self._refused(name) if self._touched(name) else ""
        hint = self.query_one(f"#{name}-hint", Static)
        hint.set_class(bool(refused), "-refused")
        hint.update(Content(refused) if refused else self._hint(name, event.value))

    def _hint(self, name: str, text: str) -> Content:
        if name == "pain":
            return Content("0 none to 10 the worst")
        if name == "belt":
            return Content(self._estimate())
        try:
            rpe = ratings.rpe(text)
        except RatingError:
            rpe = self._record.rpe
        return Content("effort, 0 to 10 in half steps" if rpe is None else rpe_word(rpe))

    def on_key(self, event: Key) -> None:
        """A digit goes to RPE wherever the cursor is, except in a field."""
        if event.character and event.character.isdigit() and not isinstance(self.focused, Input):
            for field in self.query("#rpe").results(Input):
                event.stop()
                field.clear()
                self.set_focus(field)
                # After setting the focus, which selects the content.
                field.call_later(field.insert_text_at_cursor, event.character)

    # Saving -------------------------------------------------------------------------------

    def keep_typed(self) -> HistoryError | None:
        """Save what was typed; returns the error if that was not possible."""
        return self._write(self._typed())

    def _write(self, typed: Record) -> HistoryError | None:
        """Save the record, from any thread."""
        journal = self._journal
        if not self._kept:
            return None
        if journal is not None and journal.unsaved is not None:
            self._record = typed
            journal.amend(typed)
            return None if journal.save() else journal.unsaved
        if typed == self._record:
            return None
        try:
            self._history.replace(typed)
        except HistoryError as error:
            return error
        self._record = typed
        return None

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "place":
            self._elsewhere()
        else:
            self.action_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Editing is offered if there is a form and no field of it has the focus."""
        return action != "edit" or (self._kept and not isinstance(self.focused, Input))

    def action_edit(self) -> None:
        """Move into the form."""
        self.query_one("#rpe").focus()

    def action_back(self) -> None:
        """Save and close, once."""
        if not self._leaving:
            self._leaving = True
            self._leave()

    @work(group="save")
    async def _leave(self) -> None:
        """Save and close; ask first if something was refused or could not be saved."""
        try:
            if await self._saved():
                self.dismiss(self._record)
        finally:
            self._leaving = False

    async def _saved(self) -> bool:
        """Whether everything is saved that should be."""
        fields = _FIELDS if self._kept else ()
        for name in fields:
            refused = self._refused(name) if self._touched(name) else ""
            if refused and not await self._without(name, refused):
                return False
        error = await asyncio.to_thread(self._write, self._typed())
        if error is not None:
            self._tell()
            lines = [str(error)]
            if self._journal is not None and self._unsaved is not None:
                kept = await asyncio.to_thread(self._journal.in_session)
                lines.append(IN_SESSION if kept else ELSEWHERE)
            prompt = Prompt(
                "What you typed is not saved" if self._unsaved is None else "NOT SAVED",
                tuple(lines),
                (Answer("escape", "stay here", ""), Answer("l", "leave anyway", "leave")),
            )
            return await self.app.push_screen_wait(Question(prompt)) == "leave"
        return True

    async def _without(self, name: str, refused: str) -> bool:
        """Ask whether to leave without what was refused; else go back to it."""
        prompt = Prompt(
            refused,
            (f"{visible_line(self._text(name))} is not saved.",),
            (Answer("escape", "change it", ""), Answer("l", "leave without it", "leave")),
        )
        if await self.app.push_screen_wait(Question(prompt)) == "leave":
            return True
        self.query_one(f"#{name}").focus()
        return False

    @on(Button.Pressed, "#again")
    def _again(self) -> None:
        self._save(None)

    @on(Button.Pressed, "#elsewhere")
    def _elsewhere(self) -> None:
        self._save(Path(self.query_one("#place", Input).value).expanduser())

    @work(exclusive=True, group="save")
    async def _save(self, place: Path | None) -> None:
        """Write the record that could not be written, to its place or another."""
        journal = self._journal
        if journal is None:
            return
        self._record = self._typed()
        journal.amend(self._record)
        self._first = self._texts(self._record)
        if await asyncio.to_thread(journal.save, place):
            if place is not None:
                self._history = HistoryFile(place)
            self.query_one("#rpe").focus()
        self._tell()
