"""Textual's list of options, which also stands a terminal that has no room for it.

Seen in Textual 8.2.8: on a terminal of one or two columns a page key was a KeyError, and a list
whose padding leaves no column a ValueError. The palette has such a list too, which is why it is
mended for all of them.
"""

from __future__ import annotations

from typing import Literal

from textual.widgets import OptionList

_move_page = OptionList._move_page
_update_lines = OptionList._update_lines


def _move_page_if_drawn(self: OptionList, direction: Literal[-1, 1]) -> None:
    """A page on or back, where there are lines."""
    if self._lines:
        _move_page(self, direction)


def _update_lines_if_room(self: OptionList) -> None:
    """Lay the options out, where there is a column for them."""
    padding = self.get_component_styles("option-list--option").padding
    if self.scrollable_content_region.width - self._get_left_gutter_width() > padding.width:
        _update_lines(self)


setattr(OptionList, "_move_page", _move_page_if_drawn)  # noqa: B010 - mypy takes no assignment
setattr(OptionList, "_update_lines", _update_lines_if_room)  # noqa: B010

__all__ = ["OptionList"]
