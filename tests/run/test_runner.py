"""The runner under a fake clock: stalls, keys, sound, the session and the record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus
from retrotimer.core.events import Event, Paused, SoundChanged
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Confirm
from retrotimer.core.states import Command, Reason, State
from retrotimer.core.units import Units
from retrotimer.history.record import Status
from retrotimer.run.actions import ACTIONS, STARTS_WITH_SOUND, perform
from retrotimer.run.environment import Environment
from retrotimer.run.runner import Runner
from retrotimer.session.recovery import SavedWorkout
from tests.support.interval_sets import backward, forward, plan_of
from tests.support.runner_world import World, make_world

PLAN = plan_of(forward(30), backward(30), forward(60))


@pytest.fixture
def world(tmp_path) -> World:  # type: ignore[no-untyped-def]
    return make_world(tmp_path)


def started(world: World, plan: Plan = PLAN, rate: int = 1) -> Runner:
    runner = Runner.new(plan, world.environment, rate=rate)
    runner.open()
    world.clock.advance(5_000)
    runner.poll()
    runner.enter()
    assert state_of(runner) is State.TURN
    return runner


def state_of(runner: Runner) -> State:
    return runner.view.state


def run_for(runner: Runner, world: World, ms: int) -> list[Event]:
    """Let so much time pass as a screen would: polled every quarter second."""
    events: list[Event] = []
    while ms > 0:
        step = min(250, ms)
        world.clock.advance(step)
        events += runner.poll()
        ms -= step
    return events


# Starting ---------------------------------------------------------------------------------------


def test_nothing_starts_by_itself_or_by_the_key_that_chose_the_set(world: World) -> None:
    runner = Runner.new(PLAN, world.environment)
    runner.open()
    assert runner.enter() == ()  # the enter that chose the set, still held
    run_for(runner, world, 900)
    assert runner.enter() == ()
    run_for(runner, world, 60_000)
    assert state_of(runner) is State.READY
    assert runner.space() == ()
    runner.enter()
    assert state_of(runner) is State.TURN


@pytest.fixture
def opening(world: World) -> Runner:
    """On its start page while the sound opens, which takes its time."""
    world.player.status = SoundStatus.STARTING
    runner = Runner.new(PLAN, world.environment)
    runner.open()
    run_for(runner, world, 250)
    return runner


def test_a_start_before_the_sound_is_open_waits_for_it(opening: Runner, world: World) -> None:
    opening.enter()
    assert opening.start_asked
    run_for(opening, world, 1_500)
    assert state_of(opening) is State.READY
    world.player.status = SoundStatus.READY
    run_for(opening, world, 250)
    # The whole countdown comes first, as after any start.
    assert (state_of(opening), opening.view.left) == (State.TURN, 10)
    assert not opening.start_asked


def test_a_start_that_waits_goes_on_without_sound_where_none_opens(
    opening: Runner, world: World
) -> None:
    opening.enter()
    events = run_for(opening, world, 3_000)
    assert any(isinstance(event, SoundChanged) and not event.ok for event in events)
    assert state_of(opening) is State.TURN
    assert any("no sound" in notice for notice in opening.notices)


def test_a_blind_block_waits_for_the_sound_that_did_not_open(world: World) -> None:
    world.player.status = SoundStatus.STARTING
    runner = Runner.new(plan_of(backward(30)), world.environment)
    runner.open()
    runner.enter()
    run_for(runner, world, 60_000)
    assert state_of(runner) is State.WAITING


@pytest.mark.parametrize("cancel", [Runner.enter, Runner.clicker, Runner.space, Runner.pause])
def test_a_start_that_waits_can_be_taken_back(
    opening: Runner, world: World, cancel: Callable[[Runner], object]
) -> None:
    opening.enter()
    run_for(opening, world, 1_000)
    cancel(opening)
    assert not opening.start_asked
    world.player.status = SoundStatus.READY
    run_for(opening, world, 10_000)
    assert state_of(opening) is State.READY


def test_the_key_that_chose_the_set_held_while_the_sound_opens_starts_nothing(
    opening: Runner, world: World
) -> None:
    for _ in range(40):
        opening.enter()
        world.clock.advance(33)
        opening.poll()
    assert not opening.start_asked
    world.player.status = SoundStatus.READY
    run_for(opening, world, 10_000)
    assert state_of(opening) is State.READY


def test_a_press_on_what_was_just_shown_is_taken_and_starts_a_moment_later(world: World) -> None:
    runner = Runner.new(PLAN, world.environment)
    runner.open()
    run_for(runner, world, 500)
    runner.enter()
    assert runner.start_asked
    run_for(runner, world, 750)
    assert state_of(runner) is State.TURN


@pytest.mark.parametrize("before", [0, 200, 2_900, 3_100], ids=str)
def test_a_key_held_since_before_starts_nothing_however_slowly_the_screen_came(
    world: World, before: int
) -> None:
    runner = Runner.new(PLAN, world.environment)
    for ms in range(0, 6_000, 100):
        if ms == 3_000:
            runner.open()
        if ms >= before:
            runner.enter()
        world.clock.advance(100)
        runner.poll()
    assert state_of(runner) is State.READY
    assert not runner.start_asked


def test_nothing_starts_at_a_wake(opening: Runner, world: World) -> None:
    opening.enter()
    world.clock.sleep(60_000)
    world.player.status = SoundStatus.READY
    run_for(opening, world, 10_000)
    assert state_of(opening) is State.READY


def test_what_a_start_waits_for_is_said(opening: Runner) -> None:
    said = [perform(ACTIONS["confirm"], opening, Units.KMH).word]
    opening.poll()
    assert said == [STARTS_WITH_SOUND]
    perform(ACTIONS["pause"], opening, Units.KMH)
    assert not opening.start_asked


def test_opening_opens_sound_and_keeps_the_screen_on(world: World) -> None:
    runner = Runner.new(PLAN, world.environment, volume=35)
    assert world.player.started == 0
    runner.open()
    runner.open()
    assert (world.player.started, world.player.volume, runner.awake) == (1, 35, True)
    runner.close()
    assert not runner.awake


# Invariant 1 ------------------------------------------------------------------------------------


def test_a_stall_pauses_at_the_last_presented_instant(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 39_900)  # 0.1 s before the turn
    world.clock.advance(1_501)
    events = runner.poll()
    assert [e for e in events if isinstance(e, Paused)] == [
        Paused(world.clock.ms - 1_501, Reason.STALLED)
    ]
    assert runner.view.block_left == 1
    assert world.player.leases[-1] is None
    assert world.player.cues() == ["alarm"]


def test_a_short_hiccup_is_none(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 10_000)
    world.clock.advance(1_500)
    assert not any(isinstance(e, Paused) for e in runner.poll())


def test_sleep_is_told_from_a_stall(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 20_000)
    world.clock.sleep(3_600_000)
    assert any(isinstance(e, Paused) and e.reason is Reason.SUSPENDED for e in runner.poll())
    assert runner.view.block_left == 20


def test_a_key_after_a_stall_meets_the_pause_first(world: World) -> None:
    """The key comes before the first poll: it must not act on what nobody saw."""
    runner = started(world)
    run_for(runner, world, 20_000)
    world.clock.advance(30_000)
    runner.command(Command.SKIP)
    assert state_of(runner) is State.PAUSED
    # and space, pressed in alarm, does not end that very pause
    assert runner.space() == ()
    assert state_of(runner) is State.PAUSED


def test_in_a_wait_too(world: World) -> None:
    plan = plan_of(forward(30), backward(30), confirm_turns=Confirm.ALWAYS)
    runner = started(world, plan)
    run_for(runner, world, 60_000)
    assert state_of(runner) is State.WAITING
    world.clock.advance(10_000)
    runner.enter()
    assert state_of(runner) is State.PAUSED


# The lease --------------------------------------------------------------------------------------


def test_the_lease_is_held_only_while_a_phase_runs(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 5_000)
    until = world.player.leases[-1]
    assert until is not None
    assert 1_200 <= until / 1_000_000 - world.clock.sound_ns() / 1_000_000 <= 1_500
    runner.space()
    assert world.player.leases[-1] is None
    run_for(runner, world, 5_000)
    assert world.player.leases[-1] is None


# Invariant 5 ------------------------------------------------------------------------------------


def test_a_held_space_stays_paused(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 20_000)
    runner.space()
    for _ in range(200):
        world.clock.advance(33)
        runner.poll()
        assert runner.space() == ()
    assert state_of(runner) is State.PAUSED
    run_for(runner, world, 300)
    runner.space()
    assert state_of(runner) is State.TURN


def test_space_never_confirms(world: World) -> None:
    plan = plan_of(forward(30), backward(30), confirm_turns=Confirm.ALWAYS)
    runner = started(world, plan)
    run_for(runner, world, 60_000)
    runner.space()
    assert state_of(runner) is State.PAUSED


def test_the_clicker_confirms_and_goes_on_but_never_more(world: World) -> None:
    plan = plan_of(forward(30), backward(30), confirm_turns=Confirm.ALWAYS)
    runner = started(world, plan)
    run_for(runner, world, 20_000)
    assert runner.clicker() == ()
    run_for(runner, world, 40_000)
    runner.clicker()
    assert state_of(runner) is State.TURN
    runner.pause()
    runner.pause()
    assert state_of(runner) is State.PAUSED
    run_for(runner, world, 2_000)
    runner.clicker()
    assert state_of(runner) is State.TURN


# Sound ------------------------------------------------------------------------------------------


def test_sound_lost_backward_pauses_and_its_return_is_heard(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 70_000)
    world.player.status = SoundStatus.LOST
    events = run_for(runner, world, 250)
    assert any(isinstance(e, Paused) and e.reason is Reason.SOUND for e in events)
    assert any("no sound" in notice for notice in runner.notices)
    world.player.status = SoundStatus.READY
    events = run_for(runner, world, 250)
    assert any(isinstance(e, SoundChanged) and e.ok for e in events)
    assert "alarm" in world.player.cues()
    assert state_of(runner) is State.PAUSED


def test_a_device_that_never_opens_counts_as_lost(world: World) -> None:
    world.player.status = SoundStatus.STARTING
    runner = started(world)
    run_for(runner, world, 5_000)
    assert not runner.view.sound_ok


def test_sound_switched_off_is_not_lost(world: World) -> None:
    world.player.status = SoundStatus.OFF
    runner = started(world)
    run_for(runner, world, 70_000)
    assert state_of(runner) is State.BLOCK


def test_tracks_reach_ahead_and_keep_what_sounds(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 10_100)  # GO forward 0.1 s ago
    track = world.player.tracks[-1]
    dues = {entry.cue: entry.due for entry in track}
    assert dues["forward"] == (world.clock.ms - 100) * 1_000_000
    assert max(entry.due for entry in track) > world.clock.sound_ns() + 25_000 * 1_000_000
    # The same sounds keep the same instants, track after track.
    seen: dict[tuple[str, int], None] = {}
    for one in world.player.tracks:
        for entry in one:
            seen[(entry.cue, entry.due)] = None
    assert len([key for key in seen if key[0] == "forward"]) == 1


def test_a_pause_leaves_only_its_own_cue(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 20_000)
    runner.space()
    assert world.player.tracks[-1] == [Entry(world.clock.ms * 1_000_000, "pause")]


def test_a_rehearsal_places_its_cues_as_much_closer(world: World) -> None:
    runner = started(world, rate=10)
    begin = world.clock.ms
    run_for(runner, world, 250)
    entries = [entry for track in world.player.tracks for entry in track]
    due = {(entry.cue, entry.due // 1_000_000 - begin) for entry in entries}
    assert {("forward", 1_000), ("backward", 6_000), ("forward", 11_000)} <= due


# What is kept -----------------------------------------------------------------------------------


def test_a_finished_workout_is_in_the_history_to_the_millisecond(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 12_345)
    runner.space()
    run_for(runner, world, 7_891)
    runner.space()
    run_for(runner, world, 300_000)
    assert runner.over
    assert world.session.read() is None
    made = world.history.get("last")
    assert made == runner.record
    assert made.status is Status.COMPLETED
    assert made.ended - made.started == timedelta(milliseconds=made.totals.elapsed)
    assert made.totals.paused == 7_891
    assert sum(row.done for row in made.rows) == made.totals.elapsed - 7_891
    assert made.planned == PLAN.total


def test_progress_is_kept_every_five_seconds_and_at_every_change(world: World) -> None:
    runner = started(world)
    kept_in = []
    for _ in range(PLAN.total // 250):
        run_for(runner, world, 250)
        if runner.over:
            break
        data = world.session.read()
        assert data is not None
        kept = SavedWorkout.read(data).workout
        assert world.clock.ms - kept.now <= 5_000
        now = (runner.view.state, runner.view.number)
        assert (kept.state, kept.view(kept.now).number) == now
        if now not in kept_in:
            kept_in.append(now)
    assert runner.over
    assert kept_in == [
        (State.TURN, 1),
        (State.BLOCK, 1),
        (State.TURN, 2),
        (State.BLOCK, 2),
        (State.TURN, 3),
        (State.BLOCK, 3),
    ]
    assert runner.record is not None
    assert sum(row.done for row in runner.record.rows) == PLAN.total
    assert world.session.read() is None


def test_stop_keeps_the_reason(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 70_000)
    made = runner.stop("pain, dizzy or unsteady")
    assert made is not None
    assert (made.status, made.reason) == (Status.STOPPED, "pain, dizzy or unsteady")
    assert world.history.get("last") == made


def test_discard_forgets_it(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 70_000)
    runner.discard()
    assert runner.over
    assert list(world.history.newest()) == []
    assert world.session.read() is None


def test_a_rehearsal_keeps_nothing(world: World) -> None:
    runner = started(world, rate=20)
    run_for(runner, world, 20_000)
    assert runner.over
    assert runner.record is not None
    assert list(world.history.newest()) == []
    assert world.session.read() is None


def test_leaving_pauses_and_the_next_start_goes_on(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 70_000)
    runner.leave()
    data = world.session.read()
    assert data is not None
    broken = SavedWorkout.read(data)
    world.clock.advance(600_000)
    assert broken.resumable(world.environment)
    other = Runner.resumed(broken, world.environment)
    assert state_of(other) is State.PAUSED
    assert other.view.block_left == 20
    run_for(other, world, 2_000)
    other.space()
    events = run_for(other, world, 200_000)
    assert events
    made = world.history.get("last")
    assert made.status is Status.COMPLETED
    assert made.id == broken.info.id
    assert made.totals.paused == 602_000
    assert made.ended - made.started == timedelta(milliseconds=made.totals.elapsed)


def test_a_crash_can_be_saved_without_going_on(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 70_000)
    data = world.session.read()  # killed here
    assert data is not None
    made = SavedWorkout.read(data).record()
    assert made.status is Status.RECOVERED
    assert made.totals.backward >= 5_000
    world.history.append(made)
    assert world.history.get("last") == made


def test_after_a_new_boot_the_gap_comes_from_the_wall_clock(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 70_000)
    runner.leave()
    data = world.session.read()
    assert data is not None
    environment = replace(world.environment, boot_id="another boot", boot_ms=lambda: 42_000)
    before = SavedWorkout.read(data).workout.totals.elapsed
    world.clock.advance(1_800_000)
    other = Runner.resumed(SavedWorkout.read(data), environment)
    assert other.elapsed == before + 1_800_000


def test_too_old_to_go_on(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 70_000)
    runner.leave()
    data = world.session.read()
    assert data is not None
    world.clock.advance(2 * 3_600_000 + 1)
    broken = SavedWorkout.read(data)
    for boot_id in ("this boot", "another boot"):
        world.environment.boot_id = boot_id
        assert not broken.resumable(world.environment)


def test_a_session_that_is_none_is_refused(world: World) -> None:
    runner = started(world)
    runner.leave()
    data = dict(world.session.read() or {})
    for key in ("workout", "id", "started", "saved", "planned_ms"):
        with pytest.raises(ValueError, match="session"):
            SavedWorkout.read({k: v for k, v in data.items() if k != key})
    data["workout"] = {"plan": 3}
    with pytest.raises(ValueError, match="plan: found 3, expected a table"):
        SavedWorkout.read(data)


def test_a_log_that_cannot_be_written_keeps_the_workout(world: World, tmp_path: Path) -> None:
    world.history.path.mkdir()  # a folder where the file should be
    runner = started(world)
    run_for(runner, world, 300_000)
    assert runner.over
    problem = runner.journal.unsaved
    assert problem is not None
    data = world.session.read()
    assert data is not None
    assert SavedWorkout.read(data).record() == runner.record
    assert runner.journal.save(tmp_path / "elsewhere.toml")
    assert runner.journal.unsaved is None
    assert world.session.read() is None


def test_one_poll_after_the_other_waits_for_the_next_visible_change(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 900)
    assert runner.wait() == pytest.approx(0.1)
    run_for(runner, world, 100)
    assert runner.wait() == 0.25


def test_volume_and_mute(world: World) -> None:
    runner = started(world)
    runner.nudge_volume(-1)
    assert world.player.volume == 70
    for _ in range(20):
        runner.nudge_volume(1)
    assert world.player.volume == 100
    runner.mute()
    assert world.player.muted
    assert "muted" in runner.notices


def test_a_environment_has_working_clocks_by_default(world: World) -> None:
    environment = Environment(world.player, world.environment.sessions, world.history.path)
    assert environment.boot_ms() > 0
    assert environment.sound_ns() > 0
    assert environment.wall().utcoffset() is not None
