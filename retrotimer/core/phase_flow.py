"""How time carries a workout from phase to phase."""

from __future__ import annotations

from retrotimer.core import transitions
from retrotimer.core.events import (
    BlockBegan,
    CountdownBegan,
    Event,
    Finished,
    PhaseEnded,
    ReadyBegan,
    StageBegan,
    WaitBegan,
)
from retrotimer.core.plan import facing_in
from retrotimer.core.progress import Progress
from retrotimer.core.rows import Row
from retrotimer.core.stage_guide import Footing
from retrotimer.core.states import State
from retrotimer.core.turn import Countdown


class Flow:
    """Moves a `Progress` through time and collects the events on the way."""

    def __init__(self, progress: Progress) -> None:
        self._p = progress
        self._pending: list[Event] = []

    def _drain(self) -> tuple[Event, ...]:
        events = tuple(self._pending)
        self._pending.clear()
        return events

    def _tell(self, event: Event) -> None:
        self._pending.append(event)

    # Time ---------------------------------------------------------------------------------

    def _pass(self, now: int) -> None:
        p = self._p
        if p.state is State.READY or p.state.over:
            return
        while (at := self._boundary()) is not None and at <= now:
            p.spend(at - p.now)
            self._cross()
        if now > p.now and not p.state.over:
            p.spend(now - p.now)

    def _boundary(self, *, phase: bool = False) -> int | None:
        """The next instant at which something begins or ends; `phase`: only ends and holds."""
        p = self._p
        if not p.state.running or p.left is None:
            return None
        ends = [p.done + p.left]
        if p.lead is not None:
            if p.must_wait and p.lead_done <= p.lead.hold:
                ends.append(p.lead.hold)
            if not phase:
                ends.append(p.lead.stage_at(p.lead_done)[1])
        elif not phase and p.ready:
            ready = ends[0] - p.ready
            if ready > p.position:
                ends.append(ready)
        return p.now + min(ends) - p.done

    def _cross(self) -> None:
        """At a boundary: end the phase, wait, or enter its next part."""
        p = self._p
        if p.left == 0:
            self._end_phase()
        elif p.lead is not None:
            if p.lead_done != p.lead.hold or not p.must_wait:
                self._tell_stage()
        elif p.position:
            self._tell(ReadyBegan(p.now, p.plan.blocks[p.cursor + 1]))
        self._settle()

    def _settle(self) -> None:
        """Begin the wait if the current countdown has reached its hold and must wait."""
        p = self._p
        if p.state is State.TURN and p.lead and p.lead_done == p.lead.hold and p.must_wait:
            p.state, p.wait_for, p.since = State.WAITING, p.must_wait, p.now
            self._tell(WaitBegan(p.now, p.must_wait))

    def _end_phase(self) -> None:
        p = self._p
        if p.lead is not None:
            self._close_lead()
            self._begin_block()
        else:
            self._close_block()
            self._enter(p.cursor + 1, fresh=True)

    # Going from one phase to the next -----------------------------------------------------

    def _enter(self, index: int, *, fresh: bool) -> None:
        """Lead into a block, or begin it; `fresh`: straight on, with nothing in between."""
        p = self._p
        p.cursor = index
        if index >= len(p.plan.blocks):
            p.cursor = len(p.plan.blocks) - 1
            p.lead = None
            p.state, p.since = State.FINISHED, p.now
            self._tell(Finished(p.now))
            return
        self._go_into(transitions.lead(p, fresh=fresh))

    def _go_into(self, lead: Countdown | None) -> None:
        """Begin the current block, or the countdown that leads into it."""
        if lead is None:
            self._begin_block()
        else:
            self._begin_lead(lead)

    def _begin_lead(self, lead: Countdown) -> None:
        p = self._p
        p.lead, p.lead_done, p.lead_began, p.lead_planned = lead, 0, p.offset, lead.length
        p.armed = p.released = False
        p.state = State.TURN
        self._tell(CountdownBegan(p.now, lead, p.block))
        if lead.hold > 0 or not p.must_wait:
            self._tell_stage()

    def _tell_stage(self) -> None:
        p = self._p
        if p.lead is not None and p.lead_done < p.lead.length:
            stage = p.lead.stages[p.lead.stage_at(p.lead_done)[0]]
            self._tell(StageBegan(p.now, stage, p.block))

    def _begin_block(self) -> None:
        p = self._p
        p.lead = None
        p.state = State.BLOCK
        if p.began is None:
            p.began, p.planned = p.offset, p.block.length
        p.entry = p.position
        if p.block.kind.moving:
            p.came, p.faces, p.footing = p.walked, facing_in(p.block.kind), Footing.BELT
        else:
            p.footing = Footing.FREE
        self._tell(BlockBegan(p.now, p.block, p.cursor, p.left))
        if p.ready and p.left == p.ready:
            self._tell(ReadyBegan(p.now, p.plan.blocks[p.cursor + 1]))

    def _close_lead(self) -> None:
        p = self._p
        row = p.lead_row()
        p.lead, p.lead_done = None, 0
        if row is not None:
            self._keep(row)

    def _close_block(self, *, skipped: bool = False) -> None:
        p = self._p
        row = p.block_row(skipped=skipped)
        p.began, p.position, p.spent, p.noted, p.planned = None, 0, 0, None, None
        if row is not None:
            self._keep(row)

    def _keep(self, row: Row) -> None:
        self._p.rows.append(row)
        self._tell(PhaseEnded(self._p.now, row))

    def _leave_lead(self) -> None:
        """Break off the current countdown; the person stays where it has led so far."""
        p = self._p
        if p.lead is not None:
            p.faces, p.footing = p.stance
            self._close_lead()
