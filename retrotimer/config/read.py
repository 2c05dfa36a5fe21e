"""Reads the config: where it is, what it says, and all its mistakes."""

from __future__ import annotations

from pathlib import Path

from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.config.model import Config
from retrotimer.config.section_readers import (
    NOT_YET,
    check_hooks,
    check_programs,
    read_belt,
    read_cues,
    read_display,
    read_keys,
    read_safety,
    read_units,
)
from retrotimer.config.set_reader import check_extent, check_names, read_sets
from retrotimer.config.table_reader import MistakeReport, TableReader
from retrotimer.config.toml_text import parsed, plain, raise_all, text_of
from retrotimer.host.paths import CONFIG_NAME


def load(path: Path | None) -> Config:
    """The config in a file; for None the defaults with the built-in sets.

    Raises ConfigError if the file cannot be read or has mistakes.
    """
    if path is None:
        return Config(sets=BUILTIN_SETS)
    return read_text(text_of(path), path)


def read_text(text: str, path: Path | None) -> Config:
    """The config in a text; `path` names it in messages, its folder begins relative paths.

    Raises ConfigError with every mistake, or with a syntax error alone.
    """
    text = plain(text)
    file = str(path) if path else CONFIG_NAME
    report = MistakeReport()
    config = _read(TableReader(report, (), parsed(text, file)), path, text)
    raise_all(report, text, file, report.elsewhere)
    return config


def _read(root: TableReader, path: Path | None, text: str) -> Config:
    report = root.report
    folder = path.absolute().parent if path else Path()
    units = read_units(root)
    belt = read_belt(root.table("treadmill"), units)
    safety = read_safety(root.table("safety"), units)
    exact = not report.problems  # otherwise the countdowns are not known yet
    cues = read_cues(root.table("cues"), folder)
    display = read_display(root.table("display"))
    keys = read_keys(root.table("keys"))
    check_hooks(root.table("hooks"))
    tables = read_sets(root, units, folder)
    names = [one.name for _, one in tables if one.name] or [one.name for one in BUILTIN_SETS]
    check_programs(root, names)
    sets = check_names(report, tables, names)
    for table, one in tables:
        if table.path not in report.faulty:
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
        unused=tuple((name, told) for name, told in NOT_YET.items() if root.content.get(name)),
        source=text,
    )
