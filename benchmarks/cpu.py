"""What a running workout with sound costs, against an app that repaints the same cells."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.report import Figure
from benchmarks.terminal import terminal

SIZES = ((80, 24), (200, 60))
SECONDS = 30.0
TARGET = 1.5
WARM_UP = 6.0
CONFIG = """
[safety]
get_ready = "3s"
checklist = false
[[set]]
name = "One"
steps = [{ forward = "10m", speed = 3.0 }]
"""


def rate(command: list[str], size: tuple[int, int], env: dict[str, str], start: bytes) -> float:
    """CPU seconds a minute of a program that has settled."""
    with terminal(command, size, env) as one:
        one.until(b"to go" if not start else b"Clip the cord")
        one.read_for(2.0)
        if start:
            one.press(start)
        one.read_for(WARM_UP)
        before = one.cpu()
        one.read_for(SECONDS)
        return (one.cpu() - before) * 60 / SECONDS


def figures(env: dict[str, str]) -> list[Figure]:
    """The ratio at each size; `env` leads to the sound server."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "config.toml"
        config.write_text(CONFIG, encoding="utf-8")
        ours = [sys.executable, "-m", "retrotimer", "run", "one", "--config", str(config)]
        floor = [sys.executable, "-m", "benchmarks.floor", "cells"]
        for size in SIZES:
            # Its own folders: what is killed in a workout asks at the next start.
            homes = {
                f"XDG_{part}_HOME": str(folder / f"{size[0]}" / part)
                for part in ("CONFIG", "DATA", "STATE")
            }
            low = rate(floor, size, env, b"")
            high = rate(ours, size, env | homes, b"\r")
            detail = f"{high:.2f} / {low:.2f} s CPU a minute"
            name_ = f"running workout / the same cells, {size[0]}x{size[1]}"
            found.append(Figure(name_, high / low, TARGET, detail))
    return found
