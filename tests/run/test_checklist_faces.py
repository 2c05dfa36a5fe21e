"""The checklist on both faces: one table of keys, whatever the state of the sound."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from textual.await_complete import AwaitComplete

from retrotimer.audio.status import SoundStatus
from retrotimer.config.keys import DEFAULT_KEYS, given_anew
from retrotimer.config.model import Config
from retrotimer.core.sets import Safety
from retrotimer.plain.checklist import PlainChecklist
from retrotimer.run.checklist import (
    CHECK_ACTIONS,
    CheckAction,
    Checklist,
    Does,
    by_key,
    hints,
    main_key,
)
from retrotimer.run.soundcheck import HOLD_OFF, Hearing
from retrotimer.session.remembered import Remembered
from retrotimer.tui.app import RetroTimer
from retrotimer.tui.screens.checklist import ChecklistScreen
from tests.run.test_both_faces import passed
from tests.support.app_steps import screen, seen, settled, until
from tests.support.runner_world import World, config_of, make_world

CONFIG = config_of(safety=Safety())
READ, HEARD_OUT = 2 * HOLD_OFF, 3_000
OTHERS: tuple[dict[str, str], ...] = (
    {},
    {"confirm": "r"},
    {"confirm": "up,y"},
    {"volume_up": "up", "volume_down": "down"},
    {"help": "r", "quit": "down"},
    {"confirm": "right_square_bracket", "volume_up": "r"},
)
"""What `[keys]` may say."""


def config_with(others: dict[str, str]) -> Config:
    return config_of(safety=Safety(), keys={**DEFAULT_KEYS, **others})


class Staying(RetroTimer):
    """Notes that it was to end, or to show the help."""

    left: int | None = None
    helped = 0

    def exit(self, result: int | None = None, *_: Any, **__: Any) -> None:
        self.left = result

    def action_help(self) -> None:
        self.helped += 1


class StayingList(ChecklistScreen):
    """Notes with what it was to close."""

    CSS_PATH = str(Path(inspect.getfile(ChecklistScreen)).with_name("checklist.tcss"))
    given: bool | None = None
    words: list[str]

    def dismiss(self, result: bool | None = None) -> AwaitComplete:
        self.given = result
        return AwaitComplete()

    def notify(self, message: str, **_: Any) -> None:
        self.words.append(message)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


@dataclass
class Stage:
    """A checklist in a world of its own, opened and read, in a state of the sound."""

    world: World
    state: str
    learned: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        player = self.world.player
        player.status = {
            "opening": SoundStatus.STARTING,
            "wanted": SoundStatus.STARTING,
            "lost": SoundStatus.LOST,
            "off": SoundStatus.OFF,
        }.get(self.state, SoundStatus.READY)
        memory = Remembered(remember=self.learned.append)
        self.list = Checklist(CONFIG, self.world.environment, memory)
        self.list.open()
        self.passes(READ)
        if self.state in ("wanted", "playing", "asking"):
            self.list.do(Does.AGAIN, held=False)
        if self.state == "asking":
            self.passes(HEARD_OUT)

    def passes(self, ms: int) -> None:
        """Time passes, and the list is looked after."""
        for part in [*[100] * (ms // 100), ms % 100]:
            self.world.clock.advance(part)
            self.list.check.poll()

    @property
    def now(self) -> tuple[object, ...]:
        """All that a key may change."""
        check, player = self.list.check, self.world.player
        return (
            *(check.hearing, check.wanted, check.volume, self.list.passed),
            *(player.volume, list(player.tracks), list(self.learned)),
        )


STATES = ("opening", "wanted", "ready", "playing", "asking", "lost", "off")


def expected(stage: Stage, does: Does) -> tuple[object, ...]:
    """(volume, whether it ended with going on, cues) after a key."""
    check = stage.list.check
    volume, cues = check.volume, len(stage.world.player.tracks)
    step = {Does.LOUDER: 10, Does.SOFTER: -10}.get(does, 0)
    sound = stage.state in ("ready", "playing", "asking")
    again = does in (Does.LOUDER, Does.SOFTER, Does.AGAIN)
    plays = sound and (again or (does is Does.CONFIRM and stage.state == "ready"))
    ends = {Does.BACK: False, Does.QUIT: False}.get(does)
    if does is Does.CONFIRM and stage.state in ("asking", "lost", "off"):
        ends = True
    return volume + step, ends, cues + plays


def every_key() -> Iterator[tuple[CheckAction, str]]:
    for action in CHECK_ACTIONS:
        for key in action.keys(DEFAULT_KEYS):
            yield action, key


class Faces:
    """Both faces, each with a stage of its own."""

    def __init__(self, app: Staying, shown: StayingList, folder: Path) -> None:
        self.app, self.shown, self._folder = app, shown, folder

    async def set(self, state: str) -> None:
        """Begin anew in a state; no key is held."""
        self.one, self.other = (
            Stage(make_world(self._folder / name), state) for name in ("lines", "screen")
        )
        assert self.one.now == self.other.now
        self.lines: list[str] = []
        self._plain = PlainChecklist(CONFIG, self.one.world.environment, Remembered())
        self._plain._list = self.one.list
        self.shown._list, self.shown.check = self.other.list, self.other.list.check
        self.shown.given = self.app.left = None
        self.app.helped = 0
        self.shown.words = []
        await passed(self.app, "f9")

    async def press(self, key: str) -> None:
        """One key on both, after which both are the same."""
        self._plain._press(key, self.lines.append)
        assert await passed(self.app, key)
        assert self.one.now == self.other.now, (key, self.one.state)
        assert self.shown.given is self.one.list.passed
        told = [line for line in self.lines if not line.startswith("keys: ")]
        assert told == self.shown.words
        assert len(self.lines) - len(told) == self.app.helped

    def passes(self, ms: int) -> None:
        for stage in (self.one, self.other):
            stage.passes(ms)
        self.app.environment.boot_ms.__self__.advance(ms)  # type: ignore[attr-defined]


@asynccontextmanager
async def both_faces(folder: Path) -> AsyncIterator[Faces]:
    world = make_world(folder / "stage")
    app = Staying(CONFIG, world.environment)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.push_screen(shown := StayingList(CONFIG, world.environment, Remembered()))
        await until(pilot, lambda: world.player.volume is not None, "the sound")
        yield Faces(app, shown, folder)


async def test_every_key_does_the_same_on_both_faces_in_every_state(tmp_path: Path) -> None:
    async with both_faces(tmp_path) as faces:
        for state in STATES:
            for action, key in every_key():
                case = f"{key} in {state}"
                await faces.set(state)
                volume, ends, cues = expected(faces.one, action.does)
                before = faces.one.now
                await faces.press(key)
                now = faces.one.list
                assert (now.check.volume, now.passed) == (volume, ends), case
                assert len(faces.one.world.player.tracks) == cues, case
                assert bool(faces.one.learned) == (ends is True), case
                assert (faces.app.left is not None) == (action.does is Does.QUIT), case
                # What changes nothing says why.
                assert bool(faces.lines) == (faces.one.now == before), case


async def test_a_held_key_does_one_thing_on_both_faces(tmp_path: Path) -> None:
    async with both_faces(tmp_path) as faces:
        for state in STATES:
            for action, key in every_key():
                case = f"{key} held in {state}"
                await faces.set(state)
                volume, ends, cues = expected(faces.one, action.does)
                await faces.press(key)
                for delay in (500, *[30] * 120):
                    faces.passes(delay)
                    await faces.press(key)
                # What it asked for has been heard out meanwhile, and no repeat answered.
                check = faces.one.list.check
                assert (check.volume, faces.one.list.passed) == (volume, ends), case
                assert len(faces.one.world.player.tracks) == cues, case
                assert len(faces.lines) <= 1, case
                if state in ("ready", "asking") and ends is None and action.does is not Does.HELP:
                    assert check.hearing is Hearing.ASKING, case


async def test_a_key_held_at_home_does_nothing_in_the_list_that_it_opened(world: World) -> None:
    config = config_with({"check": "r", "rehearse": "f2"})
    app = RetroTimer(config, world.environment)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("r")
        await until(pilot, lambda: world.player.volume is not None, "the sound")
        for delay in (500, *[30] * 100):
            world.clock.advance(delay)
            await passed(app, "r")
        assert screen(pilot) == "ChecklistScreen"
        assert world.player.tracks == []
        await passed(app, "f9")
        await passed(app, "r")
        assert world.player.cues() == ["backward"]


# Which keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("others", OTHERS, ids=str)
def test_every_key_has_one_meaning_and_all_can_be_done(others: dict[str, str]) -> None:
    keys = {**DEFAULT_KEYS, **others}
    found = [key for action in CHECK_ACTIONS for key in action.keys(keys)]
    assert len(set(found)) == len(found)
    table = by_key(keys)
    for action in CHECK_ACTIONS:
        assert action.keys(keys), action.does
        for key in keys.get(action.bound, "").split(","):
            assert not key or table[key] is action
    for hearing in Hearing:
        for key, words in hints(keys, hearing):
            assert table[key].label(hearing) == words
    assert table.keys() >= {main_key(action, keys) for action in CHECK_ACTIONS} - {None}


async def test_the_screen_has_the_keys_of_the_table_and_the_lines_name_them(world: World) -> None:
    app = Staying(CONFIG, world.environment)
    async with app.run_test(size=(100, 24)) as pilot:
        await settled(pilot)
        for others in OTHERS:
            config = config_with(others)
            app.set_keymap(given_anew(config.keys))
            app.push_screen(shown := ChecklistScreen(config, world.environment, Remembered()))
            await until(pilot, lambda shown=shown: shown._list._opened, "the sound")  # type: ignore[misc]
            table = by_key(config.keys)
            bound = {
                key: one.binding.action
                for key, one in shown.active_bindings.items()
                if one.binding.action.startswith("do(")
            }
            # Ctrl+q is Textual's own key first, and leaves there too.
            expect = {key: f"do({one.does.value!r})" for key, one in table.items()}
            assert bound | {"ctrl+q": "do('quit')"} == expect, others
            keys = PlainChecklist(config, world.environment, Remembered())._key_list()
            for action in CHECK_ACTIONS:
                assert action.words in keys or main_key(action, config.keys) is None
            # So does the footer, each by the key that it has now.
            footer = {
                (one.binding.key, one.binding.description)
                for one in shown.active_bindings.values()
                if one.binding.show and not one.binding.system
            }
            assert footer == {
                (main_key(action, config.keys), action.label(Hearing.READY))
                for action in CHECK_ACTIONS
                if action.footer and main_key(action, config.keys)
            }
            await pilot.pause()
            confirm = config.keys["confirm"].split(",")[0].replace("right_square_bracket", "]")
            assert f"{confirm}  play GO backward" in seen(pilot)
            shown.dismiss(False)
            await until(pilot, lambda: screen(pilot) == "HomeScreen", "home")
