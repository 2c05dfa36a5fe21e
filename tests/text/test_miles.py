"""With `units = "mph"` no text that a user sees mentions kilometres."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from retrotimer.cli import parser
from retrotimer.config.model import Config
from retrotimer.core.events import Event
from retrotimer.core.plan import make_plan
from retrotimer.core.sets import Belt, IntervalSet, Repeat
from retrotimer.core.states import Command, State
from retrotimer.core.units import Units
from retrotimer.core.workout import Workout
from retrotimer.history.file import HistoryFile
from retrotimer.plain.watch import WatchLines
from retrotimer.session.recovery import WorkoutInfo, record
from retrotimer.text.events import event_text
from retrotimer.tui.screens.workout import WorkoutScreen
from retrotimer.watch.reader import Live, Watch
from tests.support.app_steps import app_of, at_the_start, screen, seen, settled, until
from tests.support.interval_sets import backward, forward, rest
from tests.support.runner_world import World, config_of, make_world

ONE = IntervalSet(
    "Miles",
    (
        forward(20, 8.0, label="Warm up"),
        Repeat(2, (backward(20, 2.4), forward(20, 3.0), rest(15), forward(20, 7.0))),
    ),
)
CONFIG = """
units = "mph"
[cues]
backend = "off"
[treadmill]
max_speed = 7.0
[[set]]
name = "Miles"
steps = [
  { forward = "20s", speed = 5.0 }, { backward = "20s", speed = 3.7 },
  { forward = "20s", speed = 4.0 }, { backward = "20s", speed = 1.0 },
]
[[set]]
name = "Locked"
steps = [{ forward = "20s", speed = 9.0 }, { backward = "20s", speed = 9.0 }]
[[set]]
name = "Slow"
steps = [{ forward = "20s", speed = 0.1 }]
"""
WRONG = """
units = "mph"
[treadmill]
acceleration = 0.001
min_speed = -1
max_speed = 500
[safety]
max_backward_speed = 5
[[set]]
name = "Wrong"
steps = [{ forward = "20s", speed = 500 }, { backward = "20s", speed = 0 }]
"""
COMMANDS = {
    "run": [["run", "Locked"]],
    "watch": [],
    "sets": [["sets"]],
    "show": [["show", "Miles"], ["show", "Locked"]],
    "check": [["check"], ["check", "wrong.toml"]],
    "history": [["history"]],
    "sounds": [["sounds", "--list"]],
    "init": [["init", "new"]],
    "paths": [["paths"]],
    "safety": [["safety"], ["safety", "--sources"]],
}
"""The arguments each command is tried with; `run` and `watch` have separate tests."""


def kilometres(text: str) -> list[str]:
    """The mentions of kilometres in a text without miles beside them."""
    both = re.sub(r"[\d.]+\s+km/h[ (,\s]+[\d.]+\s+mph", "", text)
    return [line for line in both.splitlines() if re.search(r"\bkm\b|\bkm/h", line)]


def test_no_command_mentions_kilometres(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "wrong.toml").write_text(WRONG, encoding="utf-8")
    for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME"):
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / "xdg"))
    monkeypatch.setenv("RETROTIMER_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("RETROTIMER_HISTORY", str(tmp_path / "history.toml"))
    world = make_world(tmp_path)
    HistoryFile(tmp_path / "history.toml").append(done(world))
    outputs = dict.fromkeys(COMMANDS, "")
    for name, calls in COMMANDS.items():
        for call in calls:
            with suppress(SystemExit):
                parser.main(call)
            out, err = capsys.readouterr()
            outputs[name] += out + err
    assert {name: kilometres(text) for name, text in outputs.items()} == {n: [] for n in COMMANDS}
    for name in ("run", "show", "check"):
        assert "mph" in outputs[name], name
    assert " mi\n" in outputs["show"]
    assert outputs["history"].splitlines()[0].split()[5] == "mi"
    assert len(re.findall(r"expected .* mph", outputs["check"])) == 6
    commands = parser.make_parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert set(commands or ()) == set(COMMANDS)


def done(world: World) -> Any:
    workout = Workout(make_plan(ONE))
    workout.send(Command.START, 0)
    workout.advance(150_000)
    workout.send(Command.PAUSE, 150_000)
    workout.send(Command.STOP, 150_000)
    return record(WorkoutInfo.new(world.clock.wall(), workout.plan.total), workout)


def test_no_line_of_a_workout_mentions_kilometres(tmp_path: Path) -> None:
    workout = Workout(make_plan(ONE, Belt(max_speed=20.0)))
    events: list[Event] = list(workout.send(Command.START, 0))
    lines: list[str] = []
    watch = WatchLines(
        Watch(tmp_path / "session.toml"), Units.MPH, confirm="enter", write=lines.append
    )
    now = 0
    while not workout.state.over:
        now += 4_000
        events += workout.advance(now)
        if workout.allows(Command.NOTE_SPEED):
            events += workout.send(Command.NOTE_SPEED, now, speed=5.0)
        watch.tell(Live(workout.plan, workout.view(now)))
        if now % 12_000 == 0 and workout.allows(Command.PAUSE):
            events += workout.send(Command.PAUSE, now)
            watch.tell(Live(workout.plan, workout.view(now)))
            now += 2_000
            events += workout.send(Command.RESUME, now)
    lines += [event_text(event, Units.MPH, confirm="enter") or "" for event in events]
    assert any("mph" in line for line in lines)
    assert kilometres("\n".join(lines)) == []


async def test_no_screen_mentions_kilometres(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.history.append(done(world))
    config: Config = config_of(ONE, units=Units.MPH)
    app = app_of(world, config)
    async with app.run_test(size=(100, 40)) as pilot:
        texts: dict[str, str] = {}
        await settled(pilot)
        texts["home"] = seen(pilot)
        await pilot.press("h")
        await until(pilot, lambda: "Miles" in seen(pilot), "the history")
        texts["history"] = seen(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the record")
        texts["record"] = seen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "HistoryScreen", "the history again")
        await pilot.press("escape")
        await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
        await settled(pilot)
        await pilot.press("enter")
        await at_the_start(pilot)
        texts["start"] = seen(pilot)
        world.clock.advance(2_000)
        await pilot.press("enter")
        await workout(pilot, world, texts)
        await pilot.press("s")
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        await pilot.press("y")
        await until(pilot, lambda: screen(pilot) == "SummaryScreen", "the summary")
        texts["summary"] = seen(pilot)
    assert {name: kilometres(text) for name, text in texts.items()} == {n: [] for n in texts}
    for name in ("home", "record", "start", "summary"):
        assert re.search(r"about \d\.\d\d mi\b", texts[name]), name
    assert "belt mi" in texts["summary"]
    assert " mi " in texts["history"]
    for state in (State.TURN, State.PAUSED, State.BLOCK):
        assert "mph" in texts[state]


async def workout(pilot: Pilot[Any], world: World, texts: dict[str, str]) -> None:
    shown = pilot.app.screen
    assert isinstance(shown, WorkoutScreen)
    for second in range(75):
        world.clock.advance(1000)
        shown.poll()
        if second % 20 == 19 and shown.runner.view.state.running:
            if second == 59:
                await pilot.press("up")
            await pilot.press("space")
            await pilot.pause()
            texts[shown.runner.view.state] = seen(pilot)
            world.clock.advance(1500)
            shown.poll()
            await pilot.press("space")
        if second % 7 == 0:
            await pilot.pause()
            texts[shown.runner.view.state] = texts.get(shown.runner.view.state, "") + seen(pilot)
