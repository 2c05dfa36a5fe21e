"""`retrotimer safety`: who should not do this, how to begin, when to stop."""

from __future__ import annotations

import argparse

from retrotimer.terminal.exit_codes import DONE
from retrotimer.terminal.visible import say
from retrotimer.text.advice import plain

WIDTH = 79
"""Columns of a readable line."""


def run(args: argparse.Namespace) -> int:
    """Print the advice."""
    for line in plain(WIDTH, sources=args.sources):
        say(line)
    return DONE
