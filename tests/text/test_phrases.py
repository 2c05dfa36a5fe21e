"""The phrases of the workout screen, for every view of whole workouts."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from retrotimer.core.plan import Plan
from retrotimer.core.sets import Confirm, IntervalSet, Kind, Step
from retrotimer.core.stage_guide import StageId
from retrotimer.core.states import Command, State
from retrotimer.core.units import Units
from retrotimer.core.view import View
from retrotimer.core.workout import Workout
from retrotimer.run.actions import ACTIONS
from retrotimer.text import phrases
from retrotimer.text.format import ARROW, block_text, clock, incline, place, speed
from retrotimer.text.pause import where
from retrotimer.text.phrases import Appearance
from tests.support.runner_world import EVERYTHING, FIRST_STEPS, plan_of

KMH = Units.KMH


def views(plan: Plan, until: int = 30 * 60_000) -> Iterator[View]:
    """A view for each second of a workout; each wait is first paused, then confirmed."""
    workout = Workout(plan)
    yield workout.view(0)
    workout.send(Command.START, 0)
    now = 0
    paused: set[int] = set()
    while now < until and not workout.state.over:
        now += 1_000
        workout.advance(now)
        view = workout.view(now)
        yield view
        if view.state is State.WAITING and view.for_seconds >= 3 and view.number in paused:
            workout.send(Command.CONFIRM, now)
        elif view.state is State.WAITING and view.for_seconds >= 3:
            paused.add(view.number)
            workout.send(Command.PAUSE, now)
            yield workout.view(now)
            now += 2_000
            workout.send(Command.RESUME, now)
        if view.left is None and view.passed > 5:
            workout.send(Command.CONFIRM, now)


ALL = [*views(plan_of(EVERYTHING, confirm=Confirm.ALWAYS)), *views(plan_of(FIRST_STEPS))]


def first(wanted: Appearance, kind: Kind | None = None) -> View:
    return next(
        view for view in ALL if phrases.look(view) is wanted and kind in (None, view.block.kind)
    )


def test_the_views_include_every_appearance_and_every_stage() -> None:
    assert {phrases.look(view) for view in ALL if not view.state.over} == set(Appearance)
    assert {stage.id for view in ALL for stage in view.stages} == set(StageId)


def test_every_running_view_shows_the_direction_by_word_and_sign() -> None:
    for view in ALL:
        if view.state is State.BLOCK and not view.in_ready:
            assert view.block.kind.value.upper() in phrases.headline(view)
            assert phrases.signs(view) == (ARROW[view.block.kind],) * 2
        elif view.state is State.TURN or view.in_ready:
            assert phrases.toward(view).value.upper() in phrases.headline(view)
            assert phrases.signs(view)[1] == ARROW[phrases.toward(view)]


@given(st.sampled_from(ALL), st.integers(1, 300))
def test_a_banner_has_the_whole_headline_at_any_width(view: View, width: int) -> None:
    text = phrases.banner(view, width)
    assert phrases.headline(view) in text
    assert len(text) <= max(width, len(phrases.headline(view)))


def test_phrases_of_a_forward_block() -> None:
    view = first(Appearance.FORWARD, Kind.FORWARD)
    assert phrases.headline(view) == "FORWARD"
    assert phrases.banner(view, 80) == "▲ ▲ ▲    FORWARD    ▲ ▲ ▲"
    assert phrases.coming(view, KMH) == "next   – REST 0:30"
    assert phrases.coming(view, KMH, short=True) == "next – 0:30"
    assert place(view) == "block 1 of 9"
    assert phrases.brief(view, KMH) == ("▲ FORWARD", "block 1/9", "4.0 km/h  2.0 %")
    assert phrases.brief(view, Units.MPH)[2] == "2.5 mph  2.0 %"
    assert phrases.order(view, KMH, "enter") is None
    assert phrases.stages(view) == ()
    assert phrases.terminal_title(view) == "▲ 0:20 forward – retrotimer"


def test_phrases_of_a_backward_block() -> None:
    view = first(Appearance.BACKWARD)
    assert phrases.banner(view, 80) == "▼ ▼ ▼    BACKWARD    ▼ ▼ ▼"
    assert phrases.coming(view, KMH).startswith("next   TURN ")
    assert phrases.coming(view, KMH).endswith("then ▲ FORWARD 0:20")
    assert phrases.terminal_title(view).startswith("▼ 0:")


def test_a_rest_shows_its_step_and_ends_with_a_get_ready() -> None:
    view = first(Appearance.REST)
    assert phrases.banner(view, 60) == "– – –    REST    – – –"
    assert phrases.about(view) == "[red]drink"
    ready = next(view for view in views(_rest_between_forwards()) if view.in_ready)
    assert phrases.look(ready) is Appearance.TURN
    assert phrases.headline(ready) == "GET READY · into FORWARD"
    assert phrases.coming(ready, KMH) == "then   ▲ FORWARD 0:30 at 3.0 km/h"
    shown = phrases.order(ready, KMH, "enter")
    assert shown is not None
    assert shown.title == "GET READY: 3.0 km/h"
    assert shown.body.startswith("feet on the side rails ")
    last = [view for view in views(_rest_between_forwards()) if view.in_ready][-1]
    assert phrases.order(last, KMH, "enter") == (
        "STEP ON AT GO",
        "feet on the side rails until GO   hands on both handrails   eyes to the front",
    )


def _rest_between_forwards() -> Plan:

    ahead = Step(Kind.FORWARD, 30_000, speed=3.0)
    return plan_of(IntervalSet("rest", (ahead, Step(Kind.REST, 30_000), ahead)))


def test_phrases_of_a_turn() -> None:
    turns = [v for v in ALL if v.state is State.TURN and v.block.kind is Kind.BACKWARD]
    by_stage = {v.current_stage.id: v for v in turns if v.current_stage is not None}
    turning = by_stage[StageId.TURN]
    assert phrases.headline(turning) == "TURN · into BACKWARD"
    assert phrases.banner(turning, 80) == "↻ ↻ ↻    TURN · into BACKWARD    ▼ ▼ ▼"
    shown = phrases.order(turning, KMH, "enter")
    assert shown is not None
    assert shown.title.startswith("TURN ROUND NOW")
    assert shown.body == "feet round on the side rails   hands one always holds   eyes to the back"
    short = phrases.order(turning, KMH, "enter", short=True)
    assert short == (shown.title, "feet round on the side rails")
    marks = phrases.stages(turning)
    assert [mark.text for mark in marks][-3:] == ["TURN", "3-2-1", "GO"]
    assert [(mark.done, mark.now) for mark in marks] == [
        (True, False),
        (True, False),
        (False, True),
        (False, False),
        (False, False),
    ]
    slow = phrases.order(by_stage[StageId.SLOW], KMH, "enter")
    assert slow is not None
    assert slow.title.startswith("SLOW THE BELT: 1.6 km/h, 0.0 %")


def test_instructions_fit_one_line_of_80_columns() -> None:
    for view in ALL:
        for text in phrases.order(view, KMH, "enter") or ():
            assert len(text) <= 78


def test_the_last_three_seconds_are_shown_as_single_digits() -> None:
    counted = [
        phrases.digits(view)
        for view in ALL
        if view.current_stage is not None and view.current_stage.id is StageId.COUNT
    ]
    assert set(counted) == {"3", "2", "1"}


def test_a_wait_names_the_key_it_waits_for() -> None:
    view = first(Appearance.WAITING)
    assert phrases.digits(view) == "?"
    assert phrases.headline(view).startswith("WAITING · into ")
    shown = phrases.order(view, KMH, "tab")
    assert shown is not None
    assert shown.title == "PRESS TAB WHEN READY"
    assert not any(mark.now for mark in phrases.stages(view))
    assert ACTIONS["confirm"].label(view) == "ready"


def test_an_open_block_counts_up_and_the_time_to_go_is_a_minimum() -> None:
    view = next(view for view in ALL if view.left is None and view.passed == 3)
    assert phrases.digits(view) == "0:03"
    assert phrases.headline(view) == "FORWARD · open"
    assert ACTIONS["confirm"].label(view) == "end block"
    assert phrases.progress(first(Appearance.FORWARD)).endswith("+ to go")


def test_the_next_turn_is_announced_from_its_warning_on() -> None:
    warned = [view.left for view in views(plan_of(), 310_000) if phrases.warns(view, 10_000)]
    assert warned == list(range(10, 0, -1))


def test_times_speeds_and_blocks_as_text() -> None:
    assert [clock(seconds) for seconds in (0, 59, 60, 3599, 3600, 36_061)] == [
        "0:00",
        "0:59",
        "1:00",
        "59:59",
        "1:00:00",
        "10:01:01",
    ]
    assert (speed(1.6, KMH), speed(1.609344, Units.MPH), speed(None, KMH)) == (
        "1.6 km/h",
        "1.0 mph",
        "",
    )
    assert (incline(4), incline(None)) == ("4.0 %", "")
    assert block_text(plan_of().blocks[1], KMH) == "▼ BACKWARD 0:30 at 1.6 km/h"


def test_no_view_contains_the_word_none() -> None:
    for view in ALL:
        said = [
            *phrases.brief(view, KMH),
            phrases.about(view),
            phrases.coming(view, KMH),
            phrases.coming(view, KMH, short=True),
            phrases.digits(view),
            phrases.progress(view),
            where(view, KMH),
            phrases.terminal_title(view),
            *(phrases.order(view, KMH, "enter") or ()),
        ]
        assert not any("None" in text for text in said)
