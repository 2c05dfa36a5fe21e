"""What stands still in a real terminal: the program, the machine's user, the terminal itself."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from time import monotonic, sleep

import pytest

from retrotimer.core.sets import Kind
from retrotimer.core.states import Reason, State
from retrotimer.core.workout import Workout
from retrotimer.session.recovery import SavedWorkout
from retrotimer.text.pause import REASON
from tests.support.program import Home, conserved

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.support.joint_cases import Case, cases, chosen, quick, together
from tests.support.terminal_user import Terminal, alive, opened, whole_turns

pytestmark = pytest.mark.pty

STATES = ("ready", "forward", "turn", "waiting", "backward", "paused")
FACES = ("screen", "lines")
WAYS = ("stop", "suspend", "freeze")
"""SIGSTOP; ctrl+z and fg; a terminal that nobody reads (screen) or that holds its output."""
CASES = [
    Case(state, f"{face}-{way}")
    for state in STATES
    for face in FACES
    for way in WAYS
    # A line is due only when something happens: nothing is held back in a long block.
    if not (face == "lines" and way == "freeze" and state in ("forward", "backward", "paused"))
]


BEFORE_A_GO = "before a GO"
CASES.append(Case(BEFORE_A_GO, "lines-stop"))
BY_DAY = cases(
    {
        "ready": "lines-freeze",
        "forward": "lines-suspend",
        "turn": "screen-suspend lines-stop",
        "waiting": "lines-stop lines-suspend lines-freeze",
        "backward": "screen-stop screen-freeze",
        "paused": "screen-freeze lines-stop lines-suspend",
        BEFORE_A_GO: "lines-stop",
    }
)
"""Why these are enough by day: test_by_day.py."""
STANDS = 2.5
"""For how long something stands still, in seconds: longer than the 1.5 s of invariant 1."""
SCREEN = {
    "ready": "GET READY · into FORWARD",
    "forward": "  FORWARD  ",
    "turn": "TURN · into BACKWARD",
    "waiting": "PRESS ENTER WHEN READY",
    "backward": "  BACKWARD  ",
    "paused": REASON[Reason.USER],
}
LINES = {
    "ready": "GET READY",
    "forward": "GO  ▲ FORWARD",
    "turn": "TURN 30 s",
    "waiting": "WAITING: press enter when ready",
    "backward": "GO  ▼ BACKWARD",
    "paused": f"PAUSED: {REASON[Reason.USER]}",
}


def reach(terminal: Terminal, state: str, face: str) -> None:
    """Go on to a state as a person would."""
    screen = face == "screen"
    if screen:
        terminal.see("sound off")
        terminal.insist(b"\r", "get ready")
    else:
        terminal.read("enter starts")
        terminal.insist(b"\r", "GET READY")
    seen, texts = (terminal.see, SCREEN) if screen else (terminal.read, LINES)
    if state == "paused":
        seen(texts["forward"])
        terminal.press(b" ")
    seen(texts[state])


def workout(home: Home) -> Workout:
    """The workout as the session file has it."""
    data = home.in_progress()
    assert data is not None
    return SavedWorkout.read(data).workout


def kept(home: Home, state: State, reason: Reason) -> Workout:
    """Wait until the session file says so; nothing is read from the terminal meanwhile."""
    deadline = monotonic() + 60
    while (now := workout(home)).state is not state or now.reason is not reason:
        assert monotonic() < deadline, (now.state, now.reason)
        sleep(0.1)
    return now


def stopped_just_before_a_go(home: Home) -> None:
    """The stop spans the GO: it comes neither then nor at the wake, but after a whole turn."""
    with opened(home, "run", "out", "--plain") as terminal:
        terminal.read("enter starts")
        terminal.insist(b"\r", "GET READY")
        stage = "  STEP ON AT GO"
        terminal.until(lambda: terminal.whole.count(stage) == 2, "the last stage of the turn")
        terminal.signal(signal.SIGSTOP)
        terminal.until(lambda: terminal.stopped, "a stopped job")
        terminal.wait(4)
        terminal.go_on()
        terminal.read(f"PAUSED: {REASON[Reason.STALLED]}")
        assert "GO  ▼" not in terminal.whole
        terminal.resume("GOING ON")
        terminal.read("GO  ▼ BACKWARD")
        leave(terminal)
    (record,) = home.records()
    assert conserved(record)
    turns = [row for row in record.rows if row.kind is Kind.TURN]
    assert len(turns) == 2
    assert turns[0].done < 10_000
    assert whole_turns(record) == 1


def play(case: Case, home: Home) -> None:
    """Reach the state, let something stand still, and look at what became of it."""
    if case.state == BEFORE_A_GO:
        stopped_just_before_a_go(home)
        return
    face, _, way = case.way.partition("-")
    more = ("--plain",) if face == "lines" else ()
    with opened(home, "run", "out", *more) as terminal:
        reach(terminal, case.state, face)
        match way:
            case "stop":
                expected = Reason.STALLED
                terminal.signal(signal.SIGSTOP)
                terminal.until(lambda: terminal.stopped, "a stopped job")
                terminal.wait(STANDS)
                terminal.go_on()
            case "suspend":
                expected = Reason.USER
                terminal.press(b"\x1a")
                terminal.until(lambda: terminal.stopped, "a stopped job")
                terminal.wait(STANDS)
                terminal.go_on()
            case _:
                expected = Reason.TERMINAL
                freeze(terminal, home, case.state, face)
        if case.state == "paused":
            expected = Reason.USER
        if face == "screen":
            terminal.see("PAUSED", REASON[expected])
        else:
            terminal.read(f"PAUSED: {REASON[expected]}")
        before = kept(home, State.PAUSED, expected)
        lasts(terminal, home, before)
        leave(terminal)
    (record,) = home.records()
    assert conserved(record)
    # What stood still counts as a pause; a terminal is known to stand still after a while.
    assert record.totals.paused >= (500 if way == "freeze" else STANDS * 1000)
    assert whole_turns(record) == (case.state == "backward")
    assert not list(alive(home.folder))


def freeze(terminal: Terminal, home: Home, state: str, face: str) -> None:
    """Let the terminal take nothing, until the workout is paused by it."""
    # From here on, as a terminal that is slow to answer while all is started is late as well.
    terminal.answer()
    # What has just begun has to be known to be seen, or it will not have begun.
    terminal.wait(2.0)
    if face == "lines":
        with terminal.holding_output():
            # The next line is held back: that of the stage, the GO, or one that is asked for.
            terminal.press(b"o" if state == "waiting" else b"+")
            kept(home, State.PAUSED, Reason.TERMINAL)
        return
    with terminal.frozen():
        if state == "paused":
            sleep(STANDS)
        else:
            # Backward as well: with the sound off nothing else leads.
            kept(home, State.PAUSED, Reason.TERMINAL)


def lasts(terminal: Terminal, home: Home, before: Workout) -> None:
    """Paused is paused: no block begins, whatever was due meanwhile."""
    terminal.wait(0.5)
    after = workout(home)
    assert (after.state, after.reason) == (before.state, before.reason)
    assert [row.kind for row in after.rows] == [row.kind for row in before.rows]


def leave(terminal: Terminal) -> None:
    """Ctrl+c twice: saved, and out."""
    terminal.press(b"\x03")
    terminal.until(
        lambda: "Stop the workout?" in terminal.text + terminal.whole,
        "the question",
    )
    terminal.wait(0.8)  # sooner again it is a key that is held
    terminal.press(b"\x03")
    assert terminal.end() == 130
    assert terminal.as_before()
    assert "Traceback" not in terminal.whole


def config(state: str) -> str:
    return quick("backward" if state == BEFORE_A_GO else state)


@pytest.fixture(scope="module")
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Case, Future[None]]]:
    yield from together(request, tmp_path_factory.mktemp("stalls"), play, config, 8)


@pytest.mark.parametrize("case", chosen(CASES, BY_DAY))
def test_it_is_paused_where_it_was(case: Case, played: dict[Case, Future[None]]) -> None:
    played[case].result()
