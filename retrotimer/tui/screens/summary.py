"""A workout that was done: planned against done, and what the person says about it."""

from __future__ import annotations

import asyncio
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

from retrotimer.config.model import Units
from retrotimer.core.rows import Row
from retrotimer.core.sets import Kind
from retrotimer.history.contradictions import contradictions
from retrotimer.history.errors import HistoryError
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record
from retrotimer.keeper import rated
from retrotimer.run.prompt import Answer, Prompt
from retrotimer.run.unsaved import ELSEWHERE, IN_SESSION, other_places
from retrotimer.runner import Runner
from retrotimer.terminal.visible import visible_line
from retrotimer.tui.painted import unless_ended
from retrotimer.tui.screens.closing import ClosingScreen
from retrotimer.tui.screens.dialogs import Question
from retrotimer.tui.themes import ALARM
from retrotimer.tui.widgets.keys import Keys
from retrotimer.tui.widgets.lines import Parts
from retrotimer.wording import ARROW, WORD, clock, distance, incline, length, speed

RPE_WORDS = {
    0: "nothing",
    0.5: "barely there",
    1: "very weak",
    2: "weak",
    3: "moderate",
    5: "strong",
    7: "very strong",
    10: "the most there is",
}
"""The anchors of the CR10 scale of exertion; what lies between two belongs to the lower."""
_LONGEST_NOTE = 1000


def rpe_word(rpe: float) -> str:
    """What a number on the scale means."""
    return next(word for least, word in reversed(RPE_WORDS.items()) if rpe >= least)


