from itertools import pairwise

import pytest

from retrotimer.core.cue_ids import IMPORTANCE, MEANING, Cue, CueId
from retrotimer.core.cue_times import thinned
from retrotimer.core.plan import CueRules, Plan
from retrotimer.core.sets import Confirm
from retrotimer.core.states import Command, Reason
from retrotimer.core.workout import Workout
from tests.support.interval_sets import S, backward, forward, plan_of, rest


def cues(plan: Plan, now: int = 0, until: int = 10_000_000) -> list[tuple[float, str]]:
    workout = Workout(plan)
    workout.send(Command.START, 0)
    return [(cue.due / S, cue.id.value) for cue in workout.cues(now, until)]


def test_every_id_has_a_meaning_and_a_rank() -> None:
    assert set(MEANING) == set(IMPORTANCE) == set(CueId)


def test_a_whole_time_line() -> None:
    assert cues(plan_of(forward(40), backward(30), forward(25))) == [
        (0, "ready"), (7, "count"), (8, "count"), (9, "count"),
        (10, "forward"), (30, "half"), (40, "warn"), (47, "last"), (48, "last"), (49, "last"),
        (50, "slow"), (59, "rails"), (62, "turn"), (67, "count"), (68, "count"), (69, "count"),
        (70, "backward"), (85, "half"), (90, "warn"), (97, "last"), (98, "last"), (99, "last"),
        (100, "rails"), (103, "turn"), (108, "set"), (117, "count"), (118, "count"),
        (119, "count"),
        (120, "forward"), (132.5, "half"), (142, "last"), (143, "last"), (144, "last"),
        (145, "done"),
    ]  # fmt: skip


def test_in_a_short_block_the_warning_comes_right_after_its_go() -> None:
    found = cues(plan_of(forward(8), backward(30)))
    assert (11.5, "warn") in found
    assert [at for at, cue in found if cue == "last" and at < 20] == [15, 16, 17]


def test_a_change_of_speed_has_a_cue_five_seconds_before() -> None:
    assert (25, "change") in cues(plan_of(forward(20, 3.0), forward(20, 4.0)))
    assert "change" not in {cue for _, cue in cues(plan_of(forward(20), forward(20)))}


def test_a_ten_second_rest_is_all_get_ready() -> None:
    found = cues(plan_of(forward(20), rest(10), forward(20)))
    assert [one for one in found if 30 <= one[0] <= 40] == [
        (30, "rest"), (37, "count"), (38, "count"), (39, "count"), (40, "forward"),
    ]  # fmt: skip


def test_the_get_ready_of_a_longer_rest_has_a_cue() -> None:
    assert (50, "ready") in cues(plan_of(forward(20), rest(30), forward(20)))


def test_nothing_is_certain_after_a_wait() -> None:
    found = cues(plan_of(forward(30), backward(30), confirm_turns=Confirm.ALWAYS), until=60_000)
    assert found[-3:] == [(52, "wait"), (55, "wait"), (58, "wait")]
    assert "turn" not in {cue for _, cue in found}


def test_after_the_key_the_turn_begins_with_its_cue() -> None:
    workout = Workout(plan_of(forward(30), backward(30), confirm_turns=Confirm.ALWAYS))
    workout.send(Command.START, 0)
    workout.send(Command.CONFIRM, 100 * S)
    assert workout.cues(100 * S, 109 * S) == [
        Cue(100 * S, CueId.TURN),
        Cue(105 * S, CueId.COUNT),
        Cue(106 * S, CueId.COUNT),
        Cue(107 * S, CueId.COUNT),
        Cue(108 * S, CueId.BACKWARD),
    ]


def test_nothing_is_certain_after_an_open_block() -> None:
    assert cues(plan_of(forward(None), backward(30)))[-1] == (10, "forward")


def test_a_pause_has_one_cue_and_a_stall_the_alarm() -> None:
    for reason, cue in ((Reason.USER, CueId.PAUSE), (Reason.STALLED, CueId.ALARM)):
        workout = Workout(plan_of(forward(30)))
        workout.send(Command.START, 0)
        workout.send(Command.PAUSE, 20 * S, reason=reason)
        assert workout.cues(20 * S, 10_000_000) == [Cue(20 * S, cue)]


def test_the_resume_cue_comes_before_what_follows() -> None:
    workout = Workout(plan_of(forward(30), backward(30)))
    workout.send(Command.START, 0)
    workout.send(Command.PAUSE, 70 * S)
    workout.send(Command.RESUME, 80 * S)
    assert workout.cues(80 * S, 85 * S) == [
        Cue(80 * S, CueId.RESUME),
        Cue(80 * S + 800, CueId.SET),
    ]
    # When the block goes on, its GO sounds again.
    assert Cue(100 * S, CueId.BACKWARD) in workout.cues(80 * S, 101 * S)


