"""The available recorded words: the user's own, and the built-in ones for those missing."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from retrotimer.core.vocabulary import PAUSE, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


class Voice:
    """Words as files, examined when first needed; problems are in `note`.

    `builtin` finds the built-in words (it may raise SoundError), `own` are those of a pack called
    `name`.
    """

    def __init__(
        self,
        builtin: Callable[[], Mapping[str, Path]],
        own: Mapping[str, Path] | None = None,
        name: str = "",
    ) -> None:
        self._builtin = builtin
        self._own = own
        self._name = name
        self._note = ""

    @property
    def lengths(self) -> dict[str, int]:
        """How long each available word sounds, in ms."""
        return {word: length for word, (_, length) in self._found.items()}

    def files(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The files of a sentence; pauses are kept."""
        return tuple(word if word == PAUSE else str(self._found[word][0]) for word in words)

    @property
    def note(self) -> str:
        """What to say about it, once it has been used; empty if all is well."""
        return self._note

    @cached_property
    def _found(self) -> dict[str, tuple[Path, int]]:
        if self._own is None:
            return self._builtins()
        found = _measured(self._own)
        missing = [word for word in WORDS if word not in found]
        if missing:
            builtin = self._builtins()
            found |= {word: builtin[word] for word in missing if word in builtin}
            first, more = ", ".join(missing[:3]), len(missing) - 3
            some = first + (f" and {more} more" if more > 0 else "")
            self._note = f"voice {self._name} lacks {some}: these are in English"
        return found

    def _builtins(self) -> dict[str, tuple[Path, int]]:
        # No first frame waits for what only a voice needs.
        from retrotimer.audio.bank import SoundError

        try:
            found = _measured(self._builtin())
        except SoundError as error:
            self._note = f"no voice: {error}"
            return {}
        if len(found) < len(WORDS):
            self._note = "the built-in voice is incomplete: reinstall retrotimer"
        return found


def _measured(files: Mapping[str, Path]) -> dict[str, tuple[Path, int]]:
    from retrotimer.audio.bank import SoundError, measured_ms

    found = {}
    for word, path in files.items():
        try:
            found[word] = (path, measured_ms(path))
        except SoundError:
            continue  # as if it did not exist
    return found
