"""`retrotimer history`: the newest workouts, as a table or as JSON."""

from __future__ import annotations

import argparse
import sys

from retrotimer.cli.common import paths, units
from retrotimer.history.columns import table
from retrotimer.history.errors import HistoryError
from retrotimer.history.file import HistoryFile
from retrotimer.history.json_records import to_json
from retrotimer.history.record_scanner import Damaged
from retrotimer.terminal import streams
from retrotimer.terminal.exit_codes import DONE, FAILED
from retrotimer.terminal.visible import complain, say


def run(args: argparse.Namespace) -> int:
    """List workouts."""
    file = HistoryFile(paths(args).history)
    limit = args.last or (None if args.json else 20)
    try:
        found = list(file.newest(limit))
        for damaged in (one for one in found if isinstance(one, Damaged)):
            complain(f"{file.path}:{file.line_of(damaged)}: {damaged.reason}", name="")
    except HistoryError as error:
        complain(str(error))
        return FAILED
    records = [one for one in found if not isinstance(one, Damaged)]
    if args.json:
        say(to_json(records, ascii_only=not streams.takes_any_text(sys.stdout)))
    elif records:
        say(table(records, units=units(args)).rstrip())
    else:
        complain(f"no workouts yet in {file.path}", name="")
    return DONE
