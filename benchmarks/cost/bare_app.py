"""The floor of a screen: a Textual app with one `Digits` that changes once a second."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Digits

START = 12 * 60 + 34


class BareApp(App[None]):
    """Counts down, a timer a second."""

    def compose(self) -> ComposeResult:
        """The digits."""
        yield Digits("12:34")

    def on_mount(self) -> None:
        """Start counting."""
        self.left = START
        self.set_interval(1.0, self.tick)

    def tick(self) -> None:
        """Show one second less."""
        self.left -= 1
        self.query_one(Digits).update(f"{self.left // 60}:{self.left % 60:02}")


if __name__ == "__main__":
    BareApp().run()
