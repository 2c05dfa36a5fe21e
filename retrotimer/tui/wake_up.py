"""Calls back once after a while, in the event loop itself: for what happens several times a second.

A timer of Textual's is a task and a message, which take more work than a look that finds nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


class WakeUp:
    """Calls `do` on behalf of a screen or widget; what that raises ends the app, as anywhere."""

    def __init__(self, pump: MessagePump, do: Callable[[], None]) -> None:
        self._pump = pump
        self._do = do
        self._handle: asyncio.TimerHandle | None = None

    def after(self, seconds: float) -> None:
        """Call once, so many seconds from now; this replaces an earlier one."""
        self.stop()
        self._handle = asyncio.get_running_loop().call_later(seconds, self._call)

    def stop(self) -> None:
        """Do not call."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _call(self) -> None:
        self._handle = None
        if not self._pump.is_attached:
            return
        try:
            self._do()
        except Exception as error:
            self._pump.call_later(self._fail, error)

    def _fail(self, error: Exception) -> None:
        raise error
