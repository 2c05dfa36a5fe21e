from __future__ import annotations

import math
import random
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tomli
from hypothesis import example, given
from hypothesis import strategies as st

from retrotimer.core.rows import Row
from retrotimer.core.sets import Kind
from retrotimer.core.workout import COOL_DOWN_LEFT
from retrotimer.history.errors import InvalidRecord
from retrotimer.history.ids import new_id
from retrotimer.history.record import Record, Status, from_table, to_toml
from tests.support.history_records import NASTY, START, patient, record, records

CANONICAL = """\
[[workout]]
id = "20261123T071000-c53e"
format = 1
started = 2026-11-23T07:10:00+01:00
ended = 2026-11-23T07:30:00+01:00
set = "First steps"
status = "completed"
planned_s = 510.0
forward_s = 300.5
backward_s = 150.0
rest_s = 0.0
turn_s = 60.0
waiting_s = 0.0
paused_s = 0.001
distance_m = 760.0
stumbles = [0.5, 301.0]
rpe = 4
pain = 0
note = "easier"
block = [
  { kind = "forward", label = "Warm up", planned_s = 300.0, done_s = 300.5, speed = 3.5, \
started_s = 0.0 },
  { kind = "turn", planned_s = 60.0, done_s = 60.0, started_s = 300.5 },
  { kind = "backward", done_s = 150.0, speed = 1.6, incline = 1.0, started_s = 360.5, \
skipped = true },
]
"""


def read(text: str | bytes) -> Record:
    text = text.decode() if isinstance(text, bytes) else text
    return from_table(tomli.loads(text)["workout"][0])


def table(**changes: Any) -> dict[str, Any]:
    """The canonical table with some keys changed, or removed (None)."""
    whole: dict[str, Any] = {**tomli.loads(CANONICAL)["workout"][0], **changes}
    return {key: value for key, value in whole.items() if value is not None}


def test_canonical_form() -> None:
    assert to_toml(record()).decode() == CANONICAL
    assert read(CANONICAL) == record()


@patient
@given(records())
@example(record(set="\n]", note='"""', rows=()))
def test_any_record_reads_back_the_same(some: Record) -> None:
    data = to_toml(some)
    assert read(data) == some
    assert to_toml(read(data)) == data
    assert data.startswith(b"[[workout]]\n")
    assert data.endswith(b"\n]\n")
    assert data.count(b"\n[[workout]]") == 0


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_reads_back_the_same_everywhere(text: str) -> None:
    row = Row(Kind.REST, text, 1, 1, None, None, 0)
    extra = {"new": [text], "deep": {text: text}, text: 1}
    some = record(set=text, note=text, reason=text, rows=(row,), extra=extra)
    assert read(to_toml(some)) == some


@patient
@given(st.integers(0, 10**15))
def test_every_millisecond_reads_back(ms: int) -> None:
    data = to_toml(record(planned=ms))
    assert read(data).planned == ms
    assert re.search(rb"^planned_s = \d+\.\d+$", data, re.MULTILINE)


def test_the_offset_is_kept_even_in_the_hour_repeated_in_autumn() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    some = record(started=first, ended=first.replace(fold=1))
    came = read(to_toml(some))
    assert came.started.isoformat() == "2026-10-25T02:30:00+02:00"
    assert came.ended.isoformat() == "2026-10-25T02:30:00+01:00"


def test_the_day_is_that_of_the_records_own_offset() -> None:
    late = datetime(2026, 11, 23, 23, 50, tzinfo=timezone(timedelta(hours=-11)))
    assert read(to_toml(record(started=late))).started.date().isoformat() == "2026-11-23"


def test_new_id_is_local_start_and_four_digits() -> None:
    ids = {new_id(START, random.Random(seed)) for seed in range(50)}
    assert all(re.fullmatch(r"20261123T071000-[0-9a-f]{4}", one) for one in ids)
    assert len(ids) > 40


