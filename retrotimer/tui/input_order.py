"""Keys act one after the other, each where the one before it left the focus.

Textual gives every key that was read to the widget that has the focus at that moment, and its
bindings act only when the key has come up through all parents. Of keys that are read together
(typed ahead, held, or sent by a slow link) all then go where the first one went: `7 tab 4` puts
both digits into one field, and a second Esc closes a screen that is gone already.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import Any

from textual.app import App, ReturnType
from textual.events import Event, InputEvent, Key, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen

from retrotimer.tui.textual_private import ends

HELD = 0.1
"""A key that comes again within so many seconds is held (NS: keyboards repeat 11 to 40 times a
second, and a finger takes longer)."""
STUCK = 1.0
"""After so many seconds a key that is still being handled holds up no other one."""


class InOrder(App[ReturnType]):
    """An app that handles what is typed, pasted or clicked in order.

    The repeats of a held key stay with the screen that it was pressed on: what it opens or
    uncovers does not get them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ahead: deque[Event] = deque()
        self._acting: Event | None = None
        self._since = 0.0
        self._pressed: Key | None = None
        self._pressed_on: Screen[Any] | None = None

    async def on_event(self, event: Event) -> None:
        """What was typed ahead waits; all else is handled at once."""
        if not isinstance(event, InputEvent | Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self._ahead.append(event)
        if monotonic() - self._since > STUCK:
            self._acting = None
        await self._act()

    async def _act(self) -> None:
        """Handle what came first, and the next when all that follows from it is done."""
        while self._ahead and self._acting is None:
            event = self._ahead.popleft()
            if ends(self) or not self.screen_stack:
                return  # it ends
            if not isinstance(event, Key | Paste):
                await super().on_event(event)
            elif not self._strays(event):
                self._acting, self._since = event, monotonic()
                target = self.focused or self.screen
                way = [node for node in target.ancestors_with_self if node is not self]
                await super().on_event(event)
                # Once for the event itself, once for the messages that it set off.
                self._follow(event, [*way, self, *way, self])

    def _follow(self, event: Event, way: list[MessagePump]) -> None:
        """Go through the queues behind an event; it is handled when the last was come through."""
        if self._acting is not event:
            return
        while way:
            if way.pop(0).call_later(self._follow, event, way):
                return
        self._acting = None
        self.call_next(self._act)

    def _strays(self, event: Event) -> bool:
        """Whether it is the repeat of a key that was pressed on another screen."""
        last, self._pressed = self._pressed, event if isinstance(event, Key) else None
        held = (
            last is not None
            and self._pressed is not None
            and last.key == self._pressed.key
            and event.time - last.time < HELD
        )
        if not held:
            self._pressed_on = self.screen
        return self._pressed_on is not self.screen
