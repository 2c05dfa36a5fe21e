"""Presses and repeats of a key."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from retrotimer.presses import FIRST, RELEASE, USUAL, Presses


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


@given(st.integers(0, 2_000), st.booleans(), st.integers(0, USUAL - 1))
def test_where_nobody_looked_for_keys_a_gap_is_none(stood: int, first: bool, at: int) -> None:
    """The program stood still while a key was held; it looks before or after it reads the key."""
    presses = Presses()
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
    presses = Presses()
    presses.look(0)
    assert not presses.repeats("space", 0, RELEASE)
    for at in (2_000, 2_200, 2_400):
        presses.look(at)
    assert not presses.repeats("space", 2_450, RELEASE)
