"""The witness tells a program that wrongly paused from a machine that stood still."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.support import witness as module
from tests.support.waiting import wait_until
from tests.support.witness import GAP, Gap, StoodStillError, Witness, says_nothing, watch


@pytest.fixture
def witness() -> Iterator[Witness]:
    one = Witness()
    yield one
    one.close()


def gaps_found(*steps: tuple[float, str]) -> list[Gap]:
    """The gaps reported if the process wakes at these instants, each with "ask" or ""."""
    left = [*steps, (0.0, "end")]
    now = 0.0
    found: list[Gap] = []

    def asleep() -> str:
        nonlocal now
        now, asked = left.pop(0)
        return asked

    watch(asleep, found.append, lambda: now)
    return found


def test_a_long_sleep_is_a_stall_and_a_short_one_is_not() -> None:
    answer = (0.0, 0.0)
    assert gaps_found((GAP, ""), (2 * GAP, "ask")) == [answer]
    assert gaps_found((0.1, ""), (0.7, ""), (0.8, "ask")) == [(0.1, 0.7), answer]
    # It is asked at the moment at which it wakes.
    assert gaps_found((0.1, ""), (0.7, "ask")) == [(0.1, 0.7), answer]
    assert gaps_found((0.1, ""), (0.7, ""), (5.0, ""), (5.1, "ask")) == [
        (0.1, 0.7),
        (0.7, 5.0),
        answer,
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_stop_is_noticed_with_its_time(witness: Witness) -> None:
    def stopped() -> bool:
        state = Path(f"/proc/{witness.process.pid}/stat").read_text("ascii")
        return state.rpartition(")")[2].split()[0] == "T"

    before = monotonic()
    os.kill(witness.process.pid, signal.SIGSTOP)
    wait_until(stopped)
    began = monotonic()
    wait_until(lambda: monotonic() - began > 2 * GAP)
    ended = monotonic()
    os.kill(witness.process.pid, signal.SIGCONT)
    assert any(first <= began and last >= ended for first, last in witness.gaps())
    assert witness.stood_still(began, ended)
    assert witness.stood_still(began, began)
    # It ran long before and long after.
    assert not witness.stood_still(before - 100, before - 90)
    assert not witness.stood_still(ended + 90, ended + 100)


def test_only_a_stall_of_the_machine_excuses_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    class Told(Witness):
        def __init__(self) -> None:
            """No process."""

        def gaps(self) -> list[Gap]:
            return [(10.0, 11.0)]

    monkeypatch.setattr(module, "witness", Told)
    paused = StoodStillError()
    assert says_nothing(paused, 9.0, 12.0)
    assert says_nothing(paused, 10.5, 10.6)
    assert not says_nothing(paused, 5.0, 9.0)
    assert not says_nothing(paused, 11.5, 20.0)
    # A failure for any other reason stands.
    assert not says_nothing(AssertionError(), 9.0, 12.0)
    assert not says_nothing(None, 9.0, 12.0)
