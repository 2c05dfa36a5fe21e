"""Records for tests: one to vary, and a strategy for any."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from retrotimer.core.rows import Row, Totals
from retrotimer.core.sets import Kind
from retrotimer.history.ids import new_id
from retrotimer.history.record import Record, Status

START = datetime(2026, 11, 23, 7, 10, tzinfo=timezone(timedelta(hours=1)))

patient = settings(
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)
"""For tests on files, which take as long as the disk does."""

NASTY = [
    "[[workout]]",
    '"""',
    "'''",
    "a\n[[workout]]\nid = 'x'\n",
    "nul \0 del \x7f esc \x1b",
    "\r\n tab \t \\ \\u0041",
    "🏃‍♀️ läuft rückwärts, 後ろ向き",
    "]",
    "},",
    '"; drop',
    "# no comment",
    "x" * 300,
    " ",
    "\ufeff\u2028\u0085",
]


def record(days: int = 0, **changes: Any) -> Record:
    """A plain workout, `days` after START."""
    started = START + timedelta(days=days)
    plain = Record(
        id=new_id(started, random.Random(days)),
        started=started,
        ended=started + timedelta(minutes=20),
        set="First steps",
        status=Status.COMPLETED,
        totals=Totals(forward=300_500, backward=150_000, turn=60_000, paused=1),
        rows=(
            Row(Kind.FORWARD, "Warm up", 300_000, 300_500, 3.5, None, 0),
            Row(Kind.TURN, "", 60_000, 60_000, None, None, 300_500),
            Row(Kind.BACKWARD, "", None, 150_000, 1.6, 1.0, 360_500, skipped=True),
        ),
        planned=510_000,
        distance_m=760.0,
        stumbles=(500, 301_000),
        rpe=4,
        pain=0,
        note="easier",
    )
    return replace(plain, **changes)


texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"])))
lengths = st.integers(0, 10**9)
numbers = st.floats(-1e9, 1e9)
moments = st.datetimes(
    datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
)
plain_values = st.one_of(
    texts,
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False),
    moments,
    st.dates(date(1000, 1, 1)),
    st.just(time(7, 10, 0, 1000)),
)
values = st.recursive(
    plain_values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
NAMES = {f.name for kind in (Record, Row, Totals) for f in fields(kind)}
OWN_KEYS = NAMES | {f"{name}_s" for name in NAMES} | {"block"}
extras = st.dictionaries(texts.filter(lambda key: key not in OWN_KEYS), values, max_size=3)
rows = st.builds(
    Row,
    kind=st.sampled_from(Kind),
    label=texts,
    planned=st.none() | lengths,
    done=lengths,
    speed=st.none() | numbers,
    incline=st.none() | numbers,
    started=lengths,
    skipped=st.booleans(),
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Any record that can be written."""
    some = draw(st.lists(rows, max_size=4))
    new_keys = st.dictionaries(st.integers(0, len(some) - 1), extras.filter(bool), max_size=2)
    return Record(
        id=draw(texts),
        started=draw(moments),
        ended=draw(moments),
        set=draw(texts),
        status=draw(st.sampled_from(Status)),
        totals=Totals(*draw(st.tuples(*[lengths] * 6))),
        rows=tuple(some),
        planned=draw(st.none() | lengths),
        reason=draw(texts),
        scaled=draw(texts),
        distance_m=draw(st.none() | numbers),
        belt_distance_m=draw(st.none() | numbers),
        stumbles=tuple(draw(st.lists(lengths, max_size=3))),
        rpe=draw(st.none() | st.integers(0, 10) | st.just(0.5)),
        pain=draw(st.none() | st.integers(0, 10)),
        note=draw(texts),
        format=draw(st.integers(1, 9)),
        extra=draw(extras),
        row_extra=draw(new_keys) if some else {},
    )
