"""The workouts done, newest first, read as far back as the user looks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable, Static
from textual.worker import get_current_worker

from retrotimer.config.keys import DEFAULT_KEYS, HISTORY_KEYS, HOME_KEYS, key_text
from retrotimer.core.plural import counted
from retrotimer.core.units import Units
from retrotimer.history.columns import COLUMNS, heads, in_one_line, row_of
from retrotimer.history.errors import HistoryError
from retrotimer.history.record import Record
from retrotimer.history.record_scanner import Damaged
from retrotimer.run.environment import Environment
from retrotimer.run.questions import DELETE, delete
from retrotimer.text.format import elapsed
from retrotimer.tui.first_frame import unless_ended
from retrotimer.tui.key_input import held
from retrotimer.tui.screens.closing import ClosingScreen
from retrotimer.tui.screens.dialogs import Question, Reading
from retrotimer.tui.screens.summary import SummaryScreen
from retrotimer.tui.widgets.key_footer import KeyFooter

PAGE = 100
"""How many records are read at first; every further page is as long as all before it."""
_NEAR = 20
"""How many rows before the end the next page is read."""


@dataclass(frozen=True, slots=True)
class DamagedEntry:
    """A part of the file that is not a record, and the line where it begins."""

    line: int
    damaged: Damaged


Entry = Record | DamagedEntry


class HistoryTable(DataTable[Text], inherit_bindings=False):
    """The table; opening a record is a key of the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        one for one in DataTable.BINDINGS if isinstance(one, Binding) and one.key != "enter"
    ]


