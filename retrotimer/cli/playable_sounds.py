"""The user's own sounds, checked before a command goes on."""

from __future__ import annotations

from retrotimer.cli.common import end_with
from retrotimer.config.mistakes import ConfigError
from retrotimer.config.model import Config
from retrotimer.run.own_sound_check import OwnSounds, examine


def playable_sounds(config: Config) -> OwnSounds:
    """The user's own sounds; if one cannot be played, end as with any mistake in the config."""
    found = examine(config)
    if found.mistakes:
        end_with(ConfigError(found.mistakes))
    return found
