"""Keys that are held, repeated or typed ahead are harmless on every screen (invariant 5)."""

from __future__ import annotations

import asyncio
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from itertools import cycle
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from textual.events import Event, Key, Paste
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

import retrotimer.tui
from retrotimer.core.states import Command
from retrotimer.history.record import Record
from retrotimer.run.key_repeat import RELEASE
from retrotimer.run.prompt import Answer, Prompt
from retrotimer.run.runner import Runner
from retrotimer.tui.app import RetroTimer
from retrotimer.tui.key_input import KeyInput
from retrotimer.tui.screens.checklist import ChecklistScreen
from retrotimer.tui.screens.closing import ClosingScreen
from retrotimer.tui.screens.dialogs import Question
from retrotimer.tui.screens.help import HelpScreen
from retrotimer.tui.screens.history import HistoryScreen
from retrotimer.tui.screens.home import HomeScreen
from retrotimer.tui.screens.palette import Palette
from retrotimer.tui.screens.summary import SummaryScreen
from retrotimer.tui.screens.workout import WorkoutScreen
from tests.support.app_steps import app_of, at_the_start, screen, settled, until
from tests.support.runner_world import World, config_of, plan_of
from tests.tui.test_dialogs import broken

_NAMES = {",": "comma", "?": "question_mark", " ": "space", "/": "slash"}
GAPS = {0: 0, 10: 4, 30: 12}
"""Between two repeats: milliseconds, and turns of the loop that so long about has."""


@pytest.fixture(autouse=True)
def typed_by_hand() -> None:
    """Here the time counts at which a key is read."""


async def send(app: RetroTimer, keys: Iterable[str], gap: int = 0) -> None:
    """Send keys as a terminal does, `gap` ms apart, without waiting for what they do."""
    first = monotonic()
    for n, key in enumerate(keys):
        event = Key(_NAMES.get(key, key), key if len(key) == 1 else None)
        event.time = first + n * gap / 1000
        app.post_message(event)
        for _ in range(GAPS[gap]):
            await asyncio.sleep(0)


async def hold(pilot: Pilot[Any], key: str, delay: int) -> Screen[Any]:
    """Hold a key whose first repeat comes `delay` ms after the press; the screen after the press.

    The press has done all that it does by then.
    """
    app = pilot.app
    assert isinstance(app, Staying)
    events = [Key(_NAMES.get(key, key), key if len(key) == 1 else None) for _ in range(5)]
    for n, event in enumerate(events[1:]):
        event.time = events[0].time + (delay + n * 30) / 1000
    app.taken.clear()
    pressed_on = app.screen
    app.post_message(events[0])
    await quiet(pilot)
    after = app.screen
    for event in events[1:]:
        app.post_message(event)
    await quiet(pilot)
    strays = [one for one in app.taken if one is not pressed_on]
    assert not strays, (key, delay, pressed_on, strays)
    return after


class NotingKeys(KeyInput):
    """Writes down on which screen a key acts."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.taken: list[Screen[Any]] = []

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded:
            assert isinstance(self, Staying)
            self.taken.append(self.screen)
        await super().on_event(event)


class Staying(RetroTimer, NotingKeys):
    """Writes down that it would end, and goes on."""

    left: int | None = None

    def exit(self, result: int | None = None, *_: Any, **__: Any) -> None:
        self.left = result


def made(app: RetroTimer) -> Record:
    runner = Runner.new(plan_of(), app.environment)
    runner.command(Command.START)
    record = runner.stop()
    assert record is not None
    return record


def under_way(app: RetroTimer) -> WorkoutScreen:
    app.open_workout(plan_of())
    workout = app.screen
    assert isinstance(workout, WorkoutScreen)
    workout.runner.command(Command.START)
    return workout


def stopping(app: RetroTimer) -> None:
    under_way(app).interrupt()


def question() -> Question:
    answers = (Answer("y", "yes", "yes"), Answer("escape", "no", ""))
    return Question(Prompt("Sure?", ("a",), answers))


SCREENS: dict[str, Callable[[RetroTimer], object]] = {
    "home": lambda _: None,
    "workout": lambda app: app.open_workout(plan_of()),
    "workout under way": under_way,
    "stop question": stopping,
    "question": lambda app: app.push_screen(question()),
    "help": lambda app: app.push_screen(HelpScreen([("space", "pauses")])),
    "palette": lambda app: app.action_command_palette(),
    "checklist": lambda app: app.push_screen(
        ChecklistScreen(app.config, app.environment, app.memory)
    ),
    "history": lambda app: app.push_screen(
        HistoryScreen(app.environment, app.config.units, app.deleted)
    ),
    "summary": lambda app: app.push_screen(
        SummaryScreen(made(app), app.environment.history, app.config.units)
    ),
}
KEYS = (
    *("escape", "enter", " ", "?", "q", "s", "y", "d", "g", "h", "tab", "7"),
    *("ctrl+c", "ctrl+p", "pagedown"),
)
ENDS = ("y", "d", "enter")
"""The answers that end a workout."""


async def quiet(pilot: Pilot[Any]) -> None:
    """Wait until all keys have been handled."""
    app = pilot.app
    assert isinstance(app, RetroTimer)
    await until(pilot, lambda: app.at_rest, "the last key")
    await pilot.pause()


async def test_no_held_key_ends_anything_or_leaves_a_blank_screen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every screen with every key, pressed from the moment on at which it opens."""
    monkeypatch.setenv("EDITOR", "true")
    app = Staying(config_of(), world.environment)
    # As many as have no divisor with the keys: each key is held in each way on some screen.
    ways = cycle((0, 250, 10, 500, 30, 700, 400))
    async with app.run_test() as pilot:
        await settled(pilot)
        for name, show in SCREENS.items():
            opened = None
            for key in KEYS:
                if opened is not None and opened in app.screen_stack:
                    await back_to(pilot, app, opened)
                if app.screen is not opened:
                    await back_home(pilot, app)
                    show(app)
                    opened = app.screen
                way = next(ways)
                if way in GAPS:
                    await send(app, [key] * 5, way)
                    await quiet(pilot)
                else:
                    await hold(pilot, key, way)
                check(app, f"{name}, {key}")
                if name == "workout under way" or (name == "stop question" and key not in ENDS):
                    (workout,) = (s for s in app.screen_stack if isinstance(s, WorkoutScreen))
                    assert workout.runner.started, key
                    assert not workout.runner.over, key


