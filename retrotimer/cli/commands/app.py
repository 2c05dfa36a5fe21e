"""`retrotimer` without a command: the home screen."""

from __future__ import annotations

import argparse

from retrotimer.assemble import open_app
from retrotimer.cli.common import config_in_use, load_config, paths
from retrotimer.config.mistakes import ConfigError
from retrotimer.config.model import Config


def run(args: argparse.Namespace) -> int:
    """Open the home screen."""
    return open_app(config_in_use(args), paths(args), reload=lambda: load_again(args))


def load_again(args: argparse.Namespace) -> Config:
    """The current config; ConfigError with all its mistakes, including those of its sounds."""
    from retrotimer.run.own_sound_check import examine

    config = load_config(args)
    if mistakes := examine(config).mistakes:
        raise ConfigError(mistakes)
    return config
