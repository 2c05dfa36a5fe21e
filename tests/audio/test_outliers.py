"""Who was late: recordings made by hand, with a pilot tone, gaps and late cues."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.sound.onsets import Heard, heard
from benchmarks.sound.outliers import Cause, Witness, witness
from benchmarks.sound.pilot import HZ
from benchmarks.sound.recorded import RATE, Recording, Span
from retrotimer.host.clock import MILLISECOND, SECOND

ORIGIN = 7 * SECOND
DUES = [ORIGIN + number * SECOND // 2 for number in range(1, 8)]
LONGEST = 40 * MILLISECOND


def samples(late: dict[int, float]) -> NDArray[np.int16]:
    """Four seconds of the tone and the cues; some of them are late by milliseconds."""
    frames = np.arange(4 * RATE) / RATE
    cue = 9_000 * np.cos(2 * np.pi * 1_000 * frames[: RATE // 50])
    found = 730 * np.sin(2 * np.pi * HZ * frames)
    for number, due in enumerate(DUES):
        first = round((due - ORIGIN) * RATE / SECOND + late.get(number, 0.0) * RATE / 1000)
        found[first : first + RATE // 50] += cue
    made: NDArray[np.int16] = np.rint(found).astype(np.int16)
    return made


def judged(one: Recording, other: Recording | None = None) -> tuple[Heard, list[Cause]]:
    """What was heard, and who would be to blame for each cue."""
    mended = one.mended()
    seen = witness(mended, other or Recording(samples({}), ORIGIN), LONGEST)
    return heard(mended, DUES), [seen.cause(due) for due in DUES]


def arrivals(*late: Span) -> list[Span]:
    """The times between arrivals, one each 25 ms but for some waits."""
    instants = [ORIGIN + number * 25 * MILLISECOND for number in range(160)]
    kept = [at for at in instants if not any(begin < at < end for begin, end in late)]
    return list(pairwise(kept))


def test_a_late_cue_beside_an_even_tone_is_the_players() -> None:
    found, causes = judged(Recording(samples({3: 60.0}), ORIGIN))
    off = [due for due, error in found.errors(DUES) if error is None or abs(error) > 1]
    assert off == [DUES[3]]
    assert causes == [Cause.PLAYER] * len(DUES)


def test_a_gap_of_the_recording_makes_no_later_cue_late() -> None:
    at = 5 * RATE // 4
    torn = np.delete(samples({5: 12.5}), slice(at, at + RATE // 20))
    found, causes = judged(Recording(torn, ORIGIN))
    off = [due for due, error in found.errors(DUES) if error is None or abs(error) > 1]
    assert off == [DUES[5]]
    assert causes[5] is Cause.PLAYER


def test_a_cue_in_a_gap_of_the_recording_is_not_the_players() -> None:
    at = round((DUES[2] - ORIGIN) * RATE / SECOND) - RATE // 100
    silent = samples({})
    silent[at : at + RATE // 20] = 0
    found, causes = judged(Recording(silent, ORIGIN))
    missed = [due for due, error in found.errors(DUES) if error is None]
    assert missed == [DUES[2]]
    assert causes == [Cause.RECORDING if due == DUES[2] else Cause.PLAYER for due in DUES]


def test_the_server_stood_still_only_if_nothing_came_from_either_sink() -> None:
    stop = (DUES[4] - 200 * MILLISECOND, DUES[4] - 100 * MILLISECOND)
    one = Recording(samples({4: 62.5}), ORIGIN, (), arrivals(stop))
    _, causes = judged(one, Recording(samples({}), ORIGIN, (), arrivals(stop)))
    assert causes == [Cause.SERVER if due == DUES[4] else Cause.PLAYER for due in DUES]
    _, causes = judged(one, Recording(samples({}), ORIGIN, (), arrivals()))
    assert causes == [Cause.PLAYER] * len(DUES)


def test_two_that_wait_one_after_the_other_are_no_server_that_stood_still() -> None:
    first = (DUES[4] - 200 * MILLISECOND, DUES[4] - 125 * MILLISECOND)
    second = (DUES[4] - 150 * MILLISECOND, DUES[4] - 50 * MILLISECOND)
    one = Recording(samples({}), ORIGIN, (), arrivals(first))
    other = Recording(samples({}), ORIGIN, (), arrivals(second))
    assert not witness(one, other, LONGEST).still


def test_what_is_to_blame_has_to_be_near() -> None:
    seen = Witness([(DUES[0], DUES[0])], [(DUES[3], DUES[3])])
    assert seen.cause(DUES[0]) is Cause.RECORDING
    assert seen.cause(DUES[1]) is Cause.PLAYER
    assert seen.cause(DUES[3]) is Cause.SERVER
    assert seen.cause(DUES[4]) is Cause.SERVER
    assert seen.cause(DUES[5]) is Cause.PLAYER
