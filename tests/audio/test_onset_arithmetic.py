"""The arithmetic of `python -m benchmarks.sound`, with a synthetic recording."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.sound.onsets import heard
from benchmarks.sound.recorded import RATE, Recording
from retrotimer.host.clock import SECOND

LATENCY = 40.0


def recording(instants: list[float]) -> Recording:
    """Clicks at these milliseconds; the recording begins when the clock shows 7 s."""
    samples = np.zeros(RATE * 13, np.int16)
    for instant in instants:
        frame = round(instant * RATE / 1000)
        samples[frame : frame + RATE // 100] = 9_000
    return Recording(samples, 7 * SECOND)


DUES = [7 * SECOND + number * SECOND for number in range(1, 11)]


def test_each_onset_is_matched_to_its_due_instant_and_a_common_delay_is_no_error() -> None:
    instants = [number * 1000 + LATENCY for number in range(1, 11)]
    instants[2] += 7
    del instants[6]
    found = heard(recording([300.0, *instants]), DUES)
    assert found.latency == pytest.approx(LATENCY, abs=0.03)
    assert found.late[2] == pytest.approx(LATENCY + 7, abs=0.03)
    assert [at for at, late in enumerate(found.late) if late is None] == [6]
    all_of_them = found.residuals(DUES)
    assert all_of_them.missed == 1
    assert all_of_them.max == pytest.approx(7, abs=0.03)
    assert all_of_them.p50 < 0.03
    assert found.residuals(DUES[3:6]).max < 0.03


def test_an_inaccurate_clock_is_a_slope() -> None:
    off = [number * 1000 * (1 + 2e-3) + LATENCY for number in range(1, 11)]
    assert heard(recording(off), DUES).slope(DUES) == pytest.approx(600_000 * 2e-3, rel=0.01)


def test_hearing_nothing_is_not_a_good_figure() -> None:
    found = heard(recording([]), DUES)
    assert found.residuals(DUES).missed == len(DUES)
    assert not found.residuals(DUES).max <= 5
    assert not abs(found.slope(DUES)) <= 1


def test_an_onset_before_or_long_after_is_not_matched() -> None:
    due = DUES[0]
    assert heard(recording([1000 - 101]), [due]).late == [None]
    assert heard(recording([1000 + 351]), [due]).late == [None]
    (late,) = heard(recording([1000 + 349]), [due]).late
    assert late == pytest.approx(349, abs=0.03)
