"""The columns of the history, whatever is in its records."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.core.rows import Totals
from retrotimer.history.columns import table
from retrotimer.history.record import Record
from retrotimer.terminal.cells import width
from retrotimer.terminal.visible import visible_line
from retrotimer.text.format import elapsed
from tests.support.history_records import NASTY, patient, record, records

EXPECTED = """\
when              set                  fwd   back  turns    km  RPE  pain  note
2026-11-25 07:10  歩く             1:00:00   0:00      1               10
2026-11-24 07:10  First steps         5:00   2:30      1  1.20  0.5     0  in t…
2026-11-23 07:10  A very long na…     5:00  10:01      1  0.76    4     0
"""
WALK = Totals(forward=3_600_999)
RUN = Totals(forward=300_000, backward=601_000)


def test_a_table() -> None:
    rows = [
        record(2, set="歩く", totals=WALK, distance_m=None, rpe=None, pain=10, note=""),
        record(1, note="in the long run", rpe=0.5, belt_distance_m=1200.0),
        record(0, set="A very long name", totals=RUN, note=""),
    ]
    assert table(rows) == EXPECTED


def test_without_records_only_the_head_is_shown() -> None:
    assert table([]).splitlines() == ["when  set  fwd  back  turns  km  RPE  pain  note"]


@pytest.mark.parametrize("ms", [0, 999, 59_999, 60_000, 3_599_999, 3_600_000, 86_400_000])
def test_times_are_shown_in_whole_seconds(ms: int) -> None:
    parts = [int(part) for part in elapsed(ms).split(":")]
    hours, minutes, seconds = [0] * (3 - len(parts)) + parts
    assert max(minutes, seconds) < 60
    assert hours * 3600 + minutes * 60 + seconds == ms // 1000


@patient
@given(st.lists(records(), max_size=4))
def test_any_record_is_one_line_without_control_characters(some: list[Record]) -> None:
    text = table(some)
    assert text.count("\n") == len(some) + 1
    assert all(line == visible_line(line) for line in text.split("\n"))


@pytest.mark.parametrize("name", NASTY)
def test_nasty_names_fit_the_line(name: str) -> None:
    (_, line) = table([record(set=name, note=name)]).splitlines()
    assert width(line) <= 80
    assert "\x1b" not in line


def test_the_day_shown_is_that_of_the_records_own_offset() -> None:
    far = datetime(2026, 11, 23, 23, 50, tzinfo=timezone(timedelta(hours=-11)))
    assert table([record(started=far)]).splitlines()[1].startswith("2026-11-23 23:50")


def test_the_history_loads_no_screen() -> None:
    code = (
        "import sys, retrotimer.history.columns, retrotimer.session.file, retrotimer.host.paths;"
        "from retrotimer.history.file import HistoryFile;"
        "print({'textual', 'rich', 'wakepy', 'miniaudio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_note_comes_before_the_reason_for_the_end() -> None:
    both = [record(reason="pain, dizzy or unsteady", note="left knee")]
    assert "left knee" in table(both)
    assert "left knee · pain, dizzy or unsteady" in table(both, 120)
