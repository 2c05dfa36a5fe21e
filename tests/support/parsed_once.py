"""Parses each style sheet only once for all test apps.

The result depends only on the sheet's text, its place and the theme's variables. Textual caches it
too, but separately for each app (seen in 8.2.8).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_parse = Stylesheet._parse_rules
_parsed: dict[object, list[RuleSet]] = {}


def _parsed_once(sheet: Stylesheet, *args: Any, **more: Any) -> list[RuleSet]:
    key = (args, frozenset(more.items()), frozenset(sheet._variables.items()))
    if key not in _parsed:
        _parsed[key] = _parse(sheet, *args, **more)
    return _parsed[key]


@contextmanager
def for_now() -> Iterator[None]:
    """What is parsed meanwhile is forgotten, so that no collection of garbage looks through it."""
    before = dict(_parsed)
    try:
        yield
    finally:
        _parsed.clear()
        _parsed.update(before)


def install() -> None:
    """Share parsed style sheets in this process from now on."""
    Stylesheet._parse_rules = _parsed_once  # type: ignore[method-assign,assignment]
