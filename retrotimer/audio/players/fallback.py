"""A back end of the user's choice, and miniaudio in its place once it has failed."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from retrotimer.audio.players.process import AutoPlayer
from retrotimer.audio.players.process_handle import player_command
from retrotimer.audio.protocol import Played, Track
from retrotimer.audio.status import SoundStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from retrotimer.audio.protocol import Command, Report

DEFAULT = "miniaudio"
_REMEMBERED = 64
"""So many sounds back it is known what was heard: more than ever begin in the quarter of a second
in which one that is late is still played."""


class FallbackPlayer(AutoPlayer):
    """The process player with another back end than the default; refused, dead or hanging, it is
    replaced by the default at once, and for good.

    A device that went away is no reason: any back end waits for it. `commands` start other players
    than ours, the chosen one and its replacement.
    """

    def __init__(
        self,
        backend: str,
        ring: Callable[[], None],
        *,
        volume: int = 80,
        sounds: Mapping[str, str | Path] | None = None,
        listen: Callable[[Report], None] | None = None,
        commands: tuple[Sequence[str], Sequence[str]] | None = None,
    ) -> None:
        chosen, self._instead = commands or (player_command(backend), player_command(DEFAULT))
        super().__init__(
            ring, backend=backend, volume=volume, sounds=sounds, listen=listen, command=chosen
        )
        self._heard: deque[tuple[int, str]] = deque(maxlen=_REMEMBERED)

    def _lose(self, reason: str, now: int) -> None:
        opening = self.status is SoundStatus.STARTING
        why = self._problem if self._refused else reason
        super()._lose(reason, now)
        if self.note:
            return
        self.note = f"{DEFAULT} plays instead of {self._backend}: {why}"
        self._backend, self._command = DEFAULT, self._instead
        self._refused = False
        if opening:
            # Nothing was to be heard yet, so nothing is lost.
            self.status = SoundStatus.STARTING
            self.detail = f"{DEFAULT}: starting"
        self._spawn()

    def _take(self, report: Report) -> None:
        super()._take(report)
        if isinstance(report, Played):
            self._heard.append((report.due, report.sound))

    def _send(self, command: Command) -> None:
        if self.note and isinstance(command, Track):
            # What the first one has played must not be heard twice.
            cues = (cue for cue in command.cues if (cue.due, cue.sound) not in self._heard)
            command = Track(tuple(cues))
        super()._send(command)
