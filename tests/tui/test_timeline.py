"""A plan drawn in proportion."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import ComposeResult

from retrotimer.core.plan import Phase, Plan, make_plan
from retrotimer.core.sets import IntervalSet, Kind, Step
from retrotimer.tui.themes import Themed
from retrotimer.tui.widgets.timeline import (
    PlanStrip,
    PlanTimeline,
    cells,
    column_at,
    drawn,
    position_in,
    strip_row,
    timeline_rows,
)
from tests.support.runner_world import EVERYTHING, FIRST_STEPS, plan_of

STEPS = st.builds(
    Step,
    kind=st.sampled_from([Kind.FORWARD, Kind.BACKWARD, Kind.REST]),
    length=st.integers(5, 600).map(lambda seconds: seconds * 1000),
    speed=st.none() | st.floats(0.8, 6),
)
PLANS = st.lists(STEPS, min_size=1, max_size=12).map(
    lambda steps: make_plan(IntervalSet("any", tuple(steps)))
)


@given(PLANS, st.integers(0, 200))
def test_every_drawing_has_the_width_asked_for(plan: Plan, width: int) -> None:
    assert len(cells(plan, width)) == len(strip_row(plan, width)) == width
    assert [len(row) for row in timeline_rows(plan, width)] == [width] * 3


@given(PLANS)
def test_with_a_column_for_each_second_every_kind_has_its_time(plan: Plan) -> None:
    seconds = sum(drawn(phase) for phase in plan) // 1000
    found = [cell.kind for cell in cells(plan, seconds)]
    for kind in Kind:
        assert found.count(kind) == plan.time_in(kind) // 1000


@given(PLANS, st.integers(1, 100))
def test_forward_is_only_above_and_backward_only_below(plan: Plan, width: int) -> None:
    above, axis, below = timeline_rows(plan, width)
    for cell, up, middle, down in zip(cells(plan, width), above, axis, below, strict=True):
        assert (up != " ") is (cell.kind is Kind.FORWARD)
        assert (down != " ") is (cell.kind is Kind.BACKWARD)
        assert (middle == "╵") is cell.kind.countdown


def test_short_backward_blocks_are_not_lost() -> None:
    assert strip_row(plan_of(), 40).count("▁") >= 5
    runs = [run for run in strip_row(plan_of(), 40).replace("╷", "▔").split("▔") if run]
    assert len(runs) == 5


def test_an_open_block_is_drawn_too() -> None:
    assert cells(plan_of(EVERYTHING), 60)[-1].kind is Kind.FORWARD
    only = make_plan(IntervalSet("open", (Step(Kind.FORWARD, None),)))
    assert timeline_rows(only, 4)[0].strip()


def test_the_faster_the_higher() -> None:
    slow, fast = Step(Kind.FORWARD, 60_000, speed=2.0), Step(Kind.FORWARD, 60_000, speed=6.0)
    above = timeline_rows(make_plan(IntervalSet("two", (slow, fast))), 40)[0]
    assert above[10] < above[-1] == "█"


@given(PLANS, st.data())
def test_positions_grow_with_the_time(plan: Plan, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(plan.blocks)))
    block, lead = plan.blocks[number - 1], plan.leads[number - 1]
    length = block.length or 0
    begin = position_in(plan, number, lead.length if lead else None, length)
    middle = position_in(plan, number, None, length)
    end = position_in(plan, number, None, 0)
    assert begin == sum(drawn(p) for p in _before(plan, number))
    assert middle - begin == (lead.length if lead else 0)
    assert end - middle == length
    assert column_at(plan, sum(drawn(p) for p in plan), 50) == 50


def _before(plan: Plan, number: int) -> list[Phase]:
    pairs = list(zip(plan.leads, plan.blocks, strict=True))[: number - 1]
    return [phase for pair in pairs for phase in pair if phase is not None]


class Host(Themed[None]):
    """Both drawings."""

    def compose(self) -> ComposeResult:
        yield PlanTimeline()
        yield PlanStrip(plan_of(), 0)


@pytest.mark.parametrize("size", [(1, 3), (40, 12), (300, 80)])
async def test_the_widgets_show_the_drawings(size: tuple[int, int]) -> None:
    app = Host()
    plan = plan_of(FIRST_STEPS)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        timeline, strip = app.query_one(PlanTimeline), app.query_one(PlanStrip)
        assert timeline.render_line(0).text.strip() == ""
        timeline.show(plan, 100_000)
        strip.show(plan, 600_000)
        await pilot.pause()
        assert strip.render_line(0).text == strip_row(plan, size[0])
        if size[0] > 2:
            texts = [timeline.render_line(y).text for y in range(3)]
            assert [text[2:] for text in texts] == list(timeline_rows(plan, size[0] - 2))
            assert [text[0] for text in texts] == ["▲", " ", "▼"]
            # Both ends are forward blocks; what is done is faded.
            first, *_, last = [segment.style for segment in strip.render_line(0)]
            assert first is not None
            assert last is not None
            assert first.color != last.color
