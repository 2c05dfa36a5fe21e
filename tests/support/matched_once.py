"""Which rules of the style sheets fit a widget is worked out once, not in each app of the tests.

Rules fit by the types, names, classes and pseudo-classes of a widget and of all it lies in; where
all of these are the same as before, so are the rules. Textual itself compares them with every
selector, each time a class changes anywhere above (seen in 8.2.8), which is a quarter of what an
app costs in a test. `tests/tui/test_tour.py` compares the outcome with Textual's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from textual.app import App
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

apply = Stylesheet.apply
"""Textual's own."""
_replace = Stylesheet.replace_rules.__func__  # type: ignore[attr-defined]
_FLAGS = ("_has_hover_style", "_has_focus_within", "_has_order_style", "_has_odd_or_even")


class _Found(NamedTuple):
    """What came out for a widget: its rules, None if none fit, and what Textual notes about it."""

    rules: RulesMap | None
    flags: tuple[bool, ...]


class _Sheets:
    """What is known of all rules that are in force together."""

    def __init__(self, rules: list[RuleSet]) -> None:
        # Kept, so that no other rule gets the place in memory by which Textual tells them apart.
        self.rules = tuple(rules)
        self.pseudo: dict[frozenset[str], tuple[str, ...]] = {}
        self.found: dict[object, _Found] = {}


_known: dict[tuple[int, ...], _Sheets] = {}
_replaced: list[RulesMap | None] = []
"""The rules of the widgets that Textual works on now, as far as they are found."""


def _sheets(sheet: Stylesheet) -> _Sheets:
    """What is known of the rules that a style sheet has now."""
    rules_map = sheet.rules_map
    of, known = getattr(sheet, "_known_sheets", (None, None))
    if of is not rules_map or known is None:
        places = tuple(map(id, sheet.rules))
        known = _known.setdefault(places, _Sheets(sheet.rules))
        sheet._known_sheets = (rules_map, known)  # type: ignore[attr-defined]
    return known


def _key(sheet: Stylesheet, known: _Sheets, node: DOMNode) -> object:
    """All by which rules can tell this widget from another one."""
    names = frozenset(node._selector_names)
    pseudo = known.pseudo.get(names)
    if pseudo is None:
        fit = (rule for name in sheet.rules_map.keys() & names for rule in sheet.rules_map[name])
        pseudo = tuple(sorted(set[str]().union(*(rule.pseudo_classes for rule in fit))))
        known.pseudo[names] = pseudo
    path = [
        (
            one._css_type_names,
            one.id,
            one.classes,
            tuple([one.has_pseudo_class(name) for name in pseudo]),
        )
        for one in node.css_path_nodes
    ]
    return names, tuple(path)


def _apply(sheet: Stylesheet, node: DOMNode, *, animate: bool = False, cache: Any = None) -> None:
    known = _sheets(sheet)
    key = _key(sheet, known, node)
    found = known.found.get(key)
    if found is not None:
        for name, flag in zip(_FLAGS, found.flags, strict=True):
            setattr(node, name, flag)
        if found.rules is not None:
            sheet.replace_rules(node, found.rules, animate=animate)
        sheet._process_component_classes(node)
        return
    _replaced.append(None)
    try:
        apply(sheet, node, animate=animate, cache=cache)
    finally:
        rules = _replaced.pop()
    flags = tuple(bool(getattr(node, name)) for name in _FLAGS)
    known.found[key] = _Found(rules, flags)


def _replace_rules(
    cls: type[Stylesheet], node: DOMNode, rules: RulesMap, animate: bool = False
) -> None:
    """As Textual does, without setting again what is set."""
    if _replaced and _replaced[-1] is None:
        _replaced[-1] = rules
    if rules.get("transitions"):
        _replace(cls, node, rules, animate)
        return
    base = node.styles.base
    old = base._rules
    if animate and old == rules:
        return
    get_old, get_new = old.get, rules.get
    changed = [key for key in old.keys() | rules.keys() if get_old(key) != get_new(key)]
    for key in changed:
        setattr(base, key, get_new(key))
    node.notify_style_update()


@contextmanager
def for_now() -> Iterator[None]:
    """What is found meanwhile is forgotten, with the rules it was found among."""
    before = dict(_known)
    try:
        yield
    finally:
        _known.clear()
        _known.update(before)


def otherwise(app: App[Any]) -> list[DOMNode]:
    """The widgets of the screen on top that Textual by itself would style in another way."""
    sheet, found = app.stylesheet, []
    Stylesheet.apply = apply  # type: ignore[method-assign]
    Stylesheet.replace_rules = classmethod(_replace)  # type: ignore[method-assign,assignment]
    try:
        for node in app.screen.walk_children(DOMNode, with_self=True):
            before = _styles_of(node)
            sheet.apply(node)
            if _styles_of(node) != before:
                found.append(node)
    finally:
        install()
    return found


def _styles_of(node: DOMNode) -> dict[str, object]:
    parts = {name: dict(styles.base._rules) for name, styles in node._component_styles.items()}
    return {"": dict(node.styles.base._rules), **parts}


def install() -> None:
    """From now on, in this process."""
    Stylesheet.apply = _apply  # type: ignore[method-assign,assignment]
    Stylesheet.replace_rules = classmethod(_replace_rules)  # type: ignore[method-assign,assignment]
