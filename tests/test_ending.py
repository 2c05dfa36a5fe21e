"""The signals of a process: all are taken, the first decides, and handlers are given back."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from retrotimer.terminal.signals import ENDING, Signals

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


def test_each_is_given_to_whoever_has_the_terminal() -> None:
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
        assert not signals.decided  # it ends nothing
    finally:
        signals.release()
    assert signal.getsignal(signal.SIGTSTP) == before


def test_with_an_entrance_they_stay_caught_after_a_face() -> None:
    early: list[int] = []
    before = [signal.getsignal(one) for one in ENDING]
    signals = Signals()
    try:
        signals.begin(early.append)
        send(signal.SIGTERM)
        signals.hand_to(signals.note)
        signals.release()
        send(signal.SIGHUP, signal.SIGTERM)
        assert early == [signal.SIGTERM]
        assert signals.exit_code(0) == 129
    finally:
        for number, handler in zip(ENDING, before, strict=True):
            signal.signal(number, handler)


def test_interrupted_once_whatever_comes() -> None:
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