class HistoryScreen(ClosingScreen[None]):
    """The history as a table.

    `deleted` gets the bytes of deleted records, the newest last; `keys` are those of the config.
    """

    CSS_PATH = "history.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(HISTORY_KEYS["detail"], "detail", "detail", id="detail"),
        Binding(HOME_KEYS["edit"], "edit", "edit", id="edit"),
        Binding(HISTORY_KEYS["delete"], "delete", "delete", id="delete"),
        Binding(HISTORY_KEYS["undo"], "undo", "undo", id="undo"),
        Binding("escape", "close", "home"),
    ]

    @dataclass
    class Page(Message):
        """More of the history; `last`: there is no more. `trouble`: why it ends here."""

        entries: list[Entry]
        last: bool
        trouble: str = ""

    def __init__(
        self,
        environment: Environment,
        units: Units,
        deleted: list[bytes],
        keys: Mapping[str, str] = DEFAULT_KEYS,
    ) -> None:
        super().__init__()
        self._history = environment.history
        self._units = units
        self._deleted = deleted
        self._keys = keys
        self._entries: list[Entry] = []
        self._reading = False
        self._whole = False

    def compose(self) -> ComposeResult:
        """The head, the table, the keys."""
        with Horizontal(classes="head"):
            yield Static("History", classes="name")
            yield Static(id="state", classes="state")
        yield HistoryTable(cursor_type="row", id="log")
        yield Static(id="remark")
        yield Static(id="none")
        yield KeyFooter()

    @unless_ended
    def on_mount(self) -> None:
        """The first page."""
        table = self.query_one(HistoryTable)
        table.add_columns(*heads(self._units))
        table.focus()
        self.watch(table, "scroll_y", self._more, init=False)
        self._begin(PAGE)

    # Reading ------------------------------------------------------------------------------

    def _begin(self, limit: int) -> None:
        """Read again, from the newest on."""
        self._entries.clear()
        self.query_one(HistoryTable).clear()
        self._whole, self._reading = False, True
        self._read(None, limit)

    @on(HistoryTable.RowHighlighted)
    def _tell_remark(self) -> None:
        """The note of the record under the cursor: the table's last column may be cut."""
        at = self._at
        entry = None if at is None else self._entries[at]
        remark = in_one_line(entry.remark) if isinstance(entry, Record) else ""
        self.query_one("#remark", Static).update(Content(remark))

    @on(HistoryTable.RowHighlighted)
    def _more(self) -> None:
        """The next page, when the cursor nears the end of what was read."""
        table = self.query_one(HistoryTable)
        seen = max(table.cursor_row, int(table.scroll_y) + table.size.height)
        if not self._reading and not self._whole and seen >= len(self._entries) - _NEAR:
            records = [one for one in self._entries if isinstance(one, Record)]
            self._reading = True
            self._read(records[-1].id if records else None, max(PAGE, len(records)))

    @work(thread=True, exclusive=True, group="read")
    def _read(self, before: str | None, limit: int) -> None:
        """A page of records behind the one with the id `before`, and the damaged parts among
        them."""
        worker = get_current_worker()
        entries: list[Entry] = []
        try:
            for one in self._history.newest(limit, before):
                if worker.is_cancelled:
                    return
                line = self._history.line_of(one) if isinstance(one, Damaged) else 0
                entries.append(DamagedEntry(line, one) if isinstance(one, Damaged) else one)
        except HistoryError as error:
            self.post_message(self.Page(entries, last=True, trouble=str(error)))
            return
        read = sum(isinstance(one, Record) for one in entries)
        self.post_message(self.Page(entries, last=read < limit))

    def on_history_screen_page(self, event: Page) -> None:
        """More rows."""
        event.stop()
        table = self.query_one(HistoryTable)
        for entry in event.entries:
            table.add_row(*_cells(entry, self._units))
        self._entries += event.entries
        self._reading, self._whole = False, event.last
        self._tell_remark()
        if event.trouble:
            self.notify(event.trouble, severity="error", markup=False)
        self._tell()

    def _tell(self) -> None:
        records = [one for one in self._entries if isinstance(one, Record)]
        count = counted(len(records), "workout")
        backward = sum(one.totals.backward for one in records)
        state = f"{count}{'' if self._whole else ' so far'} · backward {elapsed(backward)}"
        self.query_one("#state", Static).update(Content(state if self._entries else ""))
        empty = not self._entries and self._whole
        self.query_one("#none", Static).update(
            Content(f"No workouts yet in {self._history.path}" if empty else "")
        )
        self.query_one("#none").display = empty
        self.query_one(HistoryTable).display = not empty

    # Keys ---------------------------------------------------------------------------------

    @property
    def _at(self) -> int | None:
        row = self.query_one(HistoryTable).cursor_row
        return row if 0 <= row < len(self._entries) else None

    def action_detail(self) -> None:
        """The record, row by row; a damaged part as it is in the file."""
        self._open(edit=False)

    def action_edit(self) -> None:
        """The record, with the cursor in the form."""
        self._open(edit=True)

    def _open(self, *, edit: bool) -> None:
        at = self._at
        if at is None or not self.is_active or held(self.app):
            return
        entry = self._entries[at]
        if isinstance(entry, DamagedEntry):
            title = f"line {entry.line} of {self._history.path.name}: {entry.damaged.reason}"
            self.app.push_screen(Reading(title, Content(entry.damaged.text)))
            return

        def closed(record: Record | None) -> None:
            if record is not None and record != entry:
                self._entries[at] = record
                table = self.query_one(HistoryTable)
                row = table.coordinate_to_cell_key((at, 0)).row_key  # type: ignore[arg-type]
                for column, cell in zip(
                    table.ordered_columns, _cells(record, self._units), strict=True
                ):
                    table.update_cell(row, column.key, cell)
                self._tell_remark()
                self._tell()

        self.app.push_screen(SummaryScreen(entry, self._history, self._units, edit=edit), closed)

    def action_delete(self) -> None:
        """Ask whether to delete the record."""
        at = self._at
        if at is None or not self.is_active or held(self.app):
            return
        record = self._entries[at]
        if isinstance(record, DamagedEntry):
            place = f"line {record.line} of {self._history.path}"
            self.notify(f"nothing to delete: mend {place} in an editor", markup=False)
            return

        def answered(answer: str | None) -> None:
            if answer == DELETE:
                self._delete(record)

        undo = f"{key_text(self._keys['undo'])} brings it back until the program ends."
        self.app.push_screen(Question(delete(record, undo, self._keys)), answered)

    @work(exclusive=True, group="write")
    async def _delete(self, record: Record) -> None:
        """Delete the record; `undo` puts it back."""
        try:
            data = await asyncio.to_thread(self._history.delete, record.id)
        except HistoryError as error:
            self.notify(str(error), title="Not deleted", severity="error", markup=False)
            return
        self._deleted.append(data)
        if record in self._entries:  # the list may just be loading again
            at = self._entries.index(record)
            del self._entries[at]
            table = self.query_one(HistoryTable)
            table.remove_row(table.coordinate_to_cell_key((at, 0)).row_key)  # type: ignore[arg-type]
        self._tell()
        self.notify(f"deleted; {key_text(self._keys['undo'])} brings it back", markup=False)

    def action_undo(self) -> None:
        """Put back the record that was deleted last."""
        if not held(self.app):
            self._undo()

    @work(exclusive=True, group="write")
    async def _undo(self) -> None:
        if not self._deleted:
            self.notify("nothing was deleted", markup=False)
            return
        try:
            await asyncio.to_thread(self._history.restore, self._deleted[-1])
        except HistoryError as error:
            self.notify(str(error), title="Not restored", severity="error", markup=False)
            return
        self._deleted.pop()
        self._begin(max(PAGE, len(self._entries) + 1))

    def action_close(self) -> None:
        """Back home."""
        self.dismiss(None)


def _cells(entry: Entry, units: Units) -> tuple[Text, ...]:
    """An entry as a row; for an unreadable one only the reason."""
    if isinstance(entry, DamagedEntry):
        told = f"line {entry.line} cannot be read: {entry.damaged.reason}"
        return (Text("?"), Text(told, style="italic"), *(Text() for _ in COLUMNS[2:]))
    return tuple(
        Text(cell, justify="right" if column.right else None)
        for column, cell in zip(COLUMNS, row_of(entry, units), strict=True)
    )
