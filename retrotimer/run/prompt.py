"""A question as data: its text, its answers, and the key of each."""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass, replace

from retrotimer.config.keys import meant

SAVE, HURT, GO_ON, DISCARD, STAY = "save", "hurt", "go on", "discard", ""
"""What an answer stands for; STAY: nothing is done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The key that gives it, its words and its value."""

    key: str
    words: str
    value: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question. The first answer is selected when a screen opens it."""

    title: str
    lines: tuple[str, ...]
    answers: tuple[Answer, ...]

    @property
    def asks_again(self) -> bool:
        """Whether an answer that loses something is asked about again."""
        return any(one.value != DISCARD and one.value != STAY for one in self.answers)

    def answer(self, key: str) -> Answer | None:
        """The answer to a key; case does not matter."""
        wanted = meant(key, ())
        return next((one for one in self.answers if one.key == wanted), None)


def keyed(answers: Iterable[Answer], taken: Iterable[str]) -> tuple[Answer, ...]:
    """The answers, none with a key in `taken`: those get a letter of their words instead.

    So no answer is given by a key that is still held, or that means something else there. Esc is
    never reassigned, and always stays.
    """
    used = {key.lower() for key in taken}
    found: list[Answer] = []
    wanted = list(answers)
    for one in wanted:
        key = one.key
        if key != "escape" and key in used:
            kept = {other.key for other in wanted}
            letters = (*one.words.lower(), *string.ascii_lowercase, *string.digits)
            free = (c for c in letters if c.isalnum() and c not in used | kept)
            key = next(free, key)
        used.add(key)
        found.append(replace(one, key=key))
    return tuple(found)
