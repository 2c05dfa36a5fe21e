from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.history.errors import (
    Ambiguous,
    Duplicate,
    HistoryError,
    InvalidRecord,
    NotFound,
    Unavailable,
)
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record, to_toml
from retrotimer.history.record_scanner import Damaged
from tests.support.history_records import NASTY, patient, record, records


@pytest.fixture
def log(tmp_path: Path) -> HistoryFile:
    return HistoryFile(tmp_path / "history.toml", when=lambda: "NOW")


def filled(log: HistoryFile, count: int) -> list[Record]:
    """Append this many records; returns them, oldest first."""
    wanted = [record(day) for day in range(count)]
    for one in wanted:
        assert log.append(one) is None
    return wanted


def whole_file(log: HistoryFile) -> list[str]:
    """The ids that an ordinary TOML reader finds, oldest first."""
    return [one["id"] for one in tomli.loads(log.path.read_text())["workout"]]


def beside(log: HistoryFile) -> list[str]:
    return sorted(p.name for p in log.path.parent.iterdir() if p != log.path)


# Appending and reading ---------------------------------------------------------------------------


def test_records_come_back_newest_first(log: HistoryFile) -> None:
    wanted = filled(log, 5)
    assert list(log.newest()) == wanted[::-1]
    assert list(log.newest(2)) == wanted[:2:-1]
    assert list(log.newest(2, before=wanted[3].id)) == wanted[2:0:-1]
    assert list(log.newest(0)) == []
    assert list(log.newest(before="no such id")) == []
    assert beside(log) == []


def test_records_are_separated_by_an_empty_line(log: HistoryFile) -> None:
    wanted = filled(log, 3)
    assert log.path.read_bytes() == b"\n".join(to_toml(one) for one in wanted)


def test_no_file_is_an_empty_history(log: HistoryFile) -> None:
    assert list(log.newest()) == []
    with pytest.raises(NotFound, match="no workouts yet"):
        log.get("last")
    for change in (lambda: log.delete("x"), lambda: log.replace(record())):
        with pytest.raises(NotFound, match="no workouts yet"):
            change()
    assert not log.path.exists()


def test_missing_folders_are_created(tmp_path: Path) -> None:
    log = HistoryFile(tmp_path / "a" / "b" / "history.toml")
    filled(log, 1)
    assert list(log.newest()) == [record(0)]


@pytest.mark.parametrize("name", NASTY)
def test_nasty_names(log: HistoryFile, name: str) -> None:
    filled(log, 2)
    nasty = record(2, set=name, note=name)
    log.append(nasty)
    log.append(record(3))
    assert list(log.newest()) == [record(3), nasty, record(1), record(0)]
    log.replace(replace(nasty, rpe=9))
    assert log.get(nasty.id) == replace(nasty, rpe=9)
    assert len(whole_file(log)) == 4


def test_a_refused_record_changes_nothing(log: HistoryFile) -> None:
    for refused in (record(note="\ud800"), record(distance_m=float("nan"))):
        with pytest.raises(InvalidRecord):
            log.append(refused)
    assert not log.path.exists()


def test_the_same_record_is_not_added_twice(log: HistoryFile) -> None:
    filled(log, 2)
    before = log.path.read_bytes()
    assert log.append(record(1)) is None
    assert log.path.read_bytes() == before
    with pytest.raises(Duplicate, match="another workout"):
        log.append(record(1, note="not the same"))
    assert log.path.read_bytes() == before


@pytest.mark.parametrize(
    "start",
    ["# mine", "# mine\n", "top = 1\n\n", "\ufeff", "[[workout]]\nblock = [\n]", "a = 'x'\r\n\r\n"],
)
def test_records_can_be_appended_to_a_file_written_by_hand(log: HistoryFile, start: str) -> None:
    log.path.write_bytes(start.encode())
    note = log.append(record(0))
    # A record with missing keys is reported once.
    assert (note is not None) == ("block" in start)
    assert log.append(record(1)) is None
    assert log.path.read_bytes().startswith(start.encode())
    tomli.loads(log.path.read_bytes().decode("utf-8-sig"))
    assert list(log.newest(2)) == [record(1), record(0)]


