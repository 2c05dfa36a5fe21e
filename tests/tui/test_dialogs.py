"""Questions, help, and a workout that broke off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from retrotimer.core.states import Command, Reason, State
from retrotimer.history.record import Record, Status
from retrotimer.run.prompt import Answer, Prompt
from retrotimer.run.resume_offer import ago
from retrotimer.run.runner import Runner
from retrotimer.session.recovery import SavedWorkout
from retrotimer.tui.screens.dialogs import Question
from tests.support.app_steps import (
    Bare,
    app_of,
    at_the_start,
    notices,
    screen,
    seen,
    settled,
    shown,
    until,
)
from tests.support.runner_world import EVERYTHING, World, config_of, plan_of


def broken(world: World, minutes: int = 12) -> SavedWorkout:
    """A workout of which 100 s were done and that broke off so long ago."""
    runner = Runner.new(plan_of(EVERYTHING), world.environment)
    runner.command(Command.START)
    for _ in range(100):
        world.clock.advance(1000)
        runner.poll()
    world.clock.advance(minutes * 60_000)
    data = world.session.read()
    assert data is not None
    return SavedWorkout.read(data)


def records(world: World) -> list[Record]:
    return [one for one in world.history.newest() if isinstance(one, Record)]


async def test_resume_goes_on_paused_where_it_broke_off(world: World) -> None:
    app = app_of(world, config_of(), broken=broken(world))
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        text = seen(pilot)
        assert "[/] everything [b was interrupted 12 min ago" in text
        assert "in block" in text
        await pilot.press("g")
        await at_the_start(pilot)
        view = app.screen.runner.view  # type: ignore[attr-defined]
        assert (view.state, view.reason) == (State.PAUSED, Reason.RESTORED)
        assert world.session.path.exists()


async def test_save_writes_what_was_done_and_ends_the_session(world: World) -> None:
    left = broken(world, minutes=600)
    app = app_of(world, config_of(), broken=left)
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        assert "go on" not in seen(pilot)
        await pilot.press("s")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
        await settled(pilot)
        (record,) = records(world)
        assert (record.id, record.status) == (left.info.id, Status.RECOVERED)
        assert "was interrupted" not in seen(pilot)
        assert not world.session.path.exists()


async def test_saving_twice_is_saving_once(world: World) -> None:
    left = broken(world)
    world.history.append(left.record())
    app = app_of(world, config_of(), broken=left)
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        await pilot.press("s")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
        await settled(pilot)
    assert len(records(world)) == 1
    assert not world.session.path.exists()


async def test_what_cannot_be_saved_is_kept_and_asked_about_again(world: World) -> None:
    left = broken(world)
    block_history(world)
    app = app_of(world, config_of(), broken=left)
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        await pilot.press("s")
        await until(pilot, lambda: bool(notices(pilot)), "the error")
        assert str(world.history.path) in notices(pilot)[0]
        await until(pilot, lambda: screen(pilot) == "Question", "the question again")
    assert world.session.path.exists()


def block_history(world: World) -> None:
    world.history.path.mkdir()


async def test_discard_asks_once_more(world: World) -> None:
    app = app_of(world, config_of(), broken=broken(world))
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        await pilot.press("d")
        await until(pilot, lambda: "Nothing of it will be in" in seen(pilot), "the second question")
        await pilot.press("enter")
        await until(pilot, lambda: "decide later" in seen(pilot), "the first question")
        assert world.session.path.exists()
        await pilot.press("d")
        await until(pilot, lambda: "Nothing of it will be in" in seen(pilot), "the second question")
        await pilot.press("y")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
        await settled(pilot)
    assert not world.session.path.exists()
    assert records(world) == []


async def test_later_keeps_it_and_a_new_workout_asks_before_it_takes_its_place(
    world: World,
) -> None:
    left = broken(world)
    app = app_of(world, config_of(), broken=left)
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
        await until(pilot, lambda: "was interrupted" in seen(pilot), "the line")
        assert "[/] everything [b was interrupted 12 min ago.  w  go on with it, save" in seen(
            pilot
        )
        await pilot.press("enter")
        await until(pilot, lambda: screen(pilot) == "Question", "the question again")
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home again")
        await settled(pilot)
        world.clock.advance(2 * 3_600_000)
        await pilot.press("w")
        await until(pilot, lambda: screen(pilot) == "Question", "the question by its key")
        await pilot.press("escape")
        await until(pilot, lambda: "2 h ago.  w  save or discard it" in seen(pilot), "later words")
        await settled(pilot)
        await pilot.press("r")
        await at_the_start(pilot, "the rehearsal")
        # A rehearsal that is thrown away leaves the other workout's session alone.
        runner = app.screen.runner  # type: ignore[attr-defined]
        runner.command(Command.START)
        runner.discard()
        assert world.session.path.exists()
        app.screen.poll()  # type: ignore[attr-defined]
        await until(pilot, lambda: screen(pilot) == "SummaryScreen" or home(pilot), "the end")
        if not home(pilot):
            await pilot.press("escape")
        await until(pilot, lambda: home(pilot), "home")
        await pilot.press("enter")
        await until(pilot, lambda: screen(pilot) == "Question", "the question once more")
        await pilot.press("s")
        await at_the_start(pilot, "the new workout")
        assert app.screen.runner.plan.name == "First steps"  # type: ignore[attr-defined]
    assert [one.id for one in records(world)] == [left.info.id]


async def test_a_workout_that_could_not_be_saved_is_asked_about_before_the_next(
    world: World,
) -> None:
    app = app_of(world, config_of())
    block_history(world)
    async with app.run_test() as pilot:
        await until(pilot, lambda: home(pilot), "home")
        app.open_workout(plan_of())
        await at_the_start(pilot)
        runner = app.screen.runner  # type: ignore[attr-defined]
        runner.command(Command.START)
        made = runner.stop()
        app.screen.poll()  # type: ignore[attr-defined]
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the summary")
        app.screen.dismiss()
        await until(pilot, lambda: home(pilot), "home again")
        await pilot.press("enter")
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        assert "First steps was not saved just now" in seen(pilot)
        assert "go on" not in seen(pilot)
        world.history.path.rmdir()
        await pilot.press("s")
        await at_the_start(pilot, "the next workout")
    assert records(world) == [made]


def home(pilot: object) -> bool:
    return screen(pilot) == "HomeScreen"  # type: ignore[arg-type]


async def test_run_name_asks_first_and_later_ends_without_a_trace(world: World) -> None:
    app = app_of(world, config_of(), broken=broken(world), first=plan_of())
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        await pilot.press("escape")
        await until(pilot, lambda: app.return_value == 0, "the end")
    assert world.session.path.exists()


class Asking(Bare):
    answer: str | None = None

    def ask(self) -> None:
        answers = (Answer("y", "yes [/]", "yes"), Answer("n", "no", "no"))
        self.push_screen(Question(Prompt("Sure? [/]", ("a [b] c",), answers)), self.take)

    def take(self, answer: str | None) -> None:
        self.answer = answer


async def test_a_question_is_answered_by_letter_by_arrows_or_not_at_all() -> None:
    app = Asking()
    async with app.run_test(size=(40, 12)) as pilot:
        for keys, answer in (
            (["n"], "no"),
            (["enter"], "yes"),
            (["down", "enter"], "no"),
            (["escape"], ""),
            (["space", "x", "pageup"], None),
        ):
            app.answer = None
            app.ask()
            await pilot.pause()
            text = seen(pilot)
            assert "Sure? [/]" in text
            assert "a [b] c" in text
            assert "yes [/]" in text
            await pilot.press(*keys)
            await pilot.pause()
            assert app.answer == answer, keys


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=119), "119 min ago"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(hours=47, minutes=59), "47 h ago"),
        (timedelta(hours=48), "2 days ago"),
    ],
)
def test_how_long_ago(gone: timedelta, told: str) -> None:
    assert ago(gone // timedelta(minutes=1)) == told


async def test_help_tells_the_keys_as_they_are_and_where_the_files_are(world: World) -> None:
    keys = dict(config_of().keys) | {"history": "g"}
    app = app_of(world, config_of(keys=keys))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        assert screen(pilot) == "HelpScreen"
        text = seen(pilot)
        assert "g   history" in text
        assert "h   history" not in text
        assert "f5   read the config again" in text
        assert str(world.history.path) in text.replace("\n", "")
        assert "Only with a clinician's consent" in text
        assert "step onto the side rails, then stop the belt." in shown(pilot, "text").replace(
            "\n    ", " "
        )
        await pilot.press("escape")
        await pilot.pause()
        assert screen(pilot) == "HomeScreen"
