"""The player for a configured back end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrotimer.audio.players.bell import BellPlayer, RingingPlayer
from retrotimer.audio.players.fallback import FallbackPlayer
from retrotimer.audio.players.own_sounds import OwnSoundsPlayer
from retrotimer.audio.players.process import ProcessPlayer
from retrotimer.audio.players.silent import SilentPlayer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from retrotimer.audio.players.base import Player
    from retrotimer.audio.protocol import PlayerReport

DEFAULT = "miniaudio"


def create(
    backend: str,
    *,
    ring: Callable[[], None],
    volume: int = 80,
    sounds: Mapping[str, str | Path] | None = None,
    listen: Callable[[PlayerReport], None] | None = None,
) -> Player:
    """The player for a configured back end; ValueError for one that does not exist.

    `ring` rings the terminal's bell, `sounds` maps cue ids to files of the user's own, `listen`
    gets every report of a player process.
    """
    own = {cue: str(Path(path).expanduser()) for cue, path in (sounds or {}).items()}
    files = tuple(own.values())
    player: Player
    match backend:
        case "auto" | "miniaudio":
            player = ProcessPlayer(DEFAULT, volume=volume, files=files, listen=listen)
        case "simpleaudio":
            player = FallbackPlayer(
                ProcessPlayer(backend, volume=volume, files=files, listen=listen, restarted=False),
                ProcessPlayer(DEFAULT, volume=volume, files=files, listen=listen),
                f"using {DEFAULT} instead of {backend}",
            )
        case "bell":
            return BellPlayer(ring)
        case "off":
            return SilentPlayer()
        case _:
            raise ValueError(f"no such back end: {backend!r}")
    return RingingPlayer(OwnSoundsPlayer(player, own), ring)
