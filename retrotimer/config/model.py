"""The config as values: the content of `config.toml`, checked and in the program's own units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from retrotimer.config.keys import BINDING_IDS as BINDING_IDS
from retrotimer.config.keys import DEFAULT_KEYS as DEFAULT_KEYS
from retrotimer.core.cue_ids import CueId
from retrotimer.core.plan import CueRules, Plan, make_plan
from retrotimer.core.sets import Belt, IntervalSet, Safety
from retrotimer.core.units import Units
from retrotimer.terminal.visible import visible_line

if TYPE_CHECKING:
    from retrotimer.config.toml_positions import KeyPath


class Backend(StrEnum):
    """What plays the sounds."""

    AUTO = "auto"
    MINIAUDIO = "miniaudio"
    SIMPLEAUDIO = "simpleaudio"
    BELL = "bell"
    OFF = "off"


class VoicePack(NamedTuple):
    """A voice: where it is, its language's name, and the file of each word it has."""

    folder: Path
    language: str
    words: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class CueSettings:
    """Sounds, voice and flashes: `volume` (NS) percent, `count_last` (NS) seconds.

    `voice_pack` None: the built-in voice, `remind_every` in ms (None: off), `sounds`
    the user's own file for a cue. Paths are absolute unless the config had no file, and exist.
    """

    backend: Backend = Backend.AUTO
    volume: int = 80
    voice: bool = True
    voice_pack: VoicePack | None = None
    halfway: bool = True
    count_last: int = 3
    remind_every: int | None = None
    heartbeat: bool = False
    flash: bool = True
    sounds: Mapping[CueId, Path] = field(default_factory=dict)

    @property
    def rules(self) -> CueRules:
        """The part of the settings that a plan is made with."""
        return CueRules(self.halfway, self.count_last, self.heartbeat)


@dataclass(frozen=True, slots=True)
class DisplaySettings:
    """The display settings: a theme's name, and mirrored backward blocks for a wall mirror."""

    theme: str = "retro-amber"
    mirror: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything `config.toml` says, or its defaults.

    `units` is the unit to show; every speed here is km/h. `keys` has the key of every binding id.
    `path` is the file (None: there was none), `given` the dotted names of the settings in it,
    `unused` its tables without effect, with a message for each, `source` its text.
    """

    units: Units = Units.KMH
    belt: Belt = field(default_factory=Belt)
    safety: Safety = field(default_factory=Safety)
    cues: CueSettings = field(default_factory=CueSettings)
    display: DisplaySettings = field(default_factory=DisplaySettings)
    keys: Mapping[str, str] = field(default_factory=lambda: DEFAULT_KEYS)
    sets: tuple[IntervalSet, ...]
    path: Path | None = None
    given: frozenset[str] = frozenset()
    unused: tuple[tuple[str, str], ...] = ()
    source: str = field(default="", repr=False, compare=False)
    _numbers: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def file(self) -> str:
        """The name of its file, for messages."""
        return str(self.path or "config.toml")

    def gives(self, name: str) -> bool:
        """Whether the file itself sets `name`, as in "cues.volume"."""
        return name in self.given

    def plan(self, one: IntervalSet) -> Plan:
        """A set unrolled with the belt, safety and cues of this config."""
        return make_plan(one, self.belt, self.safety, self.cues.rules)

    def notes(self) -> list[str]:
        """Messages about tables of the file without effect, with their places."""
        return [f"{self._at((name,))}: note: {told}" for name, told in self.unused]

    def place_of(self, set_name: str, path: Sequence[int] = ()) -> str | None:
        """Where a set, or its step at `path`, is, as "file:line:column".

        `path` is that of a block. None for a built-in set or an unknown name.
        """
        if "set" not in self.given:
            return None
        if not self._numbers:
            self._numbers.update((one.name.casefold(), n) for n, one in enumerate(self.sets))
        number = self._numbers.get(set_name.casefold())
        if number is None:
            return None
        key: KeyPath = ("set", number)
        for index in path:
            key = (*key, "steps", index)
        return self._at(key)

    def _at(self, key: KeyPath) -> str:
        from retrotimer.config import toml_positions

        found = toml_positions.scan(self.source)
        start = found.find(key).value.start
        file = visible_line(self.file)
        return f"{file}:{found.line_of(start)}:{found.column_of(start)}"
