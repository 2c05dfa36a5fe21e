"""What several commands need: files, config, plans, and how a user's mistake ends them."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NoReturn

from retrotimer.cli.usage import UsageError
from retrotimer.config.location import find
from retrotimer.config.mistakes import ConfigError, render_all
from retrotimer.config.model import Config
from retrotimer.config.read import load
from retrotimer.core.plan import Plan
from retrotimer.core.units import Units
from retrotimer.host.paths import Paths
from retrotimer.terminal.exit_codes import USAGE
from retrotimer.terminal.visible import complain, visible_line


def paths(args: argparse.Namespace) -> Paths:
    """Where the files are, according to the command line and the environment."""
    return Paths.find(args.config, args.history)


def load_config(args: argparse.Namespace) -> Config:
    """The config in use; ConfigError with all its mistakes."""
    return load(find(args.config, os.environ))


def config_in_use(args: argparse.Namespace) -> Config:
    """The config in use; if it has mistakes, they are listed and the program ends."""
    try:
        return load_config(args)
    except ConfigError as error:
        end_with(error)


def units(args: argparse.Namespace) -> Units:
    """The units to show; mistakes in the config must not keep anybody from reading the history."""
    try:
        return load_config(args).units
    except ConfigError:
        complain("the config has mistakes (`retrotimer check` lists them); distances are in km")
        return Units.KMH


def end_with(error: ConfigError) -> NoReturn:
    """List the mistakes and end the program."""
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    for text in render_all(error, colour=colour):
        # Already safe to print, apart from the colours.
        sys.stderr.write(text + "\n")
    raise SystemExit(USAGE)


def plan_named(config: Config, name: str) -> Plan:
    """The plan of the set with this name, or of the only one whose name begins with it."""
    from retrotimer.config.value_rules import nearest

    wanted = name.casefold()
    exact = [one for one in config.sets if one.name.casefold() == wanted]
    found = exact or [one for one in config.sets if one.name.casefold().startswith(wanted)]
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise UsageError(f"'{visible_line(name)}' matches several sets: {names}")
    if not found:
        close = nearest(name, [one.name for one in config.sets])
        hint = f"; did you mean '{close}'?" if close else "; `retrotimer sets` lists them"
        raise UsageError(f"there is no set '{visible_line(name)}'{hint}")
    return config.plan(found[0])
