"""The mixer's placement, overlap, lease and fades, for any score and any buffers."""

from __future__ import annotations

from array import array
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from retrotimer.audio.engine.mixer import (
    ALARM_SECONDS,
    FADE,
    RAMP,
    Mixer,
    add,
    alarm_gain,
    frame_at,
    gain_of,
    instant_of,
)
from retrotimer.audio.samples import RATE
from retrotimer.audio.schedule import STALE, Entry, Score
from retrotimer.host.clock import MILLISECOND, SECOND

SOUNDS = {
    "low": array("h", [100] * 700),
    "high": array("h", range(1, 1501)),
    "minus": array("h", [-300] * 1200),
    "loud": array("h", [30_000] * 900),
}
ALARM = array("h", [5, 7, 9, 11, 13] * 96)
ORIGIN = 1_234_567_890_123


def mixer() -> Mixer:
    return Mixer(lambda entry: SOUNDS.get(entry.sound) or SOUNDS.get(entry.fallback), ALARM)


def after(milliseconds: float) -> int:
    return ORIGIN + round(milliseconds * MILLISECOND)


def track(*cues: tuple[float, str]) -> tuple[Entry, ...]:
    return tuple(Entry(after(at), sound) for at, sound in cues)


def play(segments: list[tuple[Score, int]], origin: int = ORIGIN) -> list[int]:
    one = mixer()
    return [
        sample for score, frames in segments for sample in one.render(score, frames, origin).samples
    ]


cues = st.lists(
    st.builds(
        Entry,
        st.floats(-300, 200).map(after),
        st.sampled_from(sorted(SOUNDS)),
        st.sampled_from(["", "", "count", "backward"]),
    ),
    max_size=6,
).map(tuple)
leases = st.none() | st.floats(-50, 250).map(after)
scores = st.builds(
    Score, track=cues, lease=leases, percent=st.sampled_from([0, 37, 80, 100]), mute=st.booleans()
)


@given(
    segments=st.lists(st.tuples(scores, st.integers(1, 3000)), min_size=1, max_size=4),
    cuts=st.lists(st.integers(1, 997), min_size=1, max_size=8),
    origin=st.integers(ORIGIN - 10**8, ORIGIN + 10**8),
)
def test_the_size_of_buffers_does_not_matter(
    segments: list[tuple[Score, int]], cuts: list[int], origin: int
) -> None:
    pieces: list[tuple[Score, int]] = []
    turn = 0
    for score, frames in segments:
        while frames > 0:
            piece = min(frames, cuts[turn % len(cuts)])
            turn += 1
            pieces.append((score, piece))
            frames -= piece
    assert play(pieces, origin) == play(segments, origin)


@given(
    at=st.lists(st.integers(0, 9000), max_size=5, unique=True),
    sounds=st.lists(st.sampled_from(["low", "high", "minus"]), min_size=5, max_size=5),
)
@example(at=[0, 1], sounds=["low"] * 5)
def test_each_sound_is_at_its_frame_and_overlaps_add(at: list[int], sounds: list[str]) -> None:
    expected = [0] * 10_000
    entries = []
    for frame, sound in zip(at, sounds, strict=False):
        entries.append(Entry(instant_of(frame, ORIGIN), sound))
        for index, sample in enumerate(SOUNDS[sound]):
            if frame + index < len(expected):
                expected[frame + index] += sample
    assert play([(Score(tuple(entries)), 4800), (Score(tuple(entries)), 5200)]) == expected


@given(st.integers(0, 10**12), st.integers(-(10**12), 10**12))
def test_a_frame_and_its_instant_agree(frame: int, origin: int) -> None:
    assert frame_at(instant_of(frame, origin), origin) == frame