def test_other_text_is_not_taken_for_a_torn_record(log: HistoryFile) -> None:
    log.path.write_text("Dear diary,\ntoday I ran.\n")
    note = log.append(record(0))
    assert note is not None
    assert note.startswith("line 1 of history.toml cannot be read (")
    newest, damaged = log.newest()
    assert newest == record(0)
    assert isinstance(damaged, Damaged)
    assert damaged.text == "Dear diary,\ntoday I ran.\n\n"
    assert beside(log) == []


# Torn tails --------------------------------------------------------------------------------------


def torn_and_mended(log: HistoryFile, left: bytes, whole: list[Record]) -> str | None:
    """Append to a file with these bytes: all must be kept, and `whole` must be readable."""
    log.path.write_bytes(left)
    assert [e for e in log.newest() if isinstance(e, Record)] == whole[::-1]
    note = log.append(record(99))
    own = to_toml(record(99))
    now = log.path.read_bytes()
    kept = log.path.with_name("history.toml.torn-NOW")
    torn = kept.read_bytes() if kept.exists() else b""
    assert (note is not None) == bool(torn)
    assert note is None or kept.name in note
    assert now.endswith(own)
    before = now.removesuffix(own)
    rest = left.removesuffix(torn)
    assert before.startswith(rest)
    assert before.removeprefix(rest).strip() == b""
    assert rest + torn == left
    assert whole_file(log) == [one.id for one in [*whole, record(99)]]
    kept.unlink(missing_ok=True)
    return note


@pytest.mark.parametrize("count", [1, 3])
def test_a_write_cut_off_at_any_byte_loses_nothing(log: HistoryFile, count: int) -> None:
    wanted = filled(log, count)
    data = log.path.read_bytes()
    *sound, last = wanted
    begin = len(data) - len(to_toml(last))
    notes = 0
    for cut in range(begin, len(data) + 1):
        # The record is complete once its closing bracket is there.
        whole = wanted if cut >= len(data) - 1 else sound
        notes += torn_and_mended(log, data[:cut], whole) is not None
    assert notes == len(data) - begin - 2


@pytest.mark.parametrize("count", [1, 3])
def test_a_tail_of_zeros_loses_nothing(log: HistoryFile, count: int) -> None:
    wanted = filled(log, count)
    data = log.path.read_bytes()
    begin = len(data) - len(to_toml(wanted[-1]))
    for cut in {*range(begin, len(data), 7), len(data) - 2, len(data) - 1}:
        torn_and_mended(log, data[:cut].ljust(len(data), b"\0"), wanted[:-1])


def test_a_page_of_zeros_in_the_last_record_loses_nothing(log: HistoryFile) -> None:
    wanted = filled(log, 3)
    data = log.path.read_bytes()
    middle = len(data) - 300
    torn_and_mended(log, data[:middle] + b"\0" * 100 + data[middle + 100 :], wanted[:-1])


def test_zeros_after_a_complete_record(log: HistoryFile) -> None:
    wanted = filled(log, 2)
    assert torn_and_mended(log, log.path.read_bytes() + b"\0" * 50, wanted)


def test_a_record_damaged_by_hand_is_left_in_place(log: HistoryFile) -> None:
    filled(log, 2)
    spoiled = log.path.read_bytes().replace(b"rpe = 4", b"rpe = four")
    log.path.write_bytes(spoiled)
    note = log.append(record(2))
    assert note is not None
    assert note.startswith("line 26 of history.toml cannot be read (")
    assert note.endswith("; it was left")
    assert log.path.read_bytes().startswith(spoiled)
    assert [type(e) for e in log.newest()] == [Record, Damaged, Damaged]
    assert beside(log) == []


def test_a_string_that_looks_like_a_torn_record_is_left_in_place(log: HistoryFile) -> None:
    by_hand = to_toml(record()) + b'mine = """\n[[workout]]\nid = "x"\n"""\n'
    log.path.write_bytes(by_hand)
    assert log.append(record(1)) is None
    assert log.path.read_bytes().startswith(by_hand)
    assert [e.id for e in log.newest() if isinstance(e, Record)] == [record(1).id, record(0).id]


