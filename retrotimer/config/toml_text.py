"""A TOML file as text and as tables, with every failure reported as a mistake in that file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tomli

from retrotimer.config.limits import MOST_BYTES, Beyond, beyond, long_number
from retrotimer.config.mistakes import ConfigError, Mistake, OtherPlace, Spot, quoted, spot_at
from retrotimer.config.table_reader import MistakeReport
from retrotimer.files.regular import read_regular

_LONGEST = 200
"""Characters of a key, or of what the TOML reader says about one."""


def text_of(path: Path) -> str:
    """The text of a file; ConfigError if it cannot be read."""
    try:
        data = read_regular(path, MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise _unreadable(path, "no such file") from error
    except IsADirectoryError as error:
        raise _unreadable(path, "found a folder, expected a file") from error
    except (OSError, ValueError) as error:
        # Windows reports a folder as missing permission; Path.is_dir may itself raise.
        if os.path.isdir(path):  # noqa: PTH112
            raise _unreadable(path, "found a folder, expected a file") from error
        reason = getattr(error, "strerror", None) or str(error)
        raise _unreadable(path, f"cannot be read: {reason}") from error
    if len(data) > MOST_BYTES:
        raise _unreadable(path, f"found more than {MOST_BYTES} bytes, expected a smaller file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([_undecodable(error, str(path))]) from error


def plain(text: str) -> str:
    """The text as it is read: without byte order mark, with one kind of line end."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def parsed(text: str, file: str) -> dict[str, Any]:
    """The tables of a text; ConfigError with the one mistake if it is not TOML."""
    text = plain(text)
    too_much = beyond(text)
    # What comes before a limit may be invalid TOML; then that is the mistake.
    read = text if too_much is None else text[: too_much.start]
    try:
        found = tomli.loads(read)
    except ValueError as error:
        if too_much is None or getattr(error, "pos", 0) < too_much.start:
            raise ConfigError([_syntax(error, text, file)]) from error
    if too_much is not None:
        raise ConfigError([_beyond(too_much, text, file)])
    return found


def raise_all(report: MistakeReport, text: str, file: str, others: Iterable[Mistake] = ()) -> None:
    """Raise ConfigError if anything was found wrong: each mistake with its place, then `others`."""
    found: list[Mistake] = []
    if report.problems:
        # Only a file with mistakes needs to know where things are.
        from retrotimer.config.toml_positions import scan

        places = scan(plain(text))
        found = [problem.located(places, file) for problem in report.problems]
    found = [*sorted(found, key=lambda one: (one.line, one.column)), *others]
    if found:
        raise ConfigError(found, report.more)


def _unreadable(path: Path, text: str) -> ConfigError:
    return ConfigError([Mistake(Spot(str(path)), (), text)])


def _undecodable(error: UnicodeDecodeError, file: str) -> Mistake:
    """The one mistake of bytes that are not text, which are shown as escapes."""
    data, start = error.object, error.start
    before = data[:start].decode()
    line_start = data.rfind(b"\n", 0, start) + 1
    line_end = data.find(b"\n", start)
    line = data[line_start:] if line_end < 0 else data[line_start:line_end]
    wrong = data[start : error.end].decode("utf-8", "backslashreplace")
    spot = Spot(
        file,
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
        source=line.decode("utf-8", "backslashreplace").removesuffix("\r"),
        width=len(wrong),
    )
    return Mistake(spot, (), "found bytes that are not UTF-8, expected a text file in UTF-8")


def _beyond(found: Beyond, text: str, file: str) -> Mistake:
    """The one mistake of a text that exceeds a limit; its keys need not be known."""
    start = text.rfind("\n", 0, found.start) + 1
    end = text.find("\n", found.start)
    line = text[start:] if end < 0 else text[start:end]
    number, column = text.count("\n", 0, found.start) + 1, found.start - start + 1
    width = min(found.end - found.start, len(line) - column + 1)
    return Mistake(Spot(file, number, column, line, max(1, width)), (), found.text)


def _syntax(error: ValueError, text: str, file: str) -> Mistake:
    """The one mistake of a text that is not TOML."""
    from retrotimer.config.toml_positions import Span, scan

    places = scan(text)
    if not isinstance(error, tomli.TOMLDecodeError):
        span = Span(*(long_number(text, sys.get_int_max_str_digits()) or (0, 0)))
        return Mistake(spot_at(places, span, file), (), "found a number with too many digits")
    # The reader reports the end of a key given twice; the scan knows both places. It has read past
    # the error, so only what begins before that counts.
    for path, first, again in places.repeated:
        if again.start < error.pos:
            name = ".".join(str(part) for part in path)
            note = OtherPlace(spot_at(places, first, file), "first given here")
            told = f"found {quoted(name, _LONGEST)} a second time, expected every key once"
            return Mistake(spot_at(places, again, file), path, told, (note,))
    span = Span(min(error.pos, len(text)), min(error.pos, len(text)) + 1)
    message = error.msg[:1].lower() + error.msg[1:_LONGEST]
    notes = tuple(
        OtherPlace(spot_at(places, Span(start, start + 1), file), "this is never closed")
        for start in places.unclosed[:1]
        if start < error.pos
    )
    return Mistake(spot_at(places, span, file), (), f"not valid TOML: {message}", notes)
