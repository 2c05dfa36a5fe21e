"""Textual's option list, which also works in a terminal that has no room for it."""

from __future__ import annotations

from textual.widgets import OptionList

from retrotimer.tui.textual_private import mend_option_list

mend_option_list(OptionList)

__all__ = ["OptionList"]
