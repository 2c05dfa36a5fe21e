import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.core import turn
from retrotimer.core.sets import Belt, Kind, Safety
from retrotimer.core.stage_guide import TABLES, Facing, StageId, Way
from retrotimer.core.turn import Speeds

F, B = Kind.FORWARD, Kind.BACKWARD
FRONT, BACK = Facing.FRONT, Facing.BACK


@pytest.mark.parametrize(
    ("came", "to", "seconds"),
    [
        # worked out by hand
        (3.0, 1.6, 20),
        (1.6, 3.0, 20),
        (4.0, 2.4, 20),
        (5.0, 2.4, 25),
        (2.4, 5.0, 25),
        (8.0, 4.0, 30),
        (8.0, 6.5, 40),
        (10.0, 8.0, 45),
        # not given
        (None, 1.6, 20),
        (3.0, None, 20),
    ],
)
def test_the_length_depends_on_the_belt(came: float | None, to: float | None, seconds: int) -> None:
    assert turn.needed(Belt(), Speeds(came, None), Speeds(to, None)) == seconds * 1000


def test_from_standing_only_acceleration_counts() -> None:
    assert turn.needed(Belt(), None, Speeds(1.6, None)) == 15_000


def test_the_incline_counts_if_it_takes_longer() -> None:
    belt = Belt(incline_rate=0.4)
    # 10 % / 0.4 = 25 s, plus 11 s, rounded up to 40
    assert turn.needed(belt, Speeds(1.6, 0.0), Speeds(1.6, 10.0)) == 40_000


def test_the_length_has_no_upper_limit() -> None:
    slow = Belt(acceleration=0.05, deceleration=0.05)
    assert turn.needed(slow, Speeds(8.0, None), Speeds(6.0, None)) > turn.LONG_TURN


@pytest.mark.parametrize(
    ("came", "to", "standing", "stages"),
    [
        (F, B, False, ["slow", "rails", "turn", "count"]),
        (B, F, False, ["rails", "turn", "set", "count"]),
        (None, B, False, ["set", "rails", "turn", "count"]),
        (F, B, True, ["set", "rails", "turn", "count"]),
        (B, F, True, ["rails", "turn", "set", "count"]),
        (B, B, False, ["rails", "turn", "set", "turn", "count"]),
        (B, B, True, ["set", "rails", "turn", "count"]),
    ],
)
def test_each_transition_into_a_block_has_its_stages(
    came: Kind | None, to: Kind, standing: bool, stages: list[str]
) -> None:
    at = None if came is None else Speeds(3.0, None)
    faces = BACK if came is B else FRONT
    made = turn.into(Belt(), Safety(), at, faces, Speeds(1.6, None), to, standing=standing)
    assert [stage.id.value for stage in made.stages] == stages


@pytest.mark.parametrize(
    ("came", "to", "stages"),
    [
        (3.0, 1.6, ["slow", "rails", "turn", "count"]),
        (None, 1.6, ["slow", "rails", "turn", "count"]),
        (3.0, None, ["slow", "rails", "turn", "count"]),
        # Nobody is told to slow to a speed that is no lower; the belt speeds up only when empty.
        (3.0, 3.0, ["rails", "set", "turn", "count"]),
        (2.4, 5.0, ["rails", "set", "turn", "count"]),
    ],
)
def test_people_step_off_the_belt_at_the_lower_speed(
    came: float | None, to: float | None, stages: list[str]
) -> None:
    made = turn.into(Belt(), Safety(), Speeds(came, None), FRONT, Speeds(to, None), B)
    assert [stage.id.value for stage in made.stages] == stages


@pytest.mark.parametrize(("setting", "length"), [(15_000, 20_000), (30_000, 35_000)])
def test_turning_twice_takes_longer_than_the_set_length_of_one_turn(
    setting: int, length: int
) -> None:
    made = turn.into(Belt(), Safety(turn=setting), Speeds(1.6, None), BACK, Speeds(2.0, None), B)
    assert made.length == length
    assert made.stages[2].length >= turn.LEAST_SET


@given(
    st.sampled_from([(F, B), (B, F), (None, B), (B, B)]),
    st.floats(0.8, 16),
    st.floats(0.8, 16),
    st.none() | st.integers(10_000, 90_000),
    st.booleans(),
)
def test_every_turn_has_all_its_stages(
    way: tuple[Kind | None, Kind], came: float, to: float, fixed: int | None, short: bool
) -> None:
    safety = Safety(turn=fixed, allow_short_turns=short)
    at = None if way[0] is None else Speeds(came, None)
    faces = BACK if way[0] is B else FRONT
    made = turn.into(Belt(), safety, at, faces, Speeds(to, None), way[1])
    assert made.length >= (10_000 if short else 15_000)
    assert all(stage.length >= 2_000 for stage in made.stages)
    assert made.stages[-1].id is StageId.COUNT
    assert made.stages[-1].length == 3_000
    waits = StageId.TURN if way[1] is B else StageId.SET
    index, _ = made.stage_at(made.hold)
    assert made.stages[index].id is waits
    assert sum(stage.length for stage in made.stages[:index]) == made.hold


def test_extending_the_3_2_1_goes_back_to_the_stage_before() -> None:
    made = turn.into(Belt(), Safety(), None, FRONT, Speeds(1.6, None), B)
    position = made.length - 1_500
    longer = turn.extended(made, position, 10_000)
    assert longer.length == made.length + 10_000
    assert longer.stages[longer.stage_at(position)[0]].id is StageId.TURN
    assert longer.stages[-1].length == 3_000
    assert longer.hold == made.hold


def test_extending_before_the_wait_moves_the_wait() -> None:
    made = turn.into(Belt(), Safety(), None, FRONT, Speeds(1.6, None), B)
    assert turn.extended(made, 0, 10_000).hold == made.hold + 10_000


def test_a_get_ready_is_as_long_as_the_setting() -> None:
    for ms in (3_000, 10_000, 60_000):
        assert turn.get_ready(Safety(get_ready=ms)).length == ms


@pytest.mark.parametrize("way", Way)
def test_a_countdown_knows_which_way_each_of_its_stages_faces(way: Way) -> None:
    toward = F if way in (Way.TO_FORWARD, Way.READY) else B
    stages = tuple(turn.Stage(stage, 1_000, guide) for stage, guide in TABLES[way])
    made = turn.Countdown(Kind.TURN, toward, stages)
    drawn = [guide.pose.faces for _, guide in TABLES[way] if guide.pose]
    assert [made.faces(index) for index in range(len(stages))] == drawn
