import pytest

from retrotimer.core.plan import make_plan
from retrotimer.core.sets import Confirm, IntervalSet, Kind, Repeat, Safety
from tests.support.interval_sets import backward, forward, plan_of, rest


def phases_of(plan: object) -> list[tuple[str, int | None]]:
    return [(phase.kind.value, phase.length) for phase in plan]  # type: ignore[attr-defined]


def test_repeats_unroll_with_their_rounds() -> None:
    inner = Repeat(2, (forward(10), forward(20)))
    plan = plan_of(Repeat(3, (inner, forward(5)), skip_last=True))
    assert len(plan.blocks) == 3 * 5 - 1
    assert plan.blocks[0].rounds == ((1, 3), (1, 2))
    assert plan.blocks[-1].rounds == ((3, 3), (2, 2))


def test_there_is_a_countdown_wherever_the_direction_changes() -> None:
    plan = plan_of(forward(30), backward(30), forward(60), forward(60, 4.0))
    assert phases_of(plan) == [
        ("ready", 10_000),
        ("forward", 30_000),
        ("turn", 20_000),
        ("backward", 30_000),
        ("turn", 20_000),
        ("forward", 60_000),
        ("forward", 60_000),
    ]


def test_direction_is_compared_across_rests() -> None:
    plan = plan_of(backward(30), rest(20), forward(30), rest(20), backward(30))
    assert [lead.kind.value if lead else None for lead in plan.leads] == [
        "turn", None, "turn", None, "turn",
    ]  # fmt: skip


def test_a_get_ready_is_inside_the_rest() -> None:
    plan = plan_of(forward(20), rest(10), forward(20), rest(30), forward(20))
    assert phases_of(plan) == [
        ("ready", 10_000),
        ("forward", 20_000),
        ("rest", 10_000),
        ("forward", 20_000),
        ("rest", 30_000),
        ("forward", 20_000),
    ]
    assert [block.ready for block in plan.blocks] == [0, 10_000, 0, 10_000, 0]


def test_after_an_open_rest_the_get_ready_is_separate() -> None:
    assert phases_of(plan_of(forward(20), rest(None), forward(20)))[-2:] == [
        ("ready", 10_000),
        ("forward", 20_000),
    ]


def test_adjacent_backward_blocks_of_the_same_level_become_one() -> None:
    plan = plan_of(backward(30, label="a"), backward(20, label="b"), backward(10, 2.0))
    assert phases_of(plan) == [
        ("turn", 15_000),
        ("backward", 50_000),
        ("turn", 25_000),
        ("backward", 10_000),
    ]
    assert plan.blocks[0].label == "a + b"


def test_a_repeat_of_one_backward_step_is_one_long_block() -> None:
    plan = plan_of(Repeat(4, (backward(30),)))
    assert [block.length for block in plan.blocks] == [120_000]
    assert plan.blocks[0].rounds == ()


@pytest.mark.parametrize(
    ("of_set", "of_config", "waits"),
    [
        (None, Confirm.NEVER, [False, False]),
        (Confirm.BACKWARD, Confirm.NEVER, [True, False]),
        (Confirm.NEVER, Confirm.ALWAYS, [True, True]),
        (Confirm.ALWAYS, Confirm.BACKWARD, [True, True]),
    ],
)
def test_a_set_may_only_be_stricter(
    of_set: Confirm | None, of_config: Confirm, waits: list[bool]
) -> None:
    one = IntervalSet("x", (forward(20), backward(20), forward(20)), confirm_turns=of_set)
    plan = make_plan(one, safety=Safety(confirm_turns=of_config))
    assert [lead.confirm for lead in plan.leads if lead and lead.kind is Kind.TURN] == waits


def test_totals_and_distance() -> None:
    plan = plan_of(forward(3600, 3.6), backward(100, 1.8))
    assert plan.distance == pytest.approx(3600 + 50)
    assert plan_of(forward(10, None)).distance is None
    assert plan_of(forward(None, 3.0)).distance is None
    assert plan.total == sum(phase.length or 0 for phase in plan.phases)


def test_too_many_phases_are_refused() -> None:
    with pytest.raises(ValueError, match="phases"):
        plan_of(Repeat(10_001, (forward(1),)))
    with pytest.raises(ValueError, match="no blocks"):
        plan_of(Repeat(1, (forward(1),), skip_last=True))
