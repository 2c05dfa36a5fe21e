"""A tour of every screen in every state, and a check of what is hard to read there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from textual.app import App
from textual.color import Color
from textual.pilot import Pilot

from retrotimer.audio.status import SoundStatus
from retrotimer.config.model import Config, DisplaySettings
from retrotimer.core.sets import Confirm, IntervalSet, Kind, Repeat, Safety, Step
from retrotimer.core.states import State
from retrotimer.core.view import View
from retrotimer.run.key_repeat import USUAL
from retrotimer.tui.contrast import contrast
from retrotimer.tui.screens.checklist import ChecklistScreen
from retrotimer.tui.screens.home import HomeScreen
from retrotimer.tui.screens.workout import WorkoutScreen
from retrotimer.tui.watch_app import WatchApp
from retrotimer.tui.widgets.digits import BigDigits
from retrotimer.tui.widgets.lines import Bar
from retrotimer.tui.widgets.timeline import DrawnPlan
from retrotimer.watch.reader import Watch
from tests.support.app_steps import app_of, settled, unseen, until
from tests.support.runner_world import World, config_of

SET = IntervalSet(
    "Hill and back",
    (
        Step(Kind.FORWARD, 60_000, speed=3.5, incline=1.0, label="Warm up"),
        Repeat(
            5,
            (
                Step(Kind.BACKWARD, 30_000, speed=1.6, incline=2.5, note="Small steps."),
                Step(Kind.REST, 45_000),
                Step(Kind.FORWARD, 60_000, speed=12.5, incline=0.0),
            ),
        ),
    ),
    about="A walk through everything.",
)
"""Rounds with both directions and a rest; turns into backward wait for a key."""


def tour_config(**display: Any) -> Config:
    """The tour's config, with the checklist."""
    return config_of(
        SET,
        safety=Safety(confirm_turns=Confirm.BACKWARD),
        display=DisplaySettings(**display),
    )


class Stop(NamedTuple):
    """A stop on the tour, and the app as it is there."""

    name: str
    app: App[Any]
    pilot: Pilot[Any]


async def _to(stop: Stop, world: World, wanted: Any) -> None:
    """Let time pass until `wanted` is true of the view."""
    workout = stop.app.screen
    assert isinstance(workout, WorkoutScreen)
    with unseen(workout):
        for _ in range(600):
            world.clock.advance(1_000)
            workout.poll()
            if wanted(workout.runner.view):
                break
        else:
            raise AssertionError(f"never reached: {stop.name}")
    # Flashes have stops of their own.
    workout._flash.stop()
    workout.remove_class("-flash")
    await stop.pilot.pause()


def _in(kind: Kind, state: State = State.BLOCK) -> Any:
    def wanted(view: View) -> bool:
        right = view.state is state and view.block.kind is kind
        return right and view.passed >= 3 and not view.in_ready

    return wanted


@asynccontextmanager
async def _open(app: App[Any], size: tuple[int, int]) -> AsyncIterator[Pilot[Any]]:
    async with app.run_test(size=size, notifications=True) as pilot:
        yield pilot


async def tour(
    world: World, config: Config | None = None, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Stop]:
    """Visit every screen in every state, one after the other in one app."""
    config = config or tour_config()
    app, keys = app_of(world, config), config.keys
    async with _open(app, size) as pilot:

        def at(name: str) -> Stop:
            return Stop(name, app, pilot)

        def passes(ms: int) -> None:
            # In steps, so that the app does not seem to have stalled.
            for _ in range(0, ms, USUAL):
                world.clock.advance(USUAL)
                if isinstance(app.screen, WorkoutScreen | ChecklistScreen):
                    app.screen.poll()

        async def press(*keys: str) -> None:
            passes(1_500)
            await pilot.press(*keys)
            await pilot.pause()

        await settled(pilot)
        yield at("home")
        await pilot.press(keys["search"], "h")
        await pilot.pause()
        yield at("home, searching")
        await pilot.press("escape")
        for severity in ("information", "warning", "error"):
            app.notify("a note [b", title=severity, severity=severity, markup=False)
        await pilot.pause()
        yield at("home, notes")
        app.clear_notifications()
        await pilot.press(keys["help"])
        await pilot.pause()
        yield at("help")
        await pilot.press("escape")
        app.action_command_palette()
        await until(pilot, lambda: bool(app.screen.query("CommandList.--visible")), "the palette")
        yield at("palette")
        await pilot.press("escape")
        # Another Esc closed the screen before, so for a moment this one could count as held.
        await until(pilot, lambda: isinstance(app.screen, HomeScreen), "home again")
        await press(keys["start"])
        await until(pilot, lambda: world.player.volume is not None, "the sound")
        yield at("checklist")
        world.player.status = SoundStatus.LOST
        await press(keys["confirm"])
        yield at("checklist, no sound")
        world.player.status = SoundStatus.READY
        await press(keys["confirm"])
        passes(3_000)
        await press(keys["confirm"])
        await until(pilot, lambda: isinstance(app.screen, WorkoutScreen), "the start page")
        await settled(pilot)
        yield at("start")
        await press(keys["confirm"])
        await _to(at("get ready"), world, _in(Kind.FORWARD, State.TURN))
        yield at("get ready")
        await _to(at("forward"), world, _in(Kind.FORWARD))
        app.screen.add_class("-flash")
        await pilot.pause()
        yield at("forward, flash")
        app.screen.remove_class("-flash")
        await press(keys["faster"], keys["stumble"])
        yield at("forward")
        await _to(at("warned"), world, lambda view: view.left == 8)
        yield at("forward, warned")
        await _to(at("turn"), world, _in(Kind.BACKWARD, State.TURN))
        yield at("turn")
        await _to(at("waiting"), world, lambda view: view.state is State.WAITING)
        yield at("waiting")
        await press(keys["confirm"])
        await _to(at("backward"), world, _in(Kind.BACKWARD))
        yield at("backward")
        app.screen.add_class("-flash")
        await pilot.pause()
        yield at("backward, flash")
        app.screen.remove_class("-flash")
        await press(keys["mirror"])
        yield at("backward, mirrored")
        await press(keys["mirror"], keys["pause"])
        await _to(at("paused"), world, lambda view: view.state is State.PAUSED)
        yield at("paused")
        await press(keys["stop"])
        yield at("stop question")
        await press("g")
        await _to(at("rest"), world, lambda view: view.state is State.WAITING)
        await press(keys["confirm"])
        await _to(at("rest"), world, _in(Kind.REST))
        yield at("rest")
        world.player.status = SoundStatus.LOST
        await _to(at("no sound"), world, _in(Kind.FORWARD))
        yield at("forward, no sound")
        world.player.status = SoundStatus.READY
        await press(keys["stop"])
        await press("y")
        await until(pilot, lambda: bool(app.screen.query("#rpe")), "the summary")
        await pilot.press("6", "tab", "2")
        await pilot.pause()
        yield at("summary")
        app.screen.set_class(True, "-unsaved")
        app.screen.query_one("#why").update("no room left on the disk")  # type: ignore[attr-defined]
        await pilot.pause()
        yield at("summary, not saved")
        app.screen.set_class(False, "-unsaved")
        await pilot.press("escape")
        await pilot.pause()
        await settled(pilot)
        yield at("home, done once")
        await pilot.press(keys["history"])
        await settled(pilot)
        yield at("history")
        await pilot.press(keys["detail"])
        await settled(pilot)
        yield at("record")


