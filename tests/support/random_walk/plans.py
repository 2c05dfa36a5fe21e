"""Random plans of every shape, short enough for a walk to reach their end."""

from __future__ import annotations

from random import Random

from retrotimer.core.plan import CueRules, Plan, make_plan
from retrotimer.core.sets import Belt, Confirm, IntervalSet, Kind, Laptop, Repeat, Safety, Step

_LENGTHS = (1, 999, 4_999, 5_000, 10_000, 15_001, 20_000, 30_000)
_SPEEDS = (None, 0.8, 1.6, 2.4, 3.0, 6.0, 8.0)


def any_plan(rng: Random) -> Plan:
    """A random plan."""
    steps = tuple(_step(rng, 0) for _ in range(rng.randint(1, 4)))
    confirm = rng.choice((None, None, *Confirm))
    short = rng.random() < 0.4
    return make_plan(
        IntervalSet("Any", steps, confirm_turns=confirm),
        Belt(laptop=rng.choice(list(Laptop))),
        Safety(
            turn=rng.choice((None, None, 10_000 if short else 15_000, 20_500)),
            allow_short_turns=short,
            confirm_turns=rng.choice((Confirm.NEVER, Confirm.NEVER, *Confirm)),
            get_ready=rng.choice((3_000, 3_500, 10_000)),
            warn_before_turn=rng.choice((5_000, 10_000)),
        ),
        CueRules(heartbeat=rng.random() < 0.2),
    )


def _step(rng: Random, depth: int) -> Step | Repeat:
    if depth < 2 and rng.random() < 0.3:
        inner = tuple(_step(rng, depth + 1) for _ in range(rng.randint(1, 3)))
        return Repeat(rng.randint(1, 3), inner, skip_last=len(inner) > 1 and rng.random() < 0.3)
    kind = rng.choice((Kind.FORWARD, Kind.BACKWARD, Kind.BACKWARD, Kind.REST))
    length = rng.choice(_LENGTHS) if rng.random() < 0.5 else rng.randint(1, 40_000)
    if kind is not Kind.BACKWARD and rng.random() < 0.1:
        return Step(kind, None)
    if kind is Kind.REST:
        return Step(kind, length)
    sound = "horn.wav" if rng.random() < 0.1 else ""
    incline = rng.choice((None, 0.0, 4.0))
    return Step(kind, length, rng.choice(_SPEEDS), incline, cue=sound)
