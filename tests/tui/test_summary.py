"""The summary: planned against done, the form, and what cannot be saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, Input

from retrotimer.core.sets import IntervalSet
from retrotimer.core.states import Command
from retrotimer.core.units import Units
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record, Status, to_toml
from retrotimer.history.sums import sums
from retrotimer.run.runner import Runner
from retrotimer.tui.screens.summary import RPE_WORDS, SummaryScreen, rpe_word
from retrotimer.tui.widgets.lines import Parts
from tests.support.app_steps import Bare, app_of, at_the_start, screen, seen, shown, until
from tests.support.runner_world import EVERYTHING, FIRST_STEPS, World, config_of, plan_of


class Holder(Bare):
    """Shows one summary, and keeps what it gives."""

    given: Record | None = None

    def __init__(self, summary: SummaryScreen) -> None:
        super().__init__()
        self.summary = summary

    def on_mount(self) -> None:
        self.push_screen(self.summary, self.take)

    def take(self, record: Record | None) -> None:
        self.given = record


def walked(world: World, interval_set: IntervalSet = FIRST_STEPS, seconds: int = 400) -> Runner:
    """A workout that was stopped after so long, with a stumble and a skip in it."""
    runner = Runner.new(plan_of(interval_set), world.environment)
    runner.command(Command.START)
    for second in range(seconds):
        world.clock.advance(1000)
        runner.poll()
        if second == 100:
            runner.command(Command.STUMBLE)
        if second == 200:
            runner.command(Command.SKIP)
    runner.stop("pain, dizzy or unsteady")
    return runner


def after(
    world: World, runner: Runner, units: Units = Units.KMH, **more: Any
) -> tuple[Holder, Record]:
    assert runner.record is not None
    record = runner.record
    return Holder(
        SummaryScreen(record, world.history, units, journal=runner.journal, **more)
    ), record


def saved(history: HistoryFile) -> Record:
    return history.get("last")


def field(pilot: Pilot[Any], name: str) -> Input:
    return pilot.app.screen.query_one(f"#{name}", Input)


async def closed(pilot: Pilot[Any], app: Holder) -> Record:
    await until(pilot, lambda: app.given is not None, "the end of the summary")
    assert app.given is not None
    return app.given


async def test_the_smallest_screen_has_room_for_all_that_is_typed(world: World) -> None:
    """After the workout, whose style sheet is there too."""
    app = app_of(world, config_of(), first=plan_of(FIRST_STEPS))
    async with app.run_test(size=(40, 12)) as pilot:
        runner = (await at_the_start(pilot)).runner
        world.clock.advance(2000)
        await pilot.press("enter")
        world.clock.advance(1000)
        runner.poll()
        await pilot.press("s", "y")
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the summary")
        await pilot.pause()
        for name in ("rpe", "pain", "belt", "note"):
            region = field(pilot, name).region
            assert region.width >= 9
            assert region.height == 1
            assert app.screen.region.contains_region(region)
        assert app.screen.query_one(DataTable).size.height >= 3


async def test_it_shows_planned_against_done(world: World) -> None:
    app, record = after(world, walked(world))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        table = app.screen.query_one(DataTable)
        assert table.row_count == len(record.rows)
        text = seen(pilot)
        assert "saved in history.toml" in text
        told = sums(record, Units.KMH)
        assert app.screen.query_one("#sums", Parts).text == "   ".join(told)
        assert "stumbles at 1:41 ▲ 3.5 km/h" in told
        assert "stopped: pain, dizzy or unsteady" in text
        warm_up = next(line for line in text.splitlines() if "Warm up" in line)
        assert "5:00" in warm_up
        assert "3.5 km/h" in warm_up
        assert "skipped" in warm_up


async def test_what_is_typed_lands_in_the_file(world: World) -> None:
    app, record = after(world, walked(world))
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press(*"4.5", "tab", *"10", "tab", *"1,25", "tab", *"a [/] b")
        await pilot.press("enter")
        given = await closed(pilot, app)
    assert given == saved(world.history)
    assert given == replace(record, rpe=4.5, pain=10, belt_distance_m=1250.0, note="a [/] b")


@pytest.mark.parametrize("key", ["escape", "enter"])
async def test_empty_fields_stay_empty_and_nothing_is_written(world: World, key: str) -> None:
    runner = walked(world)
    before = world.history.path.read_bytes()
    app, record = after(world, runner)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press(key)
        assert await closed(pilot, app) == record
    assert world.history.path.read_bytes() == before
    assert (record.rpe, record.pain, record.belt_distance_m, record.note) == (None, None, None, "")


async def test_values_can_be_taken_back(world: World) -> None:
    runner = walked(world)
    assert runner.record is not None
    full = replace(runner.record, rpe=3, pain=1, belt_distance_m=500.0, note="so so")
    world.history.replace(full)
    app = Holder(SummaryScreen(full, world.history, Units.KMH))
    async with app.run_test() as pilot:
        await pilot.pause()
        for _ in range(4):
            field(pilot, pilot.app.focused.id or "").clear()  # type: ignore[union-attr]
            await pilot.press("tab")
        await pilot.press("escape")
        await closed(pilot, app)
    assert saved(world.history) == runner.record


async def test_what_was_not_touched_stays_to_the_byte(world: World) -> None:
    """The form shows less than a record edited by hand may hold."""
    runner = walked(world)
    assert runner.record is not None
    odd = replace(runner.record, rpe=3.75, belt_distance_m=1234.5678, note="two\nlines  here")
    world.history.replace(odd)
    app = Holder(SummaryScreen(odd, world.history, Units.MPH))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert field(pilot, "note").value == "two lines here"
        await pilot.press("tab", "2", "escape")
        await closed(pilot, app)
    assert saved(world.history) == replace(odd, pain=2)


async def test_miles_are_kept_as_metres(world: World) -> None:
    app, record = after(world, walked(world), Units.MPH)
    async with app.run_test() as pilot:
        await pilot.pause()
        field(pilot, "belt").focus()
        await pilot.press("2", "enter")
        await closed(pilot, app)
    assert saved(world.history) == replace(record, belt_distance_m=3218.7)


async def test_what_is_not_on_the_scale_is_refused_and_nothing_else_is_lost(world: World) -> None:
    app, record = after(world, walked(world))
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press(*"11")
        assert field(pilot, "rpe").value == "11"
        assert shown(pilot, "rpe-hint") == "RPE is 0 to 10, in half steps"
        await pilot.press("tab", *"99", "tab", "minus", "1", "tab", "a")
        assert shown(pilot, "pain-hint") == "pain is 0 to 10, in whole steps"
        assert "a number of km" in shown(pilot, "belt-hint")
        await pilot.press("enter")
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        assert "RPE is 0 to 10" in seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the form")
        assert pilot.app.focused is field(pilot, "rpe")
        await pilot.press("backspace", "backspace", "4", ",", "5")
        assert shown(pilot, "rpe-hint") == "moderate"
        await pilot.press("escape")
        await until(pilot, lambda: "99 is not saved" in seen(pilot), "the question about pain")
        await pilot.press("l")
        await until(pilot, lambda: "-1 is not saved" in seen(pilot), "the one about the belt")
        await pilot.press("l")
        given = await closed(pilot, app)
    assert given == saved(world.history) == replace(record, rpe=4.5, note="a")


async def test_a_digit_goes_to_rpe_from_anywhere(world: World) -> None:
    app, _ = after(world, walked(world), edit=False)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert pilot.app.focused is app.screen.query_one(DataTable)
        await pilot.press("1", "0")
        assert field(pilot, "rpe").value == "10"
        assert shown(pilot, "rpe-hint") == "maximal"


@pytest.mark.parametrize(
    ("rpe", "word"),
    [
        (0, "nothing"),
        (0.5, "barely noticeable"),
        (2.5, "weak"),
        (4, "moderate"),
        (9.5, "very strong"),
    ],
)
def test_every_number_has_a_word(rpe: float, word: str) -> None:
    assert rpe_word(rpe) == word
    assert all(rpe_word(anchor) == text for anchor, text in RPE_WORDS.items())


# What cannot be saved ---------------------------------------------------------------------------


def block(path: Path) -> None:
    path.mkdir()


def free(path: Path) -> None:
    path.rmdir()


@pytest.fixture
def unsaved(world: World) -> Runner:
    """A workout whose record could not be written: a folder is in the way."""
    block(world.history.path)
    runner = walked(world)
    assert runner.journal.unsaved is not None
    return runner


async def test_an_unsaved_workout_says_so_and_can_be_tried_again(
    world: World, unsaved: Runner
) -> None:
    app, record = after(world, unsaved)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "NOT SAVED" in seen(pilot)
        assert str(world.history.path) in shown(pilot, "why")
        field(pilot, "rpe").value = "6"
        await pilot.click("#again")
        await until(pilot, lambda: not app.screen.query("Button.-active"), "the button")
        assert "NOT SAVED" in seen(pilot)
        free(world.history.path)
        await pilot.click("#again")
        await until(pilot, lambda: "NOT SAVED" not in seen(pilot), "the second try")
        assert saved(world.history) == replace(record, rpe=6)
        assert not world.session.path.exists()
        await pilot.press("escape")
        await closed(pilot, app)


async def test_an_unsaved_workout_can_go_to_another_place(
    world: World, unsaved: Runner, tmp_path: Path
) -> None:
    app, record = after(world, unsaved)
    other = tmp_path / "elsewhere" / "log.toml"
    async with app.run_test() as pilot:
        await pilot.pause()
        place = field(pilot, "place")
        place.value = str(other)
        place.focus()
        await pilot.press("enter")
        await until(pilot, lambda: unsaved.journal.unsaved is None, "the other place")
        await until(pilot, lambda: not app.screen.has_class("-unsaved"), "the calm")
        assert saved(HistoryFile(other)) == record
        # What is typed afterwards follows it there.
        field(pilot, "pain").focus()
        await pilot.press("3", "enter")
        await closed(pilot, app)
    assert saved(HistoryFile(other)) == replace(record, pain=3)


async def test_leaving_unsaved_tries_once_more_then_asks(world: World, unsaved: Runner) -> None:
    app, record = after(world, unsaved)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        assert "the next start offers" in " ".join(seen(pilot).split())
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the summary")
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "Question", "the question again")
        await pilot.press("l")
        assert await closed(pilot, app) == record
    assert world.session.path.exists()


async def test_an_edit_that_cannot_be_written_is_told(world: World) -> None:
    runner = walked(world)
    world.history.delete(saved(world.history).id)
    app, _ = after(world, runner)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("5", "escape")
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        assert "there is no workout" in " ".join(seen(pilot).split())


# Looks ------------------------------------------------------------------------------------------


async def test_user_text_is_no_markup(world: World) -> None:
    runner = walked(world, EVERYTHING, 60)
    assert runner.record is not None
    odd = replace(
        runner.record, note="[/] [b]", reason="[/red", scaled="[x] 90%", status=Status.STOPPED
    )
    world.history.replace(odd)
    app = Holder(SummaryScreen(odd, world.history, Units.KMH))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        text = seen(pilot)
        for part in ("[/] everything [b", "[red]drink", "[/] [b]", "[/red", "[x]"):
            assert part in text
    assert to_toml(saved(world.history)) == to_toml(odd)


async def test_the_form_is_in_sight_at_every_size(world: World) -> None:
    app, _ = after(world, walked(world, EVERYTHING))
    async with app.run_test(size=(40, 12)) as pilot:
        for size in ((40, 12), (80, 24), (300, 80)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            text = seen(pilot)
            for part in ("[/] everything [b", "RPE", "pain", "belt km", "note"):
                assert part in text, size
