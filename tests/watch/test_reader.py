"""A second screen shows the same as the first one, and nothing that is uncertain."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import tomli
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from retrotimer.audio.status import SoundStatus
from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Confirm
from retrotimer.core.states import Command, Reason, State
from retrotimer.core.units import Units
from retrotimer.files import locks
from retrotimer.plain.watch import WatchLines
from retrotimer.run.runner import Runner
from retrotimer.session import heartbeat
from retrotimer.session.file import DirectWriter
from retrotimer.session.recovery import RESUMABLE, SavedWorkout
from retrotimer.terminal.exit_codes import INTERRUPTED
from retrotimer.watch.reader import (
    LOOK_EVERY,
    NO_NEWS,
    Live,
    Nothing,
    Over,
    Silent,
    Unreadable,
    Watch,
    Watched,
)
from tests.support.interval_sets import forward, plans
from tests.support.interval_sets import plan_of as short
from tests.support.runner_world import EVERYTHING, World, make_world, plan_of


def watch_of(world: World, boot_id: str = "this boot") -> Watch:
    clock = world.clock
    return Watch(world.session.path, boot_ms=clock.boot_ms, wall=clock.wall, boot_id=boot_id)


@contextmanager
def a_world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder))
        assert world.session.claim()
        yield world
        world.session.release()


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


def started(world: World, plan: Plan | None = None) -> Runner:
    runner = Runner.new(plan or plan_of(), world.environment)
    runner.open()
    runner.command(Command.START)
    return runner


def run(world: World, runner: Runner, ms: int) -> None:
    """Let `ms` pass while the program is running."""
    while ms > 0:
        step = min(1_000, ms)
        world.clock.advance(step)
        runner.poll()
        ms -= step


def run_to(world: World, runner: Runner, state: State) -> None:
    for _ in range(10_000):
        if runner.view.state is state:
            return
        run(world, runner, 1_000)
    raise AssertionError(f"never reached {state}")


def live(sight: Watched) -> Live:
    assert isinstance(sight, Live), sight
    return sight


def silent(sight: Watched) -> Silent:
    assert isinstance(sight, Silent), sight
    return sight


# The same as the first screen --------------------------------------------------------------------

things = st.none() | st.sampled_from([*Command, "sound", "sleep", "kill"])
scripts = st.lists(st.tuples(st.integers(0, 40_000) | st.integers(0, 900), things), max_size=12)


@settings(max_examples=40)
@given(plans, scripts)
def test_at_any_instant_it_shows_what_the_runner_shows(
    plan: Plan, script: list[tuple[int, Any]]
) -> None:
    with a_world() as world:
        runner, watch = started(world, plan), watch_of(world)

        def same() -> None:
            # One watched from the beginning, the other has just been started.
            for one in (watch, watch_of(world)):
                sight = one.look()
                if runner.over:
                    # Started after the end, it sees nothing.
                    assert isinstance(sight, Over if one is watch else Nothing)
                else:
                    assert live(sight) == Live(runner.plan, runner.view)

        same()
        for wait, thing in script:
            for step in (*[1_400] * (wait // 1_400), wait % 1_400):
                world.clock.advance(step)
                runner.poll()
                if not runner.over:
                    same()
            if isinstance(thing, Command):
                runner.command(thing, speed=2.5)
            elif thing == "sound":
                lost = world.player.status is SoundStatus.READY
                world.player.status = SoundStatus.LOST if lost else SoundStatus.READY
                runner.poll()
            elif thing == "sleep":
                world.clock.sleep(60_000)
                runner.poll()
            elif thing == "kill" and not runner.over:
                data = world.session.read()
                assert data is not None
                runner = Runner.resumed(SavedWorkout.read(data), world.environment)
                runner.open()
            same()
            if runner.over:
                return


def test_time_passes_between_two_polls(world: World) -> None:
    runner, watch = started(world), watch_of(world)
    run(world, runner, 10_000)
    before = live(watch.look()).view
    world.clock.advance(1_000)
    after = live(watch.look()).view
    assert (before.left, after.left) == (300, 299)
    runner.poll()
    assert runner.view == after


def test_it_waits_until_the_next_change(world: World) -> None:
    runner, watch = started(world), watch_of(world)
    assert watch.wait() == LOOK_EVERY / 1000
    run(world, runner, 10_950)
    watch.look()
    assert watch.wait() == 0.05
    world.clock.advance(50)
    watch.look()
    assert watch.wait() == LOOK_EVERY / 1000
    world.clock.advance(1_200)
    watch.look()
    world.clock.advance(800)
    assert watch.wait() > 0


def test_it_changes_no_file(world: World) -> None:
    runner, watch = started(world), watch_of(world)

    def files() -> dict[str, tuple[bytes, int]]:
        folder = world.session.path.parent
        return {one.name: (one.read_bytes(), one.stat().st_mtime_ns) for one in folder.iterdir()}

    for _ in range(3):
        run(world, runner, 4_000)
        before = files()
        live(watch.look())
        world.clock.advance(5_000)
        silent(watch.look())
        assert files() == before
        runner.poll()


# No news -----------------------------------------------------------------------------------------


def test_no_news_within_two_seconds(world: World) -> None:
    runner, watch = started(world), watch_of(world)
    run(world, runner, 13_000)
    shown = live(watch.look()).view
    heard = world.clock.wall()
    for waited in range(LOOK_EVERY, NO_NEWS + 1, LOOK_EVERY):
        world.clock.advance(LOOK_EVERY)
        assert isinstance(watch.look(), Live), waited
    world.clock.advance(LOOK_EVERY)
    sight = silent(watch.look())
    assert NO_NEWS + LOOK_EVERY < 2_000
    assert (sight.view, sight.heard, sight.seconds) == (shown, heard, 1)
    world.clock.advance(3_600_000)
    sight = silent(watch.look())
    # It only counts how long there has been no news.
    assert (sight.view, sight.heard, sight.seconds) == (shown, heard, 3_601)


@pytest.mark.parametrize("poll", [50, 250])
def test_a_running_program_never_counts_as_silent(world: World, poll: int) -> None:
    runner, watch = started(world), watch_of(world)
    for _ in range(40_000 // poll):
        # At the last possible moment, just before the next poll.
        world.clock.advance(poll - 1)
        live(watch.look())
        world.clock.advance(1)
        runner.poll()


def test_it_recovers_by_itself_and_shows_a_pause(world: World) -> None:
    runner, watch = started(world), watch_of(world)
    run(world, runner, 13_000)
    world.clock.advance(5_000)
    shown = silent(watch.look()).view
    runner.poll()
    view = live(watch.look()).view
    assert (view.state, view.reason, view.block_left) == (
        State.PAUSED,
        Reason.STALLED,
        shown.block_left,
    )


def test_it_says_what_is_known_about_the_program(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner, watch = started(world), watch_of(world)
    run(world, runner, 9_000)
    world.clock.advance(3_000)
    sight = silent(watch.look())
    assert "frozen" in sight.why
    world.session.release()
    ended = silent(watch.look())
    assert ended.why == "The program has ended. `retrotimer` offers to go on with it."
    assert world.session.claim()
    again = silent(watch.look())
    assert again.why == "The program was restarted and asks whether to go on."
    assert (again.heard, again.view) == (sight.heard, sight.view)
    monkeypatch.setattr(locks, "held", lambda _: None)
    assert silent(watch.look()).why == "The program has ended or is frozen."


def test_without_locks_a_heartbeat_is_enough(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "held", lambda _: None)
    runner, watch = started(world), watch_of(world)
    run(world, runner, 9_000)
    assert live(watch.look()).view == runner.view


def test_progress_that_could_not_be_saved_counts_as_no_news(world: World) -> None:
    runner, watch = started(world), watch_of(world)
    run(world, runner, 13_000)
    before = live(watch.look()).view
    path = world.session.path
    kept = path.rename(path.with_name("kept"))
    path.mkdir()  # from now on nothing can be saved
    runner.pause()
    path.rmdir()
    kept.rename(path)
    runner_says = runner.view.state
    for _ in range(8):
        world.clock.advance(200)
        runner.poll()
    assert runner_says is State.PAUSED
    assert silent(watch.look()).view == before


def test_a_resumed_workout_is_shown_from_its_first_save(world: World) -> None:
    runner, watch = started(world), watch_of(world)
    run(world, runner, 13_000)
    world.clock.advance(60_000)
    data = world.session.read()
    assert data is not None
    # Another program, which has written nothing yet.
    environment = replace(world.environment, sessions=DirectWriter(world.session))
    again = Runner.resumed(SavedWorkout.read(data), environment)
    again.poll()
    silent(watch.look())
    again.open()
    view = live(watch.look()).view
    assert view == again.view
    assert view.reason is Reason.RESTORED
    assert runner.view.state is State.BLOCK


# Before, after, and what cannot be followed ------------------------------------------------------


def test_it_follows_one_workout_after_another(world: World) -> None:
    watch = watch_of(world)
    assert watch.look() == Nothing()
    waiting = Runner.new(plan_of(), world.environment)
    waiting.open()
    waiting.poll()
    assert watch.look() == Nothing()
    rehearsal = Runner.new(plan_of(), world.environment, rate=20)
    rehearsal.command(Command.START)
    world.clock.advance(100)
    rehearsal.poll()
    assert watch.look() == Nothing()

    runner = started(world)
    run(world, runner, 20_000)
    view = live(watch.look()).view
    runner.stop()
    over = watch.look()
    assert over == Over(runner.plan, view, world.clock.wall())
    world.clock.advance(60_000)
    assert watch.look() == over
    assert watch_of(world).look() == Nothing()

    other = started(world, plan_of(EVERYTHING))
    assert live(watch.look()).plan == other.plan
    other.discard()
    assert isinstance(watch.look(), Over)


def test_it_sees_the_end_of_the_plan(world: World) -> None:
    runner, watch = started(world, short(forward(20))), watch_of(world)
    while not runner.over:
        live(watch.look())
        run(world, runner, 1_000)
    assert watch.look() == Over(runner.plan, runner.view, world.clock.wall())
    assert runner.view.state is State.FINISHED


def test_a_workout_not_saved_in_the_history_is_over_too(world: World) -> None:
    world.history.path.mkdir()
    runner, watch = started(world), watch_of(world)
    run(world, runner, 20_000)
    runner.stop()
    assert runner.journal.unsaved is not None
    ended = world.clock.wall()
    over = watch.look()
    assert over == Over(runner.plan, runner.view, ended)
    world.clock.advance(60_000)
    assert watch.look() == over
    assert watch_of(world).look() == over
    world.clock.advance(RESUMABLE // timedelta(milliseconds=1))
    assert isinstance(watch_of(world).look(), Nothing)


def test_an_old_session_is_not_running(world: World) -> None:
    runner = started(world)
    run(world, runner, 13_000)
    world.session.release()
    world.clock.advance(RESUMABLE // timedelta(milliseconds=1))
    silent(watch_of(world).look())
    world.clock.advance(1)
    sight = watch_of(world).look()
    assert sight == Nothing("First steps was interrupted 2026-11-23 07:10; `retrotimer` asks.")


def test_a_session_from_before_a_reboot_is_not_running(world: World) -> None:
    runner = started(world)
    run(world, runner, 13_000)
    sight = watch_of(world, "another boot").look()
    assert isinstance(sight, Nothing)
    assert sight.left.startswith("First steps was interrupted 2026-11-23 ")


def test_a_boot_clock_behind_the_session_means_a_reboot(world: World) -> None:
    runner = started(world)
    run(world, runner, 13_000)
    world.clock.advance(-NO_NEWS - 13_001)
    assert isinstance(watch_of(world).look(), Nothing)


def test_a_heartbeat_from_the_future_is_ignored(world: World) -> None:
    runner = started(world)
    run(world, runner, 4_000)
    world.clock.advance(5_000)
    world.session.beat(world.clock.ms + 100_000)
    assert silent(watch_of(world).look()).seconds >= 5


def change(world: World, **values: object) -> None:
    data = tomli.loads(world.session.path.read_text())
    world.session.path.write_text(tomli_w.dumps(data | values))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"format": 2},
            "found format 2, expected 1; both screens need the same version",
        ),
        ({"format": "x"}, "found format 'x', expected 1"),
        ({"workout": {}}, "is damaged"),
        ({"saved": 5}, "is damaged"),
    ],
    ids=str,
)
def test_an_unusable_session_is_reported(
    world: World, values: dict[str, object], message: str
) -> None:
    runner, watch = started(world), watch_of(world)
    live(watch.look())
    change(world, **values)
    sight = watch.look()
    assert isinstance(sight, Unreadable)
    assert sight.why.startswith(str(world.session.path))
    assert message in sight.why
    run(world, runner, 6_000)
    assert live(watch.look()).view == runner.view


@pytest.mark.parametrize("damage", [b"now = ", b"\xff\xfe", b""])
def test_damage_is_reported(world: World, damage: bytes) -> None:
    world.session.path.write_bytes(damage)
    sight = watch_of(world).look()
    assert isinstance(sight, Unreadable)
    assert str(world.session.path) in sight.why
    assert world.session.path.read_bytes() == damage


def test_an_unreadable_file_is_reported(world: World) -> None:
    world.session.path.mkdir()
    watch = watch_of(world)
    sight = watch.look()
    assert sight == Unreadable(f"{world.session.path}: Is a directory")
    world.session.path.rmdir()
    assert watch.look() == Nothing()


# Line by line ------------------------------------------------------------------------------------


class Listener:
    """The lines of `watch --plain`, one look at a time."""

    def __init__(self, world: World) -> None:
        self.lines: list[str] = []
        self.printer = WatchLines(
            watch_of(world), Units.KMH, confirm="enter", write=self.lines.append
        )
        self._watch = watch_of(world)

    def hear(self) -> list[str]:
        """The lines that one more look adds, without their time."""
        before = len(self.lines)
        self.printer.tell(self._watch.look())
        return [line.split("  ", 1)[1] for line in self.lines[before:]]


def test_lines_say_what_begins_and_nothing_twice(world: World) -> None:
    listener = Listener(world)
    assert listener.hear()[0].startswith("No workout is running.")
    assert listener.hear() == []
    runner = started(world, plan_of(confirm=Confirm.BACKWARD))
    found: list[str] = []
    for _ in range(400):
        run(world, runner, 1_000)
        found += listener.hear()
        if runner.view.state is State.WAITING:
            break
    text = "\n".join(found)
    assert "GET READY into ▲ FORWARD 5:00 at 3.5 km/h" in text
    assert "▲ FORWARD 5:00 at 3.5 km/h · Warm up" in text
    assert "TURN into ▼ BACKWARD 0:30 at 1.6 km/h · SLOW THE BELT: feet" in text
    assert "WAITING on the first screen: press enter when ready" in found[-1]
    assert len(found) == len(set(found))
    runner.pause()
    (paused,) = listener.hear()
    assert paused.startswith("PAUSED: you paused. The belt is still moving. · ▼")
    assert paused.endswith("block 2 of 12 · goes on with the whole turn (20 s)")
    world.clock.advance(2_000)
    (quiet,) = listener.hear()
    assert quiet.startswith("NO NEWS since 07:15:")
    assert "The belt may still be moving. The program is frozen." in quiet
    world.clock.advance(1_000)
    assert listener.hear() == []
    runner.poll()
    assert listener.hear() == [paused]
    runner.stop()
    (over,) = listener.hear()
    assert over.startswith("First steps is over.")


def test_with_the_belt_off_no_line_says_that_it_moves(world: World) -> None:
    listener = Listener(world)
    runner = started(world, plan_of(BUILTIN_SETS[0]))
    run(world, runner, 15_000)
    runner.pause()
    (paused,) = listener.hear()
    assert "The belt is off." in paused
    world.clock.advance(2_000)
    (quiet,) = listener.hear()
    assert quiet.startswith("NO NEWS since")
    assert "The belt is off." in quiet


def test_lines_mention_sound_a_rest_and_a_noted_speed(world: World) -> None:
    listener = Listener(world)
    runner = started(world, plan_of(EVERYTHING))
    run(world, runner, 15_000)
    listener.hear()
    runner.command(Command.NOTE_SPEED, speed=2.5)
    (noted,) = listener.hear()
    assert "speed as set 2.5 km/h" in noted
    world.player.status = SoundStatus.LOST
    runner.poll()
    (lost,) = listener.hear()
    assert lost.endswith("NO SOUND")
    world.player.status = SoundStatus.READY
    run(world, runner, 20_000)
    (rest,) = listener.hear()
    assert rest.startswith("– REST 0:30 · [red]drink")
    assert "0:25 left" in rest


def test_lines_end_with_ctrl_c(world: World) -> None:
    lines: list[str] = []
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            raise KeyboardInterrupt

    printer = WatchLines(
        watch_of(world), Units.KMH, confirm="enter", write=lines.append, sleep=sleep
    )
    assert printer.run() == INTERRUPTED
    assert waits == [LOOK_EVERY / 1000] * 3
    assert lines[0].startswith("only watching")
    assert len(lines) == 2


def test_the_heartbeat_is_in_the_lock_file(world: World) -> None:
    runner = started(world)
    run(world, runner, 1_000)
    assert heartbeat.last(world.session.path) == world.clock.ms
