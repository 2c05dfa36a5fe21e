"""Keys as a terminal really sends them: repeated while held, in a panic, from a clicker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from time import monotonic

import pytest

from retrotimer.core.sets import Kind
from retrotimer.run.key_repeat import RELEASE
from tests.support.program import Home, conserved

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.support.joint_cases import Case, cases, chosen, quick, together
from tests.support.terminal_user import Terminal, opened, whole_turns
from tests.support.witness import StoodStillError

pytestmark = pytest.mark.pty

REPEAT = 0.03
"""Seconds between two of the characters that a held key sends, as terminals usually do."""
STAGE = 3.0
"""Seconds that the last stages of a turn of 10 s take."""
PAGE_DOWN, PAGE_UP = b"\x1b[6~", b"\x1b[5~"


def hold(terminal: Terminal, key: bytes, seconds: float, after: str = "") -> None:
    """Keep a key down: until this was seen, and then for so long."""
    last = monotonic()
    end = None if after else last + seconds
    while end is None or last < end:
        now = monotonic()
        if now - last > RELEASE / 1000:
            raise StoodStillError("no time to press it again: it was let go")
        last = now
        terminal.press(key)
        terminal.wait(REPEAT)
        if end is None and (after in terminal.text or after in terminal.whole):
            end = monotonic() + seconds


def stopped(terminal: Terminal) -> None:
    """Save, from a pause."""
    terminal.press(b"s")
    terminal.read("Stop the workout?")
    terminal.press(b"y")
    assert terminal.end() == 0


def held_space(home: Home) -> None:
    """It pauses once, and it stays paused."""
    with opened(home, "run", "out", "--plain") as terminal:
        terminal.read("enter starts")
        terminal.insist(b"\r", "GET READY")
        terminal.read("GO  ▼ BACKWARD")
        hold(terminal, b" ", 3.0)
        assert terminal.whole.count("PAUSED") == 1
        assert "GOING ON" not in terminal.whole
        terminal.resume("GOING ON")
        terminal.until(lambda: terminal.whole.count("GO  ▼ BACKWARD") == 2, "a second GO")
        stopped(terminal)
    (record,) = home.records()
    assert conserved(record)
    assert [row.kind for row in record.rows].count(Kind.TURN) == 2
    # One row for the block, whatever it was paused for.
    assert whole_turns(record) == 1


def held_enter(home: Home) -> None:
    """It starts nothing, and it confirms the next turn once."""
    with opened(home, "run", "out", "--plain") as terminal:
        # The enter that chose the set may still be held: it starts nothing.
        hold(terminal, b"\r", 2.0, after="enter starts")
        assert "GET READY" not in terminal.whole.partition("enter starts")[2]
        terminal.insist(b"\r", "GET READY 3 s")
        # Held in the turn it arms, which is no more than one confirm; the turn runs in full.
        terminal.read("TURN 10 s")
        hold(terminal, b"\r", 2.0)
        terminal.read("confirmed in advance")
        terminal.read("GO  ▼ BACKWARD")
        assert "WAITING" not in terminal.whole
        assert terminal.whole.count("GO  ▼ BACKWARD") == 1
        terminal.press(b" ")
        terminal.read("PAUSED")
        stopped(terminal)
    (record,) = home.records()
    assert whole_turns(record) == 1


def on_the_screen(home: Home) -> None:
    """Held keys and a clicker do a single thing each, on the full screen, too."""
    with opened(home, "run", "out") as terminal:
        hold(terminal, b"\r", 2.0, after="sound off")
        assert "enter starts" in terminal.text
        terminal.insist(PAGE_DOWN, "get ready")
        terminal.see("TURN · into BACKWARD")
        hold(terminal, b"\r", 2.0)
        terminal.see("confirmed in advance")
        terminal.see("  BACKWARD  ")
        assert "WHEN READY" not in terminal.whole
        hold(terminal, b" ", 3.0)
        terminal.see("PAUSED")
        # The clicker goes on, confirms and pauses; neither of its other keys goes on.
        terminal.resume("TURN · into BACKWARD", PAGE_DOWN)
        terminal.see("PRESS ENTER WHEN READY")
        terminal.press(PAGE_DOWN)
        terminal.see("  BACKWARD  ")
        terminal.press(PAGE_UP)
        terminal.see("PAUSED")
        hold(terminal, PAGE_UP, 1.5)
        terminal.press(b".")
        terminal.wait(0.5)
        assert "PAUSED" in terminal.text
        terminal.interrupt_twice()
        assert terminal.end() == 130
        assert terminal.as_before()
    (record,) = home.records()
    assert conserved(record)
    assert whole_turns(record) == 1
    # Had a held key gone on, there would be one more.
    assert [row.kind for row in record.rows].count(Kind.TURN) == 2


def space_and_enter(home: Home) -> None:
    """Space confirms nothing, and enter does not go on."""
    with opened(home, "run", "out", "--plain") as terminal:
        terminal.read("enter starts")
        terminal.insist(b"\r", "GET READY")
        terminal.read("WAITING: press enter when ready")
        terminal.press(b" ")
        terminal.read("PAUSED")
        hold(terminal, b"\r", 2.0)
        assert "GOING ON" not in terminal.whole
        terminal.resume("GOING ON")
        # Paused in a turn, it begins again from its beginning and waits again.
        terminal.until(
            lambda: terminal.whole.count("WAITING: press enter when ready") == 2, "a second wait"
        )
        terminal.press(b"\r")
        terminal.read("GO  ▼ BACKWARD")
        terminal.press(b" ")
        terminal.until(lambda: terminal.whole.count("PAUSED") == 2, "a second pause")
        stopped(terminal)
    (record,) = home.records()
    assert conserved(record)
    assert record.totals.waiting > 0
    assert whole_turns(record) == 1


def panic(home: Home, line: str, *, before_the_next: bool) -> None:
    """Pressed as a stage of a turn begins or ends, space keeps the GO away."""
    with opened(home, "run", "out", "--plain") as terminal:
        terminal.read("enter starts")
        terminal.insist(b"\r", "GET READY")
        terminal.read("TURN 10 s")
        terminal.until(lambda: line in terminal.whole.partition("TURN 10 s")[2], line)
        if before_the_next:
            terminal.wait(STAGE - 0.1)
        terminal.press(b" ")
        terminal.read("PAUSED")
        if before_the_next and "GO  ▼" in terminal.whole.partition("PAUSED")[0]:
            raise StoodStillError("the line came too late to press before the GO")
        terminal.wait(4.0)
        assert "GO  ▼" not in terminal.whole
        stopped(terminal)
    (record,) = home.records()
    assert Kind.BACKWARD not in [row.kind for row in record.rows]


PLAYS: dict[str, Callable[[Home], None]] = {
    "held_space": held_space,
    "held_enter": held_enter,
    "on_the_screen": on_the_screen,
    "space_and_enter": space_and_enter,
    "panic_as_the_turn_begins": partial(panic, line="TURN ROUND NOW", before_the_next=False),
    "panic_as_the_turn_ends": partial(panic, line="TURN ROUND NOW", before_the_next=True),
    "panic_as_the_last_stage_begins": partial(panic, line="STEP ON AT GO", before_the_next=False),
    "panic_just_before_the_go": partial(panic, line="STEP ON AT GO", before_the_next=True),
}
CASES = cases(
    {
        "backward": "held_space panic_as_the_turn_begins panic_as_the_turn_ends"
        " panic_as_the_last_stage_begins panic_just_before_the_go",
        "waiting": "held_enter on_the_screen space_and_enter",
    }
)
"""What is pressed, with the state that the config leads to."""
AT_NIGHT = ("panic_as_the_turn_ends", "panic_as_the_last_stage_begins")
"""A stage that begins and one that ends, the last and another one, are there by day."""


@pytest.fixture(scope="module")
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Case, Future[None]]]:
    def play(case: Case, home: Home) -> None:
        PLAYS[case.way](home)

    yield from together(request, tmp_path_factory.mktemp("keys"), play, quick, len(CASES))


@pytest.mark.parametrize("case", chosen(CASES, [one for one in CASES if one.way not in AT_NIGHT]))
def test_keys(case: Case, played: dict[Case, Future[None]]) -> None:
    played[case].result()