def test_the_cue_of_a_rest_too_short_to_wait_for_the_resume_cue_sounds_at_once() -> None:
    """During the turn that follows, the cue of the rest would be misleading."""
    workout = Workout(plan_of(forward(20), rest(0.5), backward(20)))
    workout.send(Command.START, 0)
    workout.send(Command.PAUSE, 20 * S)
    workout.send(Command.SKIP, 21 * S)
    workout.send(Command.RESUME, 22 * S)
    found = workout.cues(22 * S, 30 * S)
    assert Cue(22 * S, CueId.REST) in found
    assert [cue.due for cue in found if cue.id is CueId.REST] == [22 * S]
    assert Cue(22 * S + 500, CueId.SET) in found


def test_the_heartbeat_beats_in_each_second_of_a_backward_block_without_another_cue() -> None:
    found = cues(plan_of(forward(30), backward(30), forward(30), cues=CueRules(heartbeat=True)))
    beats = [at for at, cue in found if cue == "heartbeat"]
    # GO at 60, half at 75, warn from 80 to 81.3, ticks from 87 on; none while walking forward
    assert beats == [*range(62, 75), *range(76, 80), *range(82, 87)]
    heard = sorted(at for at, _ in found if 60 <= at <= 90)
    assert max(after - at for at, after in pairwise(heard)) == 2  # after the GO and the warning


def test_the_heartbeat_keeps_its_seconds_after_a_pause() -> None:
    workout = Workout(plan_of(forward(30), backward(30), cues=CueRules(heartbeat=True)))
    workout.send(Command.START, 0)
    workout.send(Command.PAUSE, 63_400)
    assert CueId.HEARTBEAT not in {cue.id for cue in workout.cues(63_400, 10_000_000)}
    workout.send(Command.RESUME, 100 * S)
    turn, go = 20_000, CueId.BACKWARD
    [again] = [cue.due for cue in workout.cues(100 * S, 10_000_000) if cue.id is go]
    assert again == 100 * S + turn
    beats = [cue.due for cue in workout.cues(again, 10_000_000) if cue.id is CueId.HEARTBEAT]
    # 3.4 s of the block are done, so its whole seconds come 600 ms after those of the clock
    assert beats[0] == again + 1_600
    assert beats[1] - beats[0] == S


def test_a_block_too_short_for_a_heartbeat_has_none() -> None:
    found = cues(plan_of(forward(30), backward(1), cues=CueRules(heartbeat=True)))
    assert "heartbeat" not in {cue for _, cue in found}


@pytest.mark.parametrize(
    ("seconds", "instants"),
    [
        (19.999, []),
        (20, []),  # the warning comes at ten seconds
        (21, []),  # it would run into the warning
        (23, [21.5]),
        (40.001, [30]),
        (60, [40]),
    ],
)
def test_halfway_is_in_the_middle_of_a_block_of_20_s_or_more(
    seconds: float, instants: list[float]
) -> None:
    found = cues(plan_of(forward(seconds), backward(10)), until=int(10 * S + seconds * S))
    assert [at for at, cue in found if cue == "half"] == instants


def test_halfway_and_the_last_ticks_can_be_switched_off() -> None:
    rules = CueRules(halfway=False, count_last=0)
    found = {cue for _, cue in cues(plan_of(forward(30), backward(30), cues=rules))}
    assert found.isdisjoint({"half", "last", "heartbeat"})


@pytest.mark.parametrize(
    ("count", "instants"),
    [(0, []), (1, [69]), (3, [67, 68, 69]), (10, [62, 63, 64, 65, 66, 67, 68, 69])],
)
def test_ticks_count_the_last_seconds_but_not_during_the_warning(
    count: int, instants: list[int]
) -> None:
    found = cues(plan_of(forward(60), backward(10), cues=CueRules(count_last=count)), until=70 * S)
    assert (60, "warn") in found
    assert [at for at, cue in found if cue == "last"] == instants


def test_a_get_ready_counts_instead_of_ticking() -> None:
    found = cues(plan_of(forward(30), rest(30), forward(30), cues=CueRules(count_last=10)))
    assert [one for one in found if 60 <= one[0] < 70] == [
        (60, "ready"), (67, "count"), (68, "count"), (69, "count"),
    ]  # fmt: skip


def test_a_steps_own_sound() -> None:
    workout = Workout(plan_of(forward(20, cue="/horn.wav")))
    workout.send(Command.START, 0)
    assert Cue(10 * S, CueId.FORWARD, "/horn.wav") in workout.cues(0, 20 * S)


@pytest.mark.parametrize("gap", [250, 5_000])
def test_thinning_keeps_a_gap_and_the_important_cues(gap: int) -> None:
    plan = plan_of(forward(30), backward(30), forward(30))
    workout = Workout(plan)
    workout.send(Command.START, 0)
    kept = thinned(workout.cues(0, 10_000_000), gap)
    assert all(b.due - a.due >= gap for a, b in pairwise(kept))
    assert CueId.BACKWARD in {cue.id for cue in kept}
