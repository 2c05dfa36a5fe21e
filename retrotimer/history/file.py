"""history.toml: appended to, read backwards, edited a record at a time, and never losing a byte."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from retrotimer.core.plural import counted
from retrotimer.files import locks
from retrotimer.files.atomic import replace_file, set_aside, stamp, sync_folder, write_all
from retrotimer.files.regular import make_folder, open_regular, read_regular
from retrotimer.history.errors import (
    Ambiguous,
    Duplicate,
    InvalidRecord,
    NotFound,
    Unavailable,
)
from retrotimer.history.record import Record, to_toml
from retrotimer.history.record_scanner import (
    Chunk,
    Damaged,
    entries,
    is_open,
    newest_first,
    record_span,
    split,
    torn_at,
)
from retrotimer.history.record_splice import spliced


class HistoryFile:
    """The training log at `path`. Every error is a HistoryError, and leaves the file as it was."""

    def __init__(
        self, path: Path, *, when: Callable[[], str] = stamp, patience: float = locks.PATIENCE
    ) -> None:
        self.path = path
        self._when = when
        self._patience = patience

    # Reading -------------------------------------------------------------------------------------

    def newest(
        self, limit: int | None = None, before: str | None = None
    ) -> Iterator[Record | Damaged]:
        """The entries from the end of the file, reading no more of it than is asked for.

        `limit` counts records; with `before`, it begins after the record with this id. What cannot
        be read comes as `Damaged`. It takes no lock, so a half-finished append may appear as
        damaged or not at all.
        """
        left = limit
        waiting = before is not None
        for chunk in self._chunks():
            for entry in entries(chunk):
                if left == 0:
                    return
                if waiting:
                    waiting = not (isinstance(entry, Record) and entry.id == before)
                    continue
                yield entry
                if left is not None and isinstance(entry, Record):
                    left -= 1

    def get(self, key: str) -> Record:
        """The record whose id begins with `key` (or equals it), or the newest one for "last"."""
        if key == "last":
            for entry in self.newest():
                if isinstance(entry, Record):
                    return entry
            raise NotFound("there are no workouts yet", self.path)
        wanted = key.lower()
        found = [
            entry
            for chunk in self._chunks()
            if wanted and chunk.may_hold(lambda one: one.startswith(wanted))
            for entry in entries(chunk)
            if isinstance(entry, Record) and entry.id.lower().startswith(wanted)
        ]
        found = [record for record in found if record.id.lower() == wanted] or found
        if not found:
            raise NotFound(f"no workout has an id that begins with {key!r}", self.path)
        if len(found) > 1:
            reason = f"{key!r} fits {counted(len(found), 'workout')}"
            raise Ambiguous(reason, self.path, [record.id for record in found])
        return found[0]

    def line_of(self, damaged: Damaged) -> int:
        """The number of the line where a damaged part begins, counted from 1."""
        with self._errors():
            return read_regular(self.path, damaged.start).count(b"\n") + 1

    # Writing -------------------------------------------------------------------------------------

    def append(self, record: Record) -> str | None:
        """Add a record at the end; it is on disk when this returns.

        The remains of an interrupted append are set aside first; the note says where, and in which
        line something unreadable begins that was left. A record that is already the last one is not
        added again.
        """
        data = to_toml(record)
        with self._errors(), locks.appending(self._home(), self._patience) as (fd, fresh):
            note = self._mend(fd)
            last = next(iter(_last_chunks(fd, 1)), None)
            if last and self._holds(last, record.id, data):
                os.fsync(fd)
                return note
            size = os.fstat(fd).st_size
            try:
                write_all(fd, _gap(last.data if last else b"") + data)
                os.fsync(fd)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.ftruncate(fd, size)
                    os.fsync(fd)
                if fresh and size == 0:
                    # Nobody asked for an empty file. Whoever waits for the lock creates a new one.
                    with contextlib.suppress(OSError):
                        self._real.unlink()
                raise
            if fresh:
                sync_folder(self._real.parent)
            return note

    def replace(self, record: Record) -> None:
        """Replace the record with the same id by this one; what stays the same keeps its bytes."""
        to_toml(record)  # refused before anything is read
        self._splice(record.id, lambda data: spliced(data, record))

    def delete(self, record_id: str) -> bytes:
        """Remove the record with this id and return its bytes, for `restore`."""
        return self._splice(record_id, lambda _: b"")

    def restore(self, data: bytes) -> None:
        """Put deleted bytes back, by the start of their record."""
        found = [(entry, chunk) for chunk in split(data) for entry in entries(chunk)]
        if len(found) != 1 or not isinstance(found[0][0], Record):
            raise InvalidRecord("these bytes are not one record")
        record = found[0][0]
        if not self._insert([(record, data)]):
            raise Duplicate(f"there is a workout {record.id} already", self.path)

    def merge(self, records: Iterable[Record]) -> int:
        """Insert, each by its start, the records whose id is not there yet; returns how many."""
        return self._insert([(record, to_toml(record)) for record in records])

    # Parts ---------------------------------------------------------------------------------------

    @property
    def _real(self) -> Path:
        """The file itself, where `path` is a symbolic link."""
        return Path(os.path.realpath(self.path))

    def _home(self) -> Path:
        """The file itself, in a folder that exists."""
        make_folder(self._real.parent)
        return self._real

    def _chunks(self) -> Iterator[Chunk]:
        with self._errors():
            try:
                fd = open_regular(self.path, os.O_RDONLY)
            except FileNotFoundError:
                return
            with os.fdopen(fd, "rb") as file:
                yield from newest_first(file)

    @contextlib.contextmanager
    def _rewriting(self, *, create: bool) -> Iterator[bytes]:
        with self._errors():
            path = self._home() if create else self._real
            if not create and not path.exists():
                raise NotFound("there are no workouts yet", self.path)
            with locks.rewriting(path, create=create, patience=self._patience) as data:
                yield data

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Unavailable.because(error, self.path) from error

    def _mend(self, fd: int) -> str | None:
        """Set the remains of an interrupted append aside; they leave the file only once saved."""
        # A line inside a multi-line string may look like the beginning of another record.
        last = _last_chunks(fd, 2)
        at = torn_at(last[-1]) if last else None
        in_a_text = len(last) == 2 and is_open(last[0])
        if at is None:
            return self._left(last if in_a_text else last[-1:])
        if in_a_text and at == last[1].start:
            before = torn_at(last[0])
            at = at if before is None else before
        with os.fdopen(fd, "rb", closefd=False) as file:
            file.seek(at)
            kept = set_aside(self._real, file.read(), "torn", self._when)
        os.ftruncate(fd, at)
        return f"the end of {self.path.name} was incomplete; it was kept as {kept.name}"

    def _left(self, last: list[Chunk]) -> str | None:
        """A message about the first damaged part of the last chunks, which stays where it is."""
        damaged = [one for chunk in last for one in entries(chunk) if isinstance(one, Damaged)]
        if not damaged:
            return None
        line = self.line_of(damaged[0])
        return f"line {line} of {self.path.name} cannot be read ({damaged[0].reason}); it was left"

    def _holds(self, chunk: Chunk, record_id: str, data: bytes) -> bool:
        """Whether the chunk is this record already; Duplicate if only the id is the same."""
        same = [e for e in entries(chunk) if isinstance(e, Record) and e.id == record_id]
        if same and to_toml(same[0]) != data:
            raise Duplicate(f"there is another workout {record_id} already", self.path)
        return bool(same)

    def _splice(self, record_id: str, change: Callable[[bytes], bytes]) -> bytes:
        """Replace a record's bytes by what `change` makes of them; returns them."""
        with self._rewriting(create=False) as whole:
            found = [
                chunk
                for chunk in split(whole)
                if chunk.may_hold(record_id.lower().__eq__)
                and any(isinstance(e, Record) and e.id == record_id for e in entries(chunk))
            ]
            if not found:
                raise NotFound(f"there is no workout {record_id}", self.path)
            if len(found) > 1:
                raise Ambiguous("this id occurs twice", self.path, [record_id] * len(found))
            chunk = found[0]
            try:
                begin, end = record_span(chunk)
            except InvalidRecord as error:
                raise InvalidRecord(f"{record_id}: {error.reason}", self.path) from None
            data = change(chunk.data[begin:end])
            if not data and not chunk.data[end:].strip():
                end = len(chunk.data)
            begin, end = chunk.start + begin, chunk.start + end
            replace_file(self._real, whole[:begin] + data + whole[end:])
            return whole[begin:end]

    def _insert(self, new: list[tuple[Record, bytes]]) -> int:
        """Put each record behind the last that did not start later; known ids are left out."""
        with self._rewriting(create=True) as whole:
            chunks = split(whole)
            unknown = _unknown({record.id: (record, data) for record, data in new}, chunks)
            if not unknown:
                return 0
            replace_file(self._real, _arranged(chunks, list(unknown.values())))
            return len(unknown)


