"""The keys of the workout screen that are about the sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrotimer.runner import Runner


class SoundKeys:
    """Louder, softer, mute and voice, for a screen with a runner, a note and a way to show it."""

    runner: Runner
    _note: str

    def _paint(self) -> None:
        raise NotImplementedError

    def action_volume_up(self) -> None:
        """Louder."""
        self._louder(1)

    def action_volume_down(self) -> None:
        """Softer."""
        self._louder(-1)

    def _louder(self, steps: int) -> None:
        self.runner.nudge_volume(steps)
        self._tell(f"volume {self.runner.volume} %")

    def action_mute(self) -> None:
        """Silence on or off."""
        self.runner.mute()
        self._paint()

    def action_voice(self) -> None:
        """The voice on or off."""
        self.runner.speak()
        self._tell("voice on" if self.runner.speaks else "voice off")

    def _tell(self, note: str) -> None:
        self._note = note
        self._paint()
