"""Test cases that run side by side: a state of the program, and a way out of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Home
from tests.support.sound_server import PulseServer
from tests.support.witness import played_again


@dataclass(frozen=True, slots=True)
class Case:
    """A state and a way out of it."""

    state: str
    way: str

    def __str__(self) -> str:
        return f"{self.state}-{self.way}"


def cases(table: Mapping[str, str]) -> list[Case]:
    """The cases of a table: for each state the ways out of it, with spaces between them."""
    return [Case(state, way) for state, ways in table.items() for way in ways.split()]


def chosen(every: Sequence[Case], by_day: Sequence[Case]) -> list[Any]:
    """All cases as parameters; those that are not played by day are marked for the night."""
    assert set(by_day) <= set(every)
    return [
        pytest.param(case, id=str(case), marks=[] if case in by_day else [pytest.mark.nightly])
        for case in every
    ]


def quick(state: str, backend: str = "off") -> str:
    """A config that soon reaches a state and stays in it."""
    return f"""
cues.backend = "{backend}"
[safety]
get_ready = "{"30s" if state == "ready" else "3s"}"
turn = "{"30s" if state == "turn" else "10s"}"
allow_short_turns = true
confirm_turns = "{"backward" if state == "waiting" else "never"}"
warn_before_turn = "5s"
checklist = false
[[set]]
name = "Out"
steps = [
  {{ forward = "{"1s" if state in ("turn", "waiting", "backward") else "5m"}", speed = 2.0 }},
  {{ backward = "5m", speed = 1.0 }},
]
"""


def sound(pulse: PulseServer) -> dict[str, str]:
    """The environment variables that lead a program to a sound server."""
    return {name: text for name, text in pulse.env.items() if name not in ("HOME", "TERM")}


def together(
    request: pytest.FixtureRequest,
    folder: Path,
    play: Callable[[Case, Home], None],
    config: Callable[[str], str],
    at_once: int,
) -> Iterator[dict[Case, Future[None]]]:
    """Run the selected cases of a module, `at_once` at a time, since most of it is waiting.

    A case that proves nothing because the machine stood still is run once more, with a warning.
    """
    cases: set[Case] = set()
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.module is request.module:
            parameters = getattr(getattr(item, "callspec", None), "params", {})
            case = parameters.get("case", getattr(item.function, "case", None))
            cases |= {case} if isinstance(case, Case) else set()
    stood_still: list[Case] = []

    def played(case: Case) -> None:
        if played_again(
            lambda: play_in(folder / str(case), case),
            lambda: play_in(folder / f"{case}-again", case),
        ):
            stood_still.append(case)

    def play_in(place: Path, case: Case) -> None:
        place.mkdir()
        play(case, Home.make(place, config(case.state)))

    with ThreadPoolExecutor(at_once) as pool:
        # The slowest come first.
        ordered = sorted(cases, key=lambda one: one.state != "backward")
        try:
            yield {case: pool.submit(played, case) for case in ordered}
        finally:
            pool.shutdown(cancel_futures=True)
            if stood_still:
                told = ", ".join(map(str, stood_still))
                warnings.warn(f"the machine stood still; run again: {told}", stacklevel=1)
