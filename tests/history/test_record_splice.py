"""An edit changes only the lines of what was edited."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from retrotimer.history.file import HistoryFile
from retrotimer.history.json_records import to_json
from retrotimer.history.record import Record, to_toml
from tests.support.history_records import patient, record, records

BY_HAND = '''# my log, by hand

  [[ workout ]]   # the best one
# before the id
"id"   =   '20261123T071000-7f3a'  # typed
started = 2026-11-23 07:10:00+01:00
ended = 2026-11-23T07:30:00+01:00

set = "First steps"
status = 'completed'   # really
shoe.name = "old"      # a key of my own
pulse = nan

reason = ""
    rpe   = 4.0        # felt like 5
# about the note
note = """
two lines,
# this is no comment
[[workout]]
"""                    # behind the note
# the rows
block = [
  # slow
  { kind = "forward", label = "Warm up", planned_s = 300, done_s = 300.5, pulse = inf, },

  { kind = "turn", done_s = 60, "planned_s" = 60.0, started_s = 300.5 }, # round
]
# the end

[other]
x = 1
'''.replace("pulse = inf, }", "pulse = inf }")  # the comma is TOML 1.1


@pytest.fixture(params=["\n", "\r\n"], ids=["lf", "crlf"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> HistoryFile:
    found = HistoryFile(tmp_path / "history.toml")
    found.path.write_bytes(BY_HAND.replace("\n", request.param).encode())
    return found


def changed(log: HistoryFile, **changes: object) -> list[tuple[str, str]]:
    """Edit the record; returns the lines that differ as (before, after), "" for none."""
    before = log.path.read_bytes().decode()
    wanted = replace(log.get("last"), **changes)  # type: ignore[arg-type]
    log.replace(wanted)
    after = log.path.read_bytes().decode()
    for name, value in changes.items():
        assert getattr(log.get("last"), name) == value
    assert ("\r\n" in before) == ("\r\n" in after)
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return [*differing(old, new)]


def differing(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    if old or new:
        yield "".join(old), "".join(new)


def test_a_value_is_changed_in_place(log: HistoryFile) -> None:
    end = log.path.read_bytes()[-2:].decode().replace("1", "")
    assert [(b.rstrip("\r\n"), a.rstrip("\r\n")) for b, a in changed(log, rpe=6.5)] == [
        ("    rpe   = 4.0        # felt like 5", "    rpe   = 6.5        # felt like 5")
    ]
    assert changed(log, pain=2) == [("", f"pain = 2{end[-2:]}" if "\r" in end else "pain = 2\n")]


def test_a_removed_value_leaves_its_comment(log: HistoryFile) -> None:
    ((before, after),) = changed(log, rpe=None)
    assert before.strip() == "rpe   = 4.0        # felt like 5"
    assert after.strip() == "# felt like 5"
    changed(log, pain=0)
    text = log.path.read_bytes()
    ((before, after),) = changed(log, pain=None)
    assert (before.strip(), after) == ("pain = 0", "")
    assert text.count(b"\n") == log.path.read_bytes().count(b"\n") + 1


def test_changing_a_multi_line_note_changes_nothing_else(log: HistoryFile) -> None:
    ((before, after),) = changed(log, note="one line")
    assert before.lstrip().startswith('note = """')
    assert before.rstrip().endswith("# behind the note")
    assert after.rstrip() == 'note = "one line"                    # behind the note'


def test_new_keys_come_before_the_rows(log: HistoryFile) -> None:
    changed(log, pain=1, belt_distance_m=760.0)
    text = log.path.read_text()
    assert text.index("belt_distance_m = 760.0") < text.index("rpe ") < text.index("pain = 1")
    assert text.index("pain = 1") < text.index("# about the note") < text.index("block = [")
    lines = [line for line in text.splitlines() if not re.match("pain|belt_dist", line)]
    assert lines == BY_HAND.splitlines()


def test_records_with_nan_can_be_edited_deleted_and_shown_as_json(log: HistoryFile) -> None:
    changed(log, note="edited")
    (shown,) = json.loads(to_json([log.get("last")]), parse_constant=pytest.fail)
    assert shown["extra"]["pulse"] == "nan"
    assert shown["block"][0]["extra"]["pulse"] == "inf"
    before = log.path.read_bytes()
    removed = log.delete(log.get("last").id)
    assert list(log.newest()) == []
    log.restore(removed)
    assert removed in before
    assert log.get("last").note == "edited"
    copied = HistoryFile(log.path.with_name("copy.toml"))
    copied.append(log.get("last"))
    assert "pulse = nan" in copied.path.read_text()


EDITED = ("rpe", "pain", "note", "belt_distance_m")


@st.composite
def hand_formatted(draw: st.DrawFn) -> tuple[str, Record]:
    """A record with comments, odd spacing, quoted keys and line ends of an editor."""
    made = draw(records())
    lines = to_toml(made).decode().removesuffix("\n").split("\n")
    for number, line in enumerate(lines):
        key, equals, value = line.partition(" = ")
        if equals and not line.startswith(" ") and key.isalnum() and key != "block":
            key = draw(st.sampled_from([key, f'"{key}"', f"'{key}'", f"  {key}"]))
            gap = draw(st.sampled_from([" = ", "=", "\t=  "]))
            behind = draw(st.sampled_from(["", "", ' # it\'s "this"', "\t"]))
            lines[number] = f"{key}{gap}{value}{behind}"
    for _ in range(draw(st.integers(0, 4))):
        # Not before the header, where it would belong to no record.
        at = draw(st.integers(1, len(lines)))
        lines.insert(at, draw(st.sampled_from(["# rpe = 1", "", '  # """', "# [[workout]] ]"])))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return "".join(f"{line}{end}" for line in lines), made


@limits(patient, max_examples=60)
@given(hand_formatted(), st.data())
def test_only_the_lines_of_what_is_edited_change(
    tmp_path: Path, given_one: tuple[str, Record], data: st.DataObject
) -> None:
    text, made = given_one
    log = HistoryFile(tmp_path / "history.toml")
    log.path.write_bytes(text.encode())
    wanted = replace(
        made,
        rpe=data.draw(st.none() | st.integers(0, 10) | st.just(0.5) | st.just(made.rpe)),
        pain=data.draw(st.none() | st.integers(0, 10)),
        note=data.draw(st.sampled_from(["", "new", 'a\n"b" #', made.note])),
        belt_distance_m=data.draw(st.none() | st.just(12.5)),
    )
    log.replace(wanted)
    assert list(log.newest()) == [wanted]

    def others(whole: str) -> list[str]:
        mine = re.compile(rf"""\s*["']?({"|".join(EDITED)})["']?\s*=""")
        # The comment after a removed value stays.
        return [
            line
            for line in whole.split("\n")
            if not mine.match(line) and line.strip() != '# it\'s "this"'
        ]

    assert others(log.path.read_bytes().decode()) == others(text)


def test_changed_rows_are_rewritten(tmp_path: Path) -> None:
    log = HistoryFile(tmp_path / "history.toml")
    log.append(record(0))
    other = replace(record(0), rows=record(0).rows[:1])
    log.replace(other)
    assert log.path.read_bytes() == to_toml(other)
