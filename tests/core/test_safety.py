import pytest
from core_sets import backward, forward, plan_of

from retrotimer.config.builtin import BUILTIN_SETS
from retrotimer.core.plan import Plan, make_plan
from retrotimer.core.safety import Level, findings, locked
from retrotimer.core.sets import Belt, Repeat, Safety


def codes(plan: Plan, level: Level) -> list[str]:
    return [f.code for f in findings(plan) if f.level is level]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (plan_of(forward(60), backward(30, 6.1)), "backward-too-fast"),
        (plan_of(forward(60, 16.5)), "belt-too-fast"),
        (plan_of(forward(60, 0.5)), "belt-too-slow"),
        (plan_of(forward(60, incline=15.5)), "belt-too-steep"),
    ],
)
def test_what_locks(plan: Plan, code: str) -> None:
    assert codes(plan, Level.LOCK) == [code]
    found = locked(plan)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (plan_of(forward(600), backward(30, 6.0)), "backward-running"),
        (plan_of(forward(600), backward(30, 1.6, incline=11.0)), "backward-steep"),
        (plan_of(forward(600), backward(30, None)), "backward-no-speed"),
        (plan_of(forward(1200), backward(601)), "backward-long"),
        (plan_of(forward(29), backward(30)), "backward-share"),
        (plan_of(backward(30), forward(60)), "no-warm-up"),
        (
            plan_of(forward(600), backward(30, 1.6), forward(60), backward(30, 2.0, incline=2.0)),
            "rise-together",
        ),
        (
            plan_of(forward(600, 8.0), backward(30), safety=Safety(turn=15_000)),
            "turn-short",
        ),
    ],
)
def test_what_warns(plan: Plan, code: str) -> None:
    assert codes(plan, Level.WARN) == [code]
    assert locked(plan) is None


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (plan_of(Repeat(9, (forward(60), backward(20)))), "many-turns"),
        (
            plan_of(forward(600, 8.0), backward(30), belt=Belt(deceleration=0.1)),
            "long-turn",
        ),
    ],
)
def test_what_is_noted(plan: Plan, code: str) -> None:
    assert codes(plan, Level.NOTE) == [code]


def test_every_finding_has_a_source_and_comes_once() -> None:
    plan = plan_of(Repeat(30, (backward(60, 9.0, incline=20.0), forward(10, 20.0))))
    found = findings(plan)
    assert len({f.code for f in found}) == len(found) > 4
    assert all(f.source for f in found)
    assert [f.level for f in found] == sorted(f.level for f in found) or found[
        0
    ].level is Level.LOCK


def test_of_the_built_in_sets_only_the_running_one_is_locked() -> None:
    shut = [one.name for one in BUILTIN_SETS if locked(make_plan(one))]
    assert shut == ["Advanced intervals"]
    (running,) = [one for one in BUILTIN_SETS if one.name == shut[0]]
    assert locked(make_plan(running, safety=Safety(max_backward_speed=6.5))) is None
