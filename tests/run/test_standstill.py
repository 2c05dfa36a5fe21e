"""Invariant 1 under a fake clock: whatever stands still, nothing moves on and no GO sounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus
from retrotimer.core.events import BlockBegan, Event, Paused
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Belt, Confirm, Kind, Laptop
from retrotimer.core.states import Command, Reason, State
from retrotimer.history.record import Record
from retrotimer.run.runner import Runner
from retrotimer.run.terminal_health import TerminalHealth
from retrotimer.session.recovery import SavedWorkout
from tests.support.interval_sets import backward, forward, plan_of
from tests.support.runner_world import MS, World, make_world

PLAN = plan_of(forward(30), backward(30), forward(60))
ASKS = plan_of(forward(30), backward(30), confirm_turns=Confirm.ALWAYS)
GO = {"forward", "backward"}
REACHED = {
    "get ready": (PLAN, 5_000),
    "forward": (PLAN, 25_000),
    "turn": (PLAN, 45_000),
    "backward": (PLAN, 70_000),
    "waiting": (ASKS, 60_000),
    "paused": (PLAN, 70_000),
}
"""By name: a plan and the ms after which its workout is there."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def run_for(runner: Runner, world: World, ms: int, every: int = 250) -> list[Event]:
    """Let so much time pass as a screen would: polled every quarter second."""
    events: list[Event] = []
    while ms > 0:
        step = min(every, ms)
        world.clock.advance(step)
        events += runner.poll()
        ms -= step
    return events


def started(world: World, plan: Plan = PLAN, rate: int = 1) -> Runner:
    runner = Runner.new(plan, world.environment, rate=rate)
    runner.open()
    run_for(runner, world, 2_000)
    runner.enter()
    return runner


def reach(world: World, name: str, plan: Plan | None = None) -> Runner:
    usual, ms = REACHED[name]
    runner = started(world, plan or usual)
    run_for(runner, world, ms, every=1_000)
    if name == "paused":
        runner.space()
        run_for(runner, world, 3_000)
    return runner


def state_of(runner: Runner) -> State:
    return runner.view.state


def gos(tracks: list[list[Entry]]) -> list[Entry]:
    return [entry for track in tracks for entry in track if entry.cue in GO]


def reasons(events: list[Event]) -> list[Reason]:
    return [event.reason for event in events if isinstance(event, Paused)]


# However it is noticed -------------------------------------------------------------------------

DOORS: dict[str, Callable[[Runner], object]] = {
    "poll": Runner.poll,
    "space": Runner.space,
    "enter": Runner.enter,
    "clicker": Runner.clicker,
    "pause": Runner.pause,
    "skip": lambda runner: runner.command(Command.SKIP),
    "resume": lambda runner: runner.command(Command.RESUME),
    "back": lambda runner: runner.command(Command.BACK),
    "speed": lambda runner: runner.nudge_speed(0.1),
}
"""What may come first when the program runs on: the poll, or a key pressed meanwhile."""


@pytest.mark.parametrize("asleep", [False, True], ids=["stalled", "asleep"])
@pytest.mark.parametrize("state", REACHED)
@pytest.mark.parametrize("door", DOORS)
def test_whatever_comes_first_finds_it_paused_where_it_was(
    world: World, door: str, state: str, asleep: bool
) -> None:
    runner = reach(world, state)
    before, told, leased = runner.view, len(world.player.tracks), len(world.player.leases)
    (world.clock.sleep if asleep else world.clock.advance)(45_000)
    DOORS[door](runner)
    # And once more, held down in alarm or handed over twice.
    DOORS[door](runner)
    assert runner.view.state is State.PAUSED
    assert (runner.view.number, runner.view.block_left) == (before.number, before.block_left)
    if state != "paused":
        assert runner.view.reason is (Reason.SUSPENDED if asleep else Reason.STALLED)
        assert world.player.leases[-1] is None
        assert world.player.cues() == ["alarm"]
    assert gos(world.player.tracks[told:]) == []
    assert not any(world.player.leases[leased:])