def test_a_record_torn_in_a_multi_line_text_loses_nothing_and_is_reported(
    log: HistoryFile,
) -> None:
    """A line of the text may look like the beginning or the end of a record."""
    filled(log, 1)
    whole = log.path.read_bytes()
    text = 'note = """first\n[[workout]]\nid = "x"\n\n]\n# last\n"""'
    last = b"\n" + to_toml(record(1)).replace(b'note = "easier"', text.encode())
    for cut in range(len(whole) + 3, len(whole) + len(last) - 1, 7):
        left = (whole + last)[:cut]
        log.path.write_bytes(left)
        note = log.append(record(2))
        assert note is not None, cut
        kept = log.path.with_name("history.toml.torn-NOW")
        torn = kept.read_bytes() if kept.exists() else b""
        kept.unlink(missing_ok=True)
        now = log.path.read_bytes()
        assert now.startswith(left.removesuffix(torn)), cut
        assert left.endswith(torn), cut
        found = list(log.newest())
        assert [e for e in found if isinstance(e, Record)] == [record(2), record(0)], cut
        damaged = [e for e in found if isinstance(e, Damaged)]
        # What may have been written by hand stays, and its line is reported.
        line = log.line_of(damaged[-1]) if damaged else None
        assert damaged == [] or f"line {line} of history.toml cannot be read" in note, cut


def test_a_second_torn_tail_in_the_same_second_gets_its_own_name(log: HistoryFile) -> None:
    filled(log, 1)
    for _ in range(2):
        with log.path.open("ab") as file:
            file.write(b"\n[[workout]]\nid =")
        # The record is there already, so only the tail is repaired.
        assert log.append(record(0)) is not None
    assert beside(log) == ["history.toml.torn-NOW", "history.toml.torn-NOW-2"]
    assert list(log.newest()) == [record(0)]


def test_the_line_of_damage(log: HistoryFile) -> None:
    filled(log, 2)
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join([*lines, b"oops\n"]))
    damaged = next(log.newest())
    assert isinstance(damaged, Damaged)
    assert log.line_of(damaged) == len(lines) + 1


# Finding -----------------------------------------------------------------------------------------


def test_get_by_any_unambiguous_start(log: HistoryFile) -> None:
    first, second, third = filled(log, 3)
    assert log.get("last") == third
    assert log.get(first.id) == first
    assert log.get("20261124") == second
    assert log.get(second.id.lower()) == second
    with pytest.raises(Ambiguous, match="fits 3 workouts") as caught:
        log.get("2026")
    assert caught.value.matches == (third.id, second.id, first.id)
    for unknown in ("1999", "", "2026x"):
        with pytest.raises(NotFound):
            log.get(unknown)


def test_get_prefers_a_complete_id(log: HistoryFile) -> None:
    for name in ("walk", "walk-2"):
        log.append(record(id=name))
    assert log.get("walk").id == "walk"
    with pytest.raises(Ambiguous):
        log.get("wal")


def test_last_skips_damaged_records(log: HistoryFile) -> None:
    filled(log, 1)
    with log.path.open("ab") as file:
        file.write(b"\n[[workout]]\nid =")
    assert log.get("last") == record(0)


# Editing -----------------------------------------------------------------------------------------

COMMENTED = "# my log\n\n{0}\n# a good one:\n{1}[mine]\nkey = 1\n\n# end\n{2}"


def commented(log: HistoryFile) -> tuple[str, list[str]]:
    texts = [to_toml(record(day)).decode() for day in range(3)]
    log.path.write_text(COMMENTED.format(*texts))
    return COMMENTED, texts


@pytest.mark.parametrize("number", [0, 1, 2])
def test_replace_changes_only_one_record(log: HistoryFile, number: int) -> None:
    form, texts = commented(log)
    changed = record(number, rpe=9, pain=2, note="new\nnote")
    log.replace(changed)
    texts[number] = to_toml(changed).decode()
    assert log.path.read_text() == form.format(*texts)
    assert beside(log) == []


@pytest.mark.parametrize("number", [0, 1, 2])
def test_delete_removes_only_one_record(log: HistoryFile, number: int) -> None:
    form, texts = commented(log)
    removed = log.delete(record(number).id)
    assert removed.decode() == texts[number]
    texts[number] = ""
    assert log.path.read_text() == form.format(*texts)
    log.restore(removed)
    assert whole_file(log) == [record(day).id for day in range(3)]


@pytest.mark.parametrize("number", range(4))
def test_restore_brings_back_the_same_file(log: HistoryFile, number: int) -> None:
    filled(log, 4)
    before = log.path.read_bytes()
    removed = log.delete(record(number).id)
    assert list(log.newest()) == [record(day) for day in (3, 2, 1, 0) if day != number]
    log.restore(removed)
    assert log.path.read_bytes() == before


