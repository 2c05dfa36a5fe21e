"""The full screen in a real terminal: every way out of every state."""

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

STATES = (
    "start",
    "ready",
    "forward",
    "turn",
    "waiting",
    "backward",
    "paused",
    "asking",
    "summary",
)
WAYS = ("space", "stop", "interrupt", "twice", "quit", "suspend", "TERM", "HUP", "KILL", "window")
CODES = {"TERM": 143, "HUP": 129, "KILL": -9, "window": 129}
CASES = [Case(state, way) for state in STATES for way in WAYS]
BY_DAY = cases(
    {
        "start": "HUP",
        "ready": "twice",
        "forward": "window",
        "turn": "space",
        "waiting": "quit",
        "backward": "TERM",
        "paused": "interrupt",
        "asking": "KILL",
        "summary": "stop interrupt suspend",
    }
)
"""Why these are enough by day: test_by_day.py."""


SEEN = {
    "start": "sound off",
    "ready": "GET READY · into FORWARD",
    "forward": "  FORWARD  ",
    "turn": "TURN · into BACKWARD",
    "waiting": "PRESS ENTER WHEN READY",
    "backward": "  BACKWARD  ",
    "paused": "you paused",
    "asking": "Stop the workout?",
    "summary": "saved in history.toml",
}


def reach(terminal: Terminal, state: str) -> None:
    """Go on to a state as a person would."""
    terminal.see(SEEN["start"])
    if state == "start":
        return
    terminal.insist(b"\r", "get ready")
    if state in ("paused", "asking", "summary"):
        terminal.see(SEEN["forward"])
        terminal.press(b" " if state == "paused" else b"s")
    if state == "summary":
        terminal.see(SEEN["asking"])
        terminal.press(b"y")
    terminal.see(SEEN[state])


def play(case: Case, home: Home) -> None:
    """Reach the state, take the way out, and look at all that is left."""
    with opened(home, "run", "out") as terminal:
        reach(terminal, case.state)
        assert terminal.alternate
        match case.state:
            case "start":
                leave_the_start(terminal, case.way)
            case "summary":
                leave_the_summary(terminal, case.way)
            case _:
                leave(terminal, case, home)
        if case.way not in ("KILL", "window"):
            assert terminal.as_before()
            assert terminal.beside == ""
    assert not list(alive(home.folder))
    if case.state == "start":
        assert not home.history.exists()
        assert home.in_progress() is None
        return
    saved = case.state == "summary" or case.way not in CODES
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
        case "space":
            # It means nothing here.
            terminal.press(b" ")
            terminal.insist(b"?", "esc closes")
            terminal.escape("esc closes")
            terminal.see(SEEN["start"])
            terminal.press(b"\x11")
            assert terminal.end() == 0
        case "quit" | "stop":
            terminal.press(b"\x11" if way == "quit" else b"s")
            assert terminal.end() == 0
        case "interrupt" | "twice":
            terminal.press(b"\x03")
            assert terminal.end() == 130
        case "suspend":
            suspend(terminal)
            terminal.press(b"\x03")
            assert terminal.end() == 130
        case _:
            cut_off(terminal, way)


def leave_the_summary(terminal: Terminal, way: str) -> None:
    """The record is in the history already."""
    match way:
        case "space" | "stop":
            terminal.press(b" " if way == "space" else b"s")
            terminal.press(b"7")
            terminal.see("very strong")
            terminal.press(b"\x1b")
            assert terminal.end() == 0
        case "quit":
            terminal.press(b"\x11")
            assert terminal.end() == 0
        case "interrupt" | "twice":
            terminal.press(b"\x03")
            assert terminal.end() == 130
        case "suspend":
            suspend(terminal)
            terminal.press(b"\r")
            assert terminal.end() == 0
        case _:
            cut_off(terminal, way)


def leave(terminal: Terminal, case: Case, home: Home) -> None:
    """A pause, a question, or the end; always something that is kept."""
    asking = case.state == "asking"
    match case.way:
        case "space":
            if case.state == "paused":
                terminal.resume("get ready")
            elif asking:
                terminal.press(b" ")
            else:
                terminal.press(b" ")
                terminal.see(SEEN["paused"])
            interrupt_twice(terminal, asking=asking)
        case "stop" | "quit":
            if case.way == "stop" or not asking:
                terminal.press(b"s" if case.way == "stop" else b"\x11")
            terminal.see(SEEN["asking"])
            terminal.until(lambda: home.in_progress() is not None, "a session")
            assert kept(home)
            terminal.press(b"y")
            terminal.see(SEEN["summary"])
            assert home.records()
            terminal.press(b"\x1b")
            assert terminal.end() == 0
        case "interrupt" if not asking:
            terminal.press(b"\x03")
            terminal.see(SEEN["asking"])
            terminal.escape(SEEN["asking"])
            terminal.see(SEEN["paused"])
            terminal.press(b"s")
            terminal.see(SEEN["asking"])
            terminal.press(b"p")
            terminal.see(SEEN["summary"])
            terminal.press(b"\x1b")
            assert terminal.end() == 0
            assert home.records()[0].reason == PAIN
        case "interrupt":
            terminal.press(b"\x03")
            assert terminal.end() == 130
        case "twice":
            interrupt_twice(terminal, asking=asking)
        case "suspend":
            suspend(terminal)
            terminal.see(SEEN["asking" if asking else "paused"])
            interrupt_twice(terminal, asking=asking)
        case way:
            cut_off(terminal, way, home)


def interrupt_twice(terminal: Terminal, *, asking: bool) -> None:
    if not asking:
        terminal.press(b"\x03")
        terminal.see(SEEN["asking"])
    # Pressed sooner again it is a key that is held.
    terminal.wait(0.8)
    terminal.press(b"\x03")
    assert terminal.end() == 130


def suspend(terminal: Terminal) -> None:
    """Ctrl+z and `fg`: in between the terminal is the shell's."""
    terminal.press(b"\x1a")
    terminal.until(lambda: terminal.stopped, "a stopped job")
    terminal.until(terminal.as_before, "the shell's terminal")
    terminal.go_on()
    terminal.until(lambda: terminal.alternate, "the screen again")


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
    yield from together(request, tmp_path_factory.mktemp("screen"), play, quick, 6)


@pytest.mark.parametrize("case", chosen(CASES, BY_DAY))
def test_a_way_out(case: Case, played: dict[Case, Future[None]]) -> None:
    played[case].result()


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.make(tmp_path_factory.mktemp("home"), quick("backward"))


@pytest.mark.nightly  # by day the line mode shows it
@pytest.mark.sound
def test_with_sound_no_player_is_left(pulse: PulseServer, home: Home) -> None:
    home.config.write_text(quick("forward", "auto"), encoding="utf-8")
    with opened(home, "run", "out", env=sound(pulse)) as terminal:
        terminal.see("the screen")
        terminal.insist(b"\r", "get ready")
        terminal.see(SEEN["forward"])
        assert len(list(alive(home.folder))) == 2
        terminal.signal(signal.SIGTERM)
        assert terminal.end() == 143
        assert terminal.as_before()
        assert terminal.beside == ""
        terminal.until(lambda: not list(alive(home.folder)), "silence", 5)
    assert kept(home)
