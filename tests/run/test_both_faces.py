"""The full screen and the line mode drive the same runner: one key log, one record."""

import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from textual.screen import ModalScreen

from retrotimer.config.keys import meant
from retrotimer.core.plan import Plan, make_plan
from retrotimer.core.sets import Confirm, IntervalSet, Kind, Repeat
from retrotimer.core.states import Command, State
from retrotimer.core.view import View
from retrotimer.history.record import Record
from retrotimer.history.sums import sums
from retrotimer.plain.keyboard import Keyboard
from retrotimer.plain.run import PlainRun
from retrotimer.run.actions import ACTIONS, Action, Effect, by_key
from retrotimer.run.runner import Runner
from retrotimer.tui.app import RetroTimer
from retrotimer.tui.screens.dialogs import Question
from retrotimer.tui.screens.workout import WorkoutScreen
from tests.support.app_steps import settled
from tests.support.interval_sets import backward, forward, rest
from tests.support.runner_world import World, config_of, make_world

TICK = 250
ONE = IntervalSet(
    "Both [/]",
    (
        forward(20, 3.0, label="Warm up"),
        Repeat(2, (backward(20), rest(15), forward(20, 4.0))),
        forward(30, 3.0),
    ),
    confirm_turns=Confirm.BACKWARD,
)
CONFIG = config_of(ONE)
PLAN = make_plan(ONE, CONFIG.belt, CONFIG.safety, CONFIG.cues.rules)
LOGS = {
    "straight through": {8: "enter", 200: "enter", 700: "enter"},
    "everything": {
        8: "enter",
        60: "plus",  # in the first block
        64: "minus",
        70: "up",
        80: "o",
        81: "o",  # pressed anew: a second stumble
        90: "space",  # paused there
        110: "space",
        240: "enter",  # the turn waits
        300: "space",  # backward
        302: "space",  # held: stays paused
        320: "b",
        330: "space",
        500: "enter",
        640: "n",
        642: "n",  # pressed again: the block after that
        700: "enter",
        760: "C",  # with Caps Lock on
    },
    "a clicker": {8: "pagedown", 100: "pageup", 120: "pagedown", 300: "pagedown", 400: "full_stop",
                  410: "full_stop", 420: "pagedown", 700: "pagedown", 800: "pagedown"},
    "stopped with pain": {8: "enter", 100: "s", 104: "p"},
    "kept, and gone on with": {8: "enter", 100: "s", 104: "d", 108: "n", 112: "s", 120: "g",
                               300: "enter", 400: "s", 404: "escape", 420: "space", 700: "enter"},
}  # fmt: skip
LAST_TICK = 6_000
STRIDE = 4
"""So many ticks pass at once where no key is pressed: less than a stall."""


def ticks(log: dict[int, str], tick: int) -> int:
    """How many ticks pass up to the next key, or the next look of the program."""
    return next(n for n in range(1, STRIDE + 1) if tick + n in log or n == STRIDE)


class LoggedKeyboard(Keyboard):
    """Lets time pass at each wait, up to the next key of the log, which it gives."""

    def __init__(self, world: World, log: dict[int, str]) -> None:
        super().__init__()
        self.there = True
        self._world, self._log, self._tick = world, log, 0

    def raw(self):  # type: ignore[no-untyped-def]
        import contextlib

        return contextlib.nullcontext()

    def wait(self, seconds: float) -> list[str]:  # noqa: ARG002
        passed = ticks(self._log, self._tick)
        self._tick += passed
        assert self._tick < LAST_TICK, "the workout never ended"
        self._world.clock.advance(passed * TICK)
        key = self._log.get(self._tick)
        return [key] if key else []


def by_lines(folder: Path, plan: Plan, log: dict[int, str]) -> tuple[Record, list[str]]:
    world = make_world(folder)
    lines: list[str] = []
    runner = Runner.new(plan, world.environment)
    keyboard = LoggedKeyboard(world, log)
    before = signal.getsignal(signal.SIGTERM)
    code = PlainRun(runner, CONFIG.units, CONFIG.keys, keyboard=keyboard, write=lines.append).run()
    assert code == 0
    assert signal.getsignal(signal.SIGTERM) is before
    made = world.history.get("last")
    assert made == runner.record
    return made, lines


