"""A TOML file as text and as tables, with every failure told as a mistake in that file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tomli

from retrotimer.config.mistakes import ConfigError, Mistake, Note, Spot, spot_at
from retrotimer.config.table import Report

_LONG_NUMBER = re.compile(r"[0-9_]{4000,}")


def text_of(path: Path) -> str:
    """The text of a file; ConfigError when it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
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


def plain(text: str) -> str:
    """The text as it is read: no byte order mark, one kind of line end."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def parsed(text: str, file: str) -> dict[str, Any]:
    """The tables of a text; ConfigError with the one mistake when it is no TOML."""
    text = plain(text)
    try:
        return tomli.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError([_syntax(error, text, file)]) from error


def raise_all(report: Report, text: str, file: str, others: Iterable[Mistake] = ()) -> None:
    """Raise ConfigError if anything was found wrong: each mistake with its place, then `others`."""
    found: list[Mistake] = []
    if report.problems:
        # Only a file with mistakes needs to know where things stand.
        from retrotimer.config.places import scan

        places = scan(plain(text))
        found = [problem.located(places, file) for problem in report.problems]
    found = [*sorted(found, key=lambda one: (one.line, one.column)), *others]
    if found:
        raise ConfigError(found)


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
