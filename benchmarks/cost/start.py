"""How long it takes to the first painted frame, and to `--version`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.report import Figure
from benchmarks.terminal import terminal, usual_env

RUNS = 15
FRAME_TARGET, VERSION_TARGET = 1.15, 4.0
PYTHON = sys.executable


def painted(command: list[str], mark: str, folder: Path) -> float:
    """Seconds from the start to the frame that shows `mark`."""
    homes = {f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "DATA", "STATE")}
    with terminal(command, env=homes) as one:
        return one.until(mark.encode())


def finished(command: list[str]) -> float:
    """Seconds a command takes."""
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, env=usual_env())
    return time.monotonic() - began


def interleaved(subjects: dict[str, Callable[[], float]], runs: int) -> dict[str, float]:
    """The median seconds of each, measured in turns so that all meet the same disturbances."""
    seconds: dict[str, list[float]] = {name: [] for name in subjects}
    for subject in subjects.values():
        subject()  # warms the page cache
    for _ in range(runs):
        for name, subject in subjects.items():
            seconds[name].append(subject())
    return {name: median(values) for name, values in seconds.items()}


def figures(runs: int = RUNS) -> list[Figure]:
    """Start against a bare Textual app, `--version` against an empty Python."""
    module = [PYTHON, "-m", "retrotimer"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frames = interleaved(
            {
                "bare": lambda: painted([PYTHON, "-m", "benchmarks.cost.bare_app"], "╶", folder),
                "home": lambda: painted(module, "First steps", folder),
                "run": lambda: painted([*module, "run", "first"], "Clip the cord", folder),
            },
            runs,
        )
        plain = interleaved(
            {
                "pass": lambda: finished([PYTHON, "-c", "pass"]),
                "version": lambda: finished([*module, "--version"]),
            },
            runs,
        )
    bare, empty = frames["bare"], plain["pass"]
    return [
        Figure("first frame: home / bare Textual", frames["home"] / bare, FRAME_TARGET,
               f"{frames['home'] * 1000:.0f} / {bare * 1000:.0f} ms"),
        Figure("first frame: run NAME / bare Textual", frames["run"] / bare, FRAME_TARGET,
               f"{frames['run'] * 1000:.0f} / {bare * 1000:.0f} ms"),
        Figure("--version / python -c pass", plain["version"] / empty, VERSION_TARGET,
               f"{plain['version'] * 1000:.0f} / {empty * 1000:.0f} ms"),
    ]  # fmt: skip
