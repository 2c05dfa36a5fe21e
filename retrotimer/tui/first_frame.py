"""What can wait until a screen is seen, and what is skipped if it never will be."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from textual.message_pump import MessagePump
from textual.screen import Screen

_FRAMES = 0.05
"""Seconds, about three frames: Textual paints at most once in 1/60 s."""
_Pump = TypeVar("_Pump", bound=MessagePump)


def unless_ended(method: Callable[[_Pump], None]) -> Callable[[_Pump], None]:
    """A method that does nothing once the app has ended.

    A signal or ctrl+c may come while a screen is being built: it is then mounted empty.
    """

    @wraps(method)
    def do(self: _Pump, /) -> None:
        if self.app.return_code is None:
            method(self)

    return do


def once_painted(pump: MessagePump, do: Callable[[], None]) -> None:
    """Do something when the first frame is on the screen, unless all was closed by then.

    `call_after_refresh` alone is too early: the first frame is computed in a batch and thrown away,
    and only the next one is written to the terminal.
    """

    def do_if_open() -> None:
        if pump.is_attached:
            do()

    pump.call_after_refresh(pump.set_timer, _FRAMES, do_if_open)


def show_keys(screen: Screen[Any], *, compact: bool = False) -> None:
    """Show the keys a moment after everything else: of all widgets the footer takes longest."""
    from retrotimer.tui.widgets.key_footer import KeyFooter

    screen.mount(KeyFooter(compact=compact))
    # A footer shows only what it is told after it was mounted.
    screen.call_after_refresh(screen.refresh_bindings)
