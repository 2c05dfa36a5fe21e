"""The style sheets of the screens: each is about its own screen alone."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from textual.css.model import SelectorType
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen
from textual.widget import Widget

from retrotimer import tui
from retrotimer.tui import screens
from tests.support.app_steps import app_of
from tests.support.runner_world import World, config_of

FOLDER = Path(screens.__file__ or "").parent
SHEETS = sorted(FOLDER.glob("*.tcss"))


def screen_names() -> Iterator[str]:
    """The names of all our screens."""
    for module in pkgutil.iter_modules([str(FOLDER)]):
        members = vars(import_module(f"{screens.__name__}.{module.name}")).values()
        yield from (one.__name__ for one in members if _is_screen(one))


def widget_names() -> set[str]:
    """The names of all widgets that are loaded with our screens, Textual's own among them."""
    for module in pkgutil.walk_packages(tui.__path__, f"{tui.__name__}."):
        import_module(module.name)
    found: set[type[Widget]] = set()
    ahead: list[type[Widget]] = [Widget]
    while ahead:
        ahead += [one for one in ahead.pop().__subclasses__() if one not in found]
        found.update(ahead)
    return {one.__name__ for one in found}


def _is_screen(member: object) -> bool:
    return isinstance(member, type) and issubclass(member, Screen)


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.stem for sheet in SHEETS])
async def test_a_sheet_says_nothing_about_other_screens(world: World, sheet: Path) -> None:
    """Textual keeps the sheet of a screen that was shown once, and applies it to all screens."""
    app = app_of(world, config_of())
    async with app.run_test():
        read = Stylesheet(variables=app.get_css_variables())
    read.read(sheet)
    first = [part.selectors[0] for rule in read.rules for part in rule.selector_set]
    assert len(first) >= 2
    assert {one.type for one in first} == {SelectorType.TYPE}
    assert {one.name for one in first} <= {*screen_names()} - {"Screen", "ModalScreen"}
    named = {
        one.name
        for rule in read.rules
        for part in rule.selector_set
        for one in part.selectors
        if one.type is SelectorType.TYPE
    }
    assert named <= widget_names()
