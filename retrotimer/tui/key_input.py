"""What a key means in the full screen, before any screen is asked: Caps Lock, and held keys."""

from __future__ import annotations

import time
from typing import Any

from textual.app import App
from textual.events import Event, Key

from retrotimer.config.keys import meant
from retrotimer.run.key_repeat import LastKey
from retrotimer.tui.textual_private import bound_keys

_BIDDEN = 1_000
"""A screen that opens within this time after a key was opened by it, in ms."""
_MS = 1_000_000


class KeyInput:
    """Makes an app treat a capital letter as its small one, and know which keys are only held."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.last_key = LastKey()
        self.key_held = False
        """Whether the current key repeats the previous one."""

    def key_clock(self) -> int:
        """Now, in ms, on the clock by which keys are judged."""
        return time.monotonic_ns() // _MS

    async def on_event(self, event: Event) -> None:
        """Every key passes here first."""
        if isinstance(event, Key) and not event.is_forwarded:
            event = _small(self, event)
            self.key_held = self.last_key.goes_on(event.key, self.key_clock())
        await super().on_event(event)  # type: ignore[misc]


def held(app: App[Any]) -> bool:
    """Whether the current key is only held."""
    return isinstance(app, KeyInput) and app.key_held


def bidden(app: App[Any]) -> bool:
    """Whether what opens now was asked for by a key."""
    if not isinstance(app, KeyInput):
        return True
    pressed = app.last_key.pressed_at
    return pressed is not None and app.key_clock() - pressed < _BIDDEN


def _small(app: Any, event: Key) -> Key:
    """The small letter for a capital one, if that is neither text nor bound to anything."""
    key = meant(event.key, bound_keys(app.screen))
    focused = app.focused
    text = focused is not None and focused.check_consume_key(event.key, event.character)
    return event if key == event.key or text else Key(key, key)
