"""What is used of Textual's private members is still there, and stands in one place."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest
from textual import content
from textual.app import App
from textual.binding import Binding
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import Footer

import retrotimer.tui
from retrotimer.tui import textual_private
from retrotimer.tui.terminal.texts import make_visible
from retrotimer.tui.widgets.lists import OptionList
from tests.support.app_steps import until

OWN = Path(retrotimer.tui.__file__).parent
ADAPTERS = {"textual_private.py", "terminal/driver.py", "terminal/partial_frames.py"}


class Plain(App[None]):
    BINDINGS = [Binding("x", "bell", "rings"), Binding("f2", "bell", "rings")]  # noqa: RUF012

    def compose(self) -> Iterator[Footer | OptionList]:
        yield OptionList("one", "two")
        yield Footer()


async def test_what_is_used_does_what_it_is_used_for() -> None:
    app = Plain()
    assert textual_private.driver_of(app) is None
    key, label, keys = textual_private.footer_parts()
    async with app.run_test() as pilot:
        driver = textual_private.driver_of(app)
        assert isinstance(driver, HeadlessDriver)
        assert textual_private.takes_stops(driver)
        with driver.no_automatic_restart():
            assert not textual_private.takes_stops(driver)
        assert {"x", "f2"} <= textual_private.bound_keys(app.screen)
        await until(pilot, lambda: bool(app.query(key)), "the keys in the footer")
        assert {one.action for one in app.query(key)} >= {"bell"}
        assert issubclass(label, Footer.__mro__[3])
        assert keys.__name__ in inspect.getsource(Footer.compose)
        assert not textual_private.ends(app)
        app.exit()
        assert textual_private.ends(app)


@pytest.mark.skipif("sys.platform == 'win32'")
def test_a_terminal_driver_still_keeps_what_it_writes_to() -> None:
    from textual.drivers.linux_driver import LinuxDriver

    assert "self._file = " in inspect.getsource(LinuxDriver.__init__)
    for method in (LinuxDriver._sigtstp_application, LinuxDriver._sigcont_application):
        assert "self._auto_restart" in inspect.getsource(method)


def test_all_texts_still_go_through_the_function_that_is_replaced() -> None:
    make_visible()
    assert content.Content("a\x1bb").plain == "a\\x1bb"


def test_a_list_of_options_still_has_what_is_mended() -> None:
    for name, taken in (("_move_page", "._lines"), ("_update_lines", "._get_left_gutter_width(")):
        mended = vars(OptionList)[name]
        kept = [cell.cell_contents for cell in mended.__closure__]
        (original,) = (one for one in kept if one.__qualname__ == f"OptionList.{name}")
        assert f"self{taken}" in inspect.getsource(original)


def classes() -> list[type]:
    """All classes of the full screen that are Textual's as well."""
    found = {
        thing
        for module in pkgutil.walk_packages(retrotimer.tui.__path__, "retrotimer.tui.")
        for _, thing in inspect.getmembers(import_module(module.name), inspect.isclass)
        if thing.__module__ == module.name
        and any(base.__module__.startswith("textual.") for base in thing.__mro__)
    }
    return sorted(found, key=lambda one: one.__qualname__)


@cache
def definitions(file: str) -> dict[str, list[ast.ClassDef]]:
    """All classes that a file defines, by their qualified names; each file is parsed once."""
    found: dict[str, list[ast.ClassDef]] = {}

    def look(node: ast.AST, outside: str) -> None:
        for child in ast.iter_child_nodes(node):
            inside = outside
            if isinstance(child, ast.ClassDef):
                found.setdefault(outside + child.name, []).append(child)
                inside = f"{outside}{child.name}."
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = f"{outside}{child.name}.<locals>."
            look(child, inside)

    look(ast.parse(Path(file).read_text(encoding="utf-8")), "")
    return found


@cache
def private(one: type, *, used: bool = False) -> set[str]:
    """The private names that a class gives its objects; `used`: those that it takes as well."""
    defined = definitions(inspect.getfile(one))[one.__qualname__]
    names = set()
    for node in chain.from_iterable(map(ast.walk, defined)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(body=body):
                targets = [
                    one.targets if isinstance(one, ast.Assign) else [one.target]
                    for one in body
                    if isinstance(one, ast.Assign | ast.AnnAssign)
                ]
                names.update(ast.unparse(target) for some in targets for target in some)
            case ast.Attribute(ast.Name("self" | "cls"), name, context):
                if used or isinstance(context, ast.Store):
                    names.add(name)
    return {name for name in names if re.match("_[a-z]", name)}


def test_no_class_uses_or_overrides_a_private_name_of_textual() -> None:
    found = []
    for one in classes():
        if Path(inspect.getfile(one)).relative_to(OWN).as_posix() in ADAPTERS:
            continue
        bases = [base for base in one.__mro__ if base.__module__.startswith("textual.")]
        textuals = set[str]().union(*map(private, bases))
        found += [f"{one.__qualname__}.{name}" for name in private(one, used=True) & textuals]
    assert found == []


def test_no_module_takes_a_private_thing_of_another_object() -> None:
    found = []
    for path in sorted(OWN.rglob("*.py")):
        if path.relative_to(OWN).as_posix() in ADAPTERS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and re.match("_(?!replace)[a-z]", node.attr):
                of = ast.unparse(node.value)
                found += (
                    [] if of in ("self", "cls", "super()") else [f"{path.name}: {of}.{node.attr}"]
                )
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual"):
                names = [*(node.module or "").split("."), *(one.name for one in node.names)]
                found += [f"{path.name}: {name}" for name in names if name.startswith("_")]
    assert found == []
