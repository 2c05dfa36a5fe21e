"""Cases that are played together: a state of the program, and a way out of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests.support.program import Home
from tests.support.sound_server import PulseServer
from tests.support.witness import StoodStillError, says_nothing


@dataclass(frozen=True, slots=True)
class Case:
    """A way out of a state."""

    state: str
    way: str

    def __str__(self) -> str:
        return f"{self.state}-{self.way}"


def chosen(cases: Sequence[Case], always: Callable[[Case], bool]) -> list[Any]:
    """The cases as parameters: those that are `always` played, and those of the night."""
    return [
        pytest.param(case, id=str(case), marks=[] if always(case) else [pytest.mark.nightly])
        for case in cases
    ]


def on_the_screen(state: int, way: int) -> bool:
    """On which face a state and a way out are tried together, by their numbers.

    So every pair of state and way, of state and face and of way and face is there.
    """
    return (state + way) % 2 == 0


def quick(state: str, backend: str = "off") -> str:
    """Quick ways to a state that then lasts."""
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
    """What leads a program to a sound server."""
    return {name: text for name, text in pulse.env.items() if name not in ("HOME", "TERM")}


def together(
    request: pytest.FixtureRequest,
    folder: Path,
    play: Callable[[Case, Home], None],
    config: Callable[[str], str],
    at_once: int,
) -> Iterator[dict[Case, Future[None]]]:
    """Play the cases of a module that were selected, some at a time, as most of it is waiting.

    One that shows nothing, as the machine stood still, is played once more and warned of.
    """
    cases: set[Case] = set()
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.module is request.module:
            case = getattr(getattr(item, "callspec", None), "params", {}).get("case")
            cases |= {case} if isinstance(case, Case) else set()
    stood_still: list[Case] = []

    def played(case: Case) -> None:
        began = monotonic()
        try:
            play_in(folder / str(case), case)
        except StoodStillError as error:
            if not says_nothing(error, began, monotonic()):
                raise
            stood_still.append(case)
            play_in(folder / f"{case}-again", case)

    def play_in(place: Path, case: Case) -> None:
        place.mkdir()
        play(case, Home.make(place, config(case.state)))

    with ThreadPoolExecutor(at_once) as pool:
        # What takes longest comes first.
        ordered = sorted(cases, key=lambda one: one.state != "backward")
        try:
            yield {case: pool.submit(played, case) for case in ordered}
        finally:
            pool.shutdown(cancel_futures=True)
            if stood_still:
                told = ", ".join(map(str, stood_still))
                warnings.warn(f"the machine stood still, played again: {told}", stacklevel=1)
