"""Presses and repeats of a key."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from retrotimer.run.key_repeat import FIRST, RELEASE, TAP, USUAL, KeyRepeat, LastKey, Rhythm


@given(st.integers(0, FIRST - 1), st.lists(st.integers(1, RELEASE - 1), max_size=50))
def test_a_held_key_is_one_press(delay: int, gaps: list[int]) -> None:
    presses = KeyRepeat()
    came = accumulate([1_000, delay, *gaps])
    assert [presses.repeats("n", at) for at in came] == [False] + [True] * (1 + len(gaps))


@given(st.lists(st.integers(FIRST, 5_000), min_size=1, max_size=9))
def test_what_comes_apart_are_presses(gaps: list[int]) -> None:
    presses = KeyRepeat()
    assert not any(presses.repeats("n", at) for at in accumulate([0, *gaps]))


def test_after_a_long_hold_a_moment_without_the_key_is_enough() -> None:
    presses = KeyRepeat()
    held = [presses.repeats("n", at) for at in range(0, 3_000, 100)]
    assert held == [False] + [True] * 29
    assert presses.repeats("n", 2_900 + RELEASE - 1)
    assert not presses.repeats("n", 2_900 + 2 * RELEASE)


def test_keys_are_apart() -> None:
    presses = KeyRepeat()
    assert not presses.repeats("n", 0)
    assert not presses.repeats("o", 10)


@given(st.integers(0, 2_000), st.booleans(), st.integers(0, USUAL - 1))
def test_where_nobody_looked_for_keys_a_gap_is_none(stood: int, first: bool, at: int) -> None:
    """The program stood still while a key was held; it looks before or after it reads the key."""
    presses = KeyRepeat()
    presses.look(0)
    presses.repeats("space", at, RELEASE)
    for _ in range(2):
        presses.look(at)
        assert presses.repeats("space", at, RELEASE)
    again = at + stood
    if first:
        presses.look(again)
    assert presses.repeats("space", again, RELEASE)
    presses.look(again)
    assert presses.repeats("space", again + 30, RELEASE)


def test_a_press_after_a_stall_is_one_again() -> None:
    presses = KeyRepeat()
    presses.look(0)
    assert not presses.repeats("space", 0, RELEASE)
    for at in (2_000, 2_200, 2_400):
        presses.look(at)
    assert not presses.repeats("space", 2_450, RELEASE)


# Where a mistake is mild ------------------------------------------------------------------------


def counted(came: list[int]) -> int:
    """How often a key counts that comes at these instants, with somebody who polls every 20 ms."""
    keys, count, last = KeyRepeat(), 0, came[-1] + 2 * FIRST
    left = list(came)
    for now in sorted({*range(0, last, 20), *came}):
        keys.look(now)
        count += keys.due(now) is not None
        while left and left[0] == now:
            left.pop(0)
            count += keys.rhythm("n", now) is Rhythm.PRESS
    assert keys.unsure_until is None
    return count


@given(
    st.integers(200, 700),
    st.lists(st.integers(15, 60), min_size=1, max_size=60),
)
def test_whatever_a_terminal_repeats_counts_once(delay: int, gaps: list[int]) -> None:
    assert counted(list(accumulate([1_000, delay, *gaps]))) == 1


@given(st.lists(st.integers(120, 400), max_size=8))
def test_every_tap_counts(gaps: list[int]) -> None:
    assert counted(list(accumulate([1_000, *gaps]))) == 1 + len(gaps)


@given(
    st.lists(st.integers(120, 400), max_size=4),
    st.integers(200, 700),
    st.lists(st.integers(15, 60), min_size=1, max_size=30),
)
def test_taps_and_then_a_hold(taps: list[int], delay: int, gaps: list[int]) -> None:
    assert counted(list(accumulate([1_000, *taps, delay, *gaps]))) == 1 + len(taps)


def test_another_key_decides_at_once() -> None:
    keys = KeyRepeat()
    keys.rhythm("n", 0)
    assert keys.rhythm("n", 300) is Rhythm.UNSURE
    keys.rhythm("o", 310)
    assert keys.due(300 + TAP) is None


def test_only_the_last_key_goes_on() -> None:
    last = LastKey()
    came = [("s", 0), ("s", 500), ("s", 530), ("y", 540), ("s", 560), ("s", 1_400)]
    assert [last.goes_on(*one) for one in came] == [False, True, True, False, False, False]
