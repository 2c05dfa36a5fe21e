"""What is left for the night: by day each pair of state, face and way out is still there."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import combinations, product
from types import ModuleType

import pytest

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.e2e import test_pty_lines, test_pty_screen, test_stalls

Three = tuple[str, str, str]


def pairs(cases: Iterable[Three]) -> set[tuple[tuple[int, str], ...]]:
    return {pair for case in cases for pair in combinations(enumerate(case), 2)}


def test_every_pair_is_played_by_day() -> None:
    faces: dict[str, ModuleType] = {"screen": test_pty_screen, "lines": test_pty_lines}
    every, by_day = set(), set()
    for face, module in faces.items():
        for case in module.CASES:
            every.add((face, case.state, case.way))
            if module.by_day(case):
                by_day.add((face, case.state, case.way))
    assert {(state, way) for _, state, way in every} == {
        *product(test_pty_screen.STATES, test_pty_screen.WAYS)
    }
    assert pairs(by_day) == pairs(every)
    assert len(by_day) < len(every)


def test_every_pair_that_there_is_stands_still_by_day() -> None:
    every, by_day = set(), set()
    for case in test_stalls.CASES:
        face, way = case.way.split("-")
        every.add((case.state, face, way))
        if test_stalls.by_day(case):
            by_day.add((case.state, face, way))
    assert pairs(by_day) == pairs(every)
    assert len(by_day) < len(every)
