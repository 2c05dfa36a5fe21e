"""Presses and repeats of a key."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from retrotimer.presses import FIRST, RELEASE, Presses


@given(st.integers(0, FIRST - 1), st.lists(st.integers(1, RELEASE - 1), max_size=50))
def test_a_held_key_is_one_press(delay: int, gaps: list[int]) -> None:
    presses = Presses()
    came = accumulate([1_000, delay, *gaps])
    assert [presses.repeats("n", at) for at in came] == [False] + [True] * (1 + len(gaps))


@given(st.lists(st.integers(FIRST, 5_000), min_size=1, max_size=9))
def test_what_comes_apart_are_presses(gaps: list[int]) -> None:
    presses = Presses()
    assert not any(presses.repeats("n", at) for at in accumulate([0, *gaps]))


def test_after_a_long_hold_a_moment_without_the_key_is_enough() -> None:
    presses = Presses()
    held = [presses.repeats("n", at) for at in range(0, 3_000, 100)]
    assert held == [False] + [True] * 29
    assert presses.repeats("n", 2_900 + RELEASE - 1)
    assert not presses.repeats("n", 2_900 + 2 * RELEASE)


def test_where_a_quick_second_press_counts_only_repeats_are_held() -> None:
    presses = Presses()
    assert [presses.repeats("b", at, RELEASE) for at in (0, 400, 500)] == [False, False, True]


def test_keys_are_apart() -> None:
    presses = Presses()
    assert not presses.repeats("n", 0)
    assert not presses.repeats("o", 10)
