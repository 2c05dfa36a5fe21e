"""The command line. The module of a command is imported only when it is called."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from retrotimer import __version__
from retrotimer.cli.usage import UsageError
from retrotimer.terminal import streams
from retrotimer.terminal.exit_codes import USAGE
from retrotimer.terminal.visible import complain, visible, visible_line

MAX_RATE = 600
_SCREENS = ("app", "run")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    args = make_parser().parse_args(argv)
    if args.command in _SCREENS and not getattr(args, "plain", False):
        # Nothing an app loads is garbage; collection resumes after the first frame.
        gc.disable()
    try:
        command = import_module(f"retrotimer.cli.commands.{args.command}")
        code: int = command.run(args)
        sys.stdout.flush()
    except UsageError as error:
        complain(str(error))
        return USAGE
    except OSError as error:
        return streams.failed(error)
    return code


class _Parser(argparse.ArgumentParser):
    """Quotes what was typed with escape sequences made visible."""

    def error(self, message: str) -> NoReturn:
        super().error(visible(message))


def make_parser() -> argparse.ArgumentParser:
    """The parser; `command` is the module of the chosen command."""
    parser = _Parser(
        prog="retrotimer",
        description="An interval timer for running and walking backwards on a treadmill.",
    )
    parser.add_argument("--version", action="version", version=f"retrotimer {__version__}")
    _add_paths(parser, default=None)
    parser.set_defaults(command="app", rehearse=1)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, told: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=told, description=f"{told[:1].upper()}{told[1:]}.")
        _add_paths(sub, default=argparse.SUPPRESS)
        sub.set_defaults(command=name)
        return sub

    run = add("run", "run a set (default: the last one)")
    run.add_argument("name", nargs="?", help="the set, or any unambiguous start of its name")
    run.add_argument(
        "--plain", action="store_true", help="a line of text per event, no full screen"
    )
    run.add_argument(
        "--rehearse",
        type=_rate,
        default=1,
        metavar="N",
        help="play it N times as fast and save nothing",
    )
    watch = add("watch", "show the workout running in another terminal (read-only)")
    watch.add_argument("--plain", action="store_true", help="lines of text, no full screen")
    watch.add_argument(
        "--mirror", action="store_true", help="show backward blocks mirrored, for a wall mirror"
    )
    add("sets", "list the sets")
    show = add("show", "show the plan of a set, with totals and safety notes")
    show.add_argument("name", help="the set, or any unambiguous start of its name")
    check = add("check", "check a config file")
    check.add_argument("file", nargs="?", type=Path, help="the file (default: the one in use)")
    history = add("history", "list the newest workouts")
    history.add_argument("--last", type=_count, metavar="N", help="only the newest N (default 20)")
    history.add_argument("--json", action="store_true", help="as JSON (default: all workouts)")
    sounds = add("sounds", "play every cue with its name and meaning")
    sounds.add_argument("cue", nargs="*", help="names of the cues to play (default: all)")
    sounds.add_argument("--list", action="store_true", help="list them without playing")
    init = add("init", "write a first config (never overwrites one)")
    init.add_argument("place", nargs="?", type=Path, help="a folder or a .toml file")
    add("paths", "show where the files are")
    safety = add("safety", "who should not do this, how to begin, when to stop")
    safety.add_argument(
        "--sources", action="store_true", help="also list where each piece of advice comes from"
    )
    return parser


def _add_paths(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    parser.add_argument(
        "--config", type=Path, default=default, metavar="FILE", help="the config file to use"
    )
    parser.add_argument(
        "--history", type=Path, default=default, metavar="FILE", help="the history file to use"
    )


def _rate(text: str) -> int:
    return _between(text, 2, MAX_RATE)


def _count(text: str) -> int:
    return _between(text, 1, 1_000_000)


def _between(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise argparse.ArgumentTypeError(
            f"found '{visible_line(text)}', expected a whole number from {low} to {high}"
        )
    return int(text)
