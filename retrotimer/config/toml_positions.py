"""Where each key of a TOML document is: key paths mapped to spans of text.

No TOML reader keeps the places of what it reads, so a document with something to report is scanned
again. The scan trusts the reader to have accepted the text; in text that was refused it goes as far
as it can, which is enough to find a key that was given twice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import tomli

KeyPath = tuple[str | int, ...]

_BASIC = r'"(?:\\.|[^"\\\n])*"'
_LITERAL = r"'[^'\n]*'"
_SCALAR = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:""?)?'
    r"|'''.*?'''(?:''?)?"
    rf"|{_BASIC}|{_LITERAL}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[^\s,\]}#]+"  # a date-time may hold one blank
    r"|[^\s,\]}#]+",
    re.DOTALL,
)
_GAP = r"(?:[ \t\r\n]|#[^\n]*)*"
_BLANK = re.compile(_GAP)
_KEY = re.compile(rf"{_GAP}({_BASIC}|{_LITERAL}|[A-Za-z0-9_-]+){_GAP}")


class Span(NamedTuple):
    """A stretch of the text: offsets of its first character and of the one after its last."""

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


class Node:
    """A key, or an element of a list, with its place and what is inside it.

    A tree, because whole key paths would cost more than the text where lists and tables are nested.
    """

    __slots__ = ("count", "given", "inner", "name", "parent", "place")

    def __init__(self, parent: Node | None, name: str | int, place: Place) -> None:
        self.parent = parent
        self.name = name
        self.place = place
        self.inner: dict[str | int, Node] | None = None
        self.given = False
        """Whether it has a value or header, and is not just part of other keys."""
        self.count = 0
        """For an array of tables: how many headers it has had."""

    @property
    def path(self) -> KeyPath:
        """The names from the document's root on."""
        names: list[str | int] = []
        node = self
        while node.parent is not None:
            names.append(node.name)
            node = node.parent
        return tuple(reversed(names))

    def child(self, name: str | int, place: Place) -> Node:
        """The child of that name; created with this place if it is new."""
        if self.inner is None:
            self.inner = {}
        found = self.inner.get(name)
        if found is None:
            found = self.inner[name] = Node(self, name, place)
        return found


@dataclass(frozen=True, slots=True)
class TomlPositions:
    """Every key of a document with its place, and the problems the scan found.

    `repeated` are the keys given twice, `unclosed` the offsets of brackets without an end, `starts`
    those of the lines.
    """

    text: str
    root: Node
    repeated: tuple[Repeated, ...]
    unclosed: tuple[int, ...]
    starts: tuple[int, ...]
    _lines: dict[int, str] = field(default_factory=dict)

    def find(self, path: KeyPath) -> Place:
        """The place of `path`, or of the nearest enclosing table."""
        node = self.root
        for name in path:
            if node.inner is None or name not in node.inner:
                break
            node = node.inner[name]
        return node.place

    def line_of(self, offset: int) -> int:
        """The line of an offset, counted from 1."""
        return bisect_right(self.starts, offset)

    def column_of(self, offset: int) -> int:
        """The column of an offset in characters, counted from 1."""
        return offset - self.starts[self.line_of(offset) - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, without its end."""
        if number not in self._lines:
            # Everything in one long line shares one copy of it.
            start = self.starts[number - 1]
            end = self.text.find("\n", start)
            self._lines[number] = self.text[start:] if end < 0 else self.text[start:end]
        return self._lines[number]


@lru_cache(maxsize=2)
def scan(text: str) -> TomlPositions:
    """The places in a document whose lines end in a line feed."""
    scanner = _Scanner(text)
    with suppress(IndexError, _LostError):
        scanner.run()
    starts = (0, *(found.end() for found in re.finditer("\n", text)))
    unclosed = tuple(container.start for container in scanner.within)
    return TomlPositions(text, scanner.root, tuple(scanner.repeated), unclosed, starts)


class _LostError(Exception):
    """The text is not TOML."""


class _Key(NamedTuple):
    """A key before its value: the table it belongs to, its name, its last part."""

    table: Node
    name: str | int
    span: Span


@dataclass(slots=True)
class _Open:
    """An array or inline table whose end has not been reached."""

    node: Node
    key: Span | None
    start: int
    table: bool
    count: int = 0


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        nowhere = Span(0, 0)
        self.root = Node(None, "", Place(nowhere, nowhere))
        self.repeated: list[Repeated] = []
        self.within: list[_Open] = []
        """The arrays and inline tables around the current place, outermost first."""

    def run(self) -> None:
        header = self.root
        while True:
            self._match(_BLANK)
            if self.at == len(self.text):
                return
            if self.text[self.at] == "[":
                header = self._header()
            else:
                self._value(*self._key(header))

    def _header(self) -> Node:
        start = self.at
        array = self.text.startswith("[[", start)
        brackets = 2 if array else 1
        self.at += brackets
        table, name, key = self._keys(self.root)
        self.at += brackets
        place = Place(key, Span(start, self.at))
        node = table.child(name, place)
        if not array or not node.count:
            self._put(node, place)
        if not array:
            return node
        node.count += 1
        element = node.child(node.count - 1, place)
        self._put(element, place)
        return element

    def _value(self, table: Node, name: str | int, key: Span | None) -> None:
        """A value and everything in it; with an explicit stack, for any depth."""
        within = self.within
        while True:
            self._match(_BLANK)
            start = self.at
            if self.text[start] in "[{":
                self.at += 1
                span = key or Span(start, self.at)
                node = table.child(name, Place(span, span))
                within.append(_Open(node, key, start, table=self.text[start] == "{"))
            else:
                self._match(_SCALAR)
                span = Span(start, self.at)
                place = Place(key or span, span)
                self._put(table.child(name, place), place)
            while within:
                inner = within[-1]
                self._match(_BLANK)
                if self.text[self.at] == ",":
                    self.at += 1
                    self._match(_BLANK)
                if self.text[self.at] in "]}":
                    self.at += 1
                    span = Span(inner.start, self.at)
                    self._put(inner.node, Place(inner.key or span, span))
                    within.pop()
                    continue
                if inner.table:
                    table, name, key = self._key(inner.node)
                else:
                    table, name, key = inner.node, inner.count, None
                    inner.count += 1
                break
            else:
                return

    def _key(self, table: Node) -> _Key:
        """The key before a value, with its equals sign."""
        found = self._keys(table)
        if self.text[self.at] != "=":
            raise _LostError
        self.at += 1
        return found

    def _keys(self, table: Node) -> _Key:
        """One key or several with dots between; tables on the way get their first place here."""
        while True:
            found = _KEY.match(self.text, self.at)
            if found is None:
                raise _LostError
            span = Span(*found.span(1))
            name = _name(found[1])
            self.at = found.end()
            if self.text[self.at] != ".":
                return _Key(table, name, span)
            self.at += 1
            table = table.child(name, Place(span, span))
            if table.count and table.inner is not None:
                table = table.inner[table.count - 1]

    def _put(self, node: Node, place: Place) -> None:
        if node.given:
            self.repeated.append(Repeated(node.path, node.place.key, place.key))
            return
        node.given = True
        node.place = place

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
