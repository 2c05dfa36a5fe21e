"""Reading the config: where it is, what it says, and everything that is wrong with it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import tomli

from retrotimer.config.builtin import BUILTIN_SETS
from retrotimer.config.mistakes import ConfigError, Mistake, Note, Spot, spot_at
from retrotimer.config.model import Config
from retrotimer.config.sections import (
    check_hooks,
    check_programs,
    read_belt,
    read_cues,
    read_display,
    read_keys,
    read_safety,
    read_units,
)
from retrotimer.config.steps import check_extent, check_names, read_sets
from retrotimer.config.table import Report, Table

FILE_NAME = "config.toml"
VARIABLE = "RETROTIMER_CONFIG"

_LONG_NUMBER = re.compile(r"[0-9_]{4000,}")


def default_path() -> Path:
    """Where the config is looked for when nobody says where."""
    import platformdirs

    return platformdirs.user_config_path("retrotimer", appauthor=False) / FILE_NAME


def find(explicit: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The config file to read: the one named, the one in the environment, or the default one.

    None when only the default one is left and is not there. A named one need not exist: `load`
    tells about that.
    """
    named = str(explicit) if explicit is not None else environ.get(VARIABLE)
    if named:
        path = Path(named)
        try:
            return path.expanduser()
        except RuntimeError:
            return path
    path = default_path()
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        pass  # it is there, or may be: `load` will say what is wrong with it
    return path


def load(path: Path | None) -> Config:
    """The config in a file; for None the defaults with the built-in sets.

    Raises ConfigError when the file cannot be read or has mistakes.
    """
    if path is None:
        return Config(sets=BUILTIN_SETS)
    try:
        return read_text(path.read_bytes().decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].count(b"\n")
        text = f"found bytes in line {before + 1} that are no UTF-8, expected a text file in UTF-8"
        raise _unreadable(path, text) from error
    except FileNotFoundError as error:
        raise _unreadable(path, "found no such file") from error
    except IsADirectoryError as error:
        raise _unreadable(path, "found a folder, expected a file") from error
    except (OSError, ValueError) as error:
        # Windows calls a folder a lack of permission; Path.is_dir may itself raise.
        if os.path.isdir(path):  # noqa: PTH112
            raise _unreadable(path, "found a folder, expected a file") from error
        reason = getattr(error, "strerror", None) or str(error)
        raise _unreadable(path, f"cannot be read: {reason}") from error


def read_text(text: str, path: Path | None) -> Config:
    """The config in a text; `path` names it in messages, its folder begins relative paths.

    Raises ConfigError with every mistake, or with a syntax error alone.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    file = str(path) if path else FILE_NAME
    try:
        content = tomli.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError([_syntax(error, text, file)]) from error
    report = Report()
    config = _read(Table(report, (), content), path, text)
    if report.problems:
        # Only a file with mistakes needs to know where things stand.
        from retrotimer.config.places import scan

        places = scan(text)
        found = [problem.located(places, file) for problem in report.problems]
        raise ConfigError(sorted(found, key=lambda one: (one.line, one.column)))
    return config


def _read(root: Table, path: Path | None, text: str) -> Config:
    report = root.report
    folder = path.absolute().parent if path else Path()
    units = read_units(root)
    belt = read_belt(root.table("treadmill"), units)
    safety = read_safety(root.table("safety"), units)
    exact = not report.problems  # else the countdowns are not yet known
    cues = read_cues(root.table("cues"), folder)
    display = read_display(root.table("display"))
    keys = read_keys(root.table("keys"))
    check_hooks(root.table("hooks"))
    tables = read_sets(root, units, folder)
    names = [one.name for _, one in tables if one.name] or [one.name for one in BUILTIN_SETS]
    check_programs(root, names)
    sets = check_names(report, tables, names)
    faulty = {problem.path[:2] for problem in report.problems}
    for table, one in tables:
        if table.path not in faulty:
            check_extent(report, table, one, belt, safety, exact=exact)
    if sets:
        report.given.add("set")
    root.close("the config")
    return Config(
        units=units,
        belt=belt,
        safety=safety,
        cues=cues,
        display=display,
        keys=keys,
        sets=tuple(sets) or BUILTIN_SETS,
        path=path,
        given=frozenset(report.given),
        source=text,
    )


def _unreadable(path: Path, text: str) -> ConfigError:
    return ConfigError([Mistake(Spot(str(path)), (), text)])


def _syntax(error: ValueError | RecursionError, text: str, file: str) -> Mistake:
    """The one mistake of a text that is no TOML."""
    from retrotimer.config.places import Span, scan

    if isinstance(error, RecursionError):
        return Mistake(Spot(file), (), "found lists or tables nested too deep, expected fewer")
    places = scan(text)
    if not isinstance(error, tomli.TOMLDecodeError):
        found = _LONG_NUMBER.search(text)
        span = Span(*found.span()) if found else Span(0, 0)
        return Mistake(spot_at(places, span, file), (), "found a number with too many digits")
    # The reader tells the end of a key given twice; the scan knows both of its places. It has read
    # past the error, so only what begins before that counts.
    for path, first, again in places.repeated:
        if again.start < error.pos:
            name = ".".join(str(part) for part in path)
            note = Note(spot_at(places, first, file), "first given here")
            told = f'found "{name}" a second time, expected every key once'
            return Mistake(spot_at(places, again, file), path, told, (note,))
    span = Span(min(error.pos, len(text)), min(error.pos, len(text)) + 1)
    message = error.msg[:1].lower() + error.msg[1:]
    notes = tuple(
        Note(spot_at(places, Span(start, start + 1), file), "this is still open")
        for start in places.unclosed[:1]
        if start < error.pos
    )
    return Mistake(spot_at(places, span, file), (), f"no valid TOML: {message}", notes)
