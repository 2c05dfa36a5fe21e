"""What can wait until a screen is seen."""

from __future__ import annotations

from collections.abc import Callable

from textual.message_pump import MessagePump

_FRAMES = 0.05
"""Seconds, about three frames: Textual paints at most once in 1/60 s."""


def once_painted(pump: MessagePump, do: Callable[[], None]) -> None:
    """Do something when the first frame is on the screen.

    `call_after_refresh` alone comes too soon: the first frame is computed in a batch and thrown
    away, and only the next one is written to the terminal.
    """
    pump.call_after_refresh(pump.set_timer, _FRAMES, do)
