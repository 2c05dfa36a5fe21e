"""No text says "1 sets"."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrotimer.core.plural import counted

PACKAGE = Path(__file__).parents[2] / "retrotimer"
NOUNS = "sets blocks workouts mistakes stumbles rings turns words rounds days steps phases records"
_MANY = re.compile(rf" (more )?({NOUNS.replace(' ', '|')})\b")


def test_one_is_singular() -> None:
    assert [counted(n, "set") for n in (0, 1, 2)] == ["0 sets", "1 set", "2 sets"]


def many(source: str) -> Iterator[str]:
    """The texts with a plural after a number that could be one; names in capitals are limits."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.JoinedStr):
            continue
        for value, after in zip(node.values, node.values[1:], strict=False):
            if isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant):
                limit = ast.unparse(value.value).rpartition(".")[2].isupper()
                if not limit and _MANY.match(str(after.value)):
                    yield ast.unparse(node)


def test_such_texts_are_found() -> None:
    assert list(many('f"{n} sets" + f"{MOST} sets" + f"{limits.MOST} sets"')) == ["f'{n} sets'"]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_no_text_forms_a_plural_by_itself(path: Path) -> None:
    if path.stem != "plural":
        assert list(many(path.read_text(encoding="utf-8"))) == []
