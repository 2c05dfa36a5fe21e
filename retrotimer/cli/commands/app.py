"""`retrotimer` by itself: home."""

from __future__ import annotations

import argparse
import os

from retrotimer.assemble import open_app
from retrotimer.cli.common import config_in_use, paths
from retrotimer.config.mistakes import ConfigError
from retrotimer.config.model import Config
from retrotimer.config.read import find, load


def run(args: argparse.Namespace) -> int:
    """Open home."""
    return open_app(config_in_use(args), paths(args), reload=lambda: load_again(args))


def load_again(args: argparse.Namespace) -> Config:
    """The config as it is now; ConfigError with all its mistakes, those of its sounds too."""
    from retrotimer.run.own_sounds import examine

    config = load(find(args.config, os.environ))
    if mistakes := examine(config).mistakes:
        raise ConfigError(mistakes)
    return config
