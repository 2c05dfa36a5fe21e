"""Random keys, pastes, mouse reports, resizes and bytes that are not text, on every screen.

They go through Textual's parser and our driver into the real app; files and clocks come from
`runner_world`. A storm consists of episodes, each with its own seed and app.
"""

from __future__ import annotations

import codecs
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from textual._xterm_parser import XTermParser
from textual.app import App, ScreenStackError
from textual.driver import Driver
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.pilot import Pilot

from retrotimer.core.sets import Confirm, IntervalSet, Kind, Repeat, Safety, Step
from retrotimer.core.states import Command, State
from retrotimer.run.runner import Runner
from retrotimer.tui.app import RetroTimer
from retrotimer.tui.input_order import InOrder
from retrotimer.tui.screens.dialogs import Question
from retrotimer.tui.screens.home import HomeScreen
from retrotimer.tui.screens.workout import WorkoutScreen
from retrotimer.tui.terminal.driver import ScreenDriver
from retrotimer.tui.watch_app import WatchApp
from retrotimer.watch.reader import Watch
from tests.support.app_steps import settled, until
from tests.support.runner_world import World, config_of, make_world, plan_of

LENGTH = 200
"""The number of happenings in an episode, unless it ends sooner."""
LOOK = 8
"""On average, the app is let finish and then checked after this many happenings."""
SETS = (
    IntervalSet(
        "There and back",
        (
            Step(Kind.FORWARD, 20_000, speed=3.0),
            Repeat(
                3,
                (
                    Step(Kind.BACKWARD, 20_000, speed=1.6),
                    Step(Kind.REST, 20_000),
                    Step(Kind.FORWARD, 20_000, speed=3.5, incline=2.0),
                ),
            ),
            Step(Kind.FORWARD, None, speed=3.0),
        ),
    ),
    IntervalSet("Only back", (Step(Kind.BACKWARD, 600_000, speed=1.6),)),
    IntervalSet("Short", (Step(Kind.FORWARD, 15_000), Step(Kind.BACKWARD, 15_000))),
)
"""One with everything, one that is soon backward, one that is soon over."""

NAMED = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "backspace": b"\x7f",
    "space": b" ",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "left": b"\x1b[D",
    "right": b"\x1bOC",
    "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "delete": b"\x1b[3~",
    "f1": b"\x1bOP",
    "f5": b"\x1b[15~",
    "ctrl+p": b"\x10",
    "ctrl+q": b"\x11",
    "ctrl+c": b"\x03",
    "alt+x": b"\x1bx",
    "kitty a": b"\x1b[97u",
    "kitty ctrl+c": b"\x1b[99;5u",
    "ctrl+@": b"\x00",
}
"""What terminals send for keys other than letters."""
LETTERS = "snbcomvxyhrdeglpquf?+-=[]./,;:0123456789 ASNYPÖыф"
QUITS = frozenset((b"\x1b", b"q", b"\x03", b"\x11", b"\x1b[99;5u"))
"""The keys that quit or go back."""
LEAVES = (b"q", b"\x03", b"\x11", b"\x1b[99;5u")
"""The keys that quit the program when no workout is running."""
ANSWERS = (b"y", b"p", b"d", b"l", b"\r", b"\x03", b"\x1b[99;5u", b"\x1b[<0;", b"\x1b[M ")
"""What can answer a question: letters, enter, ctrl+c, or a click."""


class StormError(AssertionError):
    """Something went wrong; the storm stops."""


def must(met: bool, what: str, *more: object) -> None:
    """Raise a StormError unless `met`, even where Python runs without assertions."""
    if not met:
        raise StormError(f"{what} {more or ''}".strip())


@dataclass(frozen=True)
class Happening:
    """One thing that happens: what a terminal sends, its new size, or time that passes (ms)."""

    kind: str
    data: bytes = b""
    size: tuple[int, int] = (0, 0)
    ms: int = 0

    def __str__(self) -> str:
        return f"{self.kind:8} {self.data or self.ms or self.size!r}"


def _key(rng: Random) -> bytes:
    if rng.random() < 0.55:
        return rng.choice(LETTERS).encode()
    return rng.choice([*NAMED.values()])


def _mouse(rng: Random) -> bytes:
    """A mouse report in the SGR or the old format, possibly from beyond the screen."""
    x, y = rng.choice((rng.randint(1, 80), rng.randint(1, 400))), rng.randint(1, 30)
    button = rng.choice((0, 0, 1, 2, 32, 35, 64, 65, 128, 255))
    if rng.random() < 0.6:
        down = b"\x1b[<%d;%d;%dM" % (button, x, y)
        return down + (b"\x1b[<%d;%d;%dm" % (button, x, y) if rng.random() < 0.6 else b"")
    return b"\x1b[M" + bytes((32 + button % 200, min(255, 32 + x), 32 + y))


def _paste(rng: Random) -> bytes:
    inside = bytes(
        rng.choice(b"sydp\r\n\t q0123\xff\xc3\xa9\x1b") for _ in range(rng.randint(0, 60))
    )
    return b"\x1b[200~" + inside.replace(b"\x1b[201~", b"") + b"\x1b[201~"


