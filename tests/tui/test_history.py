"""The history: read as far as one looks, shown as it is, edited, deleted and put back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable

from retrotimer.config.keys import DEFAULT_KEYS, given_anew
from retrotimer.core.rows import Row, Totals
from retrotimer.core.sets import Kind
from retrotimer.core.units import Units
from retrotimer.history.columns import COLUMNS
from retrotimer.history.columns import table as listed
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record, Status, to_toml
from retrotimer.history.record_scanner import Damaged
from retrotimer.run.questions import DELETE
from retrotimer.tui.screens.dialogs import Question
from retrotimer.tui.screens.history import PAGE, HistoryScreen
from tests.support.app_steps import Bare, app_of, notices, screen, seen, settled, shown, until
from tests.support.runner_world import World, config_of


class Holder(Bare):
    """Shows the history of a world."""

    def __init__(self, world: World, units: Units = Units.KMH) -> None:
        super().__init__()
        self.units = units
        self.world = world
        self.deleted: list[bytes] = []

    def on_mount(self) -> None:
        self.open()

    def open(self) -> None:
        self.push_screen(HistoryScreen(self.world.environment, self.units, self.deleted))


class CountingFile(HistoryFile):
    """Counts the records that were taken out of the file."""

    taken = 0

    def newest(
        self, limit: int | None = None, before: str | None = None
    ) -> Iterator[Record | Damaged]:
        for one in super().newest(limit, before):
            self.taken += 1
            yield one


def done(world: World, number: int = 0, **changes: Any) -> Record:
    started = world.clock.wall() - timedelta(days=4000 - number)
    made = Record(
        id=f"{started:%Y%m%dT%H%M%S}-{number:04x}",
        started=started,
        ended=started + timedelta(minutes=10),
        set=f"set {number}",
        status=Status.COMPLETED,
        totals=Totals(forward=780_000, backward=150_000, turn=200_000),
        rows=(
            Row(Kind.FORWARD, "Warm up", 300_000, 300_000, 3.5, None, 0),
            Row(Kind.TURN, "", 20_000, 20_000, None, None, 300_000),
        ),
        distance_m=760.0,
    )
    return replace(made, **changes)


def write(world: World, *records: Record) -> None:
    world.history.path.write_bytes(b"\n".join(to_toml(one) for one in records))


def file_of(world: World) -> bytes:
    return world.history.path.read_bytes()


def table(pilot: Pilot[Any]) -> DataTable[Any]:
    return pilot.app.screen.query_one(DataTable)


def rows(pilot: Pilot[Any]) -> list[list[str]]:
    log = table(pilot)
    return [[str(cell) for cell in log.get_row_at(row)] for row in range(log.row_count)]


async def test_newest_first_with_what_is_known(world: World) -> None:
    write(
        world,
        done(world, 1, rpe=5, pain=0, note="[/] easy\nand long", belt_distance_m=1000.0),
        done(world, 3990, status=Status.STOPPED, reason="pain [b", distance_m=None, rpe=6.5),
    )
    app = Holder(world)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert rows(pilot) == [
            ["2026-11-13 07:10", "set 3990", "13:00", "2:30", "1", "", "6.5", "", "pain [b"],
            ["2015-12-12 07:10", "set 1", "13:00", "2:30", "1", "1.00", "5", "0",
             "[/] easy and long"],
        ]  # fmt: skip
        assert shown(pilot, "state") == "2 workouts · backward 5:00"
        text = seen(pilot)
        assert "[/] easy and long" in text


@pytest.mark.parametrize("units", Units)
async def test_the_table_has_the_columns_of_the_command(world: World, units: Units) -> None:
    records = [done(world, 2, rpe=6.5, note="x"), done(world, 1, set="歩く", distance_m=None)]
    write(world, *reversed(records))
    app = Holder(world, units)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        labels = [str(column.label) for column in table(pilot).ordered_columns]
        shown_rows = [labels, *rows(pilot)]
        for row in range(table(pilot).row_count):
            cells = table(pilot).get_row_at(row)
            assert [cell.justify == "right" for cell in cells] == [one.right for one in COLUMNS]
    lines = listed(records, units=units).splitlines()
    assert [line.split() for line in lines] == [" ".join(row).split() for row in shown_rows]


async def test_ones_own_note_is_seen_on_any_terminal_and_e_edits_an_open_record(
    world: World,
) -> None:
    write(
        world,
        done(world, 1),
        done(world, 2, status=Status.STOPPED, reason="pain, dizzy or unsteady", note="left knee"),
    )
    app = Holder(world)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "left knee · pain, dizzy or unsteady" in seen(pilot)
        await pilot.press("down")
        await pilot.pause()
        assert "left knee" not in shown(pilot, "remark")
        await pilot.press("enter")
        await until(pilot, lambda: "e edit" in seen(pilot), "the key that edits")
        await pilot.press("e", "7", "escape")
        await until(pilot, lambda: screen(pilot) == "HistoryScreen", "the history")
        assert rows(pilot)[1][6] == "7"


async def test_an_empty_history_says_where_it_will_be(world: World) -> None:
    app = Holder(world)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert f"No workouts yet in {world.history.path}" in seen(pilot)
        await pilot.press("enter", "e", "d", "u")
        await settled(pilot)
        assert screen(pilot) == "HistoryScreen"
        assert notices(pilot) == ["nothing was deleted"]


async def test_years_open_on_a_page_and_scroll_to_their_end(world: World) -> None:
    count = 10 * PAGE + 50
    write(world, *(done(world, number) for number in range(count)))
    file = CountingFile(world.history.path)
    world.environment.history = file
    app = Holder(world)
    async with app.run_test() as pilot:
        await settled(pilot)
        assert table(pilot).row_count == PAGE
        assert file.taken <= PAGE + 1
        assert "100 workouts so far" in shown(pilot, "state")
        for _ in range(12):
            await pilot.press("ctrl+end", "end")
            table(pilot).move_cursor(row=table(pilot).row_count - 1)
            await settled(pilot)
        assert table(pilot).row_count == count
        assert rows(pilot)[-1][1] == "set 0"
        assert [row[1] for row in rows(pilot)] == [f"set {n}" for n in reversed(range(count))]
        assert shown(pilot, "state").startswith(f"{count} workouts ·")


async def test_scrolling_without_the_cursor_reads_on_too(world: World) -> None:
    write(world, *(done(world, number) for number in range(250)))
    app = Holder(world)
    async with app.run_test() as pilot:
        await settled(pilot)
        assert table(pilot).row_count == PAGE
        table(pilot).scroll_to(y=90, animate=False)
        await until(pilot, lambda: table(pilot).row_count == 2 * PAGE, "the second page")


async def test_what_is_damaged_is_shown_with_its_line(world: World) -> None:
    write(world, done(world, 1))
    bad = b"\n[[workout]]\nid = [oops]\n"
    world.history.path.write_bytes(file_of(world) + bad + b"\n" + to_toml(done(world, 2)))
    line = file_of(world)[: file_of(world).index(b"id = [oops]")].count(b"\n")
    app = Holder(world)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert [row[1] for row in rows(pilot)][::2] == ["set 2", "set 1"]
        assert f"line {line} cannot be read" in rows(pilot)[1][1]
        await pilot.press("down", "d")
        assert screen(pilot) == "HistoryScreen"
        assert notices(pilot) == [
            f"nothing to delete: mend line {line} of {world.history.path} in an editor"
        ]
        await pilot.press("enter")
        await pilot.pause()
        assert screen(pilot) == "Reading"
        assert "id = [oops]" in seen(pilot)


async def test_the_detail_has_every_row_and_changes_nothing(world: World) -> None:
    write(world, done(world, 1, note="n"))
    before = file_of(world)
    app = Holder(world)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the detail")
        assert "Warm up" in seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "HistoryScreen", "the list")
    assert file_of(world) == before


async def test_an_edit_lands_in_the_file_and_in_the_row(world: World) -> None:
    first, second = done(world, 1), done(world, 2)
    write(world, first, second)
    app = Holder(world)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("down", "e")
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the form")
        await pilot.press("6", "enter")
        await until(pilot, lambda: screen(pilot) == "HistoryScreen", "the list")
        assert rows(pilot)[1][6] == "6"
        assert rows(pilot)[0][6] == ""
    assert world.history.get(first.id) == replace(first, rpe=6)
    assert world.history.get(second.id) == second


async def test_undo_restores_every_byte(world: World) -> None:
    write(world, *(done(world, number, note=f"n {number}") for number in range(5)))
    before = file_of(world)
    app = Holder(world)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("down", "d", "y")
        await settled(pilot)
        await pilot.press("d", "y")
        await settled(pilot)
        assert [row[1] for row in rows(pilot)] == ["set 4", "set 1", "set 0"]
        assert len(file_of(world)) < len(before)
        # What was deleted outlives the screen.
        await pilot.press("escape")
        await settled(pilot)
        app.open()
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        assert [row[1] for row in rows(pilot)] == [f"set {n}" for n in (4, 3, 2, 1, 0)]
    assert file_of(world) == before
    assert app.deleted == []


async def test_deleting_is_asked_about_and_keeps_unless_told(world: World) -> None:
    write(world, done(world, 1), done(world, 2))
    before = file_of(world)
    app = Holder(world)
    async with app.run_test() as pilot:
        await settled(pilot)
        for key in ("n", "escape", "enter"):
            await pilot.press("d")
            await until(pilot, lambda: screen(pilot) == "Question", "the question")
            text = seen(pilot)
            assert "Delete set 2 (18:50) of Sun 13 Dec 2015 07:10?" in text
            assert "u brings it back until the program ends." in text
            await pilot.press(key)
            await until(pilot, lambda: screen(pilot) == "HistoryScreen", "the list")
            await settled(pilot)
            assert len(rows(pilot)) == 2, key
            assert file_of(world) == before, key


async def hold(pilot: Pilot[Any], world: World, key: str) -> None:
    """A key, pressed anew and held on."""
    world.clock.advance(1_000)
    for delay in (0, 500, *[30] * 6):
        world.clock.advance(delay)
        await pilot.press(key)
    await pilot.pause()


async def test_a_held_key_deletes_nothing_and_a_held_answer_one_record(world: World) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        for opener in ("d", "y", "enter"):
            keys = {**DEFAULT_KEYS, "delete": opener}
            keys |= {"detail": "f3"} if opener == "enter" else {}
            app.set_keymap(given_anew(keys))
            records = [done(world, number) for number in range(6)]
            write(world, *records)
            app.deleted[:] = [world.history.delete(records.pop(0).id)]
            app.push_screen(shown := HistoryScreen(world.environment, Units.KMH, app.deleted, keys))
            await settled(pilot)
            await hold(pilot, world, opener)
            question = app.screen
            assert isinstance(question, Question), opener
            assert len(list(world.history.newest())) == 5, opener
            (answer,) = (one.key for one in question.prompt.answers if one.value == DELETE)
            assert answer not in (opener, "u", "e")
            await hold(pilot, world, answer)
            await until(pilot, lambda shown=shown: app.screen is shown, "the list")  # type: ignore[misc]
            await settled(pilot)
            assert [row[1] for row in rows(pilot)] == [f"set {n}" for n in (4, 3, 2, 1)]
            assert list(world.history.newest()) == records[-2::-1], opener
            await hold(pilot, world, "u")
            await settled(pilot)
            assert list(world.history.newest()) == records[::-1], opener
            assert len(app.deleted) == 1, opener
            await pilot.press("escape")
            await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")


async def test_what_cannot_be_deleted_or_read_is_told(world: World) -> None:
    record = done(world, 1)
    write(world, record)
    app = Holder(world)
    async with app.run_test() as pilot:
        await settled(pilot)
        world.history.delete(record.id)
        await pilot.press("d", "y")
        await settled(pilot)
        assert "there is no workout" in notices(pilot)[0]
        assert table(pilot).row_count == 1
    block(world)
    blocked = Holder(world)
    async with blocked.run_test() as pilot:
        await settled(pilot)
        assert str(world.history.path) in notices(pilot)[0]


def block(world: World) -> None:
    world.history.path.unlink()
    world.history.path.mkdir()


async def test_the_history_fits_every_size(world: World) -> None:
    write(world, *(done(world, number) for number in range(30)))
    app = Holder(world)
    async with app.run_test(size=(40, 12)) as pilot:
        await settled(pilot)
        for size in ((40, 12), (300, 80)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert "set 29" in seen(pilot), size
