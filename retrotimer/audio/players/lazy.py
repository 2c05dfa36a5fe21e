"""A player created when it is first started, so that no first frame waits for its import."""

from __future__ import annotations

from collections.abc import Callable

from retrotimer.audio.players.base import Player, PlayerWrapper
from retrotimer.audio.players.silent import SilentPlayer


class LazyPlayer(PlayerWrapper):
    """A Player, created by `make` at its start; before that there is nothing to play or to end."""

    def __init__(self, make: Callable[[], Player]) -> None:
        super().__init__(SilentPlayer("not started"))
        self._make: Callable[[], Player] | None = make

    def start(self) -> None:
        """Create it, and start opening the device."""
        if self._make is not None:
            self.player, self._make = self._make(), None
        super().start()
