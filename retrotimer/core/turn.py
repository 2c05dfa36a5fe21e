"""Countdowns: the turn and the get ready, how long they are and what is done in each stage.

S-numbers are sources, listed by `retrotimer safety --sources`; NS means that none was found and the
number is a cautious choice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from retrotimer.core.sets import Belt, Kind, Safety
from retrotimer.core.stage_guide import TABLES, Facing, Guide, StageId, Table, Way

MIN_TURN = 15_000
"""The shortest turn in ms, unless short ones are allowed (NS)."""
SHORT_TURN = 10_000
"""The shortest with `allow_short_turns`: as long as a treadmill warns before it stops (S53)."""
UNKNOWN_TURN = 20_000
"""The turn when a speed was not given (NS)."""
LONG_TURN = 60_000
"""Longer turns are allowed and get a note (NS; S45: one belt's whole ramp took up to a minute)."""

REACT = 3_000
"""ms to understand the call and act on it (NS)."""
TURNING = 5_000
"""ms to turn round once (NS)."""
START = 3_000
"""ms of 3-2-1: about as long as treadmills count before they start (S19, S55)."""
STEP = 5_000
"""Turns are rounded up to multiples of this, in ms (NS)."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a countdown; `length` in ms."""

    id: StageId
    length: int
    guide: Guide


@dataclass(frozen=True, slots=True)
class Countdown:
    """The phase that leads into a moving block.

    `hold` is the offset in ms where it waits, if it must: for a key (`confirm`) or for sound.
    Everything after it always runs in full.
    """

    kind: Kind
    toward: Kind
    stages: tuple[Stage, ...]
    hold: int = 0
    confirm: bool = False

    @property
    def length(self) -> int:
        """The sum of the stages, in ms; waiting is not included."""
        return sum(stage.length for stage in self.stages)

    def stage_at(self, position: int) -> tuple[int, int]:
        """The index of the stage at an offset in ms, and where that stage ends."""
        end = 0
        for index, stage in enumerate(self.stages):
            end += stage.length
            if position < end:
                return index, end
        return len(self.stages) - 1, end

    def faces(self, index: int) -> Facing:
        """Which way somebody faces in a stage, or turns to in it.

        It is the direction this leads to, minus the turns still to come.
        """
        ahead = sum(stage.id is StageId.TURN for stage in self.stages[index + 1 :])
        back = (self.toward is Kind.BACKWARD) is (ahead % 2 == 0)
        return Facing.BACK if back else Facing.FRONT


class Speeds(NamedTuple):
    """What the belt is set to in a block: km/h and percent, None if not given."""

    speed: float | None
    incline: float | None


_ELASTIC = (StageId.SLOW, StageId.SET)
FULL = {StageId.RAILS: REACT, StageId.TURN: TURNING, StageId.COUNT: START}
"""How long the stages are in ms (NS; S19 and S55 for the 3-2-1). SLOW and SET get the rest of the
turn."""
SHORT = {StageId.RAILS: 2_000, StageId.TURN: 3_000, StageId.COUNT: START}
"""The same (NS) in a turn that would otherwise leave less than `LEAST_SET` for setting the belt."""
LEAST_SET = 4_000
"""What SLOW or SET gets at least, in ms, before the other stages are shortened (NS)."""


def needed(belt: Belt, came: Speeds | None, to: Speeds, turns: int = 1) -> int:
    """How long a turn the belt needs, in ms; `came` None: from standing.

    It allows for stopping and starting again. Slowed by its keys a belt may take longer (S44), so
    the rails come next whatever it does, and users can set `deceleration`. The incline's time
    counts if it is longer. `turns` is how often the person turns round.
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
    least = max(UNKNOWN_TURN if unknown else MIN_TURN, -(-exact // STEP) * STEP)
    return least + (turns - 1) * TURNING


def get_ready(safety: Safety, at_least: int = 0) -> Countdown:
    """The get ready before a forward block, after a start, a pause or a crash.

    `at_least` in ms keeps the new countdown from being shorter than one that was broken off.
    """
    whole = max(safety.get_ready, at_least)
    count = min(START, whole)
    lengths = {StageId.READY: whole - count, StageId.COUNT: count}
    stages = [Stage(stage, lengths[stage], guide) for stage, guide in TABLES[Way.READY]]
    return Countdown(Kind.READY, Kind.FORWARD, tuple(s for s in stages if s.length), hold=0)


def into(
    belt: Belt,
    safety: Safety,
    came: Speeds | None,
    faces: Facing,
    to: Speeds,
    to_kind: Kind,
    *,
    standing: bool = False,
    at_least: int = 0,
) -> Countdown:
    """The full turn into a block of `to_kind` (forward or backward) for somebody who `faces` that
    way.

    `standing` chooses the stages for somebody who stands at the console (after a rest, a pause or a
    crash), not a shorter length: that still depends on `came`. `at_least` in ms keeps the turn from
    being shorter than the one announced.
    """
    way = _way(came, faces, to, to_kind, standing=standing)
    if safety.turn is None:
        length = needed(belt, came, to, turns=2 if way is Way.AGAIN else 1)
    else:
        # Two turns do not fit into what was meant for one.
        length = safety.turn + (TURNING if way is Way.AGAIN else 0)
    floor = SHORT_TURN if safety.allow_short_turns else MIN_TURN
    return _staged(TABLES[way], max(length, floor, at_least), to_kind)


def _way(came: Speeds | None, faces: Facing, to: Speeds, to_kind: Kind, *, standing: bool) -> Way:
    if to_kind is Kind.FORWARD:
        return Way.TO_FORWARD
    if standing:
        return Way.STANDING
    if faces is Facing.BACK:
        return Way.AGAIN
    if came is None:
        return Way.STANDING
    # From or to an unknown speed, slowing down is the cautious assumption.
    slower = came.speed is None or to.speed is None or to.speed < came.speed
    return Way.SLOWER if slower else Way.FASTER


def _staged(table: Table, length: int, toward: Kind) -> Countdown:
    def fixed(lengths: dict[StageId, int]) -> int:
        return sum(lengths.get(stage, 0) for stage, _ in table)

    lengths = FULL if fixed(FULL) + LEAST_SET <= length else SHORT
    rest = length - fixed(lengths)
    stages = tuple(
        Stage(stage, rest if stage in _ELASTIC else lengths[stage], guide) for stage, guide in table
    )
    # Into backward it waits before the last TURN, into forward before SET: there the keys are in
    # reach, and everything after it always runs in full.
    waits = StageId.TURN if toward is Kind.BACKWARD else StageId.SET
    before = max(index for index, stage in enumerate(stages) if stage.id is waits)
    return Countdown(Kind.TURN, toward, stages, sum(s.length for s in stages[:before]))


def with_confirm(countdown: Countdown, confirm: bool) -> Countdown:
    """The same countdown, waiting for a key or not."""
    return replace(countdown, confirm=confirm)


def extended(countdown: Countdown, position: int, more: int) -> Countdown:
    """The same countdown with `more` ms more in the stage at `position`, or in the one before a
    3-2-1 already begun."""
    index, _ = countdown.stage_at(position)
    if countdown.stages[index].id is StageId.COUNT and index > 0:
        index -= 1
    stages = list(countdown.stages)
    stages[index] = replace(stages[index], length=stages[index].length + more)
    hold = countdown.hold + (more if position < countdown.hold else 0)
    return replace(countdown, stages=tuple(stages), hold=hold)