def check(app: RetroTimer, where: str) -> None:
    """The app goes on, with home at the bottom, and no screen is blank or there twice."""
    assert app._exception is None, where
    stack = app.screen_stack
    assert isinstance(stack[0], HomeScreen), where
    assert len({type(one) for one in stack}) == len(stack), where
    assert all(one.query("*") for one in stack), where


def gone(app: RetroTimer, one: Screen[Any]) -> bool:
    return one not in app.screen_stack


async def back_to(pilot: Pilot[Any], app: RetroTimer, below: Screen[Any]) -> None:
    """Close what is open over a screen."""
    while app.screen is not below:
        top = app.screen
        if isinstance(top, WorkoutScreen):
            top.runner.discard()
        # As its own keys do: a palette that is closed looks for no more commands.
        app.workers.cancel_node(top)
        top.dismiss()
        await until(pilot, partial(gone, app, top), "the screen below")


async def back_home(pilot: Pilot[Any], app: RetroTimer) -> None:
    """Close everything."""
    await back_to(pilot, app, app.screen_stack[0])
    assert isinstance(app.screen, HomeScreen)
    await app.screen.action_all()
    await pilot.pause()


@pytest.mark.parametrize(
    ("keys", "minutes", "ends", "kept"),
    [
        ("ggggg", 5, "WorkoutScreen", True),
        ("sssss", 5, "HomeScreen", False),
        ("sssss", 600, "HomeScreen", False),
        (["enter"] * 5, 5, "WorkoutScreen", True),
        (["escape"] * 5, 5, "HomeScreen", True),
    ],
)
async def test_a_held_answer_about_a_broken_off_workout_is_given_once(
    world: World, keys: Iterable[str], minutes: int, ends: str, *, kept: bool
) -> None:
    app = app_of(world, config_of(), broken=broken(world, minutes))
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        # Held when the question came, it is no answer; pressed anew it is one.
        await send(app, keys)
        await quiet(pilot)
        assert screen(pilot) == "Question"
        await pilot.press("f9")
        await send(app, keys)
        await until(pilot, lambda: screen(pilot) == ends, ends)
        await settled(pilot)
        await quiet(pilot)
        assert screen(pilot) == ends
        assert len(app.screen_stack) == (1 if ends == "HomeScreen" else 2)
        assert world.session.path.exists() == kept


async def test_presses_on_the_list_open_one_question(world: World) -> None:
    """The question about a workout that broke off is put by a worker, which takes a while."""
    app = app_of(world, config_of(), broken=broken(world))
    async with app.run_test() as pilot:
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
        await settled(pilot)
        for _ in range(3):
            app.open_workout(plan_of())
        await until(pilot, lambda: screen(pilot) == "Question", "the question again")
        assert len(app.screen_stack) == 2
        await pilot.press("g")
        await at_the_start(pilot)
        assert len(app.screen_stack) == 2


class Dialog(ClosingScreen[str]):
    """A screen with nothing on it."""