@pytest.mark.parametrize(
    "changes",
    [
        {"note": "lone \ud800"},
        {"extra": {"lone \udfff": 1}},
        {"distance_m": math.nan},
        {"distance_m": math.inf},
        {"rpe": math.nan},
        {"extra": {"x": None}},
        {"extra": {"id": "another"}},
        {"extra": {"block": []}},
        {"planned": -1},
        {"planned": 10**18},
        {"started": datetime(2026, 1, 1)},  # noqa: DTZ001
        {"started": datetime(1880, 1, 1, tzinfo=ZoneInfo("Europe/Berlin"))},
        {"stumbles": (-5,)},
        {"pain": True},
        {"row_extra": {7: {"lost": 1}}},
    ],
)
def test_what_would_not_read_back_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidRecord):
        to_toml(replace(record(), **changes))


def test_whole_numbers_by_hand_and_missing_optional_keys_are_fine() -> None:
    short = {
        "id": "x",
        "started": START,
        "ended": START,
        "set": "Mine",
        "status": "stopped",
        "forward_s": 60,
        "distance_m": 100,
        "stumbles": [3],
        "block": [{"kind": "forward", "done_s": 60, "speed": 4}],
    }
    some = from_table(short)
    assert some.totals.forward == 60_000
    assert some.distance_m == 100.0
    assert some.stumbles == (3000,)
    assert some.rows == (Row(Kind.FORWARD, "", None, 60_000, 4.0, None, 0),)
    assert read(to_toml(some)) == some


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"block": None}, "`block` is missing"),
        ({"block": 3}, "`block` is 3, which is not a list"),
        ({"block": [3]}, "block 1 is not a table"),
        ({"block": [{"kind": "sideways", "done_s": 1}]}, "block 1: `kind` is 'sideways'"),
        ({"block": [{"kind": "rest"}]}, "block 1: `done_s` is missing"),
        ({"block": [{"kind": "rest", "done_s": -1}]}, "is negative"),
        ({"id": None}, "`id` is missing"),
        ({"id": 7}, "`id` is 7, which is not text"),
        ({"status": "great"}, "not one of completed, stopped, recovered"),
        ({"started": START.replace(tzinfo=None)}, "no offset"),
        ({"started": "yesterday"}, "not a date and time"),
        ({"forward_s": True}, "not a number"),
        ({"forward_s": math.nan}, "not a sensible number"),
        ({"forward_s": 10**400}, "not a sensible number"),
        ({"distance_m": math.inf}, "not a sensible number"),
        ({"pain": 1.5}, "not a whole number"),
        ({"stumbles": ["1"]}, "`stumbles` is '1'"),
    ],
)
def test_mistakes_are_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRecord, match=re.escape(said)):
        from_table(table(**changes))


@patient
@given(st.dictionaries(st.sampled_from(sorted(table())), st.sampled_from([None, 1, -1.5, "", []])))
def test_no_other_error_is_raised_for_any_table(changes: dict[str, Any]) -> None:
    try:
        some = from_table(table(**changes))
    except InvalidRecord:
        return
    assert read(to_toml(some)) == some


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        (Status.COMPLETED, "", ""),
        (Status.COMPLETED, COOL_DOWN_LEFT, "completed: cool down begun, not finished"),
        (Status.STOPPED, COOL_DOWN_LEFT, "stopped: cool down begun, not finished"),
        (Status.STOPPED, "", "stopped"),
    ],
)
def test_an_end_not_as_planned_is_described(status: Status, reason: str, expected: str) -> None:
    assert record(status=status, reason=reason).ending == expected


def test_turns_counts_only_completed_turns() -> None:
    rows = tuple(
        Row(kind, "", 2, done, None, None, 0, skipped=skipped)
        for kind, done, skipped in [
            (Kind.TURN, 2, False),
            (Kind.TURN, 1, False),
            (Kind.TURN, 2, True),
            (Kind.READY, 2, False),
        ]
    )
    assert record(rows=rows).turns == 1
