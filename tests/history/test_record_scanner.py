from __future__ import annotations

import io
import re
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.history import record_scanner
from retrotimer.history.errors import InvalidRecord
from retrotimer.history.record import Record, from_table, to_toml
from retrotimer.history.record_scanner import (
    Chunk,
    Damaged,
    entries,
    newest_first,
    record_span,
    split,
    torn_at,
)
from tests.support.history_records import patient, record, records

HEADER = "[[workout]]\n"
HIDDEN = '[[workout]]\nid = "hidden"\nblock = [\n]\n'


def newest(data: bytes, block: int = 64) -> list[Record | Damaged]:
    return [e for chunk in newest_first(io.BytesIO(data), block) for e in entries(chunk)]


def by_parser(data: bytes) -> list[Record]:
    """What an ordinary TOML reader finds, newest first."""
    tables = tomli.loads(data.decode("utf-8-sig")).get("workout", [])
    return [from_table(one) for one in reversed(tables)]


@st.composite
def hand_edited(draw: st.DrawFn) -> str:
    """A record as an editor may leave it: valid, but no longer canonical."""
    text = to_toml(draw(records())).decode()
    hidden = draw(st.sampled_from([HEADER, HIDDEN, "# x\n[[workout]] # y\n", "plain\n", "\n]\n"]))
    match draw(st.integers(0, 9)):
        case 0 | 1:
            quotes = draw(st.sampled_from(['"""', "'''"]))
            text = text.replace("\nblock = [", f"\nzz = {quotes}\n{hidden}{quotes}\nblock = [", 1)
        case 2:
            text += f'zz = """\n{hidden}"""\n'
        case 3:
            text = text.replace("[[workout]]", "  [[ workout ]] # mine", 1)
        case 4:
            text = text.replace("\n", '\n  # it\'s """ nothing\n', 1)
        case 5:
            text += f"[other_{draw(st.integers(0, 10**9))}]\nkey = 'it'\n"
        case 6:
            text = text.replace("\n", "\r\n")
        case 7:
            text += "[workout.shoe]\nname = 'x'\n"
        case 8:
            text = text.replace("id =", '"id" =', 1)
    return text


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A history in valid TOML, edited by hand."""
    start = draw(st.sampled_from(["", "\ufeff", "# mine\n", f'top = """\n{HEADER}"""\n', "\n\n"]))
    gap = st.sampled_from(["", "\n", "\n\n", "# between\n", " \t\n"])
    parts = draw(st.lists(st.tuples(hand_edited(), gap), max_size=5))
    text = start + "".join(record_text + blank for record_text, blank in parts)
    return (text.rstrip("\n") if draw(st.booleans()) else text).encode()


@patient
@given(files(), st.integers(1, 300))
def test_the_newest_are_those_that_a_toml_reader_finds(data: bytes, block: int) -> None:
    try:
        expected = by_parser(data)
    except tomli.TOMLDecodeError:  # two edits used the same key
        return
    assert newest(data, block) == expected


@patient
@given(st.lists(st.binary(max_size=40) | st.just(HEADER.encode()) | st.just(b'\n"""')), st.data())
def test_chunks_cover_any_bytes_completely(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    forwards = split(whole)
    backwards = list(newest_first(io.BytesIO(whole), data.draw(st.integers(1, 50))))
    for found in (forwards, backwards[::-1]):
        assert b"".join(chunk.data for chunk in found) == whole
        assert [chunk.end for chunk in found][:-1] == [chunk.start for chunk in found][1:]
    for chunk in forwards:
        entries(chunk)
        torn = torn_at(chunk)
        assert torn is None or chunk.start <= torn < chunk.end


GARBAGE = ["oops\n", "<<<<<<< HEAD\n", "\0\0\0", "[[work", "\udcff\n", "a = [\n", "x = 1\nx = 2\n"]


@patient
@given(st.lists(st.sampled_from(GARBAGE), min_size=1, max_size=6))
def test_damage_is_reported_and_hides_no_record(garbage: list[str]) -> None:
    wanted = [record(day) for day in range(len(garbage))]
    data = b"".join(
        to_toml(one) + bad.encode(errors="surrogateescape") + b"\n"
        for one, bad in zip(wanted, garbage, strict=True)
    )
    found = newest(data)
    assert [e for e in found if isinstance(e, Record)] == wanted[::-1]
    damaged = [e for e in found if isinstance(e, Damaged)]
    assert [e.data.strip(b"\n") for e in damaged] == [
        bad.strip("\n").encode(errors="surrogateescape") for bad in garbage[::-1]
    ]
    for one in damaged:
        assert data[one.start :].startswith(one.data)
        assert one.reason
        assert isinstance(one.text, str)


def test_an_unclosed_string_hides_no_record() -> None:
    data = to_toml(record(0)) + b'x = """\n' + to_toml(record(1)) + to_toml(record(2))
    found = newest(data)
    assert [e for e in found if isinstance(e, Record)] == [record(2), record(1), record(0)]
    assert [e.reason for e in found if isinstance(e, Damaged)] == ["incomplete: its end is missing"]


@pytest.mark.parametrize("line", ["# see [[workout]]", "[[ [[workout]]", "x = '[[' # [[workout]]"])
def test_a_header_in_the_middle_of_a_line_is_ignored_for_any_block_size(line: str) -> None:
    text = to_toml(record()).decode().replace("[[workout]]\n", f"[[workout]]\n{line}\n", 1)
    expected = entries(Chunk(0, text.encode()))
    for block in range(1, len(text)):
        assert newest(text.encode(), block) == expected


class Counted(io.BytesIO):
    """A file that counts the bytes read from it."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@pytest.mark.parametrize("quotes", [b'"""', b"'''"])
@pytest.mark.parametrize("opened", [b'"""', b"'''"])
def test_the_cost_of_an_unclosed_string_is_linear(
    quotes: bytes, opened: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measured in bytes parsed and in bytes searched for the end of strings."""
    work = 0
    parse, closed_at = record_scanner._parse, record_scanner._closed_at

    def counted(data: bytes, *more: Any) -> dict[str, Any]:
        nonlocal work
        work += len(data)
        return parse(data, *more)

    def measured(data: bytes, bounds: list[int], first: int) -> int | None:
        nonlocal work
        after = closed_at(data, bounds, first)
        work += (len(data) if after is None else bounds[after]) - bounds[first]
        return after

    monkeypatch.setattr(record_scanner, "_parse", counted)
    monkeypatch.setattr(record_scanner, "_closed_at", measured)

    def note(begin: bytes, end: bytes) -> bytes:
        return to_toml(record(note="x")).replace(b'"x"', begin + b"a\nb" + end)

    shares = []
    for count in (10, 100):
        data = note(quotes, quotes) * count + note(opened, b"") + note(quotes, quotes) * count
        work = 0
        assert len(split(data)) == 2 * count + 1
        next(newest_first(io.BytesIO(data)))
        shares.append(work / len(data))
    assert shares[1] <= 6
    assert shares[1] <= shares[0] * 1.2


def test_reading_the_newest_of_many_reads_only_a_part() -> None:
    one = to_toml(record()) + b"\n"
    file = Counted(one * 10_000)
    chunks = newest_first(file)
    for _ in range(50):
        next(chunks)
    assert file.taken <= 64 * 1024 * (50 * len(one) // (64 * 1024) + 1)


def test_a_very_long_record_is_read_once() -> None:
    file = Counted(to_toml(record(note="x" * 1_000_000)))
    assert len(list(newest_first(file, 64))) == 1
    assert file.taken == len(file.getvalue())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", "\n"),
        ("", "\n# next one\n\n"),
        ("", "[other]\nkey = 'x'\n"),
        ("\ufeff", ""),
        ("", "garbage\n"),
        ("", "[[wor"),
    ],
)
def test_the_span_is_only_the_record(before: str, after: str) -> None:
    own = to_toml(record()).decode()
    chunk = Chunk(0, (before + own + after).encode())
    begin, end = record_span(chunk)
    assert chunk.data[begin:end].decode() == own


def test_the_span_of_a_record_written_by_hand() -> None:
    text = (
        HEADER + '# one\nid = "x"\nblock = [\n\n# inside\n]\nnote = """\n# in\n\n# the string"""\n'
    )
    chunk = Chunk(7, f"{text}# behind\n".encode())
    assert record_span(chunk) == (0, len(text))


@pytest.mark.parametrize(
    "text", ["workout = [{ id = 'x' }]\n", '[["workout"]]\na = 1\n' * 2, "a = 1\n"]
)
def test_unusual_forms_are_left_to_an_editor(text: str) -> None:
    with pytest.raises(InvalidRecord, match="editor"):
        record_span(Chunk(0, text.encode()))


def test_tables_in_one_chunk_are_all_read() -> None:
    text = re.sub(
        r"\[\[workout\]\]", '[["workout"]]', (to_toml(record(0)) + to_toml(record(1))).decode()
    )
    assert newest(text.encode()) == [record(1), record(0)]


@pytest.mark.parametrize("text", ["[workout]\nid = 'x'\n", "workout = 3\n", "workout = [3]\n"])
def test_any_other_use_of_workout_is_damage(text: str) -> None:
    (only,) = newest(text.encode())
    assert isinstance(only, Damaged)
    assert only.reason == "`workout` is not written as [[workout]]"


def test_deep_nesting_is_damage() -> None:
    (only,) = newest(f"[[workout]]\nx = {'[' * 100_000}\n".encode())
    assert isinstance(only, Damaged)
