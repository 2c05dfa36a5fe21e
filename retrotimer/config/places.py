"""Where each key of a TOML document stands: key path to spans of text.

No TOML reader keeps the places of what it read, so a document with something to report is scanned
again. The scan trusts the reader to have accepted the text; in text that was refused it goes as far
as it can, which is enough to find a key that was given twice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import tomli

KeyPath = tuple[str | int, ...]

_BASIC = r'"(?:\\.|[^"\\\n])*"'
_LITERAL = r"'[^'\n]*'"
_KEY = re.compile(rf"{_BASIC}|{_LITERAL}|[A-Za-z0-9_-]+")
_SCALAR = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:""?)?'
    r"|'''.*?'''(?:''?)?"
    rf"|{_BASIC}|{_LITERAL}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[^\s,\]}#]+"  # a date-time may hold one blank
    r"|[^\s,\]}#]+",
    re.DOTALL,
)
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")


class Span(NamedTuple):
    """A stretch of the text: offsets of its first character and of the one behind its last."""

    start: int
    end: int


class Place(NamedTuple):
    """Where a key path stands: its key (of an element: the element) and its value.

    The value of a table with a header is the header; of a table that is only a part of other keys
    it is the key.
    """

    key: Span
    value: Span


class Repeated(NamedTuple):
    """A key that was given twice."""

    path: KeyPath
    first: Span
    again: Span


@dataclass(frozen=True, slots=True)
class Places:
    """Every key path of a document with its place, and what the scan found amiss.

    `repeated` are the keys given twice, `unclosed` the offsets of brackets without an end, `starts`
    those of the lines.
    """

    text: str
    places: dict[KeyPath, Place]
    repeated: tuple[Repeated, ...]
    unclosed: tuple[int, ...]
    starts: tuple[int, ...]

    def find(self, path: KeyPath) -> Place:
        """The place of `path`, or of the nearest table round it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(Span(0, 0), Span(0, 0)))

    def line_of(self, offset: int) -> int:
        """The line of an offset, counted from 1."""
        return bisect_right(self.starts, offset)

    def column_of(self, offset: int) -> int:
        """The column of an offset in characters, counted from 1."""
        return offset - self.starts[self.line_of(offset) - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, without its end."""
        start = self.starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


@lru_cache(maxsize=2)
def scan(text: str) -> Places:
    """The places in a document whose lines end in a line feed."""
    scanner = _Scanner(text)
    with suppress(IndexError, _LostError):
        scanner.run()
    starts = (0, *(found.end() for found in re.finditer("\n", text)))
    unclosed = tuple(container.start for container in scanner.within)
    return Places(text, scanner.places, tuple(scanner.repeated), unclosed, starts)


class _LostError(Exception):
    """The text is no TOML."""


@dataclass(slots=True)
class _Open:
    """An array or inline table whose end has not been reached."""

    path: KeyPath
    key: Span | None
    start: int
    table: bool
    count: int = 0


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[KeyPath, Place] = {}
        self.repeated: list[Repeated] = []
        self.within: list[_Open] = []
        """The arrays and inline tables round the place in hand, outermost first."""
        self.given: set[KeyPath] = set()
        self.tables: dict[KeyPath, int] = {}
        """Arrays of tables, with how many headers each has had."""

    def run(self) -> None:
        header: KeyPath = ()
        while True:
            self._match(_BLANK)
            if self.at == len(self.text):
                return
            if self.text[self.at] == "[":
                header = self._header()
            else:
                self._value(*self._key(header))

    def _header(self) -> KeyPath:
        start = self.at
        array = self.text.startswith("[[", start)
        brackets = 2 if array else 1
        self.at += brackets
        path, key = self._keys(())
        self.at += brackets
        place = Place(key, Span(start, self.at))
        if not array:
            self._put(path, place)
            return path
        count = self.tables.get(path, 0)
        if not count:
            self._put(path, place)
        self.tables[path] = count + 1
        self._put((*path, count), place)
        return (*path, count)

    def _value(self, path: KeyPath, key: Span | None) -> None:
        """A value and all that is in it; a stack of our own, for any depth."""
        within = self.within
        while True:
            self._match(_BLANK)
            start = self.at
            if self.text[start] in "[{":
                self.at += 1
                within.append(_Open(path, key, start, table=self.text[start] == "{"))
            else:
                self._match(_SCALAR)
                span = Span(start, self.at)
                self._put(path, Place(key or span, span))
            while within:
                inner = within[-1]
                self._match(_BLANK)
                if self.text[self.at] == ",":
                    self.at += 1
                    self._match(_BLANK)
                if self.text[self.at] in "]}":
                    self.at += 1
                    span = Span(inner.start, self.at)
                    self._put(inner.path, Place(inner.key or span, span))
                    within.pop()
                    continue
                if inner.table:
                    path, key = self._key(inner.path)
                else:
                    path, key = (*inner.path, inner.count), None
                    inner.count += 1
                break
            else:
                return

    def _key(self, table: KeyPath) -> tuple[KeyPath, Span]:
        """The key in front of a value, with its sign of equality."""
        path, key = self._keys(table)
        if self.text[self.at] != "=":
            raise _LostError
        self.at += 1
        return path, key

    def _keys(self, path: KeyPath) -> tuple[KeyPath, Span]:
        """One key or several with dots between; tables on the way get their first place here."""
        while True:
            self._match(_BLANK)
            span = Span(self.at, self._match(_KEY))
            path = (*path, _name(self.text[span.start : span.end]))
            self._match(_BLANK)
            if self.text[self.at] != ".":
                return path, span
            self.at += 1
            self.places.setdefault(path, Place(span, span))
            if path in self.tables:
                path = (*path, self.tables[path] - 1)

    def _put(self, path: KeyPath, place: Place) -> None:
        if path in self.given:
            self.repeated.append(Repeated(path, self.places[path].key, place.key))
            return
        self.given.add(path)
        self.places[path] = place

    def _match(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise _LostError
        self.at = found.end()
        return self.at


def _name(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    if key[0] != '"':
        return key
    if "\\" not in key:
        return key[1:-1]
    try:
        name = tomli.loads(f"name = {key}")["name"]
    except tomli.TOMLDecodeError as error:
        raise _LostError from error
    return str(name)