def test_keys_pressed_while_nothing_was_seen_do_not_go_on(world: World) -> None:
    """Space on a screen that stands still, again and again; then all of it is handed over."""
    runner = reach(world, "paused")
    world.clock.advance(20_000)
    for _ in range(3):
        runner.space()
        runner.clicker()
        world.clock.advance(20)
    assert state_of(runner) is State.PAUSED
    run_for(runner, world, 1_500)
    runner.space()
    assert state_of(runner) is State.TURN


def test_a_stall_across_a_go_begins_no_block(world: World) -> None:
    """The last tenth of a turn, then nothing: the block has not begun, its turn comes again."""
    runner = started(world)
    run_for(runner, world, 59_900)
    assert runner.view.left == 1
    world.clock.advance(1_600)
    events = list(runner.poll())
    assert not any(isinstance(event, BlockBegan) for event in events)
    assert events[-1] == Paused(world.clock.ms - 1_600, Reason.STALLED)
    run_for(runner, world, 2_000)
    runner.space()
    events = run_for(runner, world, 19_999)
    assert runner.view.state is State.TURN
    assert runner.view.left == 1


def test_a_hiccup_across_a_go_is_none(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 59_900)
    world.clock.advance(1_500)
    (begun,) = [one for one in runner.poll() if isinstance(one, BlockBegan)]
    assert begun.at == world.clock.ms - 1_400
    assert runner.view.state is State.BLOCK


