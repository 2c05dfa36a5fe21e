"""Sets, and a strategy for plans, that the core's tests share."""

from hypothesis import strategies as st

from retrotimer.core.plan import CueRules, Plan, make_plan
from retrotimer.core.sets import (
    Belt,
    Confirm,
    IntervalSet,
    Kind,
    Laptop,
    Power,
    Repeat,
    Safety,
    Step,
)

S = 1000


def forward(seconds: float | None, speed: float | None = 3.0, **more: object) -> Step:
    length = None if seconds is None else int(seconds * S)
    return Step(Kind.FORWARD, length, speed, **more)  # type: ignore[arg-type]


def backward(seconds: float, speed: float | None = 1.6, **more: object) -> Step:
    return Step(Kind.BACKWARD, int(seconds * S), speed, **more)  # type: ignore[arg-type]


def rest(seconds: float | None) -> Step:
    return Step(Kind.REST, None if seconds is None else int(seconds * S))


def plan_of(*steps: Step | Repeat, safety: Safety | None = None, **more: object) -> Plan:
    cues = more.pop("cues", CueRules())
    belt = more.pop("belt", Belt())
    one = IntervalSet("Test", steps, **more)  # type: ignore[arg-type]
    assert isinstance(cues, CueRules)
    assert isinstance(belt, Belt)
    return make_plan(one, belt, safety, cues)


_lengths = st.integers(1, 120_000) | st.sampled_from([4_999, 5_000, 10_000, 30_000, 60_000])
_speeds = st.none() | st.sampled_from([0.8, 1.6, 2.4, 3.0, 6.0, 8.0])
_blocks = st.one_of(
    st.builds(Step, st.just(Kind.FORWARD), st.none() | _lengths, _speeds),
    st.builds(Step, st.just(Kind.BACKWARD), _lengths, _speeds),
    st.builds(Step, st.just(Kind.REST), st.none() | _lengths),
)
_steps = st.recursive(
    _blocks,
    lambda inner: st.builds(
        Repeat,
        st.integers(1, 3),
        st.lists(inner, min_size=1, max_size=3).map(tuple),
        st.just(False),
    ),
    max_leaves=6,
)
plans = st.builds(
    make_plan,
    st.builds(
        IntervalSet,
        st.just("Any"),
        st.lists(_steps, min_size=1, max_size=4).map(tuple),
        confirm_turns=st.none() | st.sampled_from(Confirm),
        belt=st.sampled_from([Power.ON, Power.ON, Power.OFF]),
    ),
    st.builds(Belt, laptop=st.sampled_from(Laptop)),
    st.builds(
        Safety,
        turn=st.none() | st.sampled_from([15_000, 20_500]),
        confirm_turns=st.sampled_from(Confirm),
        get_ready=st.sampled_from([3_000, 10_000]),
    ),
    st.builds(CueRules, heartbeat=st.booleans()),
)
