"""The line mode in a real terminal: every way out of every state."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from retrotimer.history.record import Status
from retrotimer.text.format import PAIN
from tests.support.program import Home, conserved
from tests.support.sound_server import PulseServer

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.support.joint_cases import Case, cases, chosen, quick, sound, together
from tests.support.terminal_user import Terminal, alive, kept, opened, whole_turns

pytestmark = pytest.mark.pty

STATES = ("start", "ready", "forward", "turn", "waiting", "backward", "paused", "asking")
WAYS = ("space", "stop", "interrupt", "twice", "quit", "suspend", "TERM", "HUP", "KILL", "window")
CODES = {"TERM": 143, "HUP": 129, "KILL": -9, "window": 129}
CASES = [Case(state, way) for state in STATES for way in WAYS]
BY_DAY = cases(
    {
        "start": "space stop interrupt quit suspend window",
        "ready": "twice",
        "forward": "suspend",
        "turn": "HUP",
        "waiting": "stop",
        "backward": "KILL",
        "paused": "space stop quit suspend TERM window",
        "asking": "space stop twice quit suspend HUP",
    }
)
"""Why these are enough by day: test_by_day.py."""


LINE = {
    "start": "enter starts",
    "ready": "GET READY",
    "forward": "GO  ▲ FORWARD",
    "turn": "TURN 30 s",
    "waiting": "WAITING: press enter when ready",
    "backward": "GO  ▼ BACKWARD",
    "paused": "PAUSED: you paused",
    "asking": "Stop the workout?",
}


def reach(terminal: Terminal, state: str) -> None:
    """Go on to a state as a person would."""
    terminal.read(LINE["start"])
    if state == "start":
        return
    terminal.insist(b"\r", LINE["ready"])
    if state in ("paused", "asking"):
        terminal.read(LINE["forward"])
        terminal.press(b" " if state == "paused" else b"s")
    terminal.read(LINE[state])


def play(case: Case, home: Home) -> None:
    """Reach the state, take the way out, and look at all that is left."""
    with opened(home, "run", "out", "--plain") as terminal:
        reach(terminal, case.state)
        if case.state == "start":
            leave_the_start(terminal, case.way)
        else:
            leave(terminal, case, home)
        if case.way != "window":
            assert case.way == "KILL" or terminal.as_before()
        assert "Traceback" not in terminal.whole
    assert not list(alive(home.folder))
    if case.state == "start":
        assert not home.history.exists()
        assert home.in_progress() is None
        return
    saved = case.way not in CODES
    assert (home.in_progress() is None) is saved
    (record,) = home.records() if saved else (kept(home),)
    assert conserved(record)
    assert record.status is (Status.STOPPED if saved else Status.RECOVERED)
    begun = whole_turns(record)
    # Killed at its GO, the block may not have come to the disk yet.
    assert begun == (case.state == "backward") or (case.way == "KILL" and begun == 0)


def leave_the_start(terminal: Terminal, way: str) -> None:
    """Nothing was begun, so nothing is asked or kept."""
    match way:
        case "quit":
            terminal.press(b"\x11")
            assert terminal.end() == 130
        case "space":
            terminal.press(b" ")
            terminal.press(b"?")
            terminal.until(lambda: terminal.whole.count("keys: ") == 2, "the keys again")
            terminal.press(b"s")
            assert terminal.end() == 130
        case "suspend":
            suspend(terminal)
            terminal.press(b"s")
            assert terminal.end() == 130
        case "stop" | "interrupt" | "twice":
            terminal.press(b"s" if way == "stop" else b"\x03")
            assert terminal.end() == 130
        case _:
            cut_off(terminal, way)


def leave(terminal: Terminal, case: Case, home: Home) -> None:
    """A pause, a question, or the end; always something that is kept."""
    asking = case.state == "asking"
    match case.way:
        case "space":
            if case.state != "paused":
                terminal.press(b" ")
            if case.state == "paused":
                terminal.resume("GOING ON")
            terminal.read("PAUSED")
            interrupt_twice(terminal, asking=asking)
        case "stop":
            if not asking:
                terminal.press(b"s")
                terminal.read("Stop the workout?")
            terminal.until(lambda: home.in_progress() is not None, "a session")
            assert kept(home)
            terminal.press(b"y")
            assert terminal.end() == 0
        case "interrupt" if not asking:
            terminal.press(b"\x03")
            terminal.read("Stop the workout?")
            terminal.press(b"\x1b")
            terminal.read("still paused; space goes on")
            terminal.press(b"s")
            terminal.until(lambda: terminal.whole.count("Stop the workout?") == 2, "asked again")
            terminal.press(b"p")
            assert terminal.end() == 0
            assert home.records()[0].reason == PAIN
        case "interrupt":
            terminal.press(b"\x03")
            assert terminal.end() == 130
        case "twice":
            interrupt_twice(terminal, asking=asking)
        case "quit":
            terminal.press(b"\x11")
            terminal.read("Stop the workout?")
            interrupt_twice(terminal, asking=True)
        case "suspend":
            suspend(terminal)
            terminal.read("PAUSED")
            interrupt_twice(terminal, asking=asking)
        case way:
            cut_off(terminal, way, home)


def interrupt_twice(terminal: Terminal, *, asking: bool) -> None:
    if not asking:
        terminal.press(b"\x03")
        terminal.read("Stop the workout?")
    terminal.press(b"\x03")
    assert terminal.end() == 130
    assert "saved: " in terminal.whole


def suspend(terminal: Terminal) -> None:
    terminal.press(b"\x1a")
    terminal.until(lambda: terminal.stopped, "a stopped job")
    terminal.until(terminal.as_before, "the terminal as the shell left it")
    terminal.go_on()
    terminal.until(lambda: not terminal.as_before(), "single keys again")


def cut_off(terminal: Terminal, way: str, home: Home | None = None) -> None:
    if way == "KILL" and home is not None:
        # What has just begun needs a moment to be on the disk (invariant 7).
        terminal.until(lambda: home.in_progress() is not None, "a session")
    if way == "window":
        terminal.hang_up()
    else:
        terminal.signal(getattr(signal, f"SIG{way}"))
    assert terminal.end() == CODES[way]


@pytest.fixture(scope="module")
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Case, Future[None]]]:
    yield from together(request, tmp_path_factory.mktemp("lines"), play, quick, 8)


@pytest.mark.parametrize("case", chosen(CASES, BY_DAY))
def test_a_way_out(case: Case, played: dict[Case, Future[None]]) -> None:
    played[case].result()


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.make(tmp_path_factory.mktemp("home"), quick("backward"))


def test_a_second_one_says_so_and_refuses_on_both_faces(home: Home) -> None:
    with opened(home, "run", "out", "--plain") as terminal:
        reach(terminal, "ready")
        for more in ((), ("--plain",)):
            with opened(home, "run", "out", *more) as second:
                assert second.end() == 1
                assert "another retrotimer is running a workout" in second.beside
                assert second.as_before()
        terminal.read(LINE["turn"].replace("30", "10"))
        interrupt_twice(terminal, asking=False)


@pytest.mark.sound
def test_with_sound_no_player_is_left(pulse: PulseServer, home: Home) -> None:
    home.config.write_text(quick("forward", "auto"), encoding="utf-8")
    with opened(home, "run", "out", "--plain", env=sound(pulse)) as terminal:
        reach(terminal, "forward")
        assert len(list(alive(home.folder))) == 2
        terminal.signal(signal.SIGTERM)
        assert terminal.end() == 143
        assert terminal.as_before()
        terminal.until(lambda: not list(alive(home.folder)), "silence", 5)
    assert kept(home)
