"""Signals: all are caught, the first one decides, and the old handlers are restored."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrotimer.plain.keyboard import Keyboard
from retrotimer.plain.run import PlainRun
from retrotimer.run.runner import Runner
from retrotimer.terminal.signals import ENDING, Signals
from tests.support.runner_world import World, config_of, make_world, plan_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


def send(*numbers: int) -> None:
    for number in numbers:
        os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", ENDING)
def test_the_first_decides_and_later_ones_change_nothing(number: int) -> None:
    before = [signal.getsignal(one) for one in ENDING]
    signals = Signals()
    signals.hand_to(signals.note)
    try:
        assert signals.exit_code(0) == 0
        send(number, *ENDING)
        assert signals.exit_code(0) == 128 + number
    finally:
        signals.release()
    assert [signal.getsignal(one) for one in ENDING] == before
    assert not signals.decided


def test_each_signal_goes_to_whoever_has_the_terminal() -> None:
    came: list[int] = []
    signals = Signals()
    before = signal.getsignal(signal.SIGTSTP)
    signals.hand_to(came.append, [signal.SIGTSTP])
    try:
        send(signal.SIGHUP, signal.SIGINT, signal.SIGTSTP)
        assert sorted(came) == sorted([signal.SIGHUP, signal.SIGINT, signal.SIGTSTP])
        assert not signals.decided
        signals.hand_to(signals.note)
        send(signal.SIGTSTP)
        assert not signals.decided  # it does not end the program
    finally:
        signals.release()
    assert signal.getsignal(signal.SIGTSTP) == before


def test_a_terminal_that_hung_up_is_released_before_its_owner_hears_of_it() -> None:
    import pty

    master, slave = pty.openpty()
    gone: list[bool] = []

    def writes(number: int) -> None:
        gone.append(os.write(slave, b"to nobody") > 0)
        signals.decide(number)

    signals = Signals()
    signals.hand_to(writes, terminals=[slave])
    try:
        os.close(master)
        send(signal.SIGHUP)
        assert gone == [True]
        assert signals.exit_code(0) == 129
    finally:
        signals.release()
        os.close(slave)


def test_signals_caught_from_the_start_stay_caught_after_the_screen_is_gone() -> None:
    early: list[int] = []
    before = [signal.getsignal(one) for one in ENDING]
    signals = Signals()
    try:
        signals.begin(early.append)
        send(signal.SIGTERM)
        signals.hand_to(signals.note)
        signals.release()
        assert all(signal.getsignal(one) == signals._handle for one in ENDING)
        send(signal.SIGHUP, signal.SIGTERM)
        assert early == [signal.SIGTERM]
        assert signals.exit_code(0) == 129
    finally:
        for number, handler in zip(ENDING, before, strict=True):
            signal.signal(number, handler)


def test_a_program_is_interrupted_only_once() -> None:
    signals = Signals()
    left = False

    def cut_off() -> None:
        nonlocal left
        with signals.interrupting():
            try:
                send(signal.SIGTERM)
            finally:
                send(signal.SIGINT, signal.SIGHUP)
                left = signals.exit_code(0) == 143

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    assert left


class Interrupted(Keyboard):
    """Starts a workout, and in its 21st second sends these signals all at once."""

    def __init__(self, world: World, *numbers: int) -> None:
        super().__init__()
        self.there = True
        self._world, self._numbers, self._tick = world, numbers, 0

    @contextlib.contextmanager
    def raw(self) -> Iterator[None]:
        yield

    def wait(self, seconds: float) -> list[str]:  # noqa: ARG002
        self._tick += 1
        assert self._tick < 100, "it never ended"
        self._world.clock.advance(250)
        if self._tick == 80:
            send(*self._numbers)
        return ["enter"] if self._tick == 8 else []


@pytest.mark.parametrize(
    ("names", "code"), [("HUP INT", 129), ("HUP TERM", 129), ("INT TERM", 143)]
)
def test_with_plain_all_signals_at_once_are_handled(tmp_path: Path, names: str, code: int) -> None:
    """A first ctrl+c only asks a question; the other signal ends the program."""
    world, lines, config = make_world(tmp_path), list[str](), config_of()
    keyboard = Interrupted(world, *(getattr(signal, f"SIG{name}") for name in names.split()))
    runner = Runner.new(plan_of(), world.environment)
    run = PlainRun(
        runner,
        config.units,
        config.keys,
        keyboard=keyboard,
        write=lines.append,
        signals=Signals(),
    )
    assert run.run() == code
    assert lines[-1] == "the workout is kept; the next start offers to go on with it"
    assert world.session.path.exists()
