"""The user's own sounds, as commands check them."""

from __future__ import annotations

from retrotimer.cli.common import end_with
from retrotimer.config.mistakes import ConfigError
from retrotimer.config.model import Config
from retrotimer.run.own_sounds import OwnSounds, examine


def own_sounds(config: Config) -> OwnSounds:
    """The user's own sounds; those that cannot be played are mistakes in the config."""
    found = examine(config)
    if found.mistakes:
        end_with(ConfigError(found.mistakes))
    return found
