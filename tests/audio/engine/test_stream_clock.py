"""The estimate of a stream's origin against simulated devices."""

from __future__ import annotations

import random
from collections.abc import Iterator
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.audio.engine.stream_clock import WINDOW, StreamClock
from retrotimer.audio.samples import RATE
from retrotimer.host.clock import MILLISECOND
from tests.support.simulated_device import FRAMES, device


def errors(requests: Iterator[tuple[int, int, int]]) -> tuple[list[float], StreamClock]:
    origin = StreamClock(RATE)
    return [
        (origin.update(now, frames) - true) / MILLISECOND for now, frames, true in requests
    ], origin


@given(st.floats(-100, 100), st.integers(0, 10**6))
def test_an_inaccurate_clock_is_followed(ppm: float, seed: int) -> None:
    found, origin = errors(device(ppm=ppm, late_ms=0.5, seed=seed))
    assert max(abs(error) for error in found[WINDOW:]) < 1.0
    assert origin.steady


@pytest.mark.parametrize("ppm", [100, -100])
def test_an_inaccurate_clock_is_followed_for_hours(ppm: float) -> None:
    """The lag, 100 ppm of a two-second window, stays constant: no drift."""
    hours = 3 * 60 * 60 * 20
    found, origin = errors(device(ppm=ppm, late_ms=0.5, count=hours))
    settled = found[WINDOW:]
    assert max(settled) - min(settled) < 0.5
    assert max(abs(error) for error in settled) < 0.5
    minute = 60 * 20
    assert abs(fmean(settled[:minute]) - fmean(settled[-minute:])) < 0.02
    assert origin.steady


@pytest.mark.parametrize("late_ms", [2.0, 20.0])
def test_late_requests_on_a_busy_machine_do_not_move_the_estimate(late_ms: float) -> None:
    requests = list(device(late_ms=0.1, count=200))
    noise = random.Random(1)
    for number in range(100, 160):
        if number % 5:
            now, frames, true = requests[number]
            late = noise.uniform(late_ms / 2, late_ms)
            requests[number] = (now + round(late * MILLISECOND), frames, true)
    found, _ = errors(iter(requests))
    assert max(abs(error) for error in found[WINDOW:]) < 0.5


@pytest.mark.parametrize("period", [3, 7, 20])
def test_a_device_that_takes_sound_in_pieces_keeps_one_origin(period: int) -> None:
    """With pieces of 1024 frames and buffers of 50 ms, each request waits for the next piece."""
    piece = 1024 * 1000 / RATE
    found, _ = errors(device(pattern=tuple(piece * at / period for at in range(period))))
    assert max(found[2 * WINDOW :]) - min(found[2 * WINDOW :]) < 1.5


@pytest.mark.parametrize("stall_ms", [300, 940, 1746])
def test_a_stall_after_the_first_request_is_forgotten(stall_ms: float) -> None:
    found, origin = errors(device(stall_ms=stall_ms, late_ms=0.3))
    assert max(abs(error) for error in found[4:]) < 1.5
    assert origin.steady


@pytest.mark.parametrize("jump_ms", [-400, -5, 12, 60, 150, 1700])
def test_a_jump_is_followed_within_half_a_second(jump_ms: float) -> None:
    requests = list(device(late_ms=0.3, count=200))
    jump = round(jump_ms * MILLISECOND)
    jumped = [(now + jump, frames, true + jump) for now, frames, true in requests[100:]]
    found, _ = errors(iter(requests[:100] + jumped))
    assert max(abs(error) for error in found[WINDOW:100]) < 1.0
    assert max(abs(error) for error in found[110:]) < 1.0


def test_a_single_late_request_does_not_move_the_estimate() -> None:
    requests = list(device(late_ms=0.1))
    now, frames, true = requests[150]
    requests[150] = (now + 400 * MILLISECOND, frames, true)
    found, origin = errors(iter(requests))
    assert max(abs(error) for error in found[WINDOW:]) < 0.5
    assert origin.steady