@given(st.lists(st.tuples(st.integers(-32768, 32767), st.integers(-32768, 32767)), min_size=1))
def test_sums_saturate(pairs: list[tuple[int, int]]) -> None:
    one, other = (array("h", column) for column in zip(*pairs, strict=True))
    assert list(add(one, 0, other)) == [max(-32768, min(32767, a + b)) for a, b in pairs]


def test_two_loud_sounds_stay_within_the_range() -> None:
    heard = play([(Score(track((0, "loud"), (5, "loud"))), 2000)])
    assert max(heard) == 32767
    assert heard[239] == 30_000


@given(cues=cues, lease=st.floats(0, 150), frames=st.integers(1, 4000))
def test_nothing_in_the_track_sounds_after_the_lease(
    cues: tuple[Entry, ...], lease: float, frames: int
) -> None:
    end = frame_at(after(lease), ORIGIN)
    score = Score(cues, lease=after(lease))
    heard = play([(score, frames)] * (RATE // 4 // frames + 1))
    alarm = [sample * alarm_gain(100) >> 15 for sample in ALARM]
    looped = alarm * (len(heard) // len(alarm) + 1)
    rest = heard[end + FADE :]
    assert rest == looped[FADE : FADE + len(rest)]


def test_a_renewed_lease_ends_the_alarm_within_a_fade() -> None:
    gone = Score(lease=after(0))
    heard = play([(gone, 2400), (Score(lease=after(10_000)), 2400)])
    assert all(heard[:2400])
    assert not any(heard[2400 + FADE :])


def test_a_lease_in_the_past_is_no_renewal() -> None:
    heard = play([(Score(lease=after(0)), 2400), (Score(lease=after(20)), 2400)])
    assert all(heard)


def test_the_alarm_ends_by_itself() -> None:
    one = mixer()
    score = Score(lease=after(0))
    frames = RATE // 2
    loud = [any(one.render(score, frames, ORIGIN).samples) for _ in range(2 * ALARM_SECONDS + 1)]
    assert loud == [True] * 2 * ALARM_SECONDS + [False]


def test_the_alarm_ignores_mute_and_a_low_volume() -> None:
    heard = play([(Score(lease=after(0), percent=5, mute=True), 100)])
    assert heard == [sample * gain_of(60) >> 15 for sample in ALARM[:100]]


def test_an_alarm_goes_on_with_a_new_stream() -> None:
    score = Score(lease=after(0))
    one = mixer()
    assert one.render(score, 480, ORIGIN).alarm
    other = Mixer(lambda _: None, ALARM, one._scheduler)
    rendered = other.render(score, 480, ORIGIN + SECOND)
    assert rendered.alarm
    assert any(rendered.samples)


def test_a_new_track_cuts_off_sounds_that_it_lacks() -> None:
    old, new = Score(track((0, "high"))), Score(track((100, "low")))
    heard = play([(old, 480), (new, 1000)])
    faded = heard[480 : 480 + FADE]
    assert all(
        0 <= sample <= original
        for sample, original in zip(faded, SOUNDS["high"][480:], strict=False)
    )
    assert not any(heard[480 + FADE :])


def test_a_sound_goes_on_if_it_is_in_the_new_track() -> None:
    old = Score(track((0, "high"), (100, "low")))
    new = Score(track((0, "high"), (50, "minus")))
    assert play([(old, 480), (new, 1000)])[:1480] == list(SOUNDS["high"][:1480])


def test_a_sound_does_not_start_twice() -> None:
    score = Score(track((0, "low")))
    heard = play([(score, 4800), (Score(track((0, "low"))), 4800)])
    assert sum(heard) == sum(SOUNDS["low"])


def test_late_cues_play_at_once_but_stale_ones_never() -> None:
    one = mixer()
    one.render(Score(), RATE, ORIGIN)
    late = Entry(after(1000) - STALE, "low")
    stale = Entry(after(1000) - STALE - 1, "high")
    rendered = one.render(Score((stale, late)), 1000, ORIGIN)
    assert rendered.samples[:700] == SOUNDS["low"]
    assert not any(rendered.samples[700:])
    assert [entry for entry, _ in rendered.dropped] == [stale]
    assert rendered.dropped[0][1] == STALE + 1
    assert [(start.at, start.entry) for start in rendered.played] == [(after(1000), late)]


def test_a_cue_waiting_for_a_lease_plays_when_it_comes_unless_stale() -> None:
    score = Score(track((20, "low")), lease=after(10))
    one = mixer()
    one.render(score, 4800, ORIGIN)
    rendered = one.render(Score(score.track, lease=after(9000)), 4800, ORIGIN)
    assert [start.entry for start in rendered.played] == list(score.track)
    assert rendered.played[0].at == after(100)


def test_a_missing_sound_is_replaced_by_its_fallback() -> None:
    known = Score((Entry(after(0), "/no/such.wav", "low"),))
    unknown = Score((Entry(after(0), "/no/such.wav"),))
    assert play([(known, 700)]) == list(SOUNDS["low"])
    assert not any(play([(unknown, 700)]))


def test_a_users_sound_is_cut_off_by_the_next_cue() -> None:
    own = Entry(after(0), "high", "forward")
    heard = play([(Score((own, Entry(after(10), "low", "count"))), 1500)])
    assert heard[:480] == list(SOUNDS["high"][:480])
    over = [heard[480 + at] - SOUNDS["low"][at] for at in range(700)]
    assert all(0 <= left <= SOUNDS["high"][480 + at] for at, left in enumerate(over[:FADE]))
    assert not any(over[FADE:])


def test_a_users_sound_is_cut_off_only_by_later_cues() -> None:
    # "low" and "minus" are not cues, just as a word of the voice is not
    entries = (Entry(after(0), "high", "forward"), Entry(after(10), "low"))
    alone = play([(Score(entries[:1]), 1500)])
    assert play([(Score(entries[1:]), 1500)]) == [
        both - one for both, one in zip(play([(Score(entries), 1500)]), alone, strict=True)
    ]
    same = (Entry(after(0), "high", "forward"), Entry(after(0), "minus", "rest"))
    assert play([(Score(same), 1500)])[1200:] == list(SOUNDS["high"][1200:])


def test_built_in_sounds_overlap() -> None:
    heard = play([(Score(track((0, "high"), (10, "low"))), 1500)])
    assert heard[1480] == SOUNDS["high"][1480]


def test_the_volume_changes_in_a_ramp() -> None:
    entries = track((0, "loud"))
    heard = play([(Score(entries), 100), (Score(entries, mute=True), 800)])
    steps = [one - other for one, other in pairwise(heard[99:])]
    assert heard[99] == 30_000
    assert max(steps) <= 30_000 // RAMP + 2
    assert min(steps) >= 0
    assert heard[100 + RAMP :] == [0] * (800 - RAMP)


@given(st.integers(0, 100), st.integers(0, 100))
def test_the_volume_is_squared_even_when_it_changes_during_a_sound(one: int, other: int) -> None:
    entries = track((0, "loud"))
    at = 100
    heard = play([(Score(entries, percent=one), at), (Score(entries, percent=other), 900 - at)])
    for percent, samples in ((one, heard[:at]), (other, heard[at + RAMP :])):
        # A share of 30,000 at 100 percent, rounded down.
        assert {3 * percent**2 - sample for sample in samples} <= {0, 1}


@given(st.integers(-20, 140))
def test_gains_are_limited_and_the_alarm_is_never_soft(percent: int) -> None:
    assert 0 <= gain_of(percent) <= 1 << 15
    assert gain_of(percent, mute=True) == 0
    assert alarm_gain(percent) >= gain_of(60)


def test_silence_needs_no_mixing() -> None:
    one = mixer()
    first = one.render(Score(), 2400, ORIGIN).samples
    assert one.render(Score(), 2400, ORIGIN).samples is first
    assert not any(first)
