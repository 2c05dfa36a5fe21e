"""A countdown and the block after it are described in the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from retrotimer.core.events import CountdownBegan, Event, ReadyBegan
from retrotimer.core.sets import Kind
from retrotimer.core.states import Command, State
from retrotimer.core.units import Units
from retrotimer.core.view import View
from retrotimer.core.workout import Workout
from retrotimer.plain.watch import WatchLines
from retrotimer.text import phrases
from retrotimer.text.events import event_text
from retrotimer.text.format import WORD, block_text, led_text, then_text
from retrotimer.watch.notices import notice
from retrotimer.watch.reader import Live, Silent
from tests.support.runner_world import EVERYTHING, plan_of

KMH = Units.KMH
PLAN = plan_of(EVERYTHING)
NOW = datetime(2026, 11, 23, 7, 10, tzinfo=UTC)


def played() -> Iterator[tuple[tuple[Event, ...], View]]:
    workout = Workout(PLAN)
    events = workout.send(Command.START, 0)
    for second in range(1, 3600):
        yield events, workout.view(second * 1000 - 1000)
        events = workout.advance(second * 1000)
        view = workout.view(second * 1000)
        if view.state.over:
            return
        if view.state is State.WAITING or (view.left is None and view.passed > 5):
            events += workout.send(Command.CONFIRM, second * 1000)


PLAYED = list(played())


def watched(view: View) -> str:
    """The line that `watch --plain` prints for a view."""
    lines: list[str] = []
    watch = cast("Any", SimpleNamespace(wall=lambda: NOW))
    WatchLines(watch, KMH, confirm="enter", write=lines.append).tell(Live(PLAN, view))
    return lines[0].partition("  ")[2]


def test_what_begins_is_described_in_the_same_words() -> None:
    found = set()
    for events, view in PLAYED:
        for event in events:
            text = event_text(event, KMH, confirm="enter")
            if isinstance(event, CountdownBegan):
                assert text == led_text(event.countdown, event.block, KMH)
                if not view.stages:
                    assert watched(view).startswith(text)
            elif isinstance(event, ReadyBegan):
                assert text == then_text(WORD[Kind.READY], event.block, KMH)
                assert watched(view).startswith(text)
            else:
                continue
            found.add(type(event))
    assert found == {CountdownBegan, ReadyBegan}


def test_what_comes_next_is_described_in_the_same_words() -> None:
    leads = set()
    for _, view in PLAYED:
        if view.state is State.BLOCK and not view.in_ready and view.after is not None:
            assert phrases.coming(view, KMH) == f"next   {led_text(*view.after, KMH)}"
            leads.add(view.after[0] and view.after[0].kind)
    assert leads >= {Kind.TURN, None}


def test_what_was_seen_last_is_described_in_the_same_words() -> None:
    states = set()
    for _, view in PLAYED:
        silent = Silent(PLAN, view, NOW, 3, "it stands still")
        last = notice(silent, KMH)[-1].removeprefix("last seen: ")
        match view.state:
            case State.TURN:
                assert last == then_text(WORD[view.phase.kind], view.block, KMH)
            case State.WAITING:
                assert last == then_text("waiting", view.block, KMH)
            case _:
                assert last.startswith(block_text(view.block, KMH))
        states.add(view.state)
    assert states >= {State.TURN, State.BLOCK}
