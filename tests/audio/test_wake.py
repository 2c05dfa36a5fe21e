"""The clocks, the player and the bell when the machine wakes up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from retrotimer.audio.engine.main import PlayerState
from retrotimer.audio.players.bell import BellPlayer
from retrotimer.audio.protocol import Lease, Track, encode
from retrotimer.audio.schedule import Entry, Scheduler
from retrotimer.host.clock import MILLISECOND, SECOND, apart

STEP = 50 * MILLISECOND
LEASE = 1_500 * MILLISECOND


def clock_of(*readings: int) -> Callable[[], int]:
    left = iter(readings)
    return lambda: next(left)


def test_both_clocks_run_at_the_same_pace() -> None:
    before = apart()
    until = time.monotonic() + 0.02
    while time.monotonic() < until:
        pass
    assert abs(apart() - before) < 5 * MILLISECOND


def test_delayed_readings_do_not_count() -> None:
    """Delayed before the other clock is read, then after it, then hardly at all."""
    sound = clock_of(0, 3 * SECOND, 4 * SECOND, 5 * SECOND, 6 * SECOND, 6 * SECOND + 1_000)
    boot = clock_of(103 * SECOND, 104 * SECOND, 106 * SECOND + 500)
    assert apart(boot, sound) == 100 * SECOND


def test_if_all_readings_are_delayed_the_closest_counts() -> None:
    def held_up() -> Iterator[int]:
        for at, took in enumerate((900, 400, 20, 700, 800)):
            yield at * SECOND
            yield at * SECOND + took * MILLISECOND

    sound = list(held_up())
    boot = [before + 7 * SECOND for before in sound[::2]]
    assert abs(apart(clock_of(*boot), clock_of(*sound)) - 7 * SECOND) <= 10 * MILLISECOND


def heard(asleep: int) -> tuple[list[str], bool]:
    """What starts, and whether the alarm sounds, if the machine sleeps before a GO.

    The GO is due after 0.4 s under a lease of 1.5 s; the machine sleeps after 0.2 s.
    """
    boot = 50 * SECOND
    state = PlayerState(lambda _: None)
    state.take(encode(Track((Entry(400 * MILLISECOND, "backward"),))))
    state.take(encode(Lease(boot + LEASE)))
    scheduler = Scheduler()
    started: list[str] = []
    alarm = False
    for begin in range(0, SECOND, STEP):
        ahead = boot + (asleep if begin >= SECOND // 5 else 0)
        step = scheduler.step(state.score_by(ahead), begin, begin + STEP)
        started += [start.entry.sound for start in step.starts]
        alarm = alarm or step.silence_at == begin
    return started, alarm


def test_no_go_sounds_after_waking() -> None:
    """The sound clock stood still, so the GO is due just after waking."""
    assert heard(0) == (["backward"], False)
    assert heard(60 * SECOND) == ([], True)


def test_a_lease_from_before_the_sleep_has_run_out_after_it() -> None:
    state = PlayerState(lambda _: None, clock=lambda: 3_600 * SECOND)
    state.take(encode(Lease(LEASE)))
    score = state.score_by(3_600 * SECOND)
    assert score.lease is not None
    assert score.lease < 0
    assert not state.over(3_600 * SECOND)


@pytest.mark.parametrize(("asleep", "rings"), [(0, [400]), (60 * SECOND, [])])
def test_the_bell_is_silent_after_waking(asleep: int, rings: list[int]) -> None:
    now = 0
    slept = 0
    rung: list[int] = []
    player = BellPlayer(
        lambda: rung.append(now // MILLISECOND), lambda: now, lambda: now + slept + 50 * SECOND
    )
    player.start()
    player.play([Entry(400 * MILLISECOND, "forward")])
    player.lease(50 * SECOND + LEASE)
    for now in range(0, 600 * MILLISECOND, STEP):
        slept = asleep if now >= SECOND // 5 else 0
        player.poll()
    assert rung[:1] == rings
