"""Where records begin and end in the bytes of a history, even after manual edits or a crash.

A chunk is a `[[workout]]` line and everything up to the next. Only a multi-line string can contain
such a line without beginning a record, so a tail of the file without triple quotes is cut by its
lines alone; with them the file is cut from its beginning, and chunks whose string is open are
joined.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import tomli

from retrotimer.history.errors import InvalidRecord
from retrotimer.history.record import Record, from_table

BLOCK = 64 * 1024
"""Bytes read at a time from the end of the file."""

_BOM = b"\xef\xbb\xbf"
_HEADER = re.compile(
    rb"^(?:\xef\xbb\xbf)?[ \t]*\[\[[ \t]*workout[ \t]*\]\][ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE
)
_ID = re.compile(rb"id[\"']?[ \t]*=[ \t]*([\"'])((?:(?!\1)[^\n])*)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """The bytes of a record (or of what comes before the first) and their offset in the file."""

    start: int
    data: bytes

    @property
    def end(self) -> int:
        """The offset after the last byte."""
        return self.start + len(self.data)

    @property
    def headed(self) -> bool:
        """Whether it begins with a `[[workout]]` line, as all but the first do."""
        return _HEADER.match(self.data) is not None

    def may_hold(self, wanted: Callable[[str], bool]) -> bool:
        """Whether a record with such an id (in lower case) may be in it, found without parsing."""
        found = (text.decode(errors="replace").lower() for _, text in _ID.findall(self.data))
        # With escapes or triple quotes only the parser can tell.
        return any(not text or "\\" in text or wanted(text) for text in found)

    def parse(self) -> dict[str, Any]:
        """Its TOML; ValueError if it has none."""
        return _parse(self.data)


@dataclass(frozen=True, slots=True)
class Damaged:
    """A part of the history that is not a record: its bytes, their offset and what is wrong."""

    data: bytes
    start: int
    reason: str

    @property
    def text(self) -> str:
        """The bytes as text, with a sign for what is not valid UTF-8."""
        return self.data.decode(errors="replace")


def entries(chunk: Chunk) -> list[Record | Damaged]:
    """The records of a chunk, newest first: usually one, none in what comes before the first."""
    try:
        table = chunk.parse()
    except ValueError as error:
        whole = _whole_beginning(chunk)
        rest = Damaged(chunk.data[whole:], chunk.start + whole, _reason(error))
        return [rest, *entries(Chunk(chunk.start, chunk.data[:whole]))] if whole else [rest]
    workouts = table.get("workout", [])
    if not isinstance(workouts, list) or not all(isinstance(one, dict) for one in workouts):
        return [Damaged(chunk.data, chunk.start, "`workout` is not written as [[workout]]")]
    return [_record(one, chunk) for one in reversed(workouts)]


def newest_first(file: BinaryIO, block: int = BLOCK) -> Iterator[Chunk]:
    """The chunks from the end of the file to its beginning, reading no more than is asked for."""
    start = file.seek(0, os.SEEK_END)
    tail = b""
    while start > 0:
        # Doubling keeps one very long record from being copied for every block of it.
        step = min(max(block, len(tail)), start)
        start -= step
        file.seek(start)
        tail = file.read(step) + tail
        if _has_triple(tail, 0, step + 2):
            yield from _oldest_last(file, start + len(tail))
            return
        line_end = tail.find(b"\n", step)
        heads = _heads(tail, len(tail) if line_end < 0 else line_end)
        for head in reversed(heads):
            if head == 0 and start > 0:
                break  # the tail may begin in the middle of a line
            yield Chunk(start + head, tail[head:])
            tail = tail[:head]
    if tail:
        yield Chunk(0, tail)


def split(data: bytes) -> list[Chunk]:
    """The chunks of a whole file, oldest first."""
    bounds = _heads(data, len(data))
    if not bounds or bounds[0] > 0:
        bounds.insert(0, 0)
    bounds.append(len(data))
    chunks = []
    first = 0
    while first < len(bounds) - 1:
        after = _joined(data, bounds, first)
        chunks.append(Chunk(bounds[first], data[bounds[first] : bounds[after]]))
        first = after
    return [chunk for chunk in chunks if chunk.data]


def record_span(chunk: Chunk) -> tuple[int, int]:
    """Where in the chunk's bytes its one record begins and ends; InvalidRecord if unclear.

    Comments, other tables and damage after the record are not part of it.
    """
    data = chunk.data
    try:
        table = _parse(chunk.data, str)
    except ValueError:
        data = data[: _whole_beginning(chunk)]
        table = _parse(data, str)
    workouts = table.get("workout")
    if not chunk.headed or not isinstance(workouts, list) or len(workouts) != 1:
        raise InvalidRecord("it is written in a form that only a text editor can change")
    begin = len(_BOM) if data.startswith(_BOM) else 0
    lines = data.splitlines(keepends=True)
    end = 0
    for line, following in zip(lines, [*lines[1:], b""], strict=True):
        end += len(line)
        if following.strip() and following.lstrip()[:1] not in (b"#", b"["):
            continue
        try:
            beginning = _parse(data[:end], str)
        except ValueError:
            continue
        if beginning == {"workout": workouts}:
            return begin, end
    raise InvalidRecord("its end is unclear, so only a text editor can change it")


def is_open(chunk: Chunk) -> bool:
    """Whether a multi-line string is still open at the chunk's end."""
    return _closed_at(chunk.data, [0, len(chunk.data)], 0) is None


