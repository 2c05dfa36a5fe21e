"""What is left for the night, and that by day every pair that can matter is still there.

What a command does in a state is decided by the runner, and both faces do the same with it:
tests/run/test_both_faces.py tries every action in every state. So a real terminal does not have to
try every state with every way out on every face. By day it shows

- on each face every state and every way out,
- for each kind of state (nothing begun, running, paused, asked, over) every kind of way out (a key
  of the workout, the stop key, ctrl+c, ctrl+q, ctrl+z, a signal, and being cut off),

and at night all of them. At the summary everything is saved already, and every key of the workout
is text that is typed into it: four kinds of ways out are left for the night there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import product

import pytest

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.e2e import test_kills, test_pty_lines, test_pty_screen, test_sound_lost, test_stalls
from tests.support.joint_cases import Case

WAYS = {
    "space": "key",
    "stop": "stop",
    "interrupt": "ctrl+c",
    "twice": "ctrl+c",
    "quit": "ctrl+q",
    "suspend": "ctrl+z",
    "TERM": "signal",
    "HUP": "signal",
    "KILL": "cut off",
    "window": "cut off",
}
STATES = {
    "start": "nothing begun",
    "ready": "running",
    "forward": "running",
    "turn": "running",
    "waiting": "running",
    "backward": "running",
    "paused": "paused",
    "asking": "asked",
    "summary": "over",
}
AT_NIGHT = {("over", way) for way in ("key", "ctrl+q", "signal", "cut off")}


def values(cases: Iterable[Case]) -> set[str]:
    return {value for case in cases for value in (case.state, case.way)}


def test_by_day_each_face_has_every_state_and_every_way_out() -> None:
    for module in (test_pty_screen, test_pty_lines):
        assert values(module.BY_DAY) == values(module.CASES) == {*module.STATES, *module.WAYS}
        assert {(one.state, one.way) for one in module.CASES} == {
            *product(module.STATES, module.WAYS)
        }


def test_by_day_every_kind_of_state_is_left_in_every_kind_of_way() -> None:
    cases = [*test_pty_screen.BY_DAY, *test_pty_lines.BY_DAY]
    kinds = {(STATES[one.state], WAYS[one.way]) for one in cases}
    assert kinds == {*product(STATES.values(), WAYS.values())} - AT_NIGHT


def test_by_day_every_kind_of_state_stands_still_in_every_way() -> None:
    """Both faces meet every way, too; each way is one of the terminal or of the process."""
    kind = {
        "ready": "counting down",
        "turn": "counting down",
        test_stalls.BEFORE_A_GO: "counting down",
        "forward": "in a block",
        "backward": "in a block",
        "waiting": "waiting",
        "paused": "paused",
    }

    def pairs(cases: Iterable[Case]) -> set[tuple[str, str]]:
        return {(kind[one.state], one.way.partition("-")[2]) for one in cases}

    assert values(test_stalls.BY_DAY) == values(test_stalls.CASES)
    assert pairs(test_stalls.BY_DAY) == pairs(test_stalls.CASES)


def test_by_day_sound_is_lost_in_every_state_and_on_both_faces_blind_and_not() -> None:
    def pairs(cases: Iterable[Case]) -> set[tuple[bool, str]]:
        return {(one.state in ("backward", "behind"), one.way) for one in cases}

    assert values(test_sound_lost.BY_DAY) == values(test_sound_lost.CASES)
    assert pairs(test_sound_lost.BY_DAY) == pairs(test_sound_lost.CASES)


def test_by_day_both_faces_meet_a_kill_and_everything_becomes_of_one() -> None:
    assert values(test_kills.BY_DAY) == values(test_kills.CASES)
