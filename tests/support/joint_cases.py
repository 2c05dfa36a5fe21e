"""Cases that are played together: a state of the program, and a way out of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.program import Home
from tests.support.sound_server import PulseServer
from tests.support.terminal_user import StoodStillError

TRIES = 3
"""So often a case is played at most."""


@dataclass(frozen=True, slots=True)
class Case:
    """A way out of a state."""

    state: str
    way: str

    def __str__(self) -> str:
        return f"{self.state}-{self.way}"


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

    A program to which the machine gave no time has paused, rightly, and shows nothing about its
    case: that one is played again and warned of, unless it happens to more than a few.
    """
    cases: set[Case] = set()
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.module is request.module:
            case = getattr(getattr(item, "callspec", None), "params", {}).get("case")
            cases |= {case} if isinstance(case, Case) else set()
    stood_still: list[Case] = []

    def played(case: Case) -> None:
        for number in range(1, TRIES + 1):
            place = folder / f"{case}-{number}"
            place.mkdir()
            try:
                play(case, Home.make(place, config(case.state)))
                break
            except StoodStillError:
                stood_still.append(case)
                if number == TRIES or len(stood_still) > 2 + len(cases) // 5:
                    raise

    with ThreadPoolExecutor(at_once) as pool:
        # What takes longest comes first.
        ordered = sorted(cases, key=lambda one: one.state != "backward")
        try:
            yield {case: pool.submit(played, case) for case in ordered}
        finally:
            pool.shutdown(cancel_futures=True)
            if stood_still:
                told = ", ".join(map(str, stood_still))
                warnings.warn(f"stood still and played again: {told}", stacklevel=1)
