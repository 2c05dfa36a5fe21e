"""Reading two clocks at the same moment."""

from __future__ import annotations

from retrotimer.host.clock import MILLISECOND, apart


def read_with(turns: list[int]) -> tuple[int, int]:
    """`apart` for two equal clocks with these delays between their readings, in ms.

    Returns the result in ms and the number of readings.
    """
    now, left = 0, iter(turns)

    def boot() -> int:
        nonlocal now
        now += next(left) * MILLISECOND
        return now

    found = apart(boot, lambda: now)
    return found // MILLISECOND, len(turns) - len(list(left))


def test_a_delay_between_the_two_readings_does_not_count() -> None:
    assert read_with([0, 0, 0]) == (0, 1)
    assert read_with([40, 7, 0, 0]) == (0, 3)


def test_on_a_busy_machine_the_best_reading_counts() -> None:
    assert read_with([40, 9, 2, 17, 25, 0, 0]) == (1, 5)
