"""Every number that users see names its source in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.text.advice import SOURCES

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "retrotimer"
MODULES = sorted(
    [
        *(PACKAGE / "core").glob("*.py"),
        *(PACKAGE / "config").glob("*.py"),
        PACKAGE / "session" / "recovery.py",
    ]
)
EXEMPT = {
    "FORMAT",  # the version of a file
    "LASTS",  # measured from the sounds; a test measures it again
}
MARK = r"\((?:S[0-9]+|NS)\b[^)]*\)"
NAMED = re.compile(r"\b(?:S[0-9]{1,2}|NS)\b")


def is_number(node: ast.expr | None, known: set[str]) -> bool:
    """Whether a value consists of numbers; `known` are names of such values."""
    match node:
        case ast.Constant(value=value):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ast.Name(id=name):
            return name in known
        case ast.UnaryOp(operand=inner):
            return is_number(inner, known)
        case ast.BinOp(left=left, right=right):
            return is_number(left, known) or is_number(right, known)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return any(is_number(part, known) for part in parts)
        case ast.Dict(values=parts):
            return any(is_number(part, known) for part in parts)
        case ast.Call(func=ast.Name(id="field"), keywords=named):
            return any(one.arg == "default" and is_number(one.value, known) for one in named)
        case ast.Call(args=given, keywords=named):
            # such as timedelta(hours=2)
            parts = [*given, *(one.value for one in named)]
            return bool(parts) and all(is_number(part, known) for part in parts)
    return False


def assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr | None, str]]:
    """Every assigned name, its value, and the docstring after it."""
    for node, after in zip(body, [*body[1:], ast.Pass()], strict=True):
        match node:
            case ast.Assign(targets=targets, value=value):
                parts = [part for one in targets for part in ast.walk(one)]
                names = [part.id for part in parts if isinstance(part, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                names = [name]
            case _:
                continue
        match after:
            case ast.Expr(value=ast.Constant(value=str(text))):
                docstring = text
            case _:
                docstring = ""
        for name in names:
            yield name, value, docstring


def unsourced(source: str) -> list[str]:
    """The public constants and defaults in a module that name no source for their numbers."""
    tree = ast.parse(source)
    known: set[str] = set()
    found = []
    for name, value, docstring in assigned(tree.body):
        if not is_number(value, known):
            continue
        known.add(name)
        public = name.isupper() and not name.startswith("_")
        if public and name not in EXEMPT and not re.search(MARK, docstring):
            found.append(name)
    for one in ast.walk(tree):
        if isinstance(one, ast.ClassDef):
            docstring = ast.get_docstring(one) or ""
            for name, value, _ in assigned(one.body):
                # 0 and 1 are neutral starting values and factors.
                neutral = isinstance(value, ast.Constant) and value.value in (0, 1)
                said = re.search(rf"`{name}`[^`(]*{MARK}", docstring)
                if is_number(value, known) and not neutral and not said:
                    found.append(f"{one.name}.{name}")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_number_has_its_source(path: Path) -> None:
    assert not unsourced(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('LEAST = 15\n"""The least (NS)."""', []),
        ('LEAST = 15\n"""The least (S53, S54: of a treadmill)."""', []),
        ('LEAST = 15\n"""The least."""', ["LEAST"]),
        ('LEAST = 15\n"""The least, as in S53."""', ["LEAST"]),
        ("LEAST = 15", ["LEAST"]),
        ("LEAST: Final = -1.5", ["LEAST"]),
        ("LEAST, MOST = 1, 2", ["LEAST", "MOST"]),
        ("DAY = 24 * 60", ["DAY"]),
        ("AGE = timedelta(hours=2)", ["AGE"]),
        ("_A = 3\nALL = {1: _A}", ["ALL"]),
        ('FORMAT = 1\nNAMES = ("a", "b")\nYES = True\nSIZE = len(NAMES)', []),
        ("class A:\n  'has `a` (S1).'\n  a: int = 3", []),
        ("class A:\n  'has `a`, `b` (S1).'\n  a: int = 3\n  b: int = 4", ["A.a"]),
        ("class A:\n  'has a (S1).'\n  a: int = field(default=3)\n  b: int = 0", ["A.a"]),
    ],
)
def test_what_counts_as_a_source(source: str, found: list[str]) -> None:
    assert unsourced(source) == found


@pytest.mark.parametrize("name", ["core/turn", "core/sets", "core/workout", "session/recovery"])
def test_a_missing_source_is_noticed(name: str) -> None:
    source = (PACKAGE / f"{name}.py").read_text(encoding="utf-8")
    missed = {
        name
        for mark in re.finditer(MARK, source)
        for name in unsourced(source[: mark.start()] + source[mark.end() :])
    }
    assert missed
    assert missed == set(unsourced(re.sub(MARK, "", source)))


def comments(path: Path, start: str) -> dict[str, list[str]]:
    """The comment above each set in a file; the set's name is on the line after `start`."""
    found = {}
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    for at, line in enumerate(lines):
        if line == start:
            above = at
            while lines[above - 1].startswith("#"):
                above -= 1
            found[lines[at + 1].split('"')[1]] = lines[above:at]
    return found


def test_every_built_in_set_names_its_sources() -> None:
    code = comments(PACKAGE / "config" / "builtin_sets.py", "IntervalSet(")
    example = comments(ROOT / "config.example.toml", "[[set]]")
    names = {one.name for one in BUILTIN_SETS}
    assert set(code) == set(example) == names
    for name in names:
        assert set(NAMED.findall(" ".join(code[name]))) & set(SOURCES), name
        # The example may also say how to use the set.
        assert example[name][-len(code[name]) :] == code[name]
