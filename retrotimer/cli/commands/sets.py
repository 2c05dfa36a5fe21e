"""`retrotimer sets`: the sets, and where they come from."""

from __future__ import annotations

import argparse

from retrotimer.cli.common import config_in_use
from retrotimer.core.safety import locked
from retrotimer.terminal.cells import left, right, width
from retrotimer.terminal.exit_codes import DONE
from retrotimer.terminal.visible import say, visible_line
from retrotimer.text.format import length, speed


def run(args: argparse.Namespace) -> int:
    """List the sets."""
    config = config_in_use(args)
    wide = max(width(visible_line(one.name)) for one in config.sets)
    for one in config.sets:
        plan = config.plan(one)
        lock = locked(plan, lambda kmh: speed(kmh, config.units))
        about = f"LOCKED: {lock.text}" if lock else " ".join(one.about.split())
        name, takes = left(visible_line(one.name), wide), right(length(plan.total), 8)
        say(f"{name}  {takes}  {about}".rstrip())
    if "set" in config.given:
        say(f"(from {visible_line(str(config.path))}, in place of the built-in sets)")
    else:
        say("(the built-in sets; a [[set]] of your own in the config replaces them all)")
    return DONE
