"""What the app remembers from one start to the next: volume, voice and the last set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from retrotimer.config.model import Config
from retrotimer.core.words import Talk

if TYPE_CHECKING:
    from retrotimer.runner import Runner


class Memory:
    """Remembered values; `remember` is given all of them whenever one has changed."""

    def __init__(
        self,
        values: Mapping[str, Any] | None = None,
        remember: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self._values = dict(values or {})
        self._remember = remember

    @property
    def last_set(self) -> str | None:
        """The name of the set that was run last."""
        name = self._values.get("last_set")
        return name if isinstance(name, str) else None

    def volume(self, config: Config) -> int:
        """The volume to begin with, percent; one that the config gives wins."""
        volume = self._values.get("volume")
        if config.gives("cues.volume") or not isinstance(volume, int):
            return config.cues.volume
        return min(100, max(0, volume))

    def talk(self, config: Config) -> Talk:
        """How the voice begins; whether it speaks is remembered, but the config wins."""
        on = self._values.get("voice")
        if config.gives("cues.voice") or not isinstance(on, bool):
            on = config.cues.voice
        return Talk(on, config.units.from_kmh(1.0), config.cues.remind_every)

    def learn(self, runner: Runner, config: Config) -> None:
        """Take in what a workout left: volume, voice; its set, unless rehearsed or not started."""
        before = dict(self._values)
        if runner.speaks != self.talk(config).on:
            self._values["voice"] = runner.speaks
        if runner.volume != self.volume(config):
            self._values["volume"] = runner.volume
        if not runner.rehearsal and (runner.started or runner.over):
            self._values["last_set"] = runner.plan.name
        if self._remember is not None and self._values != before:
            self._remember(dict(self._values))
