"""What must be true after every step of a walk; messages begin with the number of an invariant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from retrotimer.core.cue_ids import CueId
from retrotimer.core.events import (
    BlockBegan,
    CountdownBegan,
    Event,
    Paused,
    Retimed,
    StageBegan,
    WaitBegan,
    WaitEnded,
)
from retrotimer.core.plan import Block, Rules, facing_in
from retrotimer.core.progress import Progress
from retrotimer.core.rows import Totals
from retrotimer.core.sets import Kind
from retrotimer.core.stage_guide import TABLES, Facing, StageId, Way
from retrotimer.core.states import Command
from retrotimer.core.turn import (
    MIN_TURN,
    SHORT,
    SHORT_TURN,
    Speeds,
    needed,
)
from retrotimer.core.workout import Workout
from retrotimer.history.record import Record
from tests.support.random_walk.world import Ear, Heard, WalkClock
from tests.support.runner_world import MS

LATE = 800
"""How much later the first cue after a resumption comes, because `resume` is first, in ms."""
INTO_BACKWARD = tuple(
    tuple(stage.value for stage, _ in TABLES[way] if stage is not StageId.COUNT)
    for way in (Way.AGAIN, Way.SLOWER, Way.FASTER, Way.STANDING)
)
"""The stages of each kind of turn into backward, as cue ids; the longest kind first."""
_GO = {Kind.FORWARD: CueId.FORWARD, Kind.BACKWARD: CueId.BACKWARD, Kind.REST: CueId.REST}


class Violation(AssertionError):  # noqa: N818 - it names what it is
    """Something that must never happen has happened."""


def must(condition: bool, text: str, *what: object) -> None:
    """Raise a Violation with the text and values, unless the condition holds."""
    if not condition:
        raise Violation(" ".join([text, *(repr(one) for one in what)]))


def shortest(rules: Rules) -> int:
    """The shortest turn that these rules allow, in ms."""
    return SHORT_TURN if rules.safety.allow_short_turns else MIN_TURN


@dataclass
class Turns:
    """Invariant 2, checked by the events alone: what leads into each moving block."""

    rules: Rules
    lead: CountdownBegan | None = None
    """The countdown in progress, None if there is none or it was interrupted."""
    longer: int = 0
    waits: int | None = None
    released: int | None = None
    came: Block | None = None
    """The last moving block."""
    faces: Facing = Facing.FRONT
    """Which way the person faces, according to the stages shown."""
    faced: Facing = Facing.FRONT
    """Which way they faced when the countdown began."""
    stood: bool = True
    """Whether the workout has stood still since the last block."""

    def take(self, events: Iterable[Event]) -> None:
        """Follow the events, and check each block that begins."""
        for event in events:
            match event:
                case CountdownBegan():
                    self.lead, self.longer, self.waits, self.released = event, 0, None, None
                    self.faced = self.faces
                case StageBegan(_, stage, _):
                    pose = stage.guide.pose
                    must(pose is not None, "a stage without a pose", event)
                    assert pose is not None
                    wrong_way = pose.turning and pose.faces is self.faces
                    must(not wrong_way, "told to turn the way one faces already", event)
                    self.faces = pose.faces
                case Retimed(_, by) if self.lead is not None:
                    self.longer += by
                case WaitBegan(at) if self.waits is None:
                    self.waits = at
                case WaitEnded(at):
                    self.released = at
                case Paused():
                    self.lead, self.stood = None, True
                case BlockBegan():
                    self._block(event)

    def _block(self, event: BlockBegan) -> None:
        lead, self.lead = self.lead, None
        block = event.block
        if block.kind.moving:
            back = block.kind is Kind.BACKWARD
            must(self.faces is facing_in(block.kind), "2: facing the wrong way", event)
            if back or self.faced is Facing.BACK:
                self._turned(event, lead)
            elif self.stood:
                must(lead is not None, "2: no countdown before", event)
            self.came = block
            self.faces = self.faced = facing_in(block.kind)
        self.stood = False

    def _turned(self, event: BlockBegan, lead: CountdownBegan | None) -> None:
        must(lead is not None, "2: no turn before", event, self.came)
        assert lead is not None
        countdown, block = lead.countdown, event.block
        must(countdown.kind is Kind.TURN, "2: not a turn", lead, event)
        must(countdown.toward is block.kind, "2: a turn in the wrong direction", lead, event)
        waited = 0 if self.released is None else self.released - (self.waits or 0)
        whole = countdown.length + self.longer + waited
        must(
            event.at - lead.at == whole,
            "2: the turn was cut short or stretched",
            lead,
            event,
            whole,
        )
        least = shortest(self.rules)
        if self.rules.safety.turn is None:
            least = max(least, needed(self.rules.belt, self._left, block.speeds))
        must(countdown.length >= least, "2: the turn was too short", lead, least)
        if self.released is not None:
            last = countdown.length - countdown.hold
            must(
                event.at - self.released >= last,
                "2: the rest of the turn was cut short after the key",
                lead,
                event,
            )

    def restored(self, p: Progress) -> None:
        """The program died: take over what its next start knows; the person stands still."""
        self.lead, self.stood = None, True
        self.faces, self.came = p.faces, p.came

    @property
    def _left(self) -> Speeds | None:
        return None if self.came is None else self.came.speeds


@dataclass
class Sums:
    """Invariant 6: rows add up to the totals, and the totals to the time since the start."""

    rows: int = 0
    sums: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))

    def check(self, p: Progress) -> None:
        """Add the rows that are new since the last check, and compare all sums."""
        totals = p.totals
        must(totals.elapsed == p.now - p.origin, "6: time was lost", totals, p.now - p.origin)
        for row in p.rows[self.rows :]:
            self.sums[row.kind] += row.done
        self.rows = len(p.rows)
        sums = dict(self.sums)
        if not p.state.over:
            for row in filter(None, (p.lead_row(), p.block_row())):
                must(row.done >= 0, "6: a row of negative length", row)
                sums[row.kind] += row.done
        add_up(sums, totals)


def add_up(sums: dict[Kind, int], totals: Totals) -> None:
    """Rows and totals must agree."""
    found = (sums[Kind.FORWARD], sums[Kind.BACKWARD], sums[Kind.REST])
    must(
        found == (totals.forward, totals.backward, totals.rest),
        "6: rows do not add up",
        sums,
        totals,
    )
    must(
        sums[Kind.TURN] + sums[Kind.READY] == totals.turn,
        "6: countdowns do not add up",
        sums,
        totals,
    )


def check_keys(workout: Workout, shown: frozenset[Command]) -> None:
    """The keys shown must be those that the machine allows."""
    allowed = frozenset(command for command in Command if workout.allows(command))
    must(shown == allowed, "the keys shown are not those allowed", shown ^ allowed)


class Sound:
    """Compares what the player was told with what happened; only for workouts at normal speed."""

    def __init__(self, ear: Ear, clock: WalkClock, rules: Rules) -> None:
        self._ear, self._clock = ear, clock
        self._floor = (shortest(rules) - LATE) * MS
        self._turning = (SHORT[StageId.TURN] + SHORT[StageId.COUNT]) * MS
        self._began: set[int] = set()

    def check(self, events: Sequence[Event], *, paused: bool) -> None:
        """Every beginning was sent to the player in time, and no GO comes without its countdown.

        `paused`: the workout turned out to have paused earlier. A GO may then have been heard whose
        block never began; it must have had its turn nevertheless.
        """
        ear = self._ear
        ear.listen()
        for event in events:
            if isinstance(event, BlockBegan):
                self._told(event, _GO[event.block.kind])
                self._began.add(self._clock.sound_of(event.at))
            elif isinstance(event, StageBegan) and event.stage.id is not StageId.COUNT:
                self._told(event, CueId(event.stage.id.value))
        for due, cue in ear.new:
            if cue in (CueId.BACKWARD, CueId.FORWARD) and not paused:
                late = due - LATE * MS
                must(due in self._began or late in self._began, "a GO without a block", due, cue)
        if ear.new:
            ear.new = []
            self._began = {at for at in self._began if at >= ear.heard[-1][0] - LATE * MS}
        if ear.new_track:
            ear.new_track = False
            self._turns(ear)

    def _told(self, event: BlockBegan | StageBegan, cue: CueId) -> None:
        at = self._clock.sound_of(event.at)
        announced = self._ear.announced
        found = next((d for d in (at, at + LATE * MS) if (d, cue.value) in announced), None)
        must(found is not None, "no cue for", event, cue)
        assert found is not None
        must(announced[found, cue.value] <= found, "the player was told too late of", event, cue)

    def _turns(self, ear: Ear) -> None:
        """Invariant 2, checked by ear: a whole turn is heard before each GO into backward."""
        now = self._clock.sound_ns()
        heard = [cue for cue in ear.heard if cue[0] < now]
        whole: list[Heard] = []
        for index, (due, cue) in enumerate(ear.track):
            if cue == CueId.BACKWARD and due >= now:
                whole = whole or heard + [one for one in ear.track if one[0] >= now]
                cut = len(whole) - len(ear.track) + index
                self._turn(due, whole[:cut])

    def _turn(self, go: int, before: list[Heard]) -> None:
        for n in (1_000, 2_000, 3_000):
            count = before.pop() if before else None
            must(count == (go - n * MS, CueId.COUNT), "2: no 3-2-1 before GO", go, count, n)
        stages = [cue for cue in before if cue[1] not in (CueId.WAIT, CueId.COUNT)]
        names = tuple(cue for _, cue in stages[-4:])
        turn = next((one for one in INTO_BACKWARD if names[-len(one) :] == one), None)
        must(turn is not None, "2: no turn heard before GO", go, stages[-4:])
        assert turn is not None
        stages = stages[-len(turn) :]
        must(stages[0][0] <= go - self._floor, "2: the turn heard was too short", go, stages)
        must(stages[-1][0] <= go - self._turning, "2: too little time to turn", go, stages)


def check_record(record: Record) -> None:
    """Invariant 6 for a record: its times add up to its length."""
    span = (record.ended - record.started) // timedelta(milliseconds=1)
    must(record.totals.elapsed == span, "6: the record's length", span, record.totals)
    sums = dict.fromkeys(Kind, 0)
    for row in record.rows:
        sums[row.kind] += row.done
    add_up(sums, record.totals)
