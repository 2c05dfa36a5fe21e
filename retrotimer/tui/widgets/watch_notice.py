"""The face of a second screen with nothing to follow: a title and lines, or NO NEWS."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container

from retrotimer.tui.widgets.digits import BigDigits
from retrotimer.tui.widgets.lines import Line

NO_NEWS = "NO NEWS"
LINES = 4


class WatchNotice(Container):
    """A sign as large as there is room for, a title, and up to `LINES` lines."""

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield BigDigits(id="notice-sign")
        yield Line(id="notice-title")
        for number in range(LINES):
            yield Line(id=f"notice-{number}")

    def show(self, title: str, lines: Sequence[str], sign: str = "") -> None:
        """Show a title, lines (empty ones are dropped) and a sign, "" for none."""
        self.query_one("#notice-sign", BigDigits).show(sign)
        self.query_one("#notice-title", Line).show(title)
        told = [line for line in lines if line]
        for number in range(LINES):
            line = self.query_one(f"#notice-{number}", Line)
            line.display = number < len(told)
            line.show(told[number] if number < len(told) else "")
