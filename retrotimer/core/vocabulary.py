"""The words of the voice, and how numbers, lengths, speeds and rounds are made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from retrotimer.core.sets import Kind

Words = tuple[str, ...]
"""Ids of words in the order in which they are spoken."""

PAUSE = ","
"""Separates the parts of a sentence; it needs no recording."""
PAUSE_MS = 120
"""Its length, in ms (NS)."""

OF_ENTER: Words = ("until-enter", "press-enter")
"""Words that name the confirm key; other keys have none."""
_UNITS = ("hour", "hours", "minute", "minutes", "second", "seconds", "percent")
_NUMBERS = tuple(str(number) for number in (*range(21), *range(30, 100, 10)))
_POINTS = tuple(f"point-{digit}" for digit in range(10))
_PHRASES = (
    *("forward", "backward", "rest", "round", "of", "last-one", "incline", "left", "then"),
    *("slow-to", "slow-the-belt", "set", "set-the-belt", "on-the-rails", "hold-the-rails"),
    *("turn-round", "turn-to-the-console", "stop-and-turn", "get-ready", "going-on", "halfway"),
    *OF_ENTER,
    *("paused", "still-moving", "finished", "stopped"),
)
WORDS: Words = (*_PHRASES, *_UNITS, *_NUMBERS, *_POINTS)
"""The ids of all words a voice must have."""
WHOLE_NUMBERS: Words = tuple(str(n) for n in range(21, 100) if n % 10)
"""Optional ids: a voice without "21" says "20" and "1"."""

DIRECTION = {Kind.FORWARD: "forward", Kind.BACKWARD: "backward", Kind.REST: "rest"}


class Talk(NamedTuple):
    """How to speak: whether at all, what 1 km/h is in the spoken unit, reminders in ms.

    `remind_every` None: no reminders of the time left. `enter`: the confirm key is Enter, the only
    one with words.
    """

    on: bool = True
    per_kmh: float = 1.0
    remind_every: int | None = None
    enter: bool = True


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The available words with their lengths in ms. What they cannot say comes out empty."""

    lengths: Mapping[str, int]
    per_kmh: float = 1.0

    def knows(self, words: Words) -> bool:
        """Whether all these words are available."""
        return all(word == PAUSE or word in self.lengths for word in words)

    def lasts(self, words: Words) -> int:
        """How long a sentence takes, in ms."""
        return sum(PAUSE_MS if word == PAUSE else self.lengths[word] for word in words)

    def joined(self, *parts: Words) -> Words:
        """Parts of a sentence with a pause between them; empty ones are dropped."""
        said: Words = ()
        for part in parts:
            if part:
                said = (*said, PAUSE, *part) if said else part
        return said

    def word(self, *words: str) -> Words:
        """Words as a part of a sentence."""
        return words if self.knows(words) else ()

    def number(self, number: int) -> Words:
        """A whole number from 0 to 99."""
        whole = self.word(str(number))
        if whole or not 20 < number < 100:
            return whole
        return self.word(str(number - number % 10), str(number % 10))

    def length(self, ms: int) -> Words:
        """A length of time: seconds rounded up as on the screen, and none from an hour on."""
        minutes, seconds = divmod(-(-ms // 1000), 60)
        hours, minutes = divmod(minutes, 60)
        parts = [(hours, "hour"), (minutes, "minute")]
        if not hours:
            parts.append((seconds, "second"))
        said: Words = ()
        for count, unit in parts:
            if count:
                part = self._counted(count, unit if count == 1 else f"{unit}s")
                if not part:
                    return ()
                said += part
        return said

    def speed(self, kmh: float | None) -> Words:
        """A speed with one decimal in the spoken unit, without the unit's name."""
        if kmh is None:
            return ()
        whole, tenth = divmod(round(kmh * self.per_kmh * 10), 10)
        return self._followed(self.number(whole), f"point-{tenth}")

    def incline(self, percent: float) -> Words:
        """An incline, with a decimal if it has one."""
        whole, tenth = divmod(round(percent * 10), 10)
        number = self.number(whole)
        if tenth:
            number = self._followed(number, f"point-{tenth}")
        before = self.word("incline")
        return before and self._followed((*before, *number) if number else (), "percent")

    def round(self, rounds: tuple[tuple[int, int], ...]) -> Words:
        """The innermost repeated round: "round 2 of 5", or "last one"."""
        real = [one for one in rounds if one[1] > 1]
        if not real:
            return ()
        number, count = real[-1]
        if number == count:
            return self.word("last-one")
        parts = (self.word("round"), self.number(number), self.word("of"), self.number(count))
        return tuple(word for part in parts for word in part) if all(parts) else ()

    def _counted(self, count: int, unit: str) -> Words:
        return self._followed(self.number(count), unit)

    def _followed(self, said: Words, word: str) -> Words:
        return (*said, word) if said and self.knows((word,)) else ()