async def watch_tour(
    world: World, config: Config | None = None, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Stop]:
    """Visit the second screen: no workout, a backward block, and NO NEWS."""
    from retrotimer.core.plan import make_plan
    from retrotimer.run.runner import Runner

    config = config or tour_config()
    clock = world.clock
    watch = Watch(world.session.path, boot_ms=clock.boot_ms, wall=clock.wall, boot_id="this boot")
    app = WatchApp(watch, config)
    assert world.session.claim()
    try:
        async with _open(app, size) as pilot:

            async def look() -> None:
                app.screen.poll()  # type: ignore[attr-defined]
                await pilot.pause()

            await pilot.pause()
            yield Stop("watch, nothing", app, pilot)
            runner = Runner.new(
                make_plan(SET, config.belt, Safety(), config.cues.rules), world.environment
            )
            runner.open()
            clock.advance(1_500)
            runner.enter()
            for _ in range(600):
                clock.advance(1_000)
                runner.poll()
                if _in(Kind.BACKWARD)(runner.view):
                    break
            await look()
            app.screen.remove_class("-flash")
            await pilot.pause()
            yield Stop("watch, backward", app, pilot)
            await pilot.press("x")
            await pilot.pause()
            yield Stop("watch, mirrored", app, pilot)
            clock.advance(60_000)
            await look()
            app.screen.remove_class("-flash")
            await pilot.pause()
            yield Stop("watch, no news", app, pilot)
            runner.leave()
            runner.close()
    finally:
        world.session.release()


class Unread(NamedTuple):
    """Text with too little contrast: what it is, its contrast, and the least it should have."""

    text: str
    colors: str
    contrast: float
    least: float


TEXT, DIGITS, DRAWN = 4.5, 7.0, 3.0
_LINES = range(0x2500, 0x25A0)


def unread(app: App[Any], shades: set[tuple[str, str]] | None = None) -> Iterator[Unread]:
    """Everything on the top screen with too little contrast, each colour pair once.

    Borders and scrollbars are decoration. The terminal's own colours cannot be judged. All colour
    pairs are added to `shades`.
    """
    screen = app.screen
    regions = screen._compositor.visible_widgets
    digits, bars = [], []
    for widget, (region, clip) in regions.items():
        if isinstance(widget, BigDigits):
            digits.append(region.intersection(clip))
        elif isinstance(widget, Bar | DrawnPlan):
            bars.append(region.intersection(clip))
    told: set[tuple[Any, ...]] = set()
    for y, strip in enumerate(screen._compositor.render_strips(app.size)):
        x = 0
        for text, style, _ in strip:
            for char in text:
                at = (x, y)
                x += 1
                if char.isspace() or style is None:
                    continue
                line = ord(char) in _LINES
                if any(region.contains(*at) for region in digits):
                    # The backdrop has its own character; the rest is digits, in blocks or as text.
                    least = DRAWN if char == "▾" else DIGITS
                elif any(region.contains(*at) for region in bars):
                    least = DRAWN
                elif line:
                    continue
                else:
                    least = TEXT
                key = (style.color, style.bgcolor, least)
                if key in told:
                    continue
                told.add(key)
                fore, back = (
                    None if color is None else Color.from_rich_color(color)
                    for color in (style.color, style.bgcolor)
                )
                if shades is not None:
                    shades.add((str(fore), str(back)))
                if fore is None or back is None or fore.ansi is not None or back.ansi is not None:
                    if not app.current_theme.ansi:
                        yield Unread(text.strip(), f"{style}", 0.0, least)
                    continue
                found = contrast(fore, back)
                if found < least - 0.005:
                    yield Unread(text.strip(), f"{fore.hex} on {back.hex}", found, least)
