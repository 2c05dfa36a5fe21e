"""Each style sheet is parsed once, not once for each app of the tests.

What a sheet says depends on its text, its place and the theme's variables; that text is the same
for every app. Textual itself keeps what it has parsed, but anew in each app (seen in 8.2.8).
"""

from __future__ import annotations

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


def install() -> None:
    """From now on, in this process."""
    Stylesheet._parse_rules = _parsed_once  # type: ignore[method-assign,assignment]
