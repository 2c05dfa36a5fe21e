"""What the app remembers: volume, voice, theme, the last set, the day of the checklist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from retrotimer.config.model import Config

if TYPE_CHECKING:
    from retrotimer.core.plan import Plan
    from retrotimer.core.vocabulary import Talk


class Left(Protocol):
    """What is remembered of a workout, however it ended; a runner provides it."""

    @property
    def plan(self) -> Plan:
        """What was run."""

    @property
    def volume(self) -> int:
        """Percent."""

    @property
    def speaks(self) -> bool:
        """Whether the voice was on."""

    @property
    def rehearsal(self) -> bool:
        """Whether it was only a rehearsal."""

    @property
    def started(self) -> bool:
        """Whether it had started but not ended when it was left."""

    @property
    def over(self) -> bool:
        """Whether it had ended."""


class Remembered:
    """Remembered values; `remember` gets all of them whenever one has changed."""

    def __init__(
        self,
        values: Mapping[str, Any] | None = None,
        remember: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self._values = dict(values or {})
        self._remember = remember
        self._heard: tuple[int, int] | None = None

    @property
    def last_set(self) -> str | None:
        """The name of the last set run."""
        name = self._values.get("last_set")
        return name if isinstance(name, str) else None

    @property
    def checked(self) -> date | None:
        """The day on which the checklist was last completed."""
        day = self._values.get("checked")
        return day if isinstance(day, date) and not isinstance(day, datetime) else None

    def volume(self, config: Config) -> int:
        """The volume to begin with, percent; the config's value wins.

        Until the program ends, or the config changes, the volume heard in the sound check wins over
        it.
        """
        if self._heard is not None and self._heard[0] == config.cues.volume:
            return self._heard[1]
        volume = self._values.get("volume")
        if config.gives("cues.volume") or type(volume) is not int:
            return config.cues.volume
        return min(100, max(0, volume))

    def talk(self, config: Config) -> Talk:
        """How the voice begins; whether it speaks is remembered, but the config wins."""
        from retrotimer.core.vocabulary import Talk

        on = self._values.get("voice")
        if config.gives("cues.voice") or not isinstance(on, bool):
            on = config.cues.voice
        enter = "enter" in config.keys["confirm"].split(",")
        return Talk(on, config.units.from_kmh(1.0), config.cues.remind_every, enter)

    def theme(self, config: Config) -> str:
        """The name of the theme to use; the config's value wins."""
        name = self._values.get("theme")
        if config.gives("display.theme") or not isinstance(name, str):
            return config.display.theme
        return name

    def learn(self, runner: Left, config: Config) -> None:
        """Remember what a workout left: volume, voice; its set, unless rehearsed or not started."""
        learned: dict[str, Any] = {}
        if runner.speaks != self.talk(config).on:
            learned["voice"] = runner.speaks
        if runner.volume != self.volume(config):
            learned["volume"] = runner.volume
            if self._heard is not None:
                self._heard = (config.cues.volume, runner.volume)
        if not runner.rehearsal and (runner.started or runner.over):
            learned["last_set"] = runner.plan.name
        self.take(**learned)

    def check(self, day: date, volume: int, config: Config) -> None:
        """Remember a completed checklist: the day, and the volume that was heard."""
        learned: dict[str, Any] = {"checked": day}
        if volume != self.volume(config):
            learned["volume"] = volume
        self._heard = (config.cues.volume, volume)
        self.take(**learned)

    def take(self, **learned: Any) -> None:
        """Remember these values along with all others."""
        values = self._values | learned
        if values == self._values:
            return
        self._values = values
        if self._remember is not None:
            self._remember(dict(values))
