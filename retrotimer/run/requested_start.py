"""A start that was asked for before it may happen."""

from __future__ import annotations

from retrotimer.run.key_repeat import RELEASE, KeyRepeat


class RequestedStart:
    """Waits until the workout may start; a second press takes it back.

    `presses` tells presses from repeats, and knows when keys were last looked for.
    """

    def __init__(self, presses: KeyRepeat) -> None:
        self._presses = presses
        self._asked = False
        self._at = 0
        self._early = False

    @property
    def waits(self) -> bool:
        """Whether a start was asked for and not taken back."""
        return self._asked

    @property
    def due(self) -> bool:
        """Whether it waits, and its key is no longer held."""
        return self._asked and self._presses.quiet(self._at, RELEASE)

    def press(self, key: str, now: int, *, early: bool) -> None:
        """A key that asks for the start, or takes it back, at `now` (ms).

        An `early` one may be the key that chose the set: held, it asks for nothing.
        """
        if self._presses.repeats(key, now):
            self._asked = self._asked and not self._early
        else:
            self._asked = not self._asked
            self._early = early
        self._at = now

    def cancel(self) -> None:
        """Nothing waits any longer: it has happened, or must not."""
        self._asked = False
