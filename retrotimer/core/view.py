"""What can be seen of a workout at an instant: a value that changes only if it looks different."""

from __future__ import annotations

from dataclasses import dataclass

from retrotimer.core import resumption, transitions
from retrotimer.core.plan import Block, Phase
from retrotimer.core.progress import Progress
from retrotimer.core.resumption import Resumption
from retrotimer.core.states import Command, Reason, State, WaitFor
from retrotimer.core.turn import Countdown, Stage


@dataclass(frozen=True, slots=True)
class View:
    """All that a screen shows. Times are whole seconds, rounded so that all tick together.

    `phase` is what runs, waits or was paused; `block` the current block (in a countdown the one it
    leads to). `left` is None for an open block, then `passed` counts up. `stage` is an index into
    the countdown's stages. `after` is what follows the current block. `resumption` is what resuming
    from a pause begins with. `for_seconds`: how long paused or waiting. `armed`: a key was pressed
    in advance for a turn that would wait. `open_ahead`: an open block makes `to_go` a minimum.
    `dry`: the belt is off.
    """

    state: State
    phase: Phase
    block: Block
    number: int
    count: int
    left: int | None
    passed: int
    block_left: int | None
    stage: int | None
    stage_left: int | None
    in_ready: bool
    after: tuple[Countdown | None, Block] | None
    done: int
    to_go: int
    open_ahead: bool
    for_seconds: int
    reason: Reason | None
    wait_for: WaitFor | None
    armed: bool
    sound_ok: bool
    blind: bool
    speed: float | None
    noted: bool
    resumption: Resumption | None
    stumbles: int
    dry: bool
    allows: frozenset[Command]

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of the running countdown; empty in a block."""
        return self.phase.stages if isinstance(self.phase, Countdown) else ()

    @property
    def current_stage(self) -> Stage | None:
        """The current stage of the countdown."""
        return None if self.stage is None else self.stages[self.stage]

    @property
    def fraction(self) -> float:
        """How much of the running phase is done, 0 to 1; 0 for an open block."""
        if self.left is None or not self.phase.length:
            return 0.0
        return max(0.0, 1 - self.left * 1000 / self.phase.length)

    @property
    def whole_fraction(self) -> float:
        """How much of the whole workout is done, 0 to 1."""
        whole = self.done + self.to_go
        return self.done / whole if whole else 0.0


def of(p: Progress) -> View:
    """The view of a workout at `p.now`."""
    phase = p.phase
    left = _seconds(p.left)
    block_left = None if p.block.length is None else p.block.length - p.position
    stage, stage_left = _stage(p)
    after = transitions.following(p)
    going = resumption.of(p) if p.state is State.PAUSED else None
    length = phase.length
    # Only whole seconds of the running phase count as done, so that all digits tick together.
    whole = p.done if length is None else max(0, length - (left or 0) * 1000)
    if length is None:
        whole = p.done // 1000 * 1000
    totals = p.totals
    active = totals.forward + totals.backward + totals.rest + totals.turn
    running = p.state.running
    halted = p.state in (State.PAUSED, State.WAITING)
    return View(
        state=p.state,
        phase=phase,
        block=p.block,
        number=p.cursor + 1,
        count=len(p.plan.blocks),
        left=left,
        passed=p.done // 1000,
        block_left=_seconds(block_left),
        stage=stage,
        stage_left=stage_left,
        in_ready=p.lead is None and bool(p.ready) and (p.left or 0) <= p.ready,
        after=after,
        done=(active - (p.done - whole) if running else active) // 1000,
        to_go=-(-_ahead(p, after, going) // 1000),
        open_ahead=any(b.length is None for b in p.plan.blocks[p.cursor :]),
        for_seconds=(p.now - p.since) // 1000 if halted else 0,
        reason=p.reason,
        wait_for=p.wait_for,
        armed=p.armed and p.lead is not None and p.lead_done < p.lead.hold,
        sound_ok=p.sound_ok,
        blind=p.blind(p.facing),
        speed=p.block.speed if p.noted is None else p.noted,
        noted=p.noted is not None,
        resumption=going,
        stumbles=len(p.stumbles),
        dry=p.plan.rules.dry,
        allows=frozenset(c for c in transitions.TRANSITIONS[p.state] if transitions.allows(p, c)),
    )


def next_change(p: Progress) -> int | None:
    """The next instant at which the view changes by itself."""
    if p.state in (State.PAUSED, State.WAITING):
        return p.now + 1000 - (p.now - p.since) % 1000
    if not p.state.running:
        return None
    if p.left is None:
        return p.now + 1000 - p.done % 1000
    ends = [p.left - (p.left - 1) // 1000 * 1000]
    if p.lead is not None:
        ends.append(p.lead.stage_at(p.lead_done)[1] - p.lead_done)
        # The seconds left in a stage tick on their own if lengths are not whole seconds.
        ends.append((ends[-1] - 1) % 1000 + 1)
        if p.lead_done < p.lead.hold:
            ends.append(p.lead.hold - p.lead_done)
    elif p.ready and p.left > p.ready:
        ends.append(p.left - p.ready)
    # `passed` ticks with the elapsed time.
    ends.append(1000 - p.done % 1000)
    return p.now + min(ends)


def _seconds(ms: int | None) -> int | None:
    return None if ms is None else -(-ms // 1000)


def _stage(p: Progress) -> tuple[int | None, int | None]:
    if p.lead is None or p.stage is None:
        return None, None
    index, end = p.lead.stage_at(p.lead_done)
    return p.stage, _seconds(end - p.lead_done) if p.stage == index else 0


def _ahead(
    p: Progress, after: tuple[Countdown | None, Block] | None, going: Resumption | None
) -> int:
    """What is still to come in ms: the rest of what runs, or is resumed, and of the plan."""
    if p.state.over:
        return 0
    if p.state is State.READY:
        return p.plan.total
    later = list(zip(p.plan.leads[p.cursor + 1 :], p.plan.blocks[p.cursor + 1 :], strict=True))
    if later and after is not None:
        later[0] = after
    if going is None:
        now = (_seconds(p.left) or 0) * 1000
        if p.lead is not None:
            now += max(0, (p.block.length or 0) - p.position)
    else:
        now = (going.lead.length if going.lead else 0) + (going.left or 0)
        if going.counts_as_done:
            later = later[1:]
    return now + sum((lead.length if lead else 0) + (block.length or 0) for lead, block in later)
