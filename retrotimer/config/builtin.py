"""The built-in interval sets, as they also stand in `config.example.toml`.

The speeds are ceilings to scale down. They follow the studies and the coaching practice on backward
walking and running that the documentation names; a set's `about` says whom it is for.
"""

from __future__ import annotations

from retrotimer.core.sets import Confirm, IntervalSet, Kind, Power, Repeat, Step

_MINUTE = 60_000


def _forward(length: int, speed: float, label: str = "", *, incline: float | None = None) -> Step:
    return Step(Kind.FORWARD, length, speed, incline, label)


def _backward(length: int, speed: float, *, incline: float | None = None) -> Step:
    return Step(Kind.BACKWARD, length, speed, incline)


def _still(kind: Kind, length: int, note: str) -> Step:
    return Step(kind, length, note=note)


BUILTIN_SETS: tuple[IntervalSet, ...] = (
    IntervalSet(
        name="Dry turn",
        about="The first lesson: turning both ways in real time, with the belt off.",
        belt=Power.OFF,
        confirm_turns=Confirm.ALWAYS,
        steps=(
            _still(
                Kind.FORWARD,
                20_000,
                "Forward you face the console: step on the spot, a hand on the rail. "
                "A call, twice, says that a turn comes.",
            ),
            _still(
                Kind.BACKWARD,
                15_000,
                "Say the speed while you can reach the console. Feet on the rails. Enter, then "
                "turn and hold on. 3-2-1, and a falling tone: step on.",
            ),
            _still(
                Kind.FORWARD,
                20_000,
                "Backward you reach no key: listen. Rails, then turn to the console. Enter, then "
                "say the speed. 3-2-1, and a rising tone: step on.",
            ),
            _still(
                Kind.BACKWARD,
                15_000,
                "Once more, and listen: each stage has a sound of its own.",
            ),
            _still(
                Kind.FORWARD,
                20_000,
                "Back to the front, and you are done. First steps is next, with the belt on.",
            ),
        ),
    ),
    IntervalSet(
        name="First steps",
        about="Slow backward walking on a level belt, hands on the rails.",
        confirm_turns=Confirm.ALWAYS,
        after="Dry turn",
        steps=(
            _forward(5 * _MINUTE, 3.5, "Warm up"),
            Repeat(5, (_backward(30_000, 1.6), _forward(_MINUTE, 3.0))),
            _forward(3 * _MINUTE, 3.0, "Cool down"),
        ),
    ),
    IntervalSet(
        name="Knee rehab",
        about="Ten minutes of backward walking at a comfortable speed. Ask your physio first.",
        steps=(
            _forward(5 * _MINUTE, 3.0, "Warm up"),
            Repeat(5, (_backward(2 * _MINUTE, 2.0), _forward(_MINUTE, 2.5))),
            _forward(4 * _MINUTE, 2.5, "Cool down"),
        ),
    ),
    IntervalSet(
        name="Coordination",
        about="Many turns, short blocks. Every turn waits for your key.",
        confirm_turns=Confirm.ALWAYS,
        steps=(
            _forward(5 * _MINUTE, 4.0, "Warm up"),
            Repeat(6, (_backward(_MINUTE, 2.4), _forward(30_000, 4.0))),
            _forward(4 * _MINUTE, 3.5, "Cool down"),
        ),
    ),
    IntervalSet(
        name="Uphill retro",
        about="Backward uphill; the incline stays the same over the turns.",
        after="First steps",
        steps=(
            _forward(4 * _MINUTE, 4.5, "Warm up", incline=0.0),
            _forward(_MINUTE, 4.5, "Warm up, uphill", incline=4.0),
            Repeat(
                5,
                (_backward(2 * _MINUTE, 3.2, incline=4.0), _forward(90_000, 4.5, incline=4.0)),
            ),
            _forward(5 * _MINUTE, 4.0, "Cool down", incline=0.0),
        ),
    ),
    IntervalSet(
        name="Advanced intervals",
        about="Backward running, for the trained, with a spotter or harness.",
        confirm_turns=Confirm.ALWAYS,
        steps=(
            _forward(10 * _MINUTE, 6.0, "Warm up"),
            Repeat(6, (_backward(_MINUTE, 6.5), _forward(2 * _MINUTE, 8.0))),
            _forward(5 * _MINUTE, 5.0, "Cool down"),
        ),
    ),
    IntervalSet(
        name="4 x 4",
        about="Four times four minutes hard, forward only.",
        steps=(
            _forward(10 * _MINUTE, 5.0, "Warm up"),
            Repeat(
                4,
                (_forward(4 * _MINUTE, 8.0, "Hard"), _forward(3 * _MINUTE, 5.0, "Easy")),
            ),
            _forward(5 * _MINUTE, 4.5, "Cool down"),
        ),
    ),
    IntervalSet(
        name="Tabata",
        about="Eight times twenty seconds fast with ten seconds on the rails, forward only.",
        steps=(
            _forward(5 * _MINUTE, 5.0, "Warm up"),
            Repeat(
                8,
                (_forward(20_000, 9.0, "Fast"), Step(Kind.REST, 10_000)),
                skip_last=True,
            ),
            _forward(5 * _MINUTE, 4.5, "Cool down"),
        ),
    ),
)
