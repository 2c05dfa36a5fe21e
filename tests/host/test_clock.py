"""Two clocks read as one."""

from __future__ import annotations

from retrotimer.host.clock import MILLISECOND, apart


def read_with(turns: list[int]) -> tuple[int, int]:
    """`apart` for two clocks that show the same, other threads taking so many ms between them.

    The result in ms, and how many readings it took.
    """
    now, left = 0, iter(turns)

    def boot() -> int:
        nonlocal now
        now += next(left) * MILLISECOND
        return now

    found = apart(boot, lambda: now)
    return found // MILLISECOND, len(turns) - len(list(left))


def test_what_comes_between_two_clocks_does_not_count() -> None:
    assert read_with([0, 0, 0]) == (0, 1)
    assert read_with([40, 7, 0, 0]) == (0, 3)


def test_a_machine_that_is_never_quiet_gives_its_best_reading() -> None:
    assert read_with([40, 9, 2, 17, 25, 0, 0]) == (1, 5)
