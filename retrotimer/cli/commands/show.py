"""`retrotimer show`: the plan of a set, with totals and safety notes."""

from __future__ import annotations

import argparse

from retrotimer.cli.common import config_in_use, plan_named
from retrotimer.cli.playable_sounds import playable_sounds
from retrotimer.config.keys import key_text
from retrotimer.terminal.exit_codes import DONE
from retrotimer.terminal.visible import say
from retrotimer.text.format import plan_lines


def run(args: argparse.Namespace) -> int:
    """Show the plan."""
    config = config_in_use(args)
    plan, sounds = plan_named(config, args.name), playable_sounds(config)
    about = next(one.about for one in config.sets if one.name == plan.name)
    for line in filter(None, (plan.name, about)):
        say(line)
    say("")
    for line in plan_lines(plan, config.units, key_text(config.keys["confirm"])):
        say(line)
    for note in sounds.notes(plan):
        say(f"note: {note.text}")
    return DONE