async def test_a_screen_closes_once_and_also_when_it_is_covered(world: World) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        given: list[str | None] = []
        below, above = Dialog(), Dialog()
        app.push_screen(below, given.append)
        await pilot.pause()
        app.push_screen(above)
        below.dismiss("first")
        below.dismiss("second")
        await pilot.pause()
        assert app.screen is above
        assert given == []
        above.dismiss()
        above.dismiss()
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
        assert given == ["first"]
        # One that was not mounted yet closes when it is.
        app.push_screen(opening := Dialog(), given.append)
        opening.dismiss("at once")
        await until(pilot, lambda: screen(pilot) == "HomeScreen" and len(given) == 2, "home again")
        assert given[-1] == "at once"


async def test_a_held_key_does_not_reach_the_next_screen_and_a_second_press_does(
    world: World,
) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        held = [Key("escape", None) for _ in range(4)]
        for later, key in enumerate(held):
            key.time = held[0].time + later * 0.03
        for title in ("below", "above"):
            app.push_screen(Question(Prompt(title, (), (Answer("escape", "", ""),))))
        await pilot.press("f9")
        for key in held:
            app.post_message(key)
        await quiet(pilot)
        assert len(app.screen_stack) == 2
        world.clock.advance(1_000)
        again = Key("escape", None)
        again.time = held[-1].time + (RELEASE + 10) / 1000
        app.post_message(again)
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")


async def test_the_first_repeat_does_not_reach_the_screen_that_the_press_opened(
    world: World,
) -> None:
    app = Staying(config_of(), world.environment)
    async with app.run_test() as pilot:
        await settled(pilot)
        for delay in (250, 500, 700):
            # Back from each by a key that closes the screen below as well.
            for key, opened in (("?", HelpScreen), ("ctrl+p", Palette), ("h", HistoryScreen)):
                assert isinstance(await hold(pilot, key, delay), opened), delay
                assert isinstance(app.screen, opened), delay
                await hold(pilot, "escape", delay)
                await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
            assert isinstance(await hold(pilot, "enter", delay), WorkoutScreen), delay
            await at_the_start(pilot)
            assert not under(app).runner.start_asked, delay
            assert not under(app).runner.started, delay
            await back_home(pilot, app)


def under(app: RetroTimer) -> WorkoutScreen:
    assert isinstance(app.screen, WorkoutScreen)
    return app.screen


async def test_two_taps_close_two_screens(world: World) -> None:
    """One may be the repeat of the other, until it is known that no third one comes."""
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        for title in ("below", "above"):
            app.push_screen(HelpScreen([(title, "")]))
        await pilot.pause()
        first, second = Key("escape", None), Key("escape", None)
        second.time = first.time + 0.15
        app.post_message(first)
        await until(pilot, lambda: len(app.screen_stack) == 2, "the one below")
        app.post_message(second)
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")


async def test_equal_keys_on_one_screen_all_count(world: World) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        keys = [Key(_NAMES.get(key, key), key) for key in "/aaab11"]
        for event, later in zip(keys, (0, 90, 240, 740, 800, 830, 1_000), strict=True):
            event.time = keys[0].time + later / 1000
            app.post_message(event)
        await quiet(pilot)
        assert app.screen.query_one("#search", Input).value == "aaab11"


async def test_what_is_typed_in_one_burst_goes_field_by_field(world: World) -> None:
    """Opened just now, in the form and in the search."""
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        app.push_screen(SummaryScreen(made(app), world.history, app.config.units))
        await send(app, ["7", "tab", "4", "tab", *"1,5", "tab", "a"])
        app.post_message(Paste("bc"))
        await send(app, ["d", "shift+tab", "shift+tab", "backspace", "3", "escape"])
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
        saved = world.history.get("last")
        assert (saved.rpe, saved.pain) == (7, 3)
        assert (saved.belt_distance_m, saved.note) == (1500, "abcd")
        await send(app, "/first")
        await quiet(pilot)
        assert app.screen.query_one("#search", Input).value == "first"


def screens() -> list[type[Screen[Any]]]:
    """All screens there are."""
    found = {
        thing
        for module in pkgutil.walk_packages(retrotimer.tui.__path__, "retrotimer.tui.")
        for _, thing in inspect.getmembers(import_module(module.name), inspect.isclass)
        if issubclass(thing, Screen) and thing.__module__.startswith("retrotimer.")
    }
    return sorted(found, key=lambda one: one.__name__)


def test_every_screen_that_is_opened_over_another_one_closes_in_the_one_way() -> None:
    assert Palette in screens()
    others = [one for one in screens() if not issubclass(one, ClosingScreen)]
    assert others == [HomeScreen]


def test_nobody_takes_screens_off_the_stack_in_another_way() -> None:
    found = [
        f"{path.name}: {line.strip()}"
        for path in Path(retrotimer.__file__).parent.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\b(pop_screen|switch_screen|pop_until_active|_pop_to_screen)\(", line)
    ]
    assert found == []
