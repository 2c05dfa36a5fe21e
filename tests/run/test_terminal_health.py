"""Terminals that stand still: real pseudo-terminals that nobody reads, under a fake clock."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic

import pytest

from retrotimer.plain.nonblocking_output import LineOutput
from retrotimer.run.terminal_health import PATIENCE, STEP, Patience, TerminalHealth, takes
from retrotimer.tui.terminal.probe import ASK_AGAIN, ASK_EVERY, Answers

posix = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals here")
QUARTER = 250


@contextmanager
def pty() -> Iterator[tuple[int, io.TextIOWrapper]]:
    """The terminal's end, and what a program writes to."""
    master, slave = os.openpty()
    with os.fdopen(slave, "w") as out:
        yield master, out
    os.close(master)


def read_until(master: int, text: bytes) -> bytes:
    read = b""
    deadline = monotonic() + 30
    while text not in read:
        assert monotonic() < deadline, read[-200:]
        read += os.read(master, 65536)
    return read


def until(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 30
    while not condition():
        assert monotonic() < deadline


# Patience --------------------------------------------------------------------------------------


def test_patience_ends_after_a_second_of_lateness() -> None:
    one = Patience()
    verdicts = [one.exhausted(now, late=now > 0) for now in range(0, PATIENCE + 1, QUARTER)]
    assert verdicts == [False, False, False, False, True]
    assert not one.exhausted(PATIENCE + QUARTER, late=False)
    assert not one.exhausted(PATIENCE + 2 * QUARTER, late=True)


def test_time_in_which_the_program_itself_was_held_up_hardly_counts() -> None:
    one = Patience()
    one.exhausted(0, late=True)
    assert not one.exhausted(60_000, late=True)
    assert not one.exhausted(60_000 + PATIENCE - STEP - 1, late=True)
    assert [one.exhausted(61_000 + n * QUARTER, late=True) for n in range(3)][-1]


# What a terminal takes -------------------------------------------------------------------------


@posix
def test_a_terminal_that_nobody_reads_takes_no_more() -> None:
    with pty() as (master, out):
        assert takes(out)
        os.set_blocking(out.fileno(), False)

        def full() -> bool:
            with suppress(BlockingIOError):
                while os.write(out.fileno(), bytes(1000)):
                    pass
            return not takes(out)

        def takes_again() -> bool:
            os.read(master, 65536)
            return takes(out)

        # The system moves what was written in its own time.
        until(full)
        until(takes_again)


@posix
def test_ctrl_s_is_seen_at_once() -> None:
    with pty() as (master, out):
        os.write(master, b"\x13")
        until(lambda: not takes(out))
        os.write(master, b"\x11")
        until(lambda: takes(out))


def test_what_cannot_be_asked_takes_everything() -> None:
    assert takes(None)
    assert takes(io.StringIO())
    closed = io.TextIOWrapper(io.BytesIO())
    closed.close()
    assert takes(closed)


# Lines -----------------------------------------------------------------------------------------


@posix
def test_lines_wait_for_ctrl_q_and_the_program_does_not_wait_for_them() -> None:
    with pty() as (master, out):
        paper = LineOutput(out)
        paper.write("before")
        read_until(master, b"before\r\n")
        paper.settle()
        assert paper.look(0) == TerminalHealth(0, False)
        os.write(master, b"\x13")
        until(lambda: not takes(out))
        for number in range(100):
            paper.write(f"line {number}")
        sights = [paper.look(now) for now in range(QUARTER, 2_000, QUARTER)]
        assert {sight.until for sight in sights} == {0}
        assert [sight.frozen for sight in sights[:5]] == [False, False, False, True, True]
        os.write(master, b"\x11")
        lines = read_until(master, b"line 99\r\n")
        assert [f"line {number}\r\n".encode() in lines for number in range(100)] == [True] * 100
        paper.settle()
        assert paper.look(3_000) == TerminalHealth(3_000, False)
        paper.close()


@posix
def test_a_terminal_that_stays_frozen_does_not_keep_the_program_from_its_end() -> None:
    with pty() as (master, out):
        os.write(master, b"\x13")
        until(lambda: not takes(out))
        paper = LineOutput(out)
        paper.write("last words")
        began = monotonic()
        paper.close()
        assert monotonic() - began < 20
        os.write(master, b"\x11")
        read_until(master, b"last words")


@posix
def test_a_reader_that_is_gone_ends_it_as_ever() -> None:
    ours, theirs = os.pipe()
    with os.fdopen(theirs, "w") as out:
        paper = LineOutput(out)
        os.close(ours)
        paper.write("to nobody")
        paper.settle()
        with pytest.raises(BrokenPipeError):
            paper.write("again")
        paper.close()


# Answers ---------------------------------------------------------------------------------------


class Asked:
    """A terminal of the full screen: what it was asked, and whether it takes anything."""

    def __init__(self) -> None:
        self.questions: list[int] = []
        self.takes = True
        self.now = 0
        self.answers = Answers(lambda _: self.questions.append(self.now), lambda: self.takes)

    def run(self, ms: int, *, answering: bool) -> list[TerminalHealth]:
        """Look every quarter second; it answers at once or not at all."""
        sights = []
        for _ in range(0, ms, QUARTER):
            self.now += QUARTER
            sights.append(self.answers.look(self.now))
            if answering:
                self.answers.answered()
        return sights


def test_a_terminal_that_answers_has_seen_what_came_before_the_question() -> None:
    one = Asked()
    sights = one.run(10_000, answering=True)
    assert not any(sight.frozen for sight in sights)
    nows = range(QUARTER, 10_001, QUARTER)
    assert all(now - sight.until <= ASK_EVERY for now, sight in zip(nows, sights, strict=True))
    assert len(one.questions) == 10_000 // ASK_EVERY


def test_one_that_answers_no_more_stands_still_since_its_last_answer() -> None:
    one = Asked()
    one.run(5_000, answering=True)
    frozen_at = one.now
    sights = one.run(3_000, answering=False)
    first = next(number for number, sight in enumerate(sights) if sight.frozen)
    assert (first + 1) * QUARTER <= 1_500 + QUARTER
    (seen,) = {sight.until for sight in sights}
    assert frozen_at - ASK_EVERY <= seen <= frozen_at
    assert one.answers.frozen
    one.answers.answered()
    assert not one.answers.look(one.now + QUARTER).frozen


def test_one_that_never_answers_is_not_expected_to() -> None:
    one = Asked()
    sights = one.run(60_000, answering=False)
    assert sights[-1] == TerminalHealth(one.now, False)
    one.takes = False
    asked = len(one.questions)
    frozen_at = one.now
    sights = one.run(2_000, answering=False)
    assert sights[-1] == TerminalHealth(frozen_at, True)
    # A question to one that takes nothing would hold up the program.
    assert len(one.questions) == asked


def test_an_answer_that_got_lost_is_asked_for_again() -> None:
    one = Asked()
    one.run(5_000, answering=True)
    one.run(ASK_EVERY, answering=False)
    one.now += 30_000  # stopped and let go on by a shell, which throws input away
    assert not one.answers.look(one.now).frozen
    assert one.questions[-1] == one.now
    one.answers.answered()
    assert not any(sight.frozen for sight in one.run(5_000, answering=True))
    assert ASK_AGAIN > ASK_EVERY
