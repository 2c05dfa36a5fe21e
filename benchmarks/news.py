"""How soon a second screen says NO NEWS after the program has ended: two real terminals."""

from __future__ import annotations

import random
import signal
import tempfile
from pathlib import Path
from statistics import median
from time import monotonic

from benchmarks.report import Figure
from tests.support.joint_cases import quick
from tests.support.program import Home
from tests.support.terminal_user import opened

TARGET = 2_000.0
"""Milliseconds until the second screen says NO NEWS."""
TRIES = 5
WAYS = {"killed": signal.SIGKILL, "standing still": signal.SIGSTOP}
_RUNS, _NO_NEWS = "  FORWARD  ", "NO NEWS since"


def took(folder: Path, number: signal.Signals) -> float:
    """Milliseconds from a signal, at a random moment of a block, to NO NEWS."""
    home = Home.make(folder, quick("forward"))
    with opened(home, "watch") as watch, opened(home, "run", "out") as runner:
        runner.see("sound off")
        runner.insist(b"\r", "get ready")
        runner.see(_RUNS)
        watch.see(_RUNS)
        watch.wait(random.uniform(0, 2))
        began = monotonic()
        runner.signal(number)
        watch.see(_NO_NEWS)
        return (monotonic() - began) * 1000


def figures(tries: int = TRIES) -> list[Figure]:
    """The median and the longest time, for each way in which the program ends."""
    found = []
    for name, number in WAYS.items():
        with tempfile.TemporaryDirectory(prefix="retro-") as folder:
            late = []
            for n in range(tries):
                place = Path(folder) / str(n)
                place.mkdir()
                late.append(took(place, number))
        detail = f"median {median(late):.0f} ms, {tries} programs"
        found.append(Figure(f"NO NEWS of a program {name}", max(late), TARGET, detail, "ms"))
    return found
