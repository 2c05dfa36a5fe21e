"""The floors: a bare Textual app with one `Digits`, and one that repaints what a workout does.

python -m benchmarks.floor bare
python -m benchmarks.floor cells
"""

from __future__ import annotations

import sys
import time

from textual.app import App, ComposeResult
from textual.widgets import Digits, Static


class Bare(App[None]):
    """One `Digits`."""

    def compose(self) -> ComposeResult:
        yield Digits("12:34")


class Cells(App[None]):
    """The rows of big digits and three lines of text, painted anew each second; a silent stream."""

    CSS = "#digits { height: 1fr; } .line { height: 1; }"

    def compose(self) -> ComposeResult:
        yield Static("", classes="line", markup=False)
        yield Static("", id="digits", markup=False)
        yield Static("", classes="line", markup=False)
        yield Static("", classes="line", markup=False)

    def on_mount(self) -> None:
        from retrotimer.audio.players.process import ProcessPlayer

        self.began = time.monotonic()
        self.player = ProcessPlayer("miniaudio", volume=0)
        self.set_interval(1.0, self.tick)
        self.call_after_refresh(self.player.start)

    def on_unmount(self) -> None:
        self.player.close()

    def tick(self) -> None:
        from retrotimer.tui.widgets.glyphs import rows

        left = 299 - int(time.monotonic() - self.began)
        text = f"{left // 60}:{left % 60:02}"
        self.player.poll()
        digits = self.query_one("#digits", Static)
        width, height = digits.size
        digits.update("\n".join(rows(text, width, height)))
        top, bar, done = self.query(".line").results(Static)
        top.update("First steps   block 1 of 12   ends 07:58")
        full = width * (299 - left) // 299
        bar.update("━" * full + "─" * (width - full))
        done.update(f"{text} done · {text} to go")


if __name__ == "__main__":
    (Cells() if sys.argv[1] == "cells" else Bare()).run()
