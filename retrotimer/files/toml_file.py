"""TOML files the program writes for itself, read as if anybody had edited them since."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import tomli

from retrotimer.files.regular import read_regular

MOST = 16 * 1024 * 1024
"""Maximum bytes of a file; the longest workout with all its attempts takes a tenth of it."""
DEEPEST = 32
"""How deep tables and lists may be nested; ours need eight."""
_LONG_KEY = re.compile(
    rb"^[ \t\[]*+(?:[A-Za-z0-9_-]++[ \t]*+\.[ \t]*+){%d}" % DEEPEST, re.MULTILINE
)


def read(path: Path) -> dict[str, Any]:
    """The file's table; ValueError if it is damaged, OSError if it cannot be read."""
    return parse(read_regular(path, MOST + 1))


def parse(data: bytes) -> dict[str, Any]:
    """The table of these bytes; ValueError says what is wrong, whatever they are."""
    if len(data) > MOST:
        raise ValueError(f"it is larger than {MOST // 1024**2} MiB")
    # A long dotted key costs the reader more than its length, so it is checked for first.
    if _LONG_KEY.search(data):
        raise ValueError("it is nested too deeply")
    try:
        table = tomli.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if _deeper(table, DEEPEST):
        raise ValueError("it is nested too deeply")
    return table


def _deeper(value: object, depth: int) -> bool:
    """Whether something in the value is nested deeper than that."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return depth == 0 or any(_deeper(one, depth - 1) for one in inner)
