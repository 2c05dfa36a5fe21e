"""The command line: what was asked for, and where it is done. Everything heavy is imported late."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from retrotimer import __version__
from retrotimer.terminal import streams
from retrotimer.terminal.visible import complain, say, visible, visible_line

if TYPE_CHECKING:
    from retrotimer.config.model import Config, Units
    from retrotimer.core.plan import Plan
    from retrotimer.host.paths import Paths
    from retrotimer.run.own_sounds import OwnSounds

DONE, FAILED, USAGE = 0, 1, 2
MAX_RATE = 600
WIDTH = 79
"""Columns of a text to read."""


class UsageError(Exception):
    """Something the user can put right; the text says what."""


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line asks; the exit code."""
    args = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = args.do
    try:
        code = command(args)
        sys.stdout.flush()
    except UsageError as error:
        complain(str(error))
        return USAGE
    except OSError as error:
        return streams.failed(error)
    return code


class _Parser(argparse.ArgumentParser):
    """Says what was typed without obeying it."""

    def error(self, message: str) -> NoReturn:
        super().error(visible(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="retrotimer",
        description="An interval timer for running and walking backwards on a treadmill.",
    )
    parser.add_argument("--version", action="version", version=f"retrotimer {__version__}")
    _add_paths(parser, default=None)
    parser.set_defaults(do=_app, rehearse=1)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(
        name: str, do: Callable[[argparse.Namespace], int], told: str
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=told, description=f"{told[:1].upper()}{told[1:]}.")
        _add_paths(sub, default=argparse.SUPPRESS)
        sub.set_defaults(do=do)
        return sub

    run = add("run", _run, "run a set (without a name, the last one again)")
    run.add_argument("name", nargs="?", help="the set, or any unambiguous start of its name")
    run.add_argument("--plain", action="store_true", help="a line for every event, no full screen")
    run.add_argument(
        "--rehearse",
        type=_rate,
        default=1,
        metavar="N",
        help="play it N times as fast, without saving",
    )
    watch = add("watch", _watch, "show the workout that another terminal runs, and nothing more")
    watch.add_argument("--plain", action="store_true", help="as lines, no full screen")
    watch.add_argument(
        "--mirror", action="store_true", help="mirror backward blocks, for a wall mirror"
    )
    add("sets", _sets, "list the sets")
    show = add("show", _show, "show the plan of a set, with totals and safety notes")
    show.add_argument("name", help="the set, or any unambiguous start of its name")
    check = add("check", _check, "check a config file")
    check.add_argument("file", nargs="?", type=Path, help="the file (default: the one in use)")
    history = add("history", _history, "list the newest workouts")
    history.add_argument("--last", type=_count, metavar="N", help="only the newest N (default 20)")
    history.add_argument("--json", action="store_true", help="as JSON, all of them by default")
    sounds = add("sounds", _sounds, "play every cue with its name and meaning")
    sounds.add_argument("cue", nargs="*", help="only these, by their names")
    sounds.add_argument("--list", action="store_true", help="do not play them")
    init = add("init", _init, "write a first config, never over an existing one")
    init.add_argument("place", nargs="?", type=Path, help="a folder or a .toml file")
    add("paths", _paths, "say where the files are")
    safety = add("safety", _safety, "who should not do this, how to begin, when to stop")
    safety.add_argument(
        "--sources", action="store_true", help="where each piece of advice comes from"
    )
    return parser


def _add_paths(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    parser.add_argument("--config", type=Path, default=default, metavar="FILE", help="the config")
    parser.add_argument("--history", type=Path, default=default, metavar="FILE", help="the log")


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


# What several commands need -----------------------------------------------------------------------


def _places(args: argparse.Namespace) -> Paths:
    from retrotimer.host.paths import Paths

    return Paths.find(args.config, args.history)


def _config(args: argparse.Namespace) -> Config:
    """The config in use; a broken one is told in full and ends the program."""
    from retrotimer.config.mistakes import ConfigError
    from retrotimer.config.read import find, load

    try:
        return load(find(args.config, os.environ))
    except ConfigError as error:
        _tell(error)


def _units(args: argparse.Namespace) -> Units:
    """The units to show; a config with mistakes keeps nobody from reading the history."""
    from retrotimer.config.mistakes import ConfigError
    from retrotimer.config.model import Units
    from retrotimer.config.read import find, load

    try:
        return load(find(args.config, os.environ)).units
    except ConfigError:
        complain("the config has mistakes (`retrotimer check` lists them): distances are in km")
        return Units.KMH


def _own_sounds(config: Config) -> OwnSounds:
    """The user's own sounds; those that cannot be played are mistakes of the config."""
    from retrotimer.config.mistakes import ConfigError
    from retrotimer.run.own_sounds import examine

    found = examine(config)
    if found.mistakes:
        _tell(ConfigError(found.mistakes))
    return found


def _tell(error: Exception) -> NoReturn:
    from retrotimer.config.mistakes import ConfigError, render_all

    assert isinstance(error, ConfigError)  # noqa: S101
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    for told in render_all(error, colour=colour):
        # Visible already, but for the colours.
        sys.stderr.write(told + "\n")
    raise SystemExit(USAGE)


def _plan(config: Config, name: str) -> Plan:
    """The plan of the set with this name, or that alone begins so."""
    from retrotimer.config.value_rules import nearest
    from retrotimer.core.plan import make_plan

    wanted = name.casefold()
    exact = [one for one in config.sets if one.name.casefold() == wanted]
    found = exact or [one for one in config.sets if one.name.casefold().startswith(wanted)]
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise UsageError(f"'{visible_line(name)}' is the start of several sets: {names}")
    if not found:
        close = nearest(name, [one.name for one in config.sets])
        hint = f"; did you mean '{close}'?" if close else "; `retrotimer sets` lists them"
        raise UsageError(f"there is no set '{visible_line(name)}'{hint}")
    return make_plan(found[0], config.belt, config.safety, config.cues.rules)


# Commands -----------------------------------------------------------------------------------------


def _app(args: argparse.Namespace) -> int:
    _load_quickly()
    from retrotimer.assemble import open_app

    return open_app(_config(args), _places(args), reload=lambda: _load_again(args))


def _load_quickly() -> None:
    """Nothing of what an app loads is garbage; it collects again after its first frame."""
    gc.disable()


def _load_again(args: argparse.Namespace) -> Config:
    from retrotimer.config.mistakes import ConfigError
    from retrotimer.config.read import find, load
    from retrotimer.run.own_sounds import examine

    config = load(find(args.config, os.environ))
    if mistakes := examine(config).mistakes:
        raise ConfigError(mistakes)
    return config


def _run(args: argparse.Namespace) -> int:
    if not args.plain:
        _load_quickly()
    from retrotimer import assemble
    from retrotimer.core.safety import locked
    from retrotimer.text.format import speed

    config, places = _config(args), _places(args)
    name = args.name or assemble.last_set(places)
    if name is None:
        raise UsageError("no set has been run yet, so there is none to run again: name one")
    plan = _plan(config, name)
    lock = locked(plan, lambda kmh: speed(kmh, config.units))
    if lock is not None:
        raise UsageError(f"{plan.name} is locked: {lock.text}")
    _own_sounds(config)
    if args.plain:
        for told in config.notes():
            complain(told, name="")
        return assemble.run_plain(plan, config, places, rate=args.rehearse)
    return assemble.open_app(
        config, places, first=plan, rate=args.rehearse, reload=lambda: _load_again(args)
    )


def _watch(args: argparse.Namespace) -> int:
    from retrotimer import assemble
    from retrotimer.watch.reader import Watch

    config, places = _config(args), _places(args)
    watch = Watch(places.session)
    if args.plain:
        from retrotimer.config.keys import key_text
        from retrotimer.plain.watch import WatchLines

        confirm = key_text(config.keys["confirm"])
        return WatchLines(watch, config.units, confirm=confirm).run()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the screen needs a terminal; `retrotimer watch --plain` needs none")
    from retrotimer.tui.watch_app import WatchApp

    theme = assemble.theme(config, places)
    code = WatchApp(watch, config, theme=theme, mirror=args.mirror).run()
    return FAILED if code is None else code  # it crashed


def _sets(args: argparse.Namespace) -> int:
    from retrotimer.core.plan import make_plan
    from retrotimer.core.safety import locked
    from retrotimer.text.format import length, speed

    config = _config(args)
    wide = max(len(visible_line(one.name)) for one in config.sets)
    for one in config.sets:
        plan = make_plan(one, config.belt, config.safety, config.cues.rules)
        lock = locked(plan, lambda kmh: speed(kmh, config.units))
        about = f"LOCKED: {lock.text}" if lock else " ".join(one.about.split())
        say(f"{visible_line(one.name):{wide}}  {length(plan.total):>8}  {about}".rstrip())
    if "set" in config.given:
        say(f"(from {visible_line(str(config.path))}, in place of the built-in sets)")
    else:
        say("(the built-in sets; a [[set]] of your own in the config replaces them all)")
    return DONE


def _show(args: argparse.Namespace) -> int:
    from retrotimer.config.keys import key_text
    from retrotimer.text.format import plan_lines

    config = _config(args)
    plan, sounds = _plan(config, args.name), _own_sounds(config)
    about = next(one.about for one in config.sets if one.name == plan.name)
    for line in filter(None, (plan.name, about)):
        say(line)
    say("")
    for line in plan_lines(plan, config.units, key_text(config.keys["confirm"])):
        say(line)
    for note in sounds.notes(plan):
        say(f"note: {note.text}")
    return DONE


def _check(args: argparse.Namespace) -> int:
    from retrotimer.core.plan import make_plan
    from retrotimer.core.plural import counted
    from retrotimer.core.safety import survey
    from retrotimer.plain.keyboard import unsent
    from retrotimer.text.format import IN_BRACKETS, brackets, speed

    args.config = args.file or args.config
    explain = False
    config = _config(args)
    sounds = _own_sounds(config)
    where = visible_line(str(config.path or "no config file; the built-in sets"))
    say(f"{where}: {counted(len(config.sets), 'set')}, no mistakes")
    for told in config.notes():
        say(told)
    for one in config.sets:
        plan = make_plan(one, config.belt, config.safety, config.cues.rules)
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


def _history(args: argparse.Namespace) -> int:
    from retrotimer.history.errors import HistoryError
    from retrotimer.history.file import HistoryFile
    from retrotimer.history.listing import table, to_json
    from retrotimer.history.record_scanner import Damaged

    file = HistoryFile(_places(args).history)
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
        say(table(records, units=_units(args)).rstrip())
    else:
        complain(f"no workouts yet in {file.path}", name="")
    return DONE


def _sounds(args: argparse.Namespace) -> int:
    from retrotimer.assemble import check_sounds
    from retrotimer.config.value_rules import nearest
    from retrotimer.core.cue_ids import CueId

    wanted = [name.casefold() for name in args.cue]
    for name in wanted:
        if name not in set(CueId):
            close = nearest(name, [cue.value for cue in CueId])
            hint = f"did you mean {close!r}?" if close else "`retrotimer sounds --list` names them"
            raise UsageError(f"there is no cue '{visible_line(name)}'; {hint}")
    cues = [CueId(name) for name in wanted] or list(CueId)
    config = _config(args)
    _own_sounds(config)
    return check_sounds(cues, config, _places(args), silent=args.list)


def _init(args: argparse.Namespace) -> int:
    from retrotimer.config.write import InitError, init

    try:
        written = init(args.place or _places(args).config)
    except InitError as error:
        complain(str(error))
        return FAILED
    for path in written:
        say(f"written: {visible_line(str(path))}")
    return DONE


def _paths(args: argparse.Namespace) -> int:
    places = _places(args)
    for name in ("config", "history", "session", "state"):
        path = getattr(places, name)
        say(f"{name + ':':9}{visible_line(str(path))}{_missing(path)}")
    return DONE


def _missing(path: Path) -> str:
    """A remark where there is no such file, or none that can be reached."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "  (not there yet)"
    except OSError as error:
        return f"  (out of reach: {error.strerror})"
    return ""


def _safety(args: argparse.Namespace) -> int:
    from retrotimer.text.advice import plain

    for line in plain(WIDTH, sources=args.sources):
        say(line)
    return DONE
