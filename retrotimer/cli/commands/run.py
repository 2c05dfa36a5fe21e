"""`retrotimer run`: a workout."""

from __future__ import annotations

import argparse

from retrotimer import assemble
from retrotimer.cli.commands.app import load_again
from retrotimer.cli.common import config_in_use, paths, plan_named
from retrotimer.cli.playable_sounds import playable_sounds
from retrotimer.cli.usage import UsageError
from retrotimer.core.safety import locked
from retrotimer.terminal.visible import complain
from retrotimer.text.format import speed


def run(args: argparse.Namespace) -> int:
    """Run it, on the screen or line by line."""
    config, places = config_in_use(args), paths(args)
    name = args.name or assemble.last_set(places)
    if name is None:
        raise UsageError("no set has been run yet: name the one to run")
    plan = plan_named(config, name)
    lock = locked(plan, lambda kmh: speed(kmh, config.units))
    if lock is not None:
        raise UsageError(f"{plan.name} is locked: {lock.text}")
    playable_sounds(config)
    if args.plain:
        for told in config.notes():
            complain(told, name="")
        return assemble.run_plain(plan, config, places, rate=args.rehearse)
    return assemble.open_app(
        config, places, first=plan, rate=args.rehearse, reload=lambda: load_again(args)
    )
