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
    """The key that gives it, its words, and what it stands for; `danger`: something is lost."""

    key: str
    words: str
    value: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question. The first answer is the one that a screen has chosen when it opens."""

    title: str
    lines: tuple[str, ...]
    answers: tuple[Answer, ...]

    @property
    def asks_again(self) -> bool:
        """Whether what is lost by an answer is asked about once more."""
        return any(one.value != DISCARD and one.value != STAY for one in self.answers)

    def answer(self, key: str) -> Answer | None:
        """The answer that a key gives; in capital letters it is the same."""
        wanted = meant(key, ())
        return next((one for one in self.answers if one.key == wanted), None)


def keyed(answers: Iterable[Answer], taken: Iterable[str]) -> tuple[Answer, ...]:
    """The answers, none with a key that is taken: then a letter of its words is its key.

    So no answer is given by a key that is still held, nor by one that means something else there.
    Esc is no other's key, and always stays.
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