def test_a_regular_pattern_counts_as_steady() -> None:
    found, origin = errors(device(pattern=(0.0, -10.0, -20.0)))
    assert max(found[WINDOW:]) - min(found[WINDOW:]) < 0.01
    assert origin.steady
    assert origin.spread_ms == 20.0


def test_few_requests_are_not_steady() -> None:
    _, origin = errors(device(count=10))
    assert not origin.steady


def test_a_drifting_start_is_not_steady() -> None:
    origin = StreamClock(RATE)
    for number in range(WINDOW):
        origin.update(number * 51 * MILLISECOND, number * FRAMES)
    assert not origin.steady


def stumbled(late_ms: list[float], shifts_ms: dict[int, float]) -> Iterator[tuple[int, int, int]]:
    """Requests that are late one by one, of a stream that falls back at some of them."""
    shift = 0
    for number, ((now, frames, true), late) in enumerate(
        zip(device(count=len(late_ms)), late_ms, strict=True)
    ):
        shift += round(shifts_ms.get(number, 0) * MILLISECOND)
        yield now + shift + round(late * MILLISECOND), frames, true + shift


@pytest.mark.parametrize(("shift_ms", "requests"), [(12.5, 3), (25.1, 2), (60.0, 2), (150.0, 2)])
def test_a_stumble_is_followed_at_once_on_a_quiet_machine(shift_ms: float, requests: int) -> None:
    found, _ = errors(stumbled([0.1] * 200, {100: shift_ms}))
    assert max(abs(error) for error in found[100 + requests - 1 :]) < 0.5


@given(st.integers(0, 10**6), st.sampled_from([12.5, 37.5, 62.5]))
def test_on_a_busy_machine_stumbles_are_followed_and_late_requests_are_not(
    seed: int, shift_ms: float
) -> None:
    """Two of three requests are late by up to 8 ms, in any order."""
    noise = random.Random(seed)
    late = [noise.choice((0.0, noise.uniform(0, 8), noise.uniform(0, 8))) for _ in range(200)]
    found, _ = errors(stumbled(late, {120: shift_ms}))
    assert max(abs(error) for error in found[WINDOW:120]) < 8
    assert max(abs(error) for error in found[130:]) < 8


@given(
    st.lists(st.floats(0, 90), min_size=1, max_size=150),
    st.dictionaries(st.integers(0, 149), st.sampled_from([12.5, 25.0, 62.5, 195.0]), max_size=5),
)
def test_whatever_was_before_nine_punctual_requests_are_believed(
    late_ms: list[float], shifts_ms: dict[int, float]
) -> None:
    before = {at: shift for at, shift in shifts_ms.items() if at <= len(late_ms)}
    found, _ = errors(stumbled([*late_ms, *[0.0] * 9], before))
    assert abs(found[-1]) < 0.01


@pytest.mark.parametrize("period", [5, 13, 40])
def test_pieces_of_any_length_are_no_stumble_once_they_have_been_seen(period: int) -> None:
    piece = 1024 * 1000 / RATE
    found, _ = errors(device(pattern=tuple(piece * at / period for at in range(period))))
    assert max(found[3 * WINDOW :]) - min(found[3 * WINDOW :]) < 1.5


def test_a_second_in_which_all_are_a_little_late_moves_nothing() -> None:
    """Busy machines let all who wake up wait for the same time, however even that looks."""
    late = [0.1] * 100 + [2.5, 2.6] * 9 + [0.1] * 82
    found, _ = errors(stumbled(late, {}))
    assert max(abs(error) for error in found[WINDOW:]) < 0.2


def test_one_punctual_request_in_two_seconds_is_enough() -> None:
    late = [0.1] * 100 + ([0.0] + [3.0, 4.0, 2.5] * 6) * 5
    found, _ = errors(stumbled(late, {}))
    assert max(abs(error) for error in found[WINDOW:]) < 0.2


def test_a_shift_smaller_than_any_piece_is_followed_in_a_little_more_than_a_second() -> None:
    found, _ = errors(stumbled([0.1] * 200, {100: 2.0}))
    assert max(abs(error) for error in found[122:]) < 0.2
