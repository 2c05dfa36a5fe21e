"""Everything we use of Textual that it does not promise: its private members.

Each was seen in Textual 8.2.8, and `tests/tui/test_textual_private.py` fails when one is gone. What
the driver of a Unix terminal needs is in `terminal/driver.py`, what frames need in
`terminal/partial_frames.py`, handled the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TextIO, cast

from textual import content
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.screen import Screen

if TYPE_CHECKING:
    # Widgets are imported by whoever shows them: the first frame waits for no others.
    from textual.widgets import OptionList
    from textual.widgets._footer import FooterKey, FooterLabel, KeyGroup


def driver_of(app: App[Any]) -> Driver | None:
    """The driver of a running app: what it writes through this cannot cut into Textual's own
    output."""
    return app._driver


def output_of(driver: Driver) -> TextIO | None:
    """What a driver writes to, None if it is not a terminal's."""
    return cast("TextIO | None", getattr(driver, "_file", None))


def takes_stops(driver: Driver) -> bool:
    """Whether a driver leaves the screen at a stop; not while the screen is lent."""
    return driver._auto_restart


def ends(app: App[Any]) -> bool:
    """Whether an app was told to end: further input is for nobody."""
    return app._exit


def bound_keys(screen: Screen[Any]) -> set[str]:
    """All keys that do something on a screen now."""
    return {key for _, one in screen._modal_binding_chain for key in one.key_to_bindings}


def replace_control_codes(visible: Callable[[str], str]) -> None:
    """From now on every `Content` is made of what `visible` makes of its text."""

    def strip(text: str, _translate_table: object = None) -> str:
        return visible(text)

    content._strip_control_codes = strip


def footer_parts() -> tuple[type[FooterKey], type[FooterLabel], type[KeyGroup]]:
    """What a footer consists of: a key, the name of some keys, some keys."""
    from textual.widgets._footer import FooterKey, FooterLabel, KeyGroup

    return FooterKey, FooterLabel, KeyGroup


def mend_option_list(lists: type[OptionList]) -> None:
    """Make option lists work in a terminal that has no room for them.

    With one or two columns a page key was a KeyError, and a list whose padding leaves no column a
    ValueError, when it was drawn and when its height was asked for. The palette has such a list
    too, so it is fixed for all of them.
    """
    move_page, update_lines = lists._move_page, lists._update_lines
    content_height = lists.get_content_height

    def move_page_if_drawn(self: OptionList, direction: Literal[-1, 1]) -> None:
        if self._lines:
            move_page(self, direction)

    def update_lines_if_room(self: OptionList) -> None:
        padding = self.get_component_styles("option-list--option").padding
        if self.scrollable_content_region.width - self._get_left_gutter_width() > padding.width:
            update_lines(self)

    def content_height_if_room(
        self: OptionList, container: Size, viewport: Size, width: int
    ) -> int:
        padding = self.get_component_styles("option-list--option").padding
        return content_height(self, container, viewport, width) if width > padding.width else 0

    setattr(lists, "get_content_height", content_height_if_room)  # noqa: B010
    setattr(lists, "_move_page", move_page_if_drawn)  # noqa: B010 - mypy takes no assignment
    setattr(lists, "_update_lines", update_lines_if_room)  # noqa: B010
