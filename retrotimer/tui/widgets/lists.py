"""Textual's list of options, which also stands a terminal that has no room for it."""

from __future__ import annotations

from typing import Literal

from textual.widgets import OptionList

_move_page = OptionList._move_page


def _move_page_if_drawn(self: OptionList, direction: Literal[-1, 1]) -> None:
    """A page on or back, where there are lines: a list without a column has none.

    Seen in Textual 8.2.8: on a terminal of two columns a page key was a KeyError. The palette has
    such a list too, which is why it is mended for all of them.
    """
    if self._lines:
        _move_page(self, direction)


setattr(OptionList, "_move_page", _move_page_if_drawn)  # noqa: B010 - mypy takes no assignment

__all__ = ["OptionList"]
