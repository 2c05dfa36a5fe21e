"""The history as JSON: the same keys for every record, and values in the units of the file."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from retrotimer.history.json_records import to_json
from retrotimer.history.record import Record, Status
from tests.support.history_records import patient, record, records


@patient
@given(st.lists(records(), max_size=3))
def test_json_has_all_keys_of_all_records(some: list[Record]) -> None:
    objects = json.loads(to_json(some))
    assert [one["id"] for one in objects] == [one.id for one in some]
    plain = json.loads(to_json([record()]))[0]
    assert all(list(one) == list(plain) for one in objects)
    rows = [row for one in objects for row in one["block"]]
    assert all(list(row) == list(plain["block"][0]) for row in rows)


def test_json_values() -> None:
    some = record(planned=None, status=Status.STOPPED, extra={"on": date(2026, 1, 1)}, rpe=None)
    (one,) = json.loads(to_json([some]))
    assert one["started"] == "2026-11-23T07:10:00+01:00"
    assert one["status"] == "stopped"
    assert one["planned_s"] is None
    assert one["rpe"] is None
    assert one["forward_s"] == 300.5
    assert one["paused_s"] == 0.001
    assert one["stumbles"] == [0.5, 301.0]
    assert one["extra"] == {"on": "2026-01-01"}
    assert one["block"][2] == {
        "kind": "backward",
        "label": "",
        "planned_s": None,
        "done_s": 150.0,
        "speed": 1.6,
        "incline": 1.0,
        "started_s": 360.5,
        "skipped": True,
        "extra": {},
    }
    assert to_json([]) == "[]\n"