def torn_at(chunk: Chunk) -> int | None:
    """Where in the file an interrupted append begins, given the last chunk; None: nowhere.

    If it has its closing line but is not TOML it was edited by hand, and is left alone.
    """
    try:
        table = chunk.parse()
    except ValueError:
        if not chunk.headed:
            return _torn_header(chunk)
        whole = _whole_beginning(chunk)
        lines = chunk.data.split()
        handmade = not whole and lines[-1] == b"]" and b"\0" not in chunk.data
        return None if handmade else chunk.start + whole
    workouts = table.get("workout", [])
    if isinstance(workouts, list) and workouts and "block" not in workouts[-1]:
        return chunk.start
    return None


def _torn_header(chunk: Chunk) -> int | None:
    """Where a header that was cut off (or only allocated, never written) begins after other
    lines."""
    written = chunk.data.rstrip(b"\0")
    line = written.rfind(b"\n") + 1
    try:
        _parse(chunk.data[:line])
    except ValueError:
        return None
    return chunk.start + line if b"[[workout]]".startswith(written[line:]) else None


_TRIES = 20
"""How many closing lines, from the first and from the last on, are tried as a record's end."""


def _whole_beginning(chunk: Chunk) -> int:
    """How many bytes of a chunk that does not parse are a whole record, up to its closing line."""
    if not chunk.headed:
        return 0
    marks = re.finditer(rb"^[ \t]*\][ \t]*\r?\n", chunk.data, re.MULTILINE)
    ends = [mark.end() for mark in marks]
    if len(ends) > 2 * _TRIES:
        ends = ends[:_TRIES] + ends[-_TRIES:]
    for end in reversed(ends):
        try:
            workouts = _parse(chunk.data[:end]).get("workout")
        except ValueError:
            continue
        if isinstance(workouts, list) and all("block" in workout for workout in workouts):
            return end
    return 0


def _reason(error: ValueError) -> str:
    if not isinstance(error, tomli.TOMLDecodeError):
        return str(error)
    if error.pos >= len(error.doc):
        return "incomplete: its end is missing"
    return f"{error.msg} (line {error.lineno} of it)"


def _heads(data: bytes, limit: int) -> list[int]:
    """Where the lines begin that look like a record's first, up to `limit`."""
    heads = []
    at = data.find(b"[[", 0, limit)
    while at >= 0:
        line = data.rfind(b"\n", 0, at) + 1
        if match := _HEADER.match(data, line):
            heads.append(line)
        at = data.find(b"[[", match.end() if match else at + 2, limit)
    return heads


def _has_triple(data: bytes, start: int, end: int) -> bool:
    return data.find(b'"""', start, end) >= 0 or data.find(b"'''", start, end) >= 0


def _record(table: dict[str, Any], chunk: Chunk) -> Record | Damaged:
    try:
        return from_table(table)
    except InvalidRecord as error:
        return Damaged(chunk.data, chunk.start, error.reason)


def _oldest_last(file: BinaryIO, limit: int) -> Iterator[Chunk]:
    file.seek(0)
    yield from reversed(split(file.read(limit)))


def _joined(data: bytes, bounds: list[int], first: int) -> int:
    """The index in `bounds` where the chunk that begins at `first` ends.

    It reads once, and joined chunks are parsed once, so that the time is proportional to the file.
    """
    alone = first + 1
    # A multi-line string opens and closes only where there are triple quotes.
    if not _has_triple(data, bounds[first], bounds[alone]):
        return alone
    after = _closed_at(data, bounds, first)
    if after is None or after == alone:
        return alone
    try:
        _parse(data[bounds[first] : bounds[after]])
    except ValueError:
        return alone
    return after


def _closed_at(data: bytes, bounds: list[int], first: int) -> int | None:
    """The index of the first of the `bounds` behind `first` at which no string is open."""
    at, after = bounds[first], first + 1
    while True:
        # All strings but multi-line ones, and comments, end within their line.
        opening = _IN_LINES.match(data, at, bounds[after])
        at = bounds[after] if opening is None else opening.end()
        if at >= bounds[after]:
            return after
        closing = (_BASIC_END if data[at : at + 1] == b'"' else _LITERAL_END).match(data, at + 3)
        if closing is None:
            return None
        at = closing.end()
        while bounds[after] < at:
            after += 1


_IN_LINES = re.compile(
    rb"""(?:[^"'#]++|\#[^\n]*+|(?!\"{3})"(?:[^"\\\n]|\\[^\n])*+"?|(?!'{3})'[^'\n]*+'?)*+"""
)
"""Everything up to the next multi-line string."""
_BASIC_END = re.compile(rb'(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}', re.DOTALL)
_LITERAL_END = re.compile(rb"(?:[^']++|'{1,2}(?!'))*+'{3,5}")


def _parse(data: bytes, decimal: Callable[[str], Any] = float) -> dict[str, Any]:
    """The TOML of these bytes; `decimal` str: for comparing, because nan equals nothing."""
    try:
        return tomli.loads(data.decode("utf-8-sig"), parse_float=decimal)
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} of it is not valid UTF-8") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
