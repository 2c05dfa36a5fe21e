"""`retrotimer init`: a first config."""

from __future__ import annotations

import argparse

from retrotimer.cli.common import paths
from retrotimer.config.write import InitError, init
from retrotimer.terminal.exit_codes import DONE, FAILED
from retrotimer.terminal.visible import complain, say, visible_line


def run(args: argparse.Namespace) -> int:
    """Write it, never over an existing one."""
    try:
        written = init(args.place or paths(args).config)
    except InitError as error:
        complain(str(error))
        return FAILED
    for path in written:
        say(f"written: {visible_line(str(path))}")
    return DONE
