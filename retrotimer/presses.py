"""A key that is held: its repeats are no presses."""

from __future__ import annotations

RELEASE = 300
"""A key that comes again within so long is held, in ms (invariant 5)."""
FIRST = 700
"""So long a terminal may take to the first repeat, in ms (NS: systems come set to 250 to 660)."""
USUAL = 250
"""A program that has looked for keys within so long has missed none, in ms."""


class Presses:
    """Tells presses from repeats, key by key."""

    def __init__(self) -> None:
        self._pressed: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._looked: int | None = None
        self._missed = self._until = 0

    def look(self, now: int) -> None:
        """To be told whenever keys are looked for, at `now` (ms).

        While nobody looks repeats may come; they are read together, after a gap that was none.
        """
        if missed := self._unlooked(now):
            self._missed, self._until = missed, now + USUAL
        self._looked = now

    def _unlooked(self, now: int) -> int:
        """For how long (ms) nobody looked for keys that would have been looked for."""
        return 0 if self._looked is None else max(0, now - self._looked - USUAL)

    def repeats(self, key: str, now: int, first: int = FIRST) -> bool:
        """Whether a key that comes at `now` (ms) is only held; to be asked once for each."""
        seen, self._seen[key] = self._seen.get(key), now
        pressed = self._pressed.setdefault(key, now)
        at = now - (self._unlooked(now) or (self._missed if now < self._until else 0))
        held = seen is not None and (at - seen < RELEASE or at - pressed < first)
        if not held:
            self._pressed[key] = now
        return held
