"""The command line. The module of a command is imported only when it is called."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
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
    words = sys.argv[1:] if argv is None else argv
    args = make_parser(words).parse_args(words)
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


def make_parser(words: Sequence[str] | None = None) -> argparse.ArgumentParser:
    """The parser; `command` is the module of the chosen command.

    To parse only these `words`, commands that are not among them get no arguments: adding those of
    all takes as long as reading the config.
    """
    parser = _Parser(
        prog="retrotimer",
        description="An interval timer for running and walking backwards on a treadmill.",
    )
    parser.add_argument("--version", action="version", version=f"retrotimer {__version__}")
    _add_paths(parser, default=None)
    parser.set_defaults(command="app", rehearse=1)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, (told, add_arguments) in _COMMANDS.items():
        wanted = words is None or name in words
        about = f"{told[:1].upper()}{told[1:]}."
        sub = commands.add_parser(name, help=told, description=about, add_help=wanted)
        if wanted:
            _add_paths(sub, default=argparse.SUPPRESS)
            sub.set_defaults(command=name)
            add_arguments(sub)
    return parser


def _run(run: argparse.ArgumentParser) -> None:
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


def _watch(watch: argparse.ArgumentParser) -> None:
    watch.add_argument("--plain", action="store_true", help="lines of text, no full screen")
    watch.add_argument(
        "--mirror", action="store_true", help="show backward blocks mirrored, for a wall mirror"
    )


def _show(show: argparse.ArgumentParser) -> None:
    show.add_argument("name", help="the set, or any unambiguous start of its name")


def _check(check: argparse.ArgumentParser) -> None:
    check.add_argument("file", nargs="?", type=Path, help="the file (default: the one in use)")


def _history(history: argparse.ArgumentParser) -> None:
    history.add_argument("--last", type=_count, metavar="N", help="only the newest N (default 20)")
    history.add_argument("--json", action="store_true", help="as JSON (default: all workouts)")


def _sounds(sounds: argparse.ArgumentParser) -> None:
    sounds.add_argument("cue", nargs="*", help="names of the cues to play (default: all)")
    sounds.add_argument("--list", action="store_true", help="list them without playing")


def _init(init: argparse.ArgumentParser) -> None:
    init.add_argument("place", nargs="?", type=Path, help="a folder or a .toml file")


def _safety(safety: argparse.ArgumentParser) -> None:
    safety.add_argument(
        "--sources", action="store_true", help="also list where each piece of advice comes from"
    )


def _no_more(_command: argparse.ArgumentParser) -> None:
    """A command without arguments of its own."""


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "run": ("run a set (default: the last one)", _run),
    "watch": ("show the workout running in another terminal (read-only)", _watch),
    "sets": ("list the sets", _no_more),
    "show": ("show the plan of a set, with totals and safety notes", _show),
    "check": ("check a config file", _check),
    "history": ("list the newest workouts", _history),
    "sounds": ("play every cue with its name and meaning", _sounds),
    "init": ("write a first config (never overwrites one)", _init),
    "paths": ("show where the files are", _no_more),
    "safety": ("who should not do this, how to begin, when to stop", _safety),
}
"""What each command does, and what adds its arguments."""


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
