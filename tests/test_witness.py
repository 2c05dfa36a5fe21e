"""The witness tells a program that wrongly paused from a machine that stood still."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.e2e import conftest as hooks
from tests.support import witness as module
from tests.support.waiting import wait_until
from tests.support.witness import GAP, Gap, StoodStillError, Witness, played_again, watch

pytest_plugins = ["pytester"]


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


# What is played again ----------------------------------------------------------------------------


class Machine(Witness):
    """A witness that has seen what it is given, and is asked about the time from a play to now."""

    def __init__(self, *gaps: Gap) -> None:
        self._gaps = list(gaps)

    def gaps(self) -> list[Gap]:
        return self._gaps


NEVER = Machine()
ALWAYS = Machine((0.0, float("inf")))


class Played:
    """A play that raises these errors in turn, then none, and counts."""

    def __init__(self, *errors: BaseException) -> None:
        self.count = 0
        self._errors = list(errors)

    def __call__(self) -> None:
        self.count += 1
        if self._errors:
            raise self._errors.pop(0)


def test_what_passes_is_played_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "witness", lambda: ALWAYS)
    play = Played()
    assert not played_again(play, play)
    assert play.count == 1


def test_a_program_that_paused_while_the_machine_stood_still_is_played_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "witness", lambda: ALWAYS)
    play = Played(StoodStillError())
    assert played_again(play, play)
    assert play.count == 2


def test_a_program_that_paused_by_itself_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = Machine((0.0, monotonic() - 1), (monotonic() + 1_000, monotonic() + 2_000))
    for machine in (NEVER, long_ago):
        monkeypatch.setattr(module, "witness", lambda seen=machine: seen)
        play = Played(StoodStillError("it paused"))
        with pytest.raises(StoodStillError, match="it paused"):
            played_again(play, play)
        assert play.count == 1


def test_any_other_failure_is_never_played_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "witness", lambda: ALWAYS)
    for error in (AssertionError("wrong"), ValueError("wrong")):
        play = Played(error)
        with pytest.raises(type(error), match="wrong"):
            played_again(play, play)
        assert play.count == 1


def test_nothing_is_played_a_third_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "witness", lambda: ALWAYS)
    play = Played(StoodStillError("first"), StoodStillError("second"))
    with pytest.raises(StoodStillError, match="second"):
        played_again(play, play)
    assert play.count == 2


CASES = """
import pytest
from tests.support.joint_cases import Case, together
from tests.support.witness import StoodStillError

counted = {}

def played(name, *errors):
    counted[name] = counted.get(name, 0) + 1
    if counted[name] <= len(errors):
        raise errors[counted[name] - 1]

@pytest.mark.pty
def test_paused(tmp_path):
    played("paused", StoodStillError(str(tmp_path)))
    assert tmp_path.name == "again"

@pytest.mark.pty
def test_wrong():
    played("wrong", AssertionError("wrong"))

def test_without_a_terminal():
    played("without", StoodStillError("paused"))

ERRORS = {
    "paused": [StoodStillError("paused")],
    "twice": [StoodStillError("paused"), StoodStillError("paused")],
    "wrong": [AssertionError("wrong")],
}

@pytest.fixture(scope="module")
def together_played(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("together")
    def play(case, home):
        played(f"together {case.state}", *ERRORS[case.state])
    yield from together(request, folder, play, lambda _: "", 1)

@pytest.mark.parametrize("case", [Case(state, "way") for state in ERRORS], ids=str)
def test_together(case, together_played):
    together_played[case].result()

def test_counted():
    assert counted == %s
"""


@pytest.mark.parametrize("stalled", [True, False])
def test_the_tests_themselves_are_played_again_only_for_a_stall(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, stalled: bool
) -> None:
    monkeypatch.setattr(module, "witness", lambda: ALWAYS if stalled else NEVER)
    again = 2 if stalled else 1
    counted = {
        "paused": again,
        "wrong": 1,
        "without": 1,
        "together paused": again,
        "together twice": again,
        "together wrong": 1,
    }
    pytester.makeconftest(f"from {hooks.__name__} import pytest_pyfunc_call")
    pytester.makeini("[pytest]\nmarkers = pty")
    pytester.makepyfile(CASES % counted)
    found = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio")
    if stalled:
        # Both that paused once, and the count.
        found.assert_outcomes(passed=3, failed=4, warnings=2)
    else:
        found.assert_outcomes(passed=1, failed=6)