def test_deleting_all_and_restoring_all(log: HistoryFile) -> None:
    wanted = filled(log, 3)
    before = log.path.read_bytes()
    removed = [log.delete(one.id) for one in wanted]
    assert log.path.read_bytes() == b""
    for data in reversed(removed):
        log.restore(data)
    assert log.path.read_bytes() == before


def test_keys_of_newer_versions_survive_an_edit(log: HistoryFile) -> None:
    text = to_toml(record()).decode()
    text = text.replace("rpe =", 'shoe = { name = "x", size = [1, 2.5] }\nrpe =')
    text = text.replace("skipped = true", "skipped = true, pulse = 120")
    log.path.write_text(text)
    log.replace(replace(log.get("last"), note="edited"))
    (table,) = tomli.loads(log.path.read_text())["workout"]
    assert table["note"] == "edited"
    assert table["shoe"] == {"name": "x", "size": [1, 2.5]}
    assert table["block"][2]["pulse"] == 120


def test_refused_edits_change_nothing(log: HistoryFile) -> None:
    filled(log, 2)
    before = log.path.read_bytes()
    removed = to_toml(record(1))
    for expected, change in list[tuple[type[HistoryError], Callable[[], object]]](
        [
            (NotFound, lambda: log.delete("20261123")),
            (NotFound, lambda: log.replace(record(5))),
            (InvalidRecord, lambda: log.replace(record(1, note="\ud800"))),
            (Duplicate, lambda: log.restore(removed)),
            (InvalidRecord, lambda: log.restore(b"")),
            (InvalidRecord, lambda: log.restore(b"oops")),
            (InvalidRecord, lambda: log.restore(removed[:-3])),
            (InvalidRecord, lambda: log.restore(removed + to_toml(record(7)))),
        ]
    ):
        with pytest.raises(expected):
            change()
        assert log.path.read_bytes() == before


def test_a_duplicate_id_cannot_be_edited(log: HistoryFile) -> None:
    log.path.write_bytes(to_toml(record()) * 2)
    with pytest.raises(Ambiguous, match="twice"):
        log.delete(record().id)
    with pytest.raises(Ambiguous):
        log.get(record().id)


def test_merge_sorts_by_start_and_adds_nothing_twice(log: HistoryFile) -> None:
    log.path.write_text("# mine\n")
    for day in (2, 4, 6):
        log.append(record(day))
    before = log.path.read_bytes()
    assert log.merge([record(day) for day in (2, 4)]) == 0
    assert log.path.read_bytes() == before
    assert log.merge([record(day) for day in (7, 3, 1, 4, 0, 7)]) == 4
    assert whole_file(log) == [record(day).id for day in (0, 1, 2, 3, 4, 6, 7)]
    assert log.path.read_text().startswith("# mine\n\n[[workout]]")


@pytest.mark.parametrize("quoted", ["'{}'", '"""{}"""', '"\\u0032{}"'])
def test_an_id_quoted_by_hand_is_found(log: HistoryFile, quoted: str) -> None:
    plain = record().id
    text = to_toml(record()).decode()
    inner = plain[1:] if "u0032" in quoted else plain
    log.path.write_text(text.replace(f'"{plain}"', quoted.format(inner)))
    assert log.get(plain[:9]) == record()
    log.replace(record(rpe=9))
    assert log.path.read_text() == text.replace(f'"{plain}"', quoted.format(inner)).replace(
        "rpe = 4", "rpe = 9"
    )


@patient
@given(st.lists(records(), max_size=4, unique_by=lambda r: r.id), st.data())
def test_any_record_of_any_history_can_be_edited(
    log: HistoryFile, wanted: list[Record], data: st.DataObject
) -> None:
    log.path.unlink(missing_ok=True)
    for one in wanted:
        log.append(one)
    if wanted:
        number = data.draw(st.integers(0, len(wanted) - 1))
        wanted[number] = replace(wanted[number], note=data.draw(st.text("ab\n'\"#[]", max_size=9)))
        log.replace(wanted[number])
        gone = wanted.pop(data.draw(st.integers(0, len(wanted) - 1)))
        log.delete(gone.id)
    assert list(log.newest()) == wanted[::-1]


def test_an_unreadable_file_raises_a_history_error(tmp_path: Path) -> None:
    log = HistoryFile(tmp_path)
    for use in (lambda: list(log.newest()), lambda: log.append(record())):
        with pytest.raises(Unavailable, match="Is a directory") as caught:
            use()
        assert caught.value.path == tmp_path