def _answer_back(rng: Random) -> bytes:
    """A terminal's reply to a query, or a report that it sends unasked."""
    return rng.choice(
        (
            b"\x1b[%d;%dR" % (rng.randint(1, 60), rng.randint(1, 200)),
            b"\x1b[I",
            b"\x1b[O",
            b"\x1b[?2026;2$y",
            b"\x1b[?1;2c",
            b"\x1b]11;rgb:0000/0000/0000\x1b\\",
            b"\x1b[48;24;80;480;640t",
        )
    )


_NO_TEXT = (
    b"\xff",
    b"\xe9",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf0\x9f",
    b"\x80\x81",
    b"\xc0\xaf",
    b"\x9b",
)


def happenings(rng: Random) -> Iterator[Happening]:
    """An endless storm; some sequences arrive split in two."""
    while True:
        what = rng.random()
        if what < 0.30:
            yield Happening("key", _key(rng))
        elif what < 0.40:
            yield Happening("burst", b"".join(_key(rng) for _ in range(rng.randint(2, 8))))
        elif what < 0.52:
            yield Happening("hold", _key(rng) * rng.randint(3, 30))
        elif what < 0.62:
            yield Happening("mouse", _mouse(rng))
        elif what < 0.66:
            yield Happening("paste", _paste(rng))
        elif what < 0.72:
            yield Happening("no text", b"".join(rng.choices(_NO_TEXT, k=rng.randint(1, 4))))
        elif what < 0.76:
            yield Happening("reply", _answer_back(rng))
        elif what < 0.80:
            whole = rng.choice((_mouse, _paste, _answer_back, _key))(rng)
            cut = rng.randint(0, len(whole))
            yield from (Happening("split", part) for part in (whole[:cut], whole[cut:]) if part)
        elif what < 0.84:
            size = rng.choice(((1, 1), (2, 1), (40, 12), (80, 24), (200, 60)))
            yield Happening(
                "resize", size=rng.choice((size, (rng.randint(1, 99), rng.randint(1, 40))))
            )
        else:
            yield Happening("time", ms=rng.choice((50, 300, 1_000, 1_300, 5_000, 20_000)))


class _Reader(ScreenDriver):
    """Handles messages as the real driver does, and passes them to the app."""

    def __init__(self, app: App[Any]) -> None:
        Driver.__init__(self, app)
        self.sent = 0

    def send_message(self, message: Message) -> None:
        self.sent += 1
        self._app.post_message(message)