def _arranged(chunks: list[Chunk], new: list[tuple[Record, bytes]]) -> bytes:
    """The file's bytes with each new record behind the last that did not start later."""
    pending = sorted(new, key=lambda pair: pair[0].started)
    behind: dict[int, list[bytes]] = {}
    for number in reversed(range(len(chunks))):
        if not pending:
            break
        chunk = chunks[number]
        starts = [e.started for e in entries(chunk) if isinstance(e, Record)]
        while pending and (not chunk.headed or (starts and pending[-1][0].started >= max(starts))):
            behind.setdefault(number, []).insert(0, pending.pop()[1])
    whole = bytearray()
    for data in (data for _, data in pending):
        whole += _gap(whole[-3:]) + data
    added = bool(pending)
    for number, chunk in enumerate(chunks):
        whole += (_gap(whole[-3:]) if added else b"") + chunk.data
        for data in behind.get(number, []):
            whole += _gap(whole[-3:]) + data
        added = number in behind
    return bytes(whole)


def _unknown(
    new: dict[str, tuple[Record, bytes]], chunks: list[Chunk]
) -> dict[str, tuple[Record, bytes]]:
    """Those of the new records whose id no chunk has."""
    wanted = {record_id.lower() for record_id in new}
    known = {
        entry.id
        for chunk in chunks
        if chunk.may_hold(wanted.__contains__)
        for entry in entries(chunk)
        if isinstance(entry, Record)
    }
    return {record_id: pair for record_id, pair in new.items() if record_id not in known}


def _gap(before: bytes | bytearray) -> bytes:
    """What must come between these bytes and a record: their line's end and an empty line."""
    if not before or before.endswith((b"\n\n", b"\n\r\n")):
        return b""
    return b"\n" if before.endswith(b"\n") else b"\n\n"


def _last_chunks(fd: int, count: int) -> list[Chunk]:
    """The last chunks of the file, at most this many, the last one last."""
    with os.fdopen(fd, "rb", closefd=False) as file:
        return [*islice(newest_first(file), count)][::-1]
