"""Exit codes are defined in one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import retrotimer
from retrotimer.terminal import exit_codes

PACKAGE = Path(retrotimer.__file__).parent
ENDS = {"SystemExit", "exit", "_exit", "_leave", "finish"}
PLAIN = ("plain/run.py", "plain/watch.py", "plain/checklist.py")
FACES = ("__main__.py", "assemble.py", "cli", "tui/app.py", "tui/watch_app.py", *PLAIN)


def numbered(source: str) -> Iterator[int]:
    """The lines on which a literal number ends the program or is returned as an exit code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ENDS and any(isinstance(one, ast.Constant) for one in node.args):
                yield node.lineno
        elif (
            isinstance(node, ast.FunctionDef)
            and isinstance(node.returns, ast.Name | ast.BinOp)
            and ast.unparse(node.returns) in ("int", "int | None")
        ):
            for inner in ast.walk(node):
                if (
                    isinstance(inner, ast.Return)
                    and isinstance(inner.value, ast.Constant)
                    and isinstance(inner.value.value, int)
                ):
                    yield inner.lineno


def test_literal_exit_codes_are_found() -> None:
    code = "def run() -> int:\n    return 0\nraise SystemExit(2)\napp.exit(130)\nos._exit(code)\n"
    assert sorted(numbered(code)) == [2, 3, 4]


@pytest.mark.parametrize("face", FACES)
def test_no_exit_code_is_a_literal_number(face: str) -> None:
    path = PACKAGE / face
    files = [path] if path.is_file() else sorted(path.rglob("*.py"))
    assert files
    for file in files:
        assert list(numbered(file.read_text(encoding="utf-8"))) == [], file


def test_the_exit_code_of_a_signal_is_that_of_shells() -> None:
    assert exit_codes.INTERRUPTED == 130
    assert exit_codes.signalled(15) == 143
    assert (exit_codes.DONE, exit_codes.FAILED, exit_codes.USAGE) == (0, 1, 2)
