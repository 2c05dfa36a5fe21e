"""What the app remembers from one start to the next: the volume and the last set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from retrotimer.config.model import Config

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

    def learn(self, runner: Runner, config: Config) -> None:
        """Take in what a workout left: its volume; its set, unless rehearsed or never started."""
        before = dict(self._values)
        if runner.volume != self.volume(config):
            self._values["volume"] = runner.volume
        if not runner.rehearsal and (runner.started or runner.over):
            self._values["last_set"] = runner.plan.name
        if self._remember is not None and self._values != before:
            self._remember(dict(self._values))
