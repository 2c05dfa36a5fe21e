"""Keys act one after the other, each with the focus that the previous one left.

Textual gives every key it reads to the widget that has the focus at that moment, and bindings act
only when the key has come up through all parents. So keys that are read together (typed ahead,
held, or sent over a slow link) all go where the first one went: `7 tab 4` puts both digits into one
field, and a second Esc closes a screen that is already gone.

A key that opens or closes a screen may be held. Its repeats belong to the screen it was pressed on,
and are told from presses as everywhere (`run/key_repeat`): a key that may be either waits until it
is clear.
"""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import Any

from textual.app import App, ReturnType
from textual.events import Event, InputEvent, Key, Paste
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.timer import Timer

from retrotimer.run.key_repeat import LOOK_AGAIN, TAP, KeyRepeat, Rhythm
from retrotimer.tui.textual_private import ends

STUCK = 1.0
"""After this many seconds a key still being handled no longer delays the next one."""


class InOrder(App[ReturnType]):
    """An app that handles what is typed, pasted or clicked in order.

    The repeats of a held key stay with the screen it was pressed on: a screen that it opens or
    uncovers does not get them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ahead: deque[Event] = deque()
        self._acting: Event | None = None
        self._since = 0.0
        self._last_key = ""
        self._presses = KeyRepeat()
        self._pressed_on: Screen[Any] | None = None
        self._unsure: Key | None = None
        self._certain: Key | None = None
        self._waiting: Timer | None = None

    @property
    def at_rest(self) -> bool:
        """Whether everything typed so far was handled or dropped."""
        return not self._ahead and self._acting is None and self._unsure is None

    async def on_event(self, event: Event) -> None:
        """What was typed ahead waits; everything else is handled at once."""
        if not isinstance(event, InputEvent | Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self._ahead.append(event)
        if monotonic() - self._since > STUCK:
            self._acting = None
        await self._act()

    async def _act(self) -> None:
        """Handle the oldest event, and the next once everything that follows from it is done."""
        while self._ahead and self._acting is None:
            event = self._ahead.popleft()
            if ends(self) or not self.screen_stack:
                return  # the app is ending
            if not isinstance(event, Key | Paste):
                await super().on_event(event)
            elif not self._strays(event):
                self._acting, self._since = event, monotonic()
                target = self.focused or self.screen
                way = [node for node in target.ancestors_with_self if node is not self]
                await super().on_event(event)
                # Once for the event itself, once for the messages it caused.
                self._follow(event, [*way, self, *way, self])

    def _follow(self, event: Event, way: list[MessagePump]) -> None:
        """Pass through the queues behind an event; it is handled when this has reached the last."""
        if self._acting is not event:
            return
        while way:
            if way.pop(0).call_later(self._follow, event, way):
                return
        self._acting = None
        self.call_next(self._act)

    def _strays(self, event: Key | Paste) -> bool:
        """Whether it is, or may be, the repeat of a key that was pressed on another screen."""
        if event is self._certain:
            return False
        self._wait_for(None)
        rhythm = self._rhythm(event)
        if rhythm is Rhythm.PRESS:
            self._pressed_on = self.screen
        elsewhere = self._pressed_on is not self.screen
        if elsewhere and rhythm is Rhythm.UNSURE and isinstance(event, Key):
            self._wait_for(event)
        return elsewhere

    def _rhythm(self, event: Key | Paste) -> Rhythm:
        """What a key is. A terminal repeats the key pressed last, and no other."""
        key = event.key if isinstance(event, Key) else ""
        if key != self._last_key or not key:
            self._last_key, self._presses = key, KeyRepeat()
        return self._presses.rhythm(key, self.read_at(event))

    def read_at(self, event: Event) -> int:
        """When a key was read, in ms: presses are told from repeats by it."""
        return round(event.time * 1000)

    def _wait_for(self, event: Key | None) -> None:
        """Wait until it is clear whether this key is held; forget an earlier one still unclear."""
        if self._waiting is not None:
            self._waiting.stop()
        self._unsure, self._waiting = event, None
        if event is not None:
            self._waiting = self.set_timer(TAP / 1000, self._look_again)

    def _look_again(self) -> None:
        # Keys that came while the program was frozen may still be unread.
        self._waiting = self.set_timer(LOOK_AGAIN / 1000, self._take)

    async def _take(self) -> None:
        """The key did not come again: it was pressed on the screen that is there now."""
        event, self._waiting = self._unsure, None
        if event is not None:
            self._unsure, self._certain, self._pressed_on = None, event, self.screen
            self._ahead.appendleft(event)
            await self._act()
