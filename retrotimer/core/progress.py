"""How far a workout is: the machine's whole memory, as plain values."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace

from retrotimer.core import belt_off
from retrotimer.core.plan import Block, Phase, Plan
from retrotimer.core.rows import Row, Totals
from retrotimer.core.sets import Kind, Laptop
from retrotimer.core.stage_guide import Facing, Footing, StageId
from retrotimer.core.states import Reason, State, WaitFor
from retrotimer.core.turn import Countdown


@dataclass(slots=True)
class Progress:
    """Everything that `snapshot` saves.

    Instants (`origin`, `now`, `since`) are ms of one clock. `cursor` is the current block: being
    done, led into (`lead`) or, while paused, next. `position` is how far along its plan that block
    is, `spent` the time really spent in it (they differ when a get ready inside a rest was begun
    again); `entry` is the position at which it was last entered. `faces` and `footing` are where
    the person is outside a countdown, as far as was shown (`stance` also knows it inside one);
    `came` is the block of the last motion.
    """

    plan: Plan
    state: State = State.READY
    origin: int = 0
    now: int = 0
    since: int = 0
    reason: Reason | None = None
    wait_for: WaitFor | None = None
    cursor: int = 0
    # the current countdown
    lead: Countdown | None = None
    lead_done: int = 0
    lead_began: int = 0
    lead_planned: int = 0
    armed: bool = False
    released: bool = False
    # the current block; `began` is None until it has
    began: int | None = None
    planned: int | None = None
    position: int = 0
    entry: int = 0
    spent: int = 0
    noted: float | None = None
    # what the person did last
    came: Block | None = None
    faces: Facing = Facing.FRONT
    footing: Footing = Footing.FREE
    resumed_at: int | None = None
    sound_ok: bool = True
    # what is done
    rows: list[Row] = field(default_factory=list)
    stumbles: list[int] = field(default_factory=list)
    forward: int = 0
    backward: int = 0
    rest: int = 0
    turn: int = 0
    waiting: int = 0
    paused: int = 0
    why: str = ""

    @property
    def block(self) -> Block:
        """The current block."""
        return self.plan.blocks[self.cursor]

    @property
    def phase(self) -> Phase:
        """What is running, or ran last: the current countdown, else the block."""
        return self.lead if self.lead is not None else self.block

    @property
    def done(self) -> int:
        """How far into the running phase, in ms."""
        return self.lead_done if self.lead is not None else self.position

    @property
    def left(self) -> int | None:
        """What is left of the running phase, in ms; None when open."""
        length = self.phase.length
        return None if length is None else length - self.done

    @property
    def offset(self) -> int:
        """Milliseconds from the start of the workout to `now`."""
        return self.now - self.origin

    @property
    def totals(self) -> Totals:
        """How the time so far was spent."""
        return Totals(self.forward, self.backward, self.rest, self.turn, self.waiting, self.paused)

    @property
    def counts_as(self) -> Kind:
        """The kind as which time in the current block counts: with the belt off, it is a rest."""
        return Kind.REST if self.plan.rules.dry else self.block.kind

    @property
    def stage(self) -> int | None:
        """The stage of the current countdown that was shown last; None in a block."""
        if self.lead is None:
            return None
        index, _ = self.lead.stage_at(self.lead_done)
        # A stage that waits has not begun: the one before it still applies.
        held = self.state is State.WAITING and self.lead_done == self.lead.hold
        return index - 1 if held and index else index

    @property
    def stance(self) -> tuple[Facing, Footing]:
        """Which way the person faces and where they stand, from what was shown so far."""
        if self.lead is None or self.stage is None or self.state is State.PAUSED:
            return self.faces, self.footing
        slowing = self.lead.stages[self.stage].id is StageId.SLOW
        return self.lead.faces(self.stage), Footing.BELT if slowing else Footing.RAILS

    @property
    def facing(self) -> Kind:
        """Where the person is looking; somebody turning round sees no screen."""
        if self.lead is None or self.stage is None:
            return self.block.kind
        turning = self.lead.stages[self.stage].id is StageId.TURN
        back = turning or self.lead.faces(self.stage) is Facing.BACK
        return Kind.BACKWARD if back else Kind.FORWARD

    @property
    def ready(self) -> int:
        """The last ms of the current block that are the get ready of the next one.

        Zero for somebody who faces the back: a whole turn follows.
        """
        return self.block.ready if self.faces is Facing.FRONT else 0

    @property
    def walked(self) -> Block:
        """The current block at the faster of the speeds set and noted.

        A faster belt needs a longer turn after it; a slower one shortens nothing.
        """
        if self.noted is None:
            return self.block
        return replace(self.block, speed=max(self.noted, self.block.speed or 0.0))

    def blind(self, facing: Kind) -> bool:
        """Whether somebody facing that way cannot see the screen."""
        behind = self.plan.rules.belt.laptop is Laptop.BEHIND
        return facing is Kind.BACKWARD or (facing is Kind.FORWARD and behind)

    @property
    def by_ear(self) -> bool:
        """Whether sound alone guides the person, who cannot see the screen.

        That is in a blind block and in the turn out of it, but not in the turn into it.
        """
        into = self.lead is not None and self.blind(self.lead.toward)
        return self.blind(self.facing) and not into

    @property
    def must_wait(self) -> WaitFor | None:
        """What the current countdown waits for at its hold, if anything."""
        if self.lead is None or self.released:
            return None
        if self.lead.confirm and not self.armed:
            return WaitFor.CONFIRM
        if not self.sound_ok and self.blind(self.lead.toward):
            return WaitFor.SOUND
        return None

    def spend(self, ms: int) -> None:
        """Let `ms` pass in the present state; every ms goes into exactly one sum."""
        self.now += ms
        if self.state is State.PAUSED:
            self.paused += ms
        elif self.state is State.WAITING:
            self.waiting += ms
        elif self.state is State.TURN:
            self.turn += ms
            self.lead_done += ms
        elif self.state is State.BLOCK:
            name = self.counts_as.value
            setattr(self, name, getattr(self, name) + ms)
            self.position += ms
            self.spent += ms

    def lead_row(self) -> Row | None:
        """The row of the current countdown, None when no time was spent in it."""
        if self.lead is None or self.lead_done == 0:
            return None
        return Row(
            self.lead.kind, "", self.lead_planned, self.lead_done, None, None, self.lead_began
        )

    def block_row(self, *, skipped: bool = False) -> Row | None:
        """The row of the current block, None if it neither began nor was skipped."""
        if self.began is None and not skipped:
            return None
        block = self.block
        began = self.offset if self.began is None else self.began
        planned = block.length if self.began is None else self.planned
        speed = block.speed if self.noted is None else self.noted
        label = belt_off.label(block.kind, block.label) if self.plan.rules.dry else block.label
        return Row(self.counts_as, label, planned, self.spent, speed, block.incline, began, skipped)

    def all_rows(self) -> tuple[Row, ...]:
        """All rows in the order in which they began, current ones included."""
        rows = list(self.rows)
        if self.cursor < len(self.plan.blocks) and not self.state.over:
            rows += [row for row in (self.lead_row(), self.block_row()) if row is not None]
        return tuple(sorted(rows, key=lambda row: row.started))

    def twin(self) -> Progress:
        """A copy for looking ahead, without the past; it shares nothing mutable."""
        other = copy(self)
        other.rows = []
        other.stumbles = [*self.stumbles]
        return other

    def whole_twin(self) -> Progress:
        """A copy to continue from; it shares nothing mutable."""
        other = copy(self)
        other.rows = list(self.rows)
        other.stumbles = list(self.stumbles)
        return other
