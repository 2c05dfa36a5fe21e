"""`retrotimer check`: mistakes in a config, and safety notes about its sets."""

from __future__ import annotations

import argparse

from retrotimer.cli.common import config_in_use
from retrotimer.cli.playable_sounds import playable_sounds
from retrotimer.core.plural import counted
from retrotimer.core.safety import survey
from retrotimer.plain.keyboard import unsent
from retrotimer.terminal.exit_codes import DONE
from retrotimer.terminal.visible import say, visible_line
from retrotimer.text.format import IN_BRACKETS, brackets, speed


def run(args: argparse.Namespace) -> int:
    """Check a config."""
    args.config = args.file or args.config
    explain = False
    config = config_in_use(args)
    sounds = playable_sounds(config)
    where = visible_line(str(config.path or "no config file; using the built-in sets"))
    say(f"{where}: {counted(len(config.sets), 'set')}, no mistakes")
    for told in config.notes():
        say(told)
    for one in config.sets:
        plan = config.plan(one)
        for finding in survey(plan, lambda kmh: speed(kmh, config.units)):
            place = config.place_of(one.name, finding.path)
            label = f"{place}: {one.name}" if place else one.name
            level = "acknowledged" if finding.acknowledged else finding.level.value
            say(f"{label}: {level}: {finding.text} {brackets(finding)}")
            explain = True
        for note in sounds.notes(plan):
            place = config.place_of(one.name, note.path)
            label = f"{place}: {one.name}" if place else one.name
            say(f"{label}: note: {note.text}")
    for name, key in unsent(config.keys):
        say(f"{where}: [keys] {name}: note: {visible_line(key)} never reaches --plain")
    for line in ("", *IN_BRACKETS) if explain else ():
        say(line)
    return DONE
