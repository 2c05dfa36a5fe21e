"""The sound lost for real: the server killed in the middle of a workout, and started again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pyte
import pytest

from retrotimer.core.states import Reason, State, WaitFor
from retrotimer.session.recovery import SavedWorkout
from retrotimer.text.format import waits
from retrotimer.text.pause import REASON
from tests.support.program import Home, conserved
from tests.support.sound_server import PulseServer, missing, started

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.support.joint_cases import Case, cases, chosen, sound, together
from tests.support.terminal_user import (
    COLUMNS,
    LINES,
    Terminal,
    alive,
    opened,
    whole_turns,
)
from tests.support.witness import StoodStillError

pytestmark = [pytest.mark.pty, pytest.mark.sound]

BELL = b"\a"
FACES = ("screen", "lines")
STATES = ("backward", "behind", "forward", "silent")
"""In a backward block; forward with the laptop behind; forward, and the sound comes back before the
turn is over; forward, and the turn goes on without it."""
CASES = [Case(state, face) for state in STATES for face in FACES]
BY_DAY = cases({"backward": "screen", "behind": "lines", "forward": "lines", "silent": "screen"})
"""Why these are enough by day: test_by_day.py."""


def config(state: str) -> str:
    """Quickly in a block that lasts, before a turn into a blind one that can be skipped to."""
    return f"""
cues.backend = "auto"
[treadmill]
laptop = "{"behind" if state == "behind" else "front"}"
[safety]
get_ready = "3s"
turn = "10s"
allow_short_turns = true
warn_before_turn = "5s"
checklist = false
[[set]]
name = "Out"
steps = [
  {{ forward = "{"1s" if state == "backward" else "5m"}", speed = 2.0 }},
  {{ backward = "5m", speed = 1.0 }},
]
"""


class Walk:
    """A workout in a terminal, whose sound server can be taken away."""

    def __init__(self, terminal: Terminal, home: Home, face: str) -> None:
        self.terminal = terminal
        self._home = home
        self.screen = face == "screen"

    def told(self, screen: str, line: str) -> None:
        """Wait until it says so, in its own way."""
        if self.screen:
            self.terminal.see(screen)
        else:
            self.terminal.read(line)

    def start(self, *, forward: bool) -> None:
        if self.screen:
            # The device and its buffer: it is open.
            self.terminal.see("sound miniaudio, ", "buffer")
            self.terminal.insist(b"\r", "get ready")
        else:
            self.terminal.read("enter starts")
            self.terminal.insist(b"\r", "GET READY")
        way = "FORWARD" if forward else "BACKWARD"
        try:
            self.told(f"  {way}  ", f"GO  {'▲' if forward else '▼'} {way}")
        except AssertionError as error:
            # Nothing was taken from it yet: the machine gave the server no time.
            told = REASON[Reason.SOUND]
            if told in self.terminal.text or told in self.terminal.whole:
                raise StoodStillError(str(error)) from error
            raise

    def rang(self, since: int) -> bool:
        """Whether the bell rang; that which ends a title is none."""
        written = self.terminal.written[since:]
        return written.count(BELL) > written.count(b"\x1b]2;")

    def flashed(self, since: int) -> Callable[[], bool]:
        """Whether the whole screen took on another colour by now, and then another one again."""
        screen = pyte.Screen(COLUMNS, LINES)
        stream = pyte.ByteStream(screen)
        stream.feed(self.terminal.written[:since])
        colours = [screen.buffer[LINES // 2][0].bg]
        seen = since

        def by_now() -> bool:
            nonlocal seen
            for at in range(seen, len(self.terminal.written), 256):
                stream.feed(self.terminal.written[at : at + 256])
                if (colour := screen.buffer[LINES // 2][0].bg) != colours[-1]:
                    colours.append(colour)
            seen = len(self.terminal.written)
            return len(colours) > 2

        return by_now

    def state(self) -> tuple[State, Reason | None]:
        data = self._home.in_progress()
        assert data is not None
        workout = SavedWorkout.read(data).workout
        return workout.state, workout.reason

    def reaches(self, state: State, reason: Reason | None = None) -> None:
        """Wait until the session says so."""
        self.terminal.until(lambda: self.state() == (state, reason), f"{state}, {reason}")

    def leave(self) -> None:
        self.terminal.press(b"\x03")
        self.told("Stop the workout?", "Stop the workout?")
        # Pressed sooner again it is a key that is held.
        self.terminal.wait(0.8)
        self.terminal.press(b"\x03")
        assert self.terminal.end() == 130
        assert self.terminal.as_before()
        # Sound trouble never prints into the screen.
        assert "Traceback" not in self.terminal.whole
        assert not self.screen or self.terminal.beside == ""


def play(case: Case, home: Home) -> None:
    """Walk, lose the sound, and get it back."""
    more = ("--plain",) if case.way == "lines" else ()
    with started() as server, opened(home, "run", "out", *more, env=sound(server)) as terminal:
        walk = Walk(terminal, home, case.way)
        walk.start(forward=case.state != "backward")
        since = len(terminal.written)
        server.kill()
        if case.state in ("forward", "silent"):
            seen(walk, server, since, silent=case.state == "silent")
        else:
            blind(walk, server, since)
        walk.leave()
    (record,) = home.records()
    assert conserved(record)
    whole_turns(record)
    assert not list(alive(home.folder))


def blind(walk: Walk, server: PulseServer, since: int) -> None:
    """Where the screen cannot be seen it pauses, flashes and rings; going on takes a key."""
    walk.told(REASON[Reason.SOUND], f"PAUSED: {REASON[Reason.SOUND]}")
    walk.told("no sound: ", "! no sound: ")
    walk.reaches(State.PAUSED, Reason.SOUND)
    walk.terminal.until(lambda: walk.rang(since), "the bell")
    if walk.screen:
        walk.terminal.until(walk.flashed(since), "the flash")
    server.start()
    walk.told("sound is back", "sound is back")
    walk.terminal.wait(1.5)
    assert walk.state() == (State.PAUSED, Reason.SOUND)
    walk.terminal.press(b" ")
    walk.reaches(State.TURN)


def seen(walk: Walk, server: PulseServer, since: int, *, silent: bool) -> None:
    """Where it can be seen it goes on with a banner; the turn into a blind block waits."""
    walk.told("no sound: ", "! no sound: ")
    walk.terminal.until(lambda: walk.rang(since), "the bell")
    assert walk.state() == (State.BLOCK, None)
    walk.terminal.press(b"n")
    walk.told("ENTER GOES ON WITHOUT SOUND", f"WAITING: {waits(WaitFor.SOUND, 'enter')}")
    walk.reaches(State.WAITING)
    if silent:
        walk.terminal.press(b"\r")
    else:
        server.start()
        walk.told("sound is back", "sound is back")
    walk.told("  BACKWARD  ", "GO  ▼ BACKWARD")
    walk.reaches(State.BLOCK)
    if silent:
        walk.told("no sound: ", "! no sound: ")


@pytest.fixture(scope="module")
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Case, Future[None]]]:
    if reason := missing():
        pytest.skip(reason)
    yield from together(request, tmp_path_factory.mktemp("lost"), play, config, 4)


@pytest.mark.parametrize("case", chosen(CASES, BY_DAY))
def test_sound_lost(case: Case, played: dict[Case, Future[None]]) -> None:
    played[case].result()
