"""A workout screen in a small app of its own, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.binding import Binding
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer

from retrotimer.config.model import Config, CueSettings
from retrotimer.core.plan import Plan
from retrotimer.core.states import State
from retrotimer.core.view import View
from retrotimer.history.record import Record
from retrotimer.run.key_repeat import USUAL
from retrotimer.run.runner import Runner
from retrotimer.tui.key_input import KeyInput
from retrotimer.tui.screens.workout import WorkoutScreen
from retrotimer.tui.themes import THEMES, Themed
from retrotimer.tui.widgets.workout_faces import Banner
from tests.support.app_steps import unseen, until
from tests.support.frames import paint
from tests.support.runner_world import World, config_of, plan_of

STEP = 1_000
"""How often the screen polls here, in ms: every second, which is soon enough to be no stall."""


class Stage(KeyInput, Themed[Record | None]):
    """Shows one workout screen and ends with its result; counts the bells."""

    def __init__(self, screen: WorkoutScreen, config: Config) -> None:
        super().__init__()
        self.clashes: list[str] = []
        self.set_keymap(dict(config.keys))
        self.workout = screen
        self.bells = 0
        self.results: list[Record | None] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def key_clock(self) -> int:
        return self.workout.runner.clock()

    def on_mount(self) -> None:
        self.push_screen(self.workout, self.results.append)

    def handle_bindings_clash(self, clashed_bindings: set[Binding], node: DOMNode) -> None:  # noqa: ARG002 - Textual's signature
        self.clashes += [binding.key for binding in clashed_bindings]

    def bell(self) -> None:
        self.bells += 1


@dataclass
class Play:
    """A workout screen that a test drives."""

    pilot: Pilot[Record | None]
    app: Stage
    screen: WorkoutScreen
    runner: Runner
    world: World

    @property
    def view(self) -> View:
        return self.runner.view

    def state(self) -> State:
        return self.view.state

    def top(self) -> Screen[Any]:
        """The top screen."""
        return self.app.screen

    def steps(self, ms: int) -> Iterator[View]:
        """Let time pass as in a running program; yields the view after each poll."""
        while ms > 0 and not self.runner.over:
            # Short times pass in steps as long as those in which a program looks for keys.
            step = min(STEP if ms > STEP else USUAL, ms)
            self.world.clock.advance(step)
            self.screen.poll()
            ms -= step
            yield self.view

    async def run(self, ms: int) -> None:
        """Let `ms` pass."""
        with unseen(self.screen):
            for _ in self.steps(ms):
                pass
        await self.pilot.pause()

    async def run_to(self, wanted: Callable[[View], bool], most: int = 3_600_000) -> None:
        """Let time pass until `wanted` is true of the view."""
        with unseen(self.screen):
            came = any(wanted(view) for view in self.steps(most))
        if came:
            await self.pilot.pause()
            return
        raise AssertionError(f"never reached; the state is {self.view.state}")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def start(self) -> None:
        """Press the start key, some time after the screen opened."""
        self.world.clock.advance(1_200)
        await self.press("enter")
        assert self.view.state is not State.READY

    def text(self, selector: str) -> str:
        """What a widget of the workout shows."""
        widget = self.screen.query_one(selector)
        if isinstance(widget, Banner):
            # It fits its words into its room when it is painted.
            paint(self.app)
        found: str = widget.text  # type: ignore[attr-defined]
        return found

    def seen(self, selector: str) -> bool:
        """Whether a widget and everything around it is displayed."""
        widget: Widget = self.screen.query(selector).first(Widget)
        return all(
            node.display for node in widget.ancestors_with_self if isinstance(node, Widget)
        ) and bool(widget.region.area)


@asynccontextmanager
async def playing(
    world: World,
    plan: Plan | None = None,
    config: Config | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    rate: int = 1,
    runner: Runner | None = None,
) -> AsyncIterator[Play]:
    """A workout screen, opened but not started; without a config it does not flash."""
    config = config or config_of(cues=CueSettings(flash=False))
    runner = runner or Runner.new(plan or plan_of(), world.environment, rate=rate)
    screen = WorkoutScreen(runner, config)
    app = Stage(screen, config)
    async with app.run_test(size=size) as pilot:
        # The footer is mounted when the sound is opened, some time after the first frame.
        await until(pilot, lambda: bool(screen.query(Footer)), "the sound")
        yield Play(pilot, app, screen, runner, world)