async def passed(app: RetroTimer, key: str) -> bool:
    """A key, as the app would take it from its queue; whether it was bound to anything."""
    key = meant(key, by_key(CONFIG.keys))
    app.key_held = app.last_key.goes_on(key, app.key_clock())
    return await app._check_bindings(key)


async def by_screen(folder: Path, plan: Plan, log: dict[int, str]) -> Record:
    world = make_world(folder)
    app = RetroTimer(CONFIG, world.environment, first=plan)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = app.screen
        assert isinstance(screen, WorkoutScreen)
        await settled(pilot)  # the sound opens after the first frame, in real time
        tick = 0
        while tick < LAST_TICK:
            passing = ticks(log, tick)
            tick += passing
            world.clock.advance(passing * TICK)
            key = log.get(tick)
            if key:
                # By the app's own look-up: no queue lies between the key and the clock.
                if isinstance(app.screen, ModalScreen):
                    await pilot.press(key)  # the answers to a question are no bindings
                else:
                    await passed(app, key)
                await pilot.pause()
            else:
                screen.poll()
            if screen.runner.over:
                break
        await pilot.pause()
        assert screen.runner.record is not None
    return world.history.get("last")


def test_lines_say_what_going_on_begins_with(tmp_path: Path) -> None:
    one = IntervalSet("Short", (forward(20, 3.0), rest(20)))
    # 10 s of get ready; paused in the block with 4 s left, then in the rest with 3 s left.
    log = {8: "enter", 112: "space", 120: "space", 192: "space", 200: "space"}
    _, lines = by_lines(tmp_path, make_plan(one), log)
    told = [line.partition("; ")[2] for line in lines if line.strip().startswith("at: ")]
    assert told == [
        "counts as done: goes on with – REST 0:20",
        "counts as done: going on ends the workout",
    ]


@pytest.mark.parametrize("name", LOGS)
async def test_one_key_log_makes_one_record(name: str, tmp_path: Path) -> None:
    log = LOGS[name]
    lines_record, lines = by_lines(tmp_path / "lines", PLAN, log)
    screen_record = await by_screen(tmp_path / "screen", PLAN, log)
    assert replace(lines_record, id="") == replace(screen_record, id="")
    assert lines_record.rows
    assert ", ".join(sums(lines_record, CONFIG.units, words=True)) in lines


# Every action in every state ---------------------------------------------------------------------


def key_of(action: Action) -> str:
    return action.default.split(",")[0]


def is_backward(view: View) -> bool:
    return view.block.kind is Kind.BACKWARD


REACHED: dict[str, Callable[[View], bool]] = {
    "ready": lambda _: True,
    "block": lambda view: view.state is State.BLOCK,
    "warned": lambda view: view.state is State.BLOCK and view.left is not None and view.left < 8,
    "turn": lambda view: view.state is State.TURN and is_backward(view),
    "waiting": lambda view: view.state is State.WAITING,
    "backward": lambda view: view.state is State.BLOCK and is_backward(view),
    "rest": lambda view: view.state is State.BLOCK and view.block.kind is Kind.REST,
    "paused": lambda view: view.state is State.PAUSED,
}
"""How the states are known in which every action is tried."""


def runner_in(state: str, world: World) -> Runner:
    """A runner in a state; a rehearsal, so that nothing is written."""
    runner = Runner.new(PLAN, world.environment, rate=2)
    runner.open()
    world.clock.advance(1_200)
    if state != "ready":
        runner.enter()
    while not REACHED[state](runner.view):
        world.clock.advance(STRIDE * TICK)
        runner.poll()
        if state != "waiting" and runner.view.state is State.WAITING:
            runner.command(Command.CONFIRM)
        if state == "paused" and runner.view.state is State.BLOCK:
            runner.space()
    for _ in range(5):  # a pause is held for a second
        world.clock.advance(TICK)
        runner.poll()
    return runner


def of(runner: Runner) -> tuple[object, ...]:
    return runner.view, runner.plan, runner.volume, runner.muted, runner.speaks, runner.over


def workout_of(app: RetroTimer) -> WorkoutScreen:
    screen = app.screen
    assert isinstance(screen, WorkoutScreen)
    return screen


