"""`retrotimer watch`: the workout running in another terminal."""

from __future__ import annotations

import argparse
import sys

from retrotimer import assemble
from retrotimer.cli.common import config_in_use, paths
from retrotimer.cli.usage import UsageError
from retrotimer.config.keys import key_text
from retrotimer.plain.watch import WatchLines
from retrotimer.terminal.exit_codes import FAILED
from retrotimer.watch.reader import Watch


def run(args: argparse.Namespace) -> int:
    """Show it, as a screen or as lines."""
    config, places = config_in_use(args), paths(args)
    watch = Watch(places.session)
    if args.plain:
        confirm = key_text(config.keys["confirm"])
        return WatchLines(watch, config.units, confirm=confirm).run()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the screen needs a terminal, `retrotimer watch --plain` does not")

    from retrotimer.tui.watch_app import WatchApp  # the line mode does without Textual

    theme = assemble.theme(config, places)
    code = WatchApp(watch, config, theme=theme, mirror=args.mirror).run()
    return FAILED if code is None else code  # it crashed
