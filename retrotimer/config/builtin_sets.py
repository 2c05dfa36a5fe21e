"""The built-in interval sets, as in `config.example.toml`.

Their speeds are ceilings to scale down; a set's `about` says whom it is for. S-numbers are sources,
listed by `retrotimer safety --sources`; NS means that none was found and the number is a cautious
choice.
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
    # The lengths: NS.
    IntervalSet(
        name="Dry turn",
        about="The first lesson: turning both ways in real time, with the belt off.",
        belt=Power.OFF,
        confirm_turns=Confirm.ALWAYS,
        steps=(
            _still(
                Kind.FORWARD,
                20_000,
                "Forward, you face the console: step on the spot, a hand on the rail. "
                "A call, twice, means a turn is coming.",
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
                "Backward, no key is within reach: listen. Rails, then turn to the console. Enter, "
                "then say the speed. 3-2-1, and a rising tone: step on.",
            ),
            _still(
                Kind.BACKWARD,
                15_000,
                "Once more, and listen: each stage has its own sound.",
            ),
            _still(
                Kind.FORWARD,
                20_000,
                "Back to the front, and you are done. First steps is next, with the belt on.",
            ),
        ),
    ),
    # 30 s backward (S13, S16) at 1.6 km/h (S12), level (S11), a minute forward, 5 times (S13).
    # Forward speeds, warm up and cool down: NS.
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
    # 10 min backward in all (S30), 2 min at a time with a minute forward in between (S13).
    # Backward at a comfortable speed (S33); 2.0 km/h, forward speeds, warm up and cool down: NS.
    IntervalSet(
        name="Knee rehab",
        about="Ten minutes of backward walking at a comfortable speed. Ask your physio first.",
        steps=(
            _forward(5 * _MINUTE, 3.0, "Warm up"),
            Repeat(5, (_backward(2 * _MINUTE, 2.0), _forward(_MINUTE, 2.5))),
            _forward(4 * _MINUTE, 2.5, "Cool down"),
        ),
    ),
    # A minute backward at 2.4 km/h, 30 s forward (S13); this promises no better balance (S21).
    # 6 times, forward speeds, warm up and cool down: NS.
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
    # 2 min backward at 3.2 km/h and 4 % (S13); the incline stays the same through the turns (S19).
    # Forward speeds and lengths, 5 times, warm up and cool down: NS.
    IntervalSet(
        name="Uphill retro",
        about="Backward uphill; the incline stays the same through the turns.",
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
    # 6.5 km/h backward: just above walking (S1), at most 70 % of what a runner jogs forward (S8);
    # those who ran faster wore a harness (S9). Lengths, 6 times, forward speeds: NS.
    IntervalSet(
        name="Advanced intervals",
        about="Backward running for trained runners, with a spotter or harness.",
        confirm_turns=Confirm.ALWAYS,
        steps=(
            _forward(10 * _MINUTE, 6.0, "Warm up"),
            Repeat(6, (_backward(_MINUTE, 6.5), _forward(2 * _MINUTE, 8.0))),
            _forward(5 * _MINUTE, 5.0, "Cool down"),
        ),
    ),
    # Speeds, lengths and rounds: NS.
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
    # Speeds, lengths and rounds: NS.
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
