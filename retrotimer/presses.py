"""A key that is held: its repeats are no presses."""

from __future__ import annotations

RELEASE = 300
"""A key that comes again within so long is held, in ms (invariant 5)."""
FIRST = 700
"""So long a terminal may take to the first repeat, in ms (NS: systems come set to 250 to 660)."""


class Presses:
    """Tells presses from repeats, key by key."""

    def __init__(self) -> None:
        self._pressed: dict[str, int] = {}
        self._seen: dict[str, int] = {}

    def repeats(self, key: str, now: int, first: int = FIRST) -> bool:
        """Whether a key that comes at `now` (ms) is only held; to be asked once for each."""
        seen, self._seen[key] = self._seen.get(key), now
        pressed = self._pressed.setdefault(key, now)
        held = seen is not None and (now - seen < RELEASE or now - pressed < first)
        if not held:
            self._pressed[key] = now
        return held