class Episode:
    """An app in a storm."""

    def __init__(self, seed: str, counts: Counter[str]) -> None:
        self.rng = Random(seed)
        self.counts = counts
        self.last: deque[Happening] = deque(maxlen=40)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._parser = XTermParser()
        self._origins: dict[int, int] = {}
        self._over: set[int] = set()
        self._runners: list[Runner] = []
        self._window: list[Happening] = []

    async def run(self, folder: Path, count: int, *, watch: bool = False) -> int:
        """Let `count` things happen unless the app ends first; returns the number of messages."""
        world = make_world(folder)
        size = (80, 24)
        app = self._watcher(world) if watch else self._app(world)
        async with app.run_test(size=size) as pilot:
            if not watch:
                await settled(pilot)
            self._reader = _Reader(app)
            storm = self._guided(app, happenings(self.rng))
            for _ in range(count):
                one = next(storm)
                try:
                    await self._happen(pilot, world, app, one)
                except ScreenStackError:
                    if app._exception is None and not app._exit:
                        raise
                if app._exception is not None:
                    raise app._exception
                if app._exit:
                    must(app.return_value in (0, 130), "wrong exit code", app.return_value)
                    self.counts["left"] += 1
                    break
        return self._reader.sent

    def _app(self, world: World) -> RetroTimer:
        confirm = self.rng.choice((Confirm.NEVER, Confirm.NEVER, Confirm.BACKWARD, Confirm.ALWAYS))
        checklist = self.rng.random() < 0.2
        config = config_of(*SETS, safety=Safety(confirm_turns=confirm, checklist=checklist))
        for back in range(self.rng.randint(0, 3)):
            done = Runner.new(plan_of(SETS[2]), world.environment)
            done.command(Command.START)
            world.clock.advance(1_000 + back)
            done.stop()
        return RetroTimer(config, world.environment)

    def _watcher(self, world: World) -> WatchApp:
        self._other = Runner.new(plan_of(SETS[0]), world.environment)
        self._other.open()
        self._other.command(Command.START)
        clock = world.clock
        watch = Watch(
            world.session.path, boot_ms=clock.boot_ms, wall=clock.wall, boot_id="this boot"
        )
        return WatchApp(watch, config_of(*SETS))

    def _guided(self, app: App[Any], storm: Iterator[Happening]) -> Iterator[Happening]:
        """The storm, with keys added that lead into workouts and through them."""
        for one in storm:
            # Mostly drop keys that quit, or every episode would be short.
            leaves = any(key in one.data for key in LEAVES) and self._workout(app) is None
            if leaves and self.rng.random() < 0.98:
                continue
            if self.rng.random() < 0.35:
                workout = app.screen if isinstance(app.screen, WorkoutScreen) else None
                if isinstance(app, WatchApp):
                    yield Happening("time", ms=1_000)
                elif isinstance(app.screen, HomeScreen):
                    keys = (b"\r", b"\r", b"\r", b"h", b"c", b"?", b"/")
                    yield Happening("guide", self.rng.choice(keys))
                elif workout is None:
                    yield Happening("guide", self.rng.choice((b"\x1b", b"\x1b", b"\r")))
                else:
                    yield Happening("time", ms=1_300)
                    paused = workout.runner.view.state is State.PAUSED
                    yield Happening("guide", b" " if paused else b"\r")
            yield one

    async def _happen(self, pilot: Pilot[Any], world: World, app: App[Any], one: Happening) -> None:
        self.last.append(one)
        asked = any(isinstance(s, Question) for s in app.screen_stack)
        alone = not self._window
        before = self._workout(app)
        running = (
            before is not None
            and app.screen is before
            and before.runner.started
            and before.runner.view.state is not State.PAUSED
        )
        self._window.append(one)
        self.counts[one.kind] += 1
        if one.size != (0, 0):
            self._reader.send_message(Resize(Size(*one.size), Size(*one.size)))
        elif one.ms:
            await self._pass(pilot, world, app, one.ms)
        else:
            self._send(one.data)
            if self.rng.random() < 0.7:
                self._time_out()
        look = self.rng.randint(1, LOOK) == 1 or one.kind in ("hold", "guide")
        if not look and one.data not in QUITS:
            return
        self._time_out()
        await self._quiet(pilot, app)
        if app._exit:
            return
        self._check(app)
        if alone and running and before is not None:
            if one.data in QUITS and one.kind == "key":
                there = before.runner
                must(there.over or there.view.state is State.PAUSED, "5: a quit key did not pause")
            if one.kind == "hold" and not asked:
                state = before.runner._workout.state
                must(state is not State.STOPPED, "13: a held key ended the workout")
        self._window.clear()

    def _send(self, data: bytes) -> None:
        text = self._decode(data)
        if text:
            for message in self._parser.feed(text):
                self._reader.process_message(message)

    def _time_out(self) -> None:
        """Let the parser time out, so that an Esc counts as a key and not as part of a sequence."""
        if self._parser._timeout_time is not None:
            self._parser._timeout_time = 0.0
            for message in self._parser.tick():
                self._reader.process_message(message)

    async def _pass(self, pilot: Pilot[Any], world: World, app: App[Any], ms: int) -> None:
        while ms > 0 and not app._exit:
            step = min(250, ms)
            ms -= step
            world.clock.advance(step)
            workout = self._workout(app)
            if isinstance(app, WatchApp):
                self._other.poll()
            elif workout is not None:
                workout.poll()
        await pilot.pause()

    @staticmethod
    def _workout(app: App[Any]) -> WorkoutScreen | None:
        found = [one for one in app.screen_stack if isinstance(one, WorkoutScreen)]
        return found[0] if found else None

    async def _quiet(self, pilot: Pilot[Any], app: App[Any]) -> None:
        def done() -> bool:
            assert isinstance(app, InOrder)
            return app._exit or app.at_rest

        await until(pilot, done, "the last key to be handled")
        await pilot.pause()

    def _check(self, app: App[Any]) -> None:
        must(app._exception is None, "the app raised", app._exception)
        must(app.is_running, "the app is not running")
        stack = app.screen_stack
        kinds = [type(one) for one in stack]
        must(all(one.query("*") for one in stack if one.is_mounted), "a blank screen", kinds)
        must(len(stack) < 8, "screens pile up", kinds)
        self.counts[f"on {kinds[-1].__name__}"] += 1
        workout = self._workout(app)
        if workout is not None and not any(workout.runner is one for one in self._runners):
            self._runners.append(workout.runner)
        for number, runner in enumerate(self._runners):
            self._check_runner(number, runner)

    def _check_runner(self, number: int, runner: Runner) -> None:
        machine = runner._workout
        if machine.state is State.READY:
            return
        self.counts[
            f"in {machine.state.name} {runner.view.block.kind.name if runner.view.block else ''}"
        ] += 1
        origin = self._origins.setdefault(number, machine.now - machine.totals.elapsed)
        must(machine.now - machine.totals.elapsed == origin, "6: time was lost", machine.totals)
        if machine.state is State.STOPPED and number not in self._over:
            self._over.add(number)
            # With Caps Lock on, a letter is still an answer.
            sent = [data for one in self._window for data in (one.data, one.data.lower())]
            meant = any(answer in data for data in sent for answer in ANSWERS)
            must(meant, "13: it ended without an answer", [str(one) for one in self._window])
            self.counts["stopped by an answer"] += 1
