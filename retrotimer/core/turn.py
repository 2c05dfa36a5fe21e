"""Countdowns: the turn and the get ready, how long they are and what is done in each stage.

Every number here has its source in domain.md 2.2; the reaction (3 s) and the turn itself (5 s)
have none and are a conservative choice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from retrotimer.core.sets import Belt, Kind, Safety

MIN_TURN = 15_000
"""The shortest turn in ms; with `allow_short_turns` it is `SHORT_TURN` (Precor's auto stop)."""
SHORT_TURN = 10_000
UNKNOWN_TURN = 20_000
"""The turn when a speed was not given."""
LONG_TURN = 60_000
"""Longer turns are allowed and get a note."""

REACT, TURNING, START = 3_000, 5_000, 3_000
STEP = 5_000


class StageId(StrEnum):
    """The stages of a countdown, `COUNT` being the 3-2-1 of all of them."""

    SLOW = "slow"
    RAILS = "rails"
    SET = "set"
    TURN = "turn"
    COUNT = "count"
    READY = "ready"


class Guide(NamedTuple):
    """What one does in a stage: a headline, and feet, hands and eyes."""

    title: str
    feet: str
    hands: str
    eyes: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a countdown; `length` in ms."""

    id: StageId
    length: int
    guide: Guide


@dataclass(frozen=True, slots=True)
class Countdown:
    """The phase that leads into a moving block.

    `hold` is the offset in ms where it waits, if it has to: for a key (`confirm`) or for sound.
    Everything after it always runs in full.
    """

    kind: Kind
    toward: Kind
    stages: tuple[Stage, ...]
    hold: int = 0
    confirm: bool = False

    @property
    def length(self) -> int:
        """All stages together, in ms; waiting is not part of it."""
        return sum(stage.length for stage in self.stages)

    def stage_at(self, position: int) -> tuple[int, int]:
        """The index of the stage at an offset in ms, and where that stage ends."""
        end = 0
        for index, stage in enumerate(self.stages):
            end += stage.length
            if position < end:
                return index, end
        return len(self.stages) - 1, end


class Speeds(NamedTuple):
    """What the belt is set to in a block: km/h and percent, None where not given."""

    speed: float | None
    incline: float | None


_BOTH, _ONE, _CONSOLE = "both on the rail", "one on the rail", "on the console"
_OFF, _GO = "on the side rails", "onto the belt at GO"
_FRONT, _BACK = "to the front", "to the back"

_Table = tuple[tuple[StageId, Guide], ...]
_STEP_ON_BACK = (StageId.COUNT, Guide("STEP ON", _GO, _BOTH, _BACK))
_TURN_BACK = (StageId.TURN, Guide("TURN ROUND NOW", _OFF, _BOTH, _BACK))
_SET_SPEED = (StageId.SET, Guide("SET THE BELT", _OFF, _ONE, _CONSOLE))
_OFF_THE_BELT = (StageId.RAILS, Guide("STEP ON THE RAILS", _OFF, _BOTH, _BACK))

TABLES: dict[tuple[Kind | None, Kind], _Table] = {
    # Forward the console is in reach, so the belt is slowed before anything else.
    (Kind.FORWARD, Kind.BACKWARD): (
        (StageId.SLOW, Guide("SLOW THE BELT", "keep walking", _ONE, _CONSOLE)),
        (StageId.RAILS, Guide("STEP ON THE RAILS", _OFF, _BOTH, "down to the feet")),
        _TURN_BACK,
        _STEP_ON_BACK,
    ),
    # Backward it is out of reach: speed and incline wait until one faces it again.
    (Kind.BACKWARD, Kind.FORWARD): (
        _OFF_THE_BELT,
        (StageId.TURN, Guide("TURN TO THE CONSOLE", _OFF, _BOTH, _FRONT)),
        _SET_SPEED,
        (StageId.COUNT, Guide("STEP ON", _GO, _BOTH, _FRONT)),
    ),
    (None, Kind.BACKWARD): (
        _SET_SPEED,
        (StageId.RAILS, Guide("HOLD THE RAILS", _OFF, _BOTH, "down to the feet")),
        _TURN_BACK,
        _STEP_ON_BACK,
    ),
    # Another speed backward needs the console in between: two turns.
    (Kind.BACKWARD, Kind.BACKWARD): (
        _OFF_THE_BELT,
        (StageId.SET, Guide("TURN TO SET THE BELT", _OFF, _ONE, _CONSOLE)),
        (StageId.TURN, Guide("TURN ROUND AGAIN", _OFF, _BOTH, _BACK)),
        _STEP_ON_BACK,
    ),
}
"""The stages of a turn by (last moving direction, or None from standing; coming direction)."""
_ELASTIC = (StageId.SLOW, StageId.SET)
_FULL = {StageId.RAILS: REACT, StageId.TURN: TURNING, StageId.COUNT: START}
_SHORT = {StageId.RAILS: 2_000, StageId.TURN: 3_000, StageId.COUNT: START}
_READY = Guide("GET READY", _OFF, _ONE, _CONSOLE)
_READY_COUNT = Guide("STEP ON", _GO, _BOTH, _FRONT)


def needed(belt: Belt, came: Speeds | None, to: Speeds) -> int:
    """The turn the belt needs in ms (domain.md 2.2); `came` None: from standing.

    The belt is taken to stop at each turn. The incline's time counts where it is the longer one.
    """
    leaving = 0.0 if came is None else came.speed
    incline = abs((to.incline or 0.0) - ((came.incline if came else None) or 0.0))
    tilt = incline / belt.incline_rate
    unknown = leaving is None or to.speed is None
    if leaving is None or to.speed is None:
        change = tilt
    else:
        gain = max(0.0, to.speed - belt.min_speed) / belt.acceleration
        change = max(leaving / belt.deceleration + gain, tilt)
    # Whole milliseconds first, so that 20.000000000000004 s does not become 25.
    exact = REACT + TURNING + START + round(change * 1000)
    return max(UNKNOWN_TURN if unknown else MIN_TURN, -(-exact // STEP) * STEP)


def get_ready(safety: Safety) -> Countdown:
    """The get ready before a forward block, after a start, a pause or a crash."""
    count = min(START, safety.get_ready)
    stages = [Stage(StageId.COUNT, count, _READY_COUNT)]
    if safety.get_ready > count:
        stages.insert(0, Stage(StageId.READY, safety.get_ready - count, _READY))
    return Countdown(Kind.READY, Kind.FORWARD, tuple(stages), hold=0)


def into(
    belt: Belt,
    safety: Safety,
    came: Speeds | None,
    came_kind: Kind | None,
    to: Speeds,
    to_kind: Kind,
    *,
    standing: bool = False,
    at_least: int = 0,
) -> Countdown:
    """The full turn into a block of `to_kind` (forward or backward).

    `standing` picks the stages of somebody who stands by the console (after a rest, a pause or a
    crash), not a shorter length: `came` still rules that. `at_least` in ms keeps a turn that was
    announced from coming out shorter.
    """
    length = safety.turn if safety.turn is not None else needed(belt, came, to)
    if safety.turn is None and came_kind is to_kind is Kind.BACKWARD:
        length += TURNING
    floor = SHORT_TURN if safety.allow_short_turns else MIN_TURN
    length = max(length, floor, at_least)
    key = (Kind.BACKWARD, to_kind) if to_kind is Kind.FORWARD else (came_kind, to_kind)
    if standing and to_kind is Kind.BACKWARD:
        key = (None, to_kind)
    return _staged(TABLES[key], length, to_kind)


def _staged(table: _Table, length: int, toward: Kind) -> Countdown:
    lengths = _FULL if length >= MIN_TURN else _SHORT
    rest = length - sum(lengths.get(stage, 0) for stage, _ in table)
    stages = tuple(
        Stage(stage, rest if stage in _ELASTIC else lengths[stage], guide) for stage, guide in table
    )
    # Into backward it waits before TURN, into forward before SET: there the keys are in reach.
    waits = StageId.TURN if toward is Kind.BACKWARD else StageId.SET
    before = [stage.id for stage in stages].index(waits)
    return Countdown(Kind.TURN, toward, stages, sum(s.length for s in stages[:before]))


def with_confirm(countdown: Countdown, confirm: bool) -> Countdown:
    """The same countdown, waiting for a key or not."""
    return replace(countdown, confirm=confirm)


def extended(countdown: Countdown, position: int, more: int) -> Countdown:
    """`more` ms more in the stage at `position`, or in the one before a 3-2-1 already begun."""
    index, _ = countdown.stage_at(position)
    if countdown.stages[index].id is StageId.COUNT and index > 0:
        index -= 1
    stages = list(countdown.stages)
    stages[index] = replace(stages[index], length=stages[index].length + more)
    hold = countdown.hold + (more if position < countdown.hold else 0)
    return replace(countdown, stages=tuple(stages), hold=hold)
