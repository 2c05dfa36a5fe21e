"""Tells presses from auto-repeat.

A terminal does not tell them apart: Textual 8.2 uses kitty's keyboard protocol only to name keys
without ambiguity (flag 1), not to report repeats and releases (flag 2), and other terminals only
say that a key came. So the rhythm decides. A held key comes again after 200 to 700 ms (NS: systems
default to 250 to 660), then every 15 to 60 ms; fingers take more than 120 ms. A key that comes less
than `TAP` after itself is a repeat; one that comes after `FIRST` is a press. Between the two, the
first repeat looks like a second press, and the decision depends on what a mistake would do:

- Where it could move a workout on by surprise (resuming, confirming, answering) it is a repeat.
- Where it is mild (skip, back, a stumble, a screen that has just come up) the decision waits for
  `TAP`: if the key comes again it was a repeat, else a press. A key released between its first two
  repeats counts twice; nothing that a terminal sends could prevent that.
"""

from __future__ import annotations

from enum import StrEnum

RELEASE = 300
"""A key that comes again within this time is held, in ms (invariant 5)."""
FIRST = 700
"""How long a terminal may take to the first repeat, in ms (NS: systems default to 250 to 660)."""
TAP = 100
"""Fingers are slower than this, and the repeats of terminals faster, in ms (NS)."""
LOOK_AGAIN = 10
"""How long a frozen program needs afterwards to read the keys that came meanwhile, in ms (NS)."""
USUAL = 250
"""A program that has looked for keys within this time has missed none, in ms."""


class Rhythm(StrEnum):
    """What an arriving key is; UNSURE: `KeyRepeat.due` gives it later, if it was a press."""

    PRESS = "press"
    HELD = "held"
    UNSURE = "unsure"


class KeyRepeat:
    """Tells presses from auto-repeat, key by key; every instant is in ms."""

    def __init__(self) -> None:
        self._pressed: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._held: set[str] = set()
        self._unsure: tuple[str, int] | None = None
        self._seems_due = False
        self._certain: str | None = None
        self._looked: int | None = None
        self._missed = self._until = 0
        self._before: int | None = None

    def look(self, now: int) -> None:
        """Must be called whenever the program looks for keys.

        Repeats that come while it does not look are read together, after an apparent gap.
        """
        if missed := self._unlooked(now):
            self._missed, self._until = missed, now + USUAL
        self._before, self._looked = self._looked, now

    def quiet(self, since: int, length: int) -> bool:
        """Whether the previous look was at least `length` after `since`.

        The first look after a freeze does not count: keys that came meanwhile are read between it
        and the next.
        """
        return self._before is not None and self._before - since >= length

    def _unlooked(self, now: int) -> int:
        """How long nobody looked for keys."""
        return 0 if self._looked is None else max(0, now - self._looked - USUAL)

    def _gap_from(self, now: int) -> int:
        """The end of a gap between keys, less the time in which nobody looked for keys."""
        return now - (self._unlooked(now) or (self._missed if now < self._until else 0))

    def repeats(self, key: str, now: int, first: int = FIRST) -> bool:
        """Whether a key is only held, where a mistake would matter; ask once per key event."""
        at = self._gap_from(now)
        seen, self._seen[key] = self._seen.get(key), now
        pressed = self._pressed.setdefault(key, now)
        held = seen is not None and (at - seen < RELEASE or at - pressed < first)
        if not held:
            self._pressed[key] = now
        return held

    def rhythm(self, key: str, now: int) -> Rhythm:
        """What a key is, where a mistake would be mild; ask once per key event."""
        at = self._gap_from(now)
        seen, self._seen[key] = self._seen.get(key), now
        gap = FIRST + 1 if seen is None else at - seen
        if self._unsure is not None and self._unsure[0] != key:
            self._unsure = None
        if gap < TAP or (key in self._held and gap < RELEASE):
            self._held.add(key)
            self._unsure = None
            return Rhythm.HELD
        self._held.discard(key)
        if gap > FIRST:
            return Rhythm.PRESS
        # No repeat followed the one before.
        self._certain = None if self._unsure is None else key
        self._unsure, self._seems_due = (key, now), False
        return Rhythm.UNSURE

    @property
    def unsure_until(self) -> int | None:
        """When to call `due` next, None: not at all."""
        if self._unsure is None:
            return None
        return self._unsure[1] + TAP + (LOOK_AGAIN if self._seems_due else 0)

    def due(self, now: int) -> str | None:
        """The unsure key that turned out to be a press, given once.

        It is given at the second look: at the first, keys that came meanwhile may still be unread.
        """
        if self._certain is not None:
            key, self._certain = self._certain, None
            return key
        if self._unsure is None or now < (self.unsure_until or 0):
            return None
        if not self._seems_due:
            self._seems_due = True
            self._unsure = (self._unsure[0], now - TAP)
            return None
        (key, _), self._unsure = self._unsure, None
        return key


class LastKey:
    """Whether a key only repeats: a terminal repeats the key pressed last, and no other."""

    def __init__(self) -> None:
        self.pressed_at: int | None = None
        """When a key was last pressed, None: never."""
        self._key = ""
        self._seen = 0

    def goes_on(self, key: str, now: int) -> bool:
        """Whether it repeats the last one; ask once per key event."""
        again = (
            self.pressed_at is not None
            and key == self._key
            and (now - self._seen < RELEASE or now - self.pressed_at < FIRST)
        )
        self._seen = now
        if not again:
            self._key, self.pressed_at = key, now
        return again
