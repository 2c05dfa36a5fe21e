"""No sound at all, if the user wants none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrotimer.audio.status import SoundStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrotimer.audio.schedule import Entry


class SilentPlayer:
    """Sound switched off by the user, or not started; `detail` says which."""

    apart = False
    note = ""

    def __init__(self, detail: str = "off") -> None:
        self.status = SoundStatus.OFF
        self.detail = detail

    def alarmed(self) -> bool:
        """Never."""
        return False

    def start(self) -> None:
        """Do nothing."""

    def play(self, track: Sequence[Entry]) -> None:
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
