"""Checks the user's own sounds: can they be played, and are they too long?

Decoding takes time, so it never happens before a first frame: the command line does it when it
reports on the config or runs a set, the home screen once it is painted. The decoder is loaded only
if the user has sounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from retrotimer.config.mistakes import Mistake, quoted, spot_of
from retrotimer.config.model import Config
from retrotimer.config.toml_positions import KeyPath, scan
from retrotimer.core.cue_ids import CueId
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Repeat, Step


class OwnSoundNote(NamedTuple):
    """A note about a sound; `path` is that of the step it belongs to (as in `Block`)."""

    text: str
    path: tuple[int, ...] = ()


class OwnSounds(NamedTuple):
    """The result: each file's length in ms, and the mistakes of those that cannot be played."""

    lengths: Mapping[str, int]
    cues: Mapping[CueId, Path]
    mistakes: tuple[Mistake, ...] = ()

    def notes(self, plan: Plan) -> list[OwnSoundNote]:
        """Where in a plan a sound is longer than the time it has, each file and cue once."""
        from retrotimer.core.cue_gaps import rooms

        found = []
        for room in rooms(plan) if self.lengths else ():
            own = self.cues.get(room.cue)
            file = room.sound or (str(own) if own else "")
            length = self.lengths.get(file, 0)
            if length > room.ms:
                text = (
                    f"{Path(file).name} for {quoted(room.cue)} lasts {_seconds(length)}: "
                    f"{quoted(room.until)} cuts it off after {_seconds(room.ms)}"
                )
                found.append(OwnSoundNote(text, room.path if room.sound else ()))
        return found


def examine(config: Config) -> OwnSounds:
    """Decode every sound file that the config names, each once."""
    named = list(own_files(config))
    if not named:
        return OwnSounds({}, {})
    from retrotimer.audio.bank import SoundError, length_ms, load

    lengths: dict[str, int] = {}
    wrong: dict[str, str] = {}
    mistakes = []
    places = None
    for key, file in named:
        if file not in lengths and file not in wrong:
            try:
                lengths[file] = length_ms(load(Path(file)))
            except SoundError as error:
                wrong[file] = str(error).removeprefix(f"{file}: ")
        if file in wrong:
            places = places or scan(config.source)
            expected = f"expected a sound that can be played: {wrong[file]}"
            text = f"found {quoted(Path(file).name)}, {expected}"
            spot = spot_of(places, key, config.file, at_key=False)
            mistakes.append(Mistake(spot, key, text))
    mistakes.sort(key=lambda one: (one.line, one.column))
    return OwnSounds(lengths, config.cues.sounds, tuple(mistakes))


def own_files(config: Config) -> Iterator[tuple[KeyPath, str]]:
    """Each sound file in the config, with its place."""
    for cue, path in config.cues.sounds.items():
        yield ("cues", "sounds", cue.value), str(path)
    for index, one in enumerate(config.sets):
        yield from _of_steps(one.steps, ("set", index))


def _of_steps(steps: tuple[Step | Repeat, ...], path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    for index, step in enumerate(steps):
        here = (*path, "steps", index)
        if isinstance(step, Repeat):
            yield from _of_steps(step.steps, here)
        elif step.cue:
            yield (*here, "cue"), step.cue


def _seconds(ms: int) -> str:
    from retrotimer.audio.bank import LONGEST_SECONDS

    more = " or more" if ms >= LONGEST_SECONDS * 1000 else ""
    return f"{ms / 1000:.1f} s{more}"
