"""The line mode with a clock that is set: the checklist, the first lesson, its keys."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from retrotimer.audio.status import SoundStatus
from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.core.plan import Plan, make_plan
from retrotimer.core.sets import Confirm, Kind
from retrotimer.core.states import State
from retrotimer.core.units import Units
from retrotimer.plain.checklist import PlainChecklist
from retrotimer.plain.keyboard import Keyboard
from retrotimer.plain.run import PlainRun
from retrotimer.run.runner import Runner
from retrotimer.session.recovery import SavedWorkout
from retrotimer.session.remembered import Remembered
from tests.support.program import CONFIG, Home
from tests.support.runner_world import FIRST_STEPS, World, config_of, make_world, plan_of

TICK = 250
CHECKED = CONFIG.replace("checklist = false", "checklist = true")


class Typist(Keyboard):
    """Lets a quarter second pass at each wait; types a key of its log at its tick."""

    def __init__(self, world: World, log: dict[int, str], last: int = 6_000) -> None:
        super().__init__()
        self.there = True
        self._world, self._log, self._last = world, log, last
        self.tick = 0

    @contextlib.contextmanager
    def raw(self) -> Iterator[None]:
        yield

    def wait(self, seconds: float) -> list[str]:  # noqa: ARG002
        self.tick += 1
        assert self.tick < self._last, "it never ended"
        self._world.clock.advance(TICK)
        return self._log.get(self.tick, "").split()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def told(
    world: World, log: dict[int, str], plan: Plan | None = None, **more: Any
) -> tuple[int, list[str], list[dict[str, Any]]]:
    """(exit code, lines, what was remembered) of a run with the checklist before it."""
    learned: list[dict[str, Any]] = []
    lines: list[str] = []
    config = config_of(FIRST_STEPS, **more)
    before = PlainChecklist(config, world.environment, Remembered(remember=learned.append))
    runner = Runner.new(plan or plan_of(), world.environment)
    keyboard = Typist(world, log)
    run = PlainRun(
        runner, config.units, config.keys, keyboard=keyboard, write=lines.append, before=before
    )
    return run.run(), lines, learned


def at(lines: list[str], text: str) -> int:
    return next(number for number, line in enumerate(lines) if text in line)


def test_keys_of_ones_own_are_told_and_work(world: World) -> None:
    keys = {
        **DEFAULT_KEYS,
        "pause": "tab",
        "confirm": "f2",
        "stop": "semicolon",
        "skip": "less_than_sign",
    }
    lines: list[str] = []
    log = {8: "f2", 90: "less_than_sign", 240: "tab", 250: "semicolon", 252: "g"}
    log |= {258: "space", 259: "question_mark", 261: "semicolon", 264: "escape"}
    log |= {268: "semicolon", 270: "d", 272: "y"}
    runner = Runner.new(plan_of(confirm=Confirm.ALWAYS), world.environment)
    run = PlainRun(runner, Units.KMH, keys, keyboard=Typist(world, log), write=lines.append)
    assert run.run() == 0
    listed = "tab pause or go on, f2 start or confirm, b back (while paused), < skip to"
    assert " ".join(" ".join(lines).split()).count(listed) == 2
    assert all(len(line) < 80 for line in lines if "pause or go on" in line)
    assert "f2 starts" in lines
    assert [line for line in lines if line.endswith("WAITING: press f2 when ready")]
    assert "still paused; tab goes on" in lines


def test_held_keys_do_what_they_do_once(world: World) -> None:
    lines: list[str] = []
    held = {8: "enter", 60: "o o o", 61: "o o o", 100: "n n n n", 101: "n n n n"}
    log = held | {200: "s s s", 201: "s s s", 202: "y"}
    runner = Runner.new(plan_of(), world.environment)
    run = PlainRun(runner, Units.KMH, DEFAULT_KEYS, keyboard=Typist(world, log), write=lines.append)
    assert run.run() == 0
    assert runner.record is not None
    assert len(runner.record.stumbles) == 1
    assert [row.skipped for row in runner.record.rows].count(True) == 1


def test_resumed_it_says_where_it_is_and_how_it_goes_on(world: World) -> None:
    first = Runner.new(plan_of(), world.environment)
    first.open()
    world.clock.advance(2_000)
    first.enter()
    while first.view.block.kind is not Kind.BACKWARD or first.view.state is not State.BLOCK:
        world.clock.advance(1_000)
        first.poll()
    left = world.session.read()
    assert left is not None
    lines: list[str] = []
    runner = Runner.resumed(SavedWorkout.read(left), world.environment)
    log = {8: "s", 10: "d", 12: "y"}
    PlainRun(runner, Units.KMH, DEFAULT_KEYS, keyboard=Typist(world, log), write=lines.append).run()
    assert [line for line in lines if line.startswith("at: ▼ BACKWARD")]
    assert lines[1].endswith("block 2 of 12; goes on with the whole turn (20 s)")
    assert not [line for line in lines if line.startswith("first:")]


def test_the_list_then_the_sound_then_the_workout_at_the_volume_that_was_heard(
    world: World,
) -> None:
    log = {8: "enter", 20: "up", 40: "enter", 60: "enter", 80: "s", 82: "d", 84: "y"}
    code, lines, learned = told(world, log)
    assert code == 0
    order = [
        "Before you start:",
        "  cord    ",
        "  laptop  In front",
        "This program cannot stop the belt.",
        "SOUND CHECK",
        "LISTEN",
        "HEARD IT OVER THE BELT?",
        "volume 90 %",
        "First steps: ",
        "GET READY 10 s",
    ]
    assert [at(lines, text) for text in order] == sorted(at(lines, text) for text in order)
    assert learned == [{"checked": world.clock.wall().date(), "volume": 90}]
    assert world.player.volume == 90
    assert sum(track == [] or track[-1].cue == "backward" for track in world.player.tracks) >= 3


def test_escape_leaves_and_nothing_was_checked_or_begun(world: World) -> None:
    code, lines, learned = told(world, {8: "enter", 12: "escape"})
    assert (code, learned) == (0, [])
    assert not [line for line in lines if line.startswith("First steps")]
    assert world.player.tracks[-1] == []


def test_a_clicker_goes_through_it_and_stops_at_the_start(world: World) -> None:
    log = dict.fromkeys((8, 12, 20), "pagedown") | {60: "s"}
    code, lines, learned = told(world, log)
    assert code == 130
    assert learned
    assert lines[-1] == "enter starts"


def test_without_sound_one_goes_on(world: World) -> None:
    world.player.status, world.player.detail = SoundStatus.LOST, "no device"
    code, lines, learned = told(world, {8: "enter", 30: "s"})
    assert code == 130
    assert learned
    assert lines[at(lines, "NO SOUND: no device") + 1] == "  enter: go on without sound"


def test_the_first_lesson_tells_its_notes_on_the_way(world: World) -> None:
    lesson = make_plan(BUILTIN_SETS[0])
    keyboard = Typist(
        world, {8: "enter", 20: "space", 30: "space"} | dict.fromkeys(range(40, 2_000, 20), "enter")
    )
    lines: list[str] = []
    config = config_of()
    runner = Runner.new(lesson, world.environment)
    run = PlainRun(runner, config.units, config.keys, keyboard=keyboard, write=lines.append)
    assert run.run() == 0
    text = "\n".join(lines)
    assert "LEAVE THE BELT OFF" in text
    assert "The belt is off." in text
    assert "still moving" not in text
    assert text.count("REACH OUT, SAY YOUR SPEED") == 4
    for block in lesson.blocks:
        found = [line for line in lines if block.note in line]
        assert found
        assert all(", then " in line for line in found)


def test_notes_of_other_sets_come_with_their_block(world: World) -> None:
    from retrotimer.core.sets import IntervalSet, Kind, Step

    one = IntervalSet("One", (Step(Kind.FORWARD, 5_000, note="tall\n[/] and easy"),))
    lines: list[str] = []
    config = config_of(one)
    run = PlainRun(
        Runner.new(make_plan(one), world.environment),
        config.units,
        config.keys,
        keyboard=Typist(world, {8: "enter"}),
        write=lines.append,
    )
    assert run.run() == 0
    (line,) = [line for line in lines if "tall [/] and easy" in line]
    assert "GO  ▲ FORWARD 0:05" in line


# The real program, without a terminal -----------------------------------------------------------


def test_without_a_terminal_the_list_is_written_and_nothing_waits(tmp_path: Path) -> None:
    home = Home.make(tmp_path, CHECKED)
    for _ in range(2):
        # Nobody said that all is well, so it is written again.
        done = home.run("run", "Eager", "--plain")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("Before you start:\n  cord ")
        assert done.stdout.index("2 m x 1 m") < done.stdout.index("Eager: ")
        assert "HEARD IT" not in done.stdout
    assert len(home.records()) == 2
    state = home.session.with_name("state.toml").read_text(encoding="utf-8")
    assert state == 'last_set = "Eager"\n'


def test_gone_through_today_or_rehearsed_it_is_not_written(tmp_path: Path) -> None:
    home = Home.make(tmp_path, CHECKED)
    assert "2 m x 1 m" not in home.run("run", "Eager", "--plain", "--rehearse", "60").stdout
    # The day of the machine's own clock, before and after, lest it be midnight.
    state = home.session.with_name("state.toml")
    state.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(3):
        today = datetime.now(UTC).astimezone().date()
        state.write_text(f"checked = {today}\n", encoding="utf-8")
        done = home.run("run", "Eager", "--plain")
        if datetime.now(UTC).astimezone().date() == today:
            break
    assert done.returncode == 0
    assert "2 m x 1 m" not in done.stdout


def test_a_replaced_back_end_is_told_once_and_volume_and_voice_as_they_change(
    world: World,
) -> None:
    world.player.note = "[b] instead of [i]"
    log = {
        8: "enter",
        60: "right_square_bracket",
        62: "m",
        64: "m",
        66: "v",
        80: "s",
        84: "d",
        88: "y",
    }
    runner = Runner.new(plan_of(), world.environment)
    lines: list[str] = []
    config = config_of(FIRST_STEPS)
    keyboard = Typist(world, log)
    PlainRun(runner, config.units, config.keys, keyboard=keyboard, write=lines.append).run()
    assert lines.count("! [b] instead of [i]") == 1
    order = [
        at(lines, text) for text in ("volume 90 %", "! muted", "! all is well again", "voice off")
    ]
    assert order == sorted(order)