def number(text: str) -> float | None:
    """A number as it is typed, with a point or a comma; None while there is none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


class SummaryScreen(ClosingScreen[Record]):
    """A record and the form for it; gives the record as it is in the history in the end.

    `runner` is the one that has just ended, None for a record out of the history. `edit` puts the
    cursor into the form.
    """

    CSS_PATH = "summary.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]  # noqa: RUF012 - declared by Screen
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back"),
        Binding("enter", "back", show=False),
        Binding("tab", "app.focus_next", "next field", show=True),
    ]

    def __init__(
        self,
        record: Record,
        history: HistoryFile,
        units: Units,
        *,
        runner: Runner | None = None,
        edit: bool = True,
    ) -> None:
        super().__init__()
        self._record = record
        self._history = history
        self._units = units
        self._runner = runner
        self._edit = edit
        self._first = self._texts(record)

    # What is shown ------------------------------------------------------------------------

    @property
    def _kept(self) -> bool:
        """Whether the record is one of the history, or is to be."""
        return self._runner is None or self._runner.keeps

    @property
    def _unsaved(self) -> HistoryError | None:
        return None if self._runner is None else self._runner.unsaved

    def compose(self) -> ComposeResult:
        """What was done above, the form below."""
        record = self._record
        with Horizontal(classes="head"):
            yield Static(Content(record.set), classes="name")
            yield Static(id="state", classes="state")
        yield Parts(self._sums(), id="sums")
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
        yield Keys()

    def _form(self) -> ComposeResult:
        rpe, pain, belt, note = self._first
        with Vertical(id="form"):
            with Horizontal(classes="field"):
                yield Label("RPE")
                yield Input(rpe, restrict=r"(10([.,]0?)?|\d([.,][05]?)?)?", compact=True, id="rpe")
                yield Static(self._hint(rpe), id="rpe-word", classes="hint")
            with Horizontal(classes="field"):
                yield Label("pain")
                yield Input(pain, restrict=r"(10|\d)?", compact=True, id="pain")
                yield Static(Content("0 none to 10 the worst"), classes="hint")
            with Horizontal(classes="field"):
                yield Label(f"belt {self._units.distance}")
                yield Input(belt, restrict=r"(\d{1,3}([.,]\d{0,3})?)?", compact=True, id="belt")
                yield Static(Content(self._estimate()), classes="hint")
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
            return "a rehearsal: not saved", "$warning"
        if self._unsaved is not None:
            return "NOT SAVED", ALARM
        if self._runner is None:
            started = self._record.started
            return f"{started:%a} {started.day} {started:%b %Y %H:%M}", ""
        aside = self._runner.set_aside
        return aside or f"saved in {self._history.path.name}", "$warning" if aside else ""

    def _sums(self) -> str:
        record, totals = self._record, self._record.totals
        parts = [
            f"{ARROW[Kind.FORWARD]} {clock(totals.forward // 1000)}",
            f"{ARROW[Kind.BACKWARD]} {clock(totals.backward // 1000)}",
            f"turns {clock(totals.turn // 1000)} ({record.turns})",
        ]
        if totals.rest >= 1000:
            parts.append(f"rest {clock(totals.rest // 1000)}")
        if totals.paused >= 1000:
            parts.append(f"paused {clock(totals.paused // 1000)}")
        if record.distance_m is not None:
            parts.append(f"about {distance(record.distance_m, self._units)}")
        if record.stumbles:
            parts.append(f"stumbles at {', '.join(map(self._where, record.stumbles))}")
        if record.scaled:
            parts.append(record.scaled)
        if record.ending:
            parts.append(record.ending)
        if odd := contradictions(record):
            parts.append(f"does not add up: {'; '.join(odd)}")
        return "   ".join(parts)

    def _where(self, instant: int) -> str:
        """A stumble: when, in which direction, how fast."""
        row = self._record.row_at(instant)
        block = f" {ARROW[row.kind]} {speed(row.speed, self._units)}".rstrip() if row else ""
        return f"{clock(instant // 1000)}{block}"

    def _cells(self, row: Row) -> tuple[str, ...]:
        return (
            f"{ARROW[row.kind]} {WORD[row.kind].lower()}",
            length(row.planned).rjust(7),
            clock(row.done // 1000).rjust(7),
            speed(row.speed, self._units).rjust(9),
            incline(row.incline).rjust(7),
            row.label,
            "skipped" if row.skipped else "",
        )

    def _estimate(self) -> str:
        told = distance(self._record.distance_m, self._units)
        return f"by the set speeds about {told}" if told else ""

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
        """The record with what stands in the form; what was not touched stays to the byte."""
        if not self.query("#form"):
            return self._record
        fields = ("rpe", "pain", "belt", "note")
        texts = [self.query_one(f"#{name}", Input).value for name in fields]
        was = self._record
        same = [text == first for text, first in zip(texts, self._first, strict=True)]
        rpe, pain, belt = (number(text) for text in texts[:3])
        metres = None if belt is None else round(self._units.to_metres(belt), 1)
        return rated(
            replace(was, note="") if not same[3] else was,
            rpe=was.rpe if same[0] else None if rpe is None else min(rpe, 10.0),
            pain=was.pain if same[1] else None if pain is None else int(pain),
            belt_distance_m=was.belt_distance_m if same[2] else metres,
            note=was.note if same[3] else texts[3],
        )

    @on(Input.Changed, "#rpe")
    def _say_rpe(self, event: Input.Changed) -> None:
        self.query_one("#rpe-word", Static).update(self._hint(event.value))

    @staticmethod
    def _hint(text: str) -> Content:
        rpe = number(text)
        return Content("effort, 0 to 10 in half steps" if rpe is None else rpe_word(rpe))

    def on_key(self, event: Key) -> None:
        """A digit goes to RPE wherever the cursor is, but in a field."""
        if event.character and event.character.isdigit() and not isinstance(self.focused, Input):
            for field in self.query("#rpe").results(Input):
                event.stop()
                field.clear()
                self.set_focus(field)
                # Behind the focus, which selects what is there.
                field.call_later(field.insert_text_at_cursor, event.character)

    # Saving -------------------------------------------------------------------------------

    def keep(self) -> HistoryError | None:
        """Save what was typed; the error when that was not possible."""
        return self._write(self._typed())

    def _write(self, typed: Record) -> HistoryError | None:
        """Save the record, from any thread."""
        runner = self._runner
        if not self._kept:
            return None
        if runner is not None and runner.unsaved is not None:
            self._record = runner.record = typed
            return None if runner.save() else runner.unsaved
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

    @work(exclusive=True, group="save")
    async def action_back(self) -> None:
        """Save and go; what cannot be saved is told, and then asked about."""
        error = await asyncio.to_thread(self._write, self._typed())
        if error is not None:
            self._tell()
            lines = [str(error)]
            if self._runner is not None and self._unsaved is not None:
                kept = await asyncio.to_thread(self._runner.in_session)
                lines.append(IN_SESSION if kept else ELSEWHERE)
            prompt = Prompt(
                "What you typed is not saved" if self._unsaved is None else "NOT SAVED",
                tuple(lines),
                (Answer("escape", "stay here", ""), Answer("l", "leave anyway", "leave")),
            )
            if await self.app.push_screen_wait(Question(prompt)) != "leave":
                return
        self.dismiss(self._record)

    @on(Button.Pressed, "#again")
    def _again(self) -> None:
        self._save(None)

    @on(Button.Pressed, "#elsewhere")
    def _elsewhere(self) -> None:
        self._save(Path(self.query_one("#place", Input).value).expanduser())

    @work(exclusive=True, group="save")
    async def _save(self, place: Path | None) -> None:
        """Write the record that could not be written, where it belongs or to another place."""
        runner = self._runner
        if runner is None:
            return
        runner.record = self._record = self._typed()
        self._first = self._texts(self._record)
        if await asyncio.to_thread(runner.save, place):
            if place is not None:
                self._history = HistoryFile(place)
            self.query_one("#rpe").focus()
        self._tell()
