"""No sound at all, as the user wishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrotimer.audio.status import SoundStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrotimer.audio.players.process import Cue


class SilentPlayer:
    """Sound switched off by the user."""

    apart = False
    note = ""

    def __init__(self) -> None:
        self.status = SoundStatus.OFF
        self.detail = "off"

    def alarmed(self) -> bool:
        """Never."""
        return False

    def start(self) -> None:
        """Do nothing."""

    def play(self, track: Sequence[Cue]) -> None:
        """Do nothing."""

    def lease(self, until_ns: int | None) -> None:
        """Do nothing."""

    def set_volume(self, percent: int) -> None:
        """Do nothing."""

    def set_mute(self, on: bool) -> None:
        """Do nothing."""

    def poll(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
