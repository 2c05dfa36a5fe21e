"""The user's own sounds in place of the built-in ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrotimer.audio.players.base import Player, PlayerWrapper
from retrotimer.audio.schedule import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class OwnSoundsPlayer(PlayerWrapper):
    """Plays the user's own file where a track asks for a cue that has one.

    `files` maps cue ids to them. If a file cannot be played, the built-in cue is.
    """

    def __init__(self, player: Player, files: Mapping[str, str]) -> None:
        super().__init__(player)
        self._files = files

    def play(self, track: Sequence[Entry]) -> None:
        """Replace the whole track."""
        super().play([self._entry(entry) for entry in track])

    def _entry(self, entry: Entry) -> Entry:
        own = None if entry.words else self._files.get(entry.sound)
        return Entry(entry.due, own, entry.sound) if own else entry