async def test_every_action_in_every_state_does_the_same_on_both_faces(tmp_path: Path) -> None:
    world = make_world(tmp_path / "stage")
    app = RetroTimer(CONFIG, world.environment, first=PLAN)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = workout_of(app)
        await settled(pilot)
        for state in REACHED:
            for action in ACTIONS.values():
                if state == "ready" and action.act is Effect.STOP:
                    continue  # either face is left
                one, other = (make_world(tmp_path / name) for name in ("lines", "screen"))
                lines: list[str] = []
                by_line, by_screen = runner_in(state, one), runner_in(state, other)
                before = of(by_line)
                assert of(by_screen) == before
                line_mode = PlainRun(by_line, CONFIG.units, CONFIG.keys, write=lines.append)
                screen.runner, screen._note = by_screen, ""
                line_mode._press(key_of(action))
                assert await passed(app, key_of(action))
                case = f"{action.id} in {state}"
                assert of(by_line) == of(by_screen), case
                for by_either in (by_line, by_screen):
                    assert action.allowed(before[0]) or of(by_either) == before, case  # type: ignore[arg-type]
                # What nothing else tells is told in a word.
                opened = isinstance(app.screen, ModalScreen)
                assert bool(lines), case
                assert opened == (action.act in (Effect.STOP, Effect.HELP)), case
                if of(by_screen) == before and not opened:
                    assert screen._note, case
                if opened:
                    await pilot.pause()
                    await pilot.press("f9", "escape")  # Esc itself may be what opened it
                    await pilot.pause()
                    assert app.screen is screen, case


# The stop question -------------------------------------------------------------------------------


OPENERS = ("s", "y", "p", "g", "d", "enter", "escape", "space")


async def test_no_held_key_answers_the_question_that_it_opened(tmp_path: Path) -> None:
    """On either face, whatever key `[keys]` gives it; and all its answers can still be given."""
    app = RetroTimer(CONFIG, make_world(tmp_path / "stage").environment, first=PLAN)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = workout_of(app)
        await settled(pilot)
        for opener in OPENERS:
            keys = dict(CONFIG.keys)
            if opener in ("enter", "space"):
                keys |= {"confirm" if opener == "enter" else "pause": "f2"}
            keys |= {"stop": opener} if opener != "escape" else {}
            one, other = (make_world(tmp_path / name) for name in ("lines", "screen"))
            lines: list[str] = []
            by_line, by_screen = runner_in("block", one), runner_in("block", other)
            line_mode = PlainRun(by_line, CONFIG.units, keys, write=lines.append)
            screen.runner, screen._config = by_screen, replace(CONFIG, keys=keys)
            app.environment.boot_ms = other.clock.boot_ms
            app.set_keymap({name: key for name, key in keys.items() if key != CONFIG.keys[name]})
            for delay in (400, 30, 30, 30, 30):
                line_mode._press(opener)
                await pilot.press(opener)
                one.clock.advance(delay)
                other.clock.advance(delay)
                await pilot.pause()
                assert (by_line.view.state, by_screen.view.state) == (State.PAUSED, State.PAUSED)
                question = app.screen
                assert isinstance(question, Question), opener
                assert line_mode._question == question.prompt
                asked = question.prompt
            given = [answer.key for answer in asked.answers]
            assert len(set(given)) == len(asked.answers)
            assert opener not in given or opener == "escape"
            assert not set(given) - {"escape"} & set(by_key(keys))
            # A later press of its own may, if it is an answer's: Esc stays paused.
            await pilot.press("f9")
            await pilot.press("escape")
            await pilot.pause()
            assert app.screen is screen


async def test_discarding_asks_twice_on_both_faces(tmp_path: Path) -> None:
    log = {8: "enter", 100: "s", 104: "d", 108: "y"}
    for keys, ended in ((log, True), ({**log, 108: "n"}, False)):
        world = make_world(tmp_path / f"lines {ended}")
        runner = Runner.new(PLAN, world.environment)
        keyboard = LoggedKeyboard(world, keys if ended else {**keys, 112: "s", 116: "y"})
        lines: list[str] = []
        PlainRun(runner, CONFIG.units, CONFIG.keys, keyboard=keyboard, write=lines.append).run()
        assert len(list(world.history.newest())) == (0 if ended else 1)
        assert [line for line in lines if line.startswith("Discard Both [/]?")]