@pytest.mark.parametrize("ms", [101, 700, 1_400])
def test_even_a_short_sleep_pauses_as_the_cues_would_come_late(world: World, ms: int) -> None:
    runner = reach(world, "backward")
    world.clock.sleep(ms)
    assert reasons(list(runner.poll())) == [Reason.SUSPENDED]
    run_for(runner, world, 5_000)
    runner.space()
    begin = world.clock.ms
    run_for(runner, world, 250)
    due = {entry.cue: entry.due // MS - begin + ms for entry in world.player.tracks[-1]}
    assert due["backward"] == 20_000


def test_sleep_while_paused_is_no_other_reason_and_the_cues_are_right_after_it(
    world: World,
) -> None:
    runner = reach(world, "paused")
    world.clock.sleep(3_600_000)
    run_for(runner, world, 2_000)
    assert runner.view.reason is Reason.USER
    runner.space()
    begin = world.clock.sound_ns()
    run_for(runner, world, 250)
    (go, *_) = gos(world.player.tracks[-1:])
    assert go.due - begin == 20_000 * MS


def test_a_stall_of_a_rehearsal_is_measured_in_real_time(world: World) -> None:
    runner = started(world, rate=20)
    run_for(runner, world, 1_000)
    left = runner.view.block_left
    world.clock.advance(1_500)
    assert reasons(list(runner.poll())) == []
    world.clock.advance(1_501)
    assert reasons(list(runner.poll())) == [Reason.STALLED]
    assert left is not None


def test_a_lease_runs_on_the_clock_that_counts_sleep(world: World) -> None:
    world.clock.sleep(100_000)
    runner = started(world)
    run_for(runner, world, 1_000)
    until = world.player.leases[-1]
    assert until is not None
    assert 1_300 <= until // MS - world.clock.ms <= 1_500


def test_an_alarm_of_the_players_own_pauses(world: World) -> None:
    """The person has heard it, so it means what it always means."""
    runner = reach(world, "backward")
    world.player.alarms = 1
    assert reasons(run_for(runner, world, 250)) == [Reason.STALLED]
    run_for(runner, world, 1_000)
    world.player.alarms = 1  # the rest of it, told late
    run_for(runner, world, 500)
    runner.space()
    run_for(runner, world, 500)
    assert runner.view.state is State.TURN


# The wall clock --------------------------------------------------------------------------------


def whole(world: World, step: timedelta, zone: timezone | None) -> tuple[list[Any], Record]:
    """A workout with a pause and a stall, the wall clock set anew every 10 s; what became of it."""
    shift = timedelta()

    def wall() -> Any:
        return (world.clock.wall() + shift).astimezone(zone)

    environment = replace(world.environment, wall=wall)
    runner = Runner.new(PLAN, environment)
    runner.open()
    run_for(runner, world, 2_000)
    runner.enter()
    events: list[Any] = []
    for second in range(0, 400, 10):
        shift += step
        if runner.over:
            break
        events += run_for(runner, world, 10_000)
        events.append(runner.view)
        if second == 50:
            world.clock.advance(60_000)
        if second in (20, 30, 60):
            events += runner.space()
    events += world.player.tracks
    events += world.player.leases
    assert runner.record is not None
    return events, runner.record


@pytest.mark.parametrize(
    ("step", "zone"),
    [
        (timedelta(days=1), None),
        (timedelta(days=-1), None),
        (timedelta(milliseconds=-1_700), None),
        (timedelta(), timezone(timedelta(hours=2))),
    ],
    ids=["a day on", "a day back", "a time server", "summer time"],
)
def test_the_wall_clock_changes_only_what_is_shown_of_it(
    tmp_path: Path, step: timedelta, zone: timezone | None
) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    usual, record = whole(make_world(tmp_path / "a"), timedelta(), None)
    events, other = whole(make_world(tmp_path / "b"), step, zone)
    assert events == usual
    assert [reason for reason in reasons(usual) if reason is Reason.STALLED]
    assert (other.rows, other.totals) == (record.rows, record.totals)
    assert other.ended - other.started == record.ended - record.started


@pytest.mark.parametrize("days", [-1, 1])
def test_the_wall_clock_does_not_make_a_crash_older_or_younger(world: World, days: int) -> None:
    runner = reach(world, "backward")
    runner.leave()
    data = world.session.read()
    assert data is not None
    broken = SavedWorkout.read(data)
    world.clock.advance(600_000)
    wall = world.clock.wall() + timedelta(days=days)
    environment = replace(world.environment, wall=lambda: wall)
    assert broken.age(environment) == timedelta(minutes=10)
    assert broken.resumable(environment)
    elapsed = broken.workout.totals.elapsed
    assert Runner.resumed(broken, environment).elapsed == elapsed + 600_000
    world.clock.advance(6_600_001)
    assert not broken.resumable(environment)


# The terminal ----------------------------------------------------------------------------------


class Window:
    """A terminal that has shown everything up to `lag` ms ago, until it freezes."""

    def __init__(self, world: World, lag: int = 400) -> None:
        self._world = world
        self._lag = lag
        self._frozen_at: int | None = None

    def freeze(self) -> None:
        self._frozen_at = self._world.clock.ms

    def thaw(self) -> None:
        self._frozen_at = None

    def look(self, now: int) -> TerminalHealth:
        if self._frozen_at is None:
            return TerminalHealth(now - self._lag, False)
        return TerminalHealth(
            self._frozen_at - self._lag, now - self._frozen_at + self._lag >= 1_500
        )


def watched(world: World, name: str, plan: Plan | None = None) -> tuple[Runner, Window]:
    runner = reach(world, name, plan)
    window = Window(world)
    runner.follow_terminal(window.look)
    run_for(runner, world, 1_000)
    return runner, window


@pytest.mark.parametrize("state", ["get ready", "forward", "turn", "waiting"])
def test_a_frozen_terminal_pauses_at_what_was_seen_last(world: World, state: str) -> None:
    runner, window = watched(world, state)
    window.freeze()
    seen = world.clock.ms - 400
    events = run_for(runner, world, 1_250)
    assert events[-1] == Paused(seen, Reason.TERMINAL)
    assert world.player.cues() == ["alarm"]
    assert world.player.leases[-1] is None
    before, paused = runner.elapsed, runner.view.for_seconds
    run_for(runner, world, 60_000)
    assert (runner.elapsed, runner.view.for_seconds) == (before + 60_000, paused + 60)


def test_a_block_that_nobody_saw_begin_has_not_begun(world: World) -> None:
    """Neither seen nor heard: the bell rings through the terminal."""
    world.player.apart = False
    runner = started(world)
    window = Window(world)
    runner.follow_terminal(window.look)
    run_for(runner, world, 59_500)
    window.freeze()
    events = run_for(runner, world, 1_250)
    assert any(isinstance(event, BlockBegan) for event in events)
    assert runner.view.reason is Reason.TERMINAL
    assert runner.view.block_left == 30
    window.thaw()
    run_for(runner, world, 3_000)
    runner.space()
    run_for(runner, world, 300_000)
    assert runner.record is not None
    rows = [(row.kind, row.done) for row in runner.record.rows]
    assert rows[2] == (Kind.TURN, 19_100)
    assert rows[3:5] == [(Kind.TURN, 20_000), (Kind.BACKWARD, 30_000)]
    spent = sum(done for _, done in rows) + runner.record.totals.paused
    assert spent == runner.record.totals.elapsed


def test_backward_the_sound_leads_on_until_the_screen_comes_into_view(world: World) -> None:
    runner, window = watched(world, "backward")
    window.freeze()
    assert reasons(run_for(runner, world, 18_000)) == []
    assert runner.view.state is State.BLOCK
    events = run_for(runner, world, 15_000)
    (paused,) = [one for one in events if isinstance(one, Paused)]
    assert paused.reason is Reason.TERMINAL
    lead = PLAN.leads[2]
    assert lead is not None
    # On the rails, turned round: the screen is what comes next.
    assert -250 <= paused.at - (world.clock.ms - runner.elapsed) - 90_000 - lead.hold <= 0
    assert world.player.cues() == ["alarm"]


@pytest.mark.parametrize("why", ["lost", "off", "muted", "silent", "bell"])
def test_backward_without_a_sound_it_stops_at_once(world: World, why: str) -> None:
    runner, window = watched(world, "backward")
    if why in ("lost", "off"):
        world.player.status = SoundStatus(why)
    elif why == "muted":
        runner.mute()
    elif why == "silent":
        runner.nudge_volume(-100)
    else:
        world.player.apart = False
    window.freeze()
    run_for(runner, world, 1_250)
    expected = Reason.SOUND if why == "lost" else Reason.TERMINAL
    assert runner.view.reason is expected


def test_into_a_blind_block_it_does_not_lead_on(world: World) -> None:
    """Already turned round, but not walking: nobody is called off anything."""
    runner, window = watched(world, "turn")
    run_for(runner, world, 11_500)
    assert runner.view.blind
    window.freeze()
    run_for(runner, world, 1_250)
    assert runner.view.reason is Reason.TERMINAL


def test_with_the_laptop_behind_it_is_forward_that_is_led_by_sound(world: World) -> None:
    plan = plan_of(forward(60), backward(30), belt=Belt(laptop=Laptop.BEHIND))
    runner, window = watched(world, "forward", plan)
    window.freeze()
    assert reasons(run_for(runner, world, 43_750)) == []
    assert runner.view.left == 1
    assert reasons(run_for(runner, world, 500)) == [Reason.TERMINAL]
    assert runner.view.resumption is not None


def test_going_on_while_it_is_frozen_pauses_again(world: World) -> None:
    runner, window = watched(world, "forward")
    window.freeze()
    run_for(runner, world, 5_000)
    runner.space()
    run_for(runner, world, 500)
    assert (runner.view.state, runner.view.reason) == (State.PAUSED, Reason.TERMINAL)
    window.thaw()
    run_for(runner, world, 1_500)
    runner.space()
    run_for(runner, world, 5_000)
    assert runner.view.state is not State.PAUSED


def test_what_a_key_did_is_not_taken_back(world: World) -> None:
    runner, window = watched(world, "forward")
    window.freeze()
    run_for(runner, world, 500)
    runner.command(Command.STUMBLE)
    run_for(runner, world, 1_000)
    assert runner.view.reason is Reason.TERMINAL
    made = runner.stop()
    assert made is not None
    assert len(made.stumbles) == 1
