"""The second screen: the same faces, nothing that can be done, and unmistakable silence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from retrotimer.audio.status import SoundStatus
from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.config.model import Config, CueSettings, DisplaySettings
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Confirm, Kind
from retrotimer.core.states import Command, State
from retrotimer.core.view import View
from retrotimer.run.runner import Runner
from retrotimer.text import phrases
from retrotimer.text.phrases import Appearance
from retrotimer.tui.screens.watch import WatchScreen
from retrotimer.tui.watch_app import WatchApp
from retrotimer.tui.widgets import flash, glyphs
from retrotimer.tui.widgets.digits import BigDigits
from retrotimer.tui.widgets.watch_notice import NO_NEWS
from retrotimer.tui.widgets.workout_faces import Banner
from retrotimer.watch.reader import Watch
from tests.support.app_steps import notices, screen, seen
from tests.support.frames import paint
from tests.support.runner_world import EVERYTHING, World, config_of, make_world, plan_of

SIZES = [(40, 12), (40, 40), (60, 16), (80, 24), (120, 40), (200, 12), (300, 80)]
QUIET = CueSettings(flash=False)


@dataclass
class Seat:
    """Somebody in front of a second screen; the workout runs elsewhere."""

    pilot: Pilot[int]
    app: WatchApp
    screen: WatchScreen
    world: World
    runner: Runner | None = None

    @property
    def view(self) -> View:
        assert self.runner is not None
        return self.runner.view

    async def start(self, plan: Plan | None = None) -> None:
        self.runner = Runner.new(plan or plan_of(), self.world.environment)
        self.runner.open()
        self.runner.command(Command.START)
        await self.look()

    async def look(self) -> None:
        self.screen.poll()
        await self.pilot.pause()

    async def command(self, command: Command) -> None:
        assert self.runner is not None
        self.runner.command(command)
        await self.look()

    async def run_to(self, wanted: Callable[[View], bool]) -> None:
        """Let the program live until the view is as wanted."""
        assert self.runner is not None
        for _ in range(3_600):
            self.world.clock.advance(1_000)
            self.runner.poll()
            if wanted(self.view):
                await self.look()
                return
        raise AssertionError("never came")

    async def fall_silent(self, ms: int = 12_000) -> None:
        self.world.clock.advance(ms)
        await self.look()

    def text(self, selector: str) -> str:
        widget = self.screen.query_one(selector)
        if isinstance(widget, Banner):
            # It fits its words into its room when it is painted.
            paint(self.app)
        found: str = widget.text  # type: ignore[attr-defined]
        return found

    def seen(self, selector: str) -> bool:
        widget: Widget = self.screen.query(selector).first(Widget)
        return all(
            node.display for node in widget.ancestors_with_self if isinstance(node, Widget)
        ) and bool(widget.region.area)

    def looks(self) -> set[str]:
        known = {f"-{look.value}" for look in Appearance} | {"-silent", "-notice", "-lost", "-warn"}
        return set(self.screen.classes) & known


@asynccontextmanager
async def seated(
    world: World,
    config: Config | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    mirror: bool = False,
) -> AsyncIterator[Seat]:
    """Beside a program that may run a workout."""
    assert world.session.claim()
    try:
        async with sitting(world, config, size=size, mirror=mirror) as seat:
            yield seat
    finally:
        world.session.release()


@asynccontextmanager
async def sitting(
    world: World,
    config: Config | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    mirror: bool = False,
) -> AsyncIterator[Seat]:
    """Beside whatever runs."""
    clock = world.clock
    watch = Watch(world.session.path, boot_ms=clock.boot_ms, wall=clock.wall, boot_id="this boot")
    app = WatchApp(watch, config or config_of(cues=QUIET), mirror=mirror)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, WatchScreen)
        yield Seat(pilot, app, app.screen, world)


def backward(view: View) -> bool:
    return view.state is State.BLOCK and view.block.kind is Kind.BACKWARD


async def test_it_waits_for_a_workout_and_shows_it_until_there_is_no_news(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with seated(world) as seat:
        titles: list[str] = []
        assert seat.screen._title is not None
        seat.screen._title._write = titles.append
        assert seat.looks() == {"-notice"}
        assert seat.text("#notice-title") == "No workout is running"
        assert not seat.seen("#notice-sign")
        await seat.start()
        await seat.run_to(lambda view: view.left == 200)
        assert seat.looks() == {"-forward"}
        assert seat.text("#banner") == "▲ ▲ ▲    FORWARD    ▲ ▲ ▲"
        assert seat.text("#time") == "3:20"
        assert seat.text("#top") == "First steps  block 1 of 12  ends 07:29"
        assert seat.text("#progress") == "1:50 done · 17:10 to go"
        assert "only watching · the keys are on the first screen" in seen(seat.pilot)
        an_equal_look_paints_nothing(seat, monkeypatch)
        await seat.run_to(lambda view: view.left == 10)
        assert seat.looks() == {"-forward", "-warn"}
        await seat.run_to(lambda view: view.state is State.TURN)
        assert seat.looks() == {"-turn"}
        assert seat.text("#order").startswith("SLOW THE BELT: 1.6 km/h")
        await seat.run_to(backward)
        assert seat.looks() == {"-backward"}
        assert seat.text("#time") == "0:30"
        await seat.run_to(lambda view: backward(view) and view.left == 13)
        assert titles[-1] == "\x1b]2;▼ 0:13 backward – retrotimer watch\x07"
        await no_news_looks_like_nothing_else_and_goes_by_itself(seat, titles)
        # A pause says where it goes on.
        assert seat.seen("#pause-belt")
        assert seat.text("#pause-keys") == "Go on with a key on the first screen."
        assert seat.text("#pause-resume") == "goes on with the whole turn (20 s)"
        assert seat.runner is not None
        seat.runner.stop()
        await seat.look()
        assert titles[-1] == "\x1b]2;retrotimer watch\x07"


def an_equal_look_paints_nothing(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        painted: list[Any] = []
        patched.setattr(seat.screen, "_begin", painted.append)
        for _ in range(20):
            seat.screen.poll()
        seat.world.clock.advance(100)
        seat.screen.poll()
        assert painted == []


async def no_news_looks_like_nothing_else_and_goes_by_itself(seat: Seat, titles: list[str]) -> None:
    await seat.fall_silent()
    assert titles[-1] == "\x1b]2;NO NEWS – retrotimer watch\x07"
    assert seat.looks() == {"-silent"}
    assert seat.text("#notice-sign") == NO_NEWS
    assert seat.text("#notice-title") == "NO NEWS since 07:15:47 · 0:12 ago"
    text = seen(seat.pilot)
    assert "The belt may still be moving." in text
    assert "The program is frozen." in text
    assert "last seen: ▼ BACKWARD 0:30 at 1.6 km/h, 0:13 left" in text
    assert not seat.seen("#time")
    lost = seat.app.get_css_variables()["lost-field"]
    assert seat.screen.styles.background.hex.lower() == lost.lower()
    await seat.fall_silent(60_000)
    assert seat.text("#notice-title") == "NO NEWS since 07:15:47 · 1:12 ago"
    assert seat.runner is not None
    seat.runner.poll()
    await seat.look()
    assert seat.looks() == {"-paused"}
    assert seat.text("#pause-why") == "the program froze for a moment · 1:12 ago"


def every_look(world: World) -> Iterator[tuple[Appearance, Runner]]:
    """A workout that has come, for the first time, to each look that a second screen can have."""
    runner = Runner.new(plan_of(EVERYTHING, confirm=Confirm.BACKWARD), world.environment)
    runner.open()
    runner.command(Command.START)
    found: set[Appearance] = set()
    while len(found) < 5:
        look = phrases.look(runner.view)
        if look not in found:
            found.add(look)
            yield look, runner
            if look is Appearance.WAITING:
                runner.command(Command.CONFIRM)
        world.clock.advance(1_000)
        runner.poll()
    runner.command(Command.PAUSE)
    yield phrases.look(runner.view), runner


async def test_started_in_the_middle_it_shows_the_same(world: World, tmp_path: Path) -> None:
    followed = {}
    async with seated(world) as seat:
        for look, seat.runner in every_look(world):
            await seat.look()
            assert seat.looks() - {"-lost", "-warn"} == {f"-{look.value}"}
            followed[look] = seen(seat.pilot)
    assert set(followed) == {*Appearance} - {Appearance.START}
    again = make_world(tmp_path / "again")
    assert again.session.claim()
    for look, runner in every_look(again):
        async with sitting(again) as seat:
            seat.runner = runner
            await seat.look()
            assert seat.looks() - {"-lost", "-warn"} == {f"-{look.value}"}
            assert seen(seat.pilot) == followed[look], look
    again.session.release()


async def test_it_wears_the_theme_of_the_config(world: World) -> None:
    config = config_of(cues=QUIET, display=DisplaySettings(theme="paper"))
    async with seated(world, config) as seat:
        await seat.start()
        await seat.run_to(backward)
        assert seat.screen.styles.background.hex.lower() == "#d9e6ff"
        assert notices(seat.pilot) == []
    config = config_of(cues=QUIET, display=DisplaySettings(theme="papre"))
    async with seated(world, config) as seat:
        await seat.pilot.pause()
        assert notices(seat.pilot) == ["there is no theme 'papre'; did you mean 'paper'?"]


async def test_what_waits_for_a_key_waits_elsewhere(world: World) -> None:
    config = config_of(cues=QUIET)
    anew = replace(config, keys={**DEFAULT_KEYS, "confirm": "f2"})
    async with seated(world, anew) as seat:
        await seat.start(plan_of(confirm=Confirm.BACKWARD))
        await seat.run_to(lambda view: view.state is State.WAITING)
        assert seat.looks() == {"-waiting"}
        assert seat.text("#order") == "PRESS F2 THERE WHEN READY"
        assert seat.text("#time") == "?"


async def test_no_key_does_anything_to_the_workout(world: World) -> None:
    async with seated(world) as seat:
        await seat.start(plan_of(confirm=Confirm.BACKWARD))
        await seat.run_to(lambda view: view.state is State.WAITING)
        files = {one.name: one.read_bytes() for one in world.session.path.parent.iterdir()}
        keys = [key for keys in DEFAULT_KEYS.values() for key in keys.split(",")]
        allowed = {DEFAULT_KEYS[name] for name in ("quit", "mirror", "help")}
        more = {"escape", "pagedown", "pageup", "full_stop", "ctrl+p"}
        before = seen(seat.pilot)
        await seat.pilot.press(*sorted({*keys, *more} - allowed))
        await seat.look()
        assert seen(seat.pilot) == before
        assert seat.app.is_running
        assert screen(seat.pilot) == "WatchScreen"
        assert files == {one.name: one.read_bytes() for one in world.session.path.parent.iterdir()}


@pytest.mark.parametrize("how", ["option", "config", "key"])
async def test_a_mirror_in_backward_blocks(world: World, how: str) -> None:
    config = config_of(cues=QUIET, display=DisplaySettings(mirror=how == "config"))
    async with seated(world, config, mirror=how == "option") as seat:
        await seat.start()
        await seat.run_to(lambda view: view.left == 200)

        def mirrored() -> bool:
            return seat.screen.query_one("#time", BigDigits).mirrored

        if how == "key":
            await seat.pilot.press("x")
            assert seat.text("#note") == "mirror on, in backward blocks"
        assert not mirrored()
        await seat.run_to(backward)
        assert mirrored()
        await seat.pilot.press("x")
        assert not mirrored()


async def what_begins_is_not_hidden_by_help(seat: Seat) -> None:
    await seat.run_to(lambda view: view.left == 20)
    await seat.pilot.press("question_mark")
    assert screen(seat.pilot) == "HelpScreen"
    text = seen(seat.pilot)
    assert "mirror" in text
    assert "quit" in text
    assert "pause" not in text
    assert str(seat.world.session.path)[:40] in text
    await seat.run_to(lambda view: view.left == 19)
    assert screen(seat.pilot) == "HelpScreen"
    await seat.fall_silent()
    assert screen(seat.pilot) == "WatchScreen"


async def test_without_sound_it_says_so_until_there_is_no_news_under_help(world: World) -> None:
    async with seated(world) as seat:
        await seat.start()
        await seat.run_to(lambda view: view.left == 200)
        world.player.status = SoundStatus.LOST
        await seat.run_to(lambda view: not view.sound_ok)
        assert seat.looks() == {"-forward", "-lost"}
        assert seat.text("#alert") == "no sound"
        assert seat.seen("#alert")
        await what_begins_is_not_hidden_by_help(seat)
        assert seat.looks() == {"-silent"}
        assert not seat.seen("#alert")


async def test_the_end_then_the_next_one(world: World) -> None:
    async with seated(world) as seat:
        await seat.start()
        await seat.run_to(lambda view: view.left == 200)
        assert seat.runner is not None
        seat.runner.stop()
        await seat.look()
        assert seat.looks() == {"-notice"}
        assert seat.text("#notice-title") == "First steps is over"
        assert seat.text("#notice-0") == "1:50 done · ended at 07:11"
        await seat.start(plan_of(EVERYTHING))
        assert seat.looks() == {"-turn"}
        assert "[/] everything [b" in seen(seat.pilot)


async def test_what_cannot_be_followed_is_said(world: World) -> None:
    world.session.path.write_bytes(b"format = 9")
    async with seated(world) as seat:
        assert seat.looks() == {"-notice"}
        assert seat.text("#notice-title") == "There is a workout, but it cannot be shown"
        assert "found format 9, expected 1" in " ".join(seen(seat.pilot).split())


@pytest.mark.parametrize("wanted", [True, False])
async def test_what_begins_flashes_if_wanted(
    world: World, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flash, "LENGTH", 3600.0)  # its end is not what is looked at
    async with seated(world, config_of(cues=CueSettings(flash=wanted))) as seat:
        flashes: list[None] = []
        begin = seat.screen._flash.begin
        seat.screen._flash.begin = lambda screen: (flashes.append(None), begin(screen))[1]  # type: ignore[method-assign,func-returns-value]
        await seat.start()
        assert seat.screen.has_class("-flash") is wanted
        count = len(flashes)
        await seat.run_to(lambda view: view.left == 200)
        assert len(flashes) == count + 1  # the block
        await seat.run_to(lambda view: view.left == 190)
        assert len(flashes) == count + 1
        await seat.fall_silent()
        assert len(flashes) == count + 2


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("ctrl+q", 0), ("ctrl+c", 130)])
async def test_it_is_left_with_the_workout_running(world: World, key: str, code: int) -> None:
    async with seated(world) as seat:
        await seat.start()
        await seat.pilot.press(key)
        assert seat.app.return_value == code
        assert seat.view.state is State.TURN


async def test_the_keys_are_those_of_the_config(world: World) -> None:
    keys = {**DEFAULT_KEYS, "quit": "f10", "pause": "q"}
    async with seated(world, replace(config_of(cues=QUIET), keys=keys)) as seat:
        await seat.pilot.press("q")
        assert seat.app.return_value is None
        await seat.pilot.press("f10")
        assert seat.app.return_value == 0


async def test_every_state_fits_every_size(world: World) -> None:
    found: set[Appearance | str] = set()
    async with seated(world, size=SIZES[0]) as seat:

        async def fits(*lines: str, drawn: bool = False) -> None:
            for size in ((1, 1), (10, 4), *SIZES):
                await seat.pilot.resize_terminal(*size)
                await seat.pilot.pause()
                if size not in SIZES:
                    continue
                for line in (*lines, "#only"):
                    assert seat.seen(line), (line, size)
                    region = seat.screen.query_one(line).region
                    assert region.bottom <= size[1], (line, size)
                if size == SIZES[len(found)]:
                    # Every look is drawn in one of the sizes, and every size for one of the looks.
                    assert "only watching" in seen(seat.pilot)
                if drawn:
                    sign = seat.screen.query_one("#notice-sign", BigDigits)
                    # In large letters, not as a line of text.
                    assert len(glyphs.rows(NO_NEWS, *sign._room)) >= glyphs.FLOOR, size

        await fits("#notice-title", "#notice-0", "#notice-1")
        await seat.start(plan_of(EVERYTHING, confirm=Confirm.BACKWARD))
        while len(found) < 5:
            look = phrases.look(seat.view)
            found.add(look)
            asked = look in (Appearance.TURN, Appearance.WAITING)
            await fits("#time", "#next", *(["#order"] if asked else []))
            if look is Appearance.WAITING:
                await seat.command(Command.CONFIRM)
            await seat.run_to(lambda view, look=look: phrases.look(view) is not look)  # type: ignore[misc]
        await seat.command(Command.PAUSE)
        found.add(Appearance.PAUSED)
        await fits("#pause-word", "#pause-belt", "#pause-why", "#pause-where", "#pause-keys")
        await seat.fall_silent()
        lines = ("#notice-sign", "#notice-title", "#notice-0", "#notice-1", "#notice-2")
        await fits(*lines, drawn=True)


@pytest.mark.parametrize(("width", "height"), [(38, 4), (20, 3), (38, 3), (19, 3), (300, 60)])
def test_the_sign_can_be_drawn_at_any_size(width: int, height: int) -> None:
    found = glyphs.rows(NO_NEWS, width, height)
    assert len({len(row) for row in found}) == 1
    assert len(found[0]) <= width
    assert len(found) <= height
