"""What the core may import, and which modules each command loads."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "retrotimer"
PURE = {
    "__future__",
    "collections",
    "copy",
    "dataclasses",
    "enum",
    "functools",
    "itertools",
    "math",
    "types",
    "typing",
}
"""What the core may import: nothing with clocks, files, randomness or other processes."""

WITNESS = """
import os, runpy, sys
os._exit = sys.exit
sys.argv = ["retrotimer", *sys.argv[1:]]
try:
    runpy.run_module("retrotimer", run_name="__main__")
finally:
    print("MODULES", *sorted(sys.modules), file=sys.stderr)
"""
"""Runs the program as `python -m` would, and at its end prints what it loaded."""

TERMINAL = {
    f"retrotimer.terminal{part}"
    for part in ("", ".exit_codes", ".modes", ".signals", ".streams", ".visible")
}
"""What is loaded before any command."""

FORWARD = '[[set]]\nname = "Easy"\nsteps = [{ forward = "20s" }]\n[cues]\nbackend = "off"\n'


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module or ""


def modules() -> list[Path]:
    found = sorted(PACKAGE.rglob("*.py"))
    assert len(found) > 50
    return found


def test_the_core_is_pure() -> None:
    for path in (PACKAGE / "core").glob("*.py"):
        for name in imported(path):
            allowed = name.split(".")[0] in PURE or name.startswith("retrotimer.core")
            assert allowed, f"{path.name} imports {name}"


def loaded(tmp_path: Path, *args: str) -> set[str]:
    """The modules that a command loads; it must succeed."""
    config = tmp_path / "config.toml"
    config.write_text(FORWARD, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", WITNESS, *args],
        env=os.environ
        | {
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "RETROTIMER_CONFIG": str(config),
            "PYTHONPATH": str(ROOT),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("MODULES ")
    return set(last.split()[1:])


SCREENLESS = [
    ("check",),
    ("sets",),
    ("show", "Easy"),
    ("history", "--json"),
    ("history",),
    ("paths",),
    ("safety", "--sources"),
    ("sounds",),
    ("init", "."),
    ("run", "Easy", "--plain", "--rehearse", "60"),
    ("--help",),
    ("--version",),
]


@pytest.mark.parametrize("args", SCREENLESS, ids=" ".join)
def test_commands_without_a_screen_load_neither_textual_nor_rich(
    args: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if args[0] == "init":
        args = ("init", str(tmp_path / "new"))
    roots = {name.split(".")[0] for name in loaded(tmp_path, *args)}
    assert "argparse" in roots
    assert not roots & {"textual", "rich", "asyncio"}


def test_version_loads_hardly_anything(tmp_path: Path) -> None:
    found = loaded(tmp_path, "--version")
    own = {name for name in found if name.startswith("retrotimer")}
    # Run as a module, `__main__` is loaded under that name too.
    assert (
        own
        <= {
            "retrotimer",
            "retrotimer.cli",
            "retrotimer.cli.parser",
            "retrotimer.cli.usage",
            "retrotimer.__main__",
        }
        | TERMINAL
    )
    # These cost more than everything else together.
    assert not found & {"dataclasses", "importlib.metadata", "inspect", "logging"}


def test_a_run_does_not_load_the_sound_library(tmp_path: Path) -> None:
    found = loaded(tmp_path, "run", "Easy", "--plain", "--rehearse", "60")
    # Only the player process needs the library.
    assert "miniaudio" not in found
    assert "retrotimer.run.runner" in found
