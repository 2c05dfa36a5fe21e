"""What resuming from a pause begins with: shown by the screens, done by the machine."""

from __future__ import annotations

from dataclasses import dataclass

from retrotimer.core import transitions
from retrotimer.core.plan import Block
from retrotimer.core.progress import Progress
from retrotimer.core.turn import Countdown

NEARLY_DONE = 5_000
"""A block with less left counts as done when the workout is resumed, in ms (NS)."""


@dataclass(frozen=True, slots=True)
class Resumption:
    """Resuming: through `lead`, if there is one, into `block` at `position` (ms of its plan).

    `block` is None if resuming ends the workout. `counts_as_done`: the paused block has so little
    left that it ends here. `in_ready`: it begins with the get ready inside a rest.
    """

    block: Block | None
    lead: Countdown | None
    position: int = 0
    counts_as_done: bool = False
    in_ready: bool = False

    @property
    def left(self) -> int | None:
        """What the block has left when it begins, in ms; None for an open one and at the end."""
        if self.block is None or self.block.length is None:
            return None
        return self.block.length - self.position


def of(p: Progress) -> Resumption:
    """What resuming would begin with now."""
    left = p.left
    if p.lead is None and p.began is not None and left is not None:
        if left < NEARLY_DONE and not p.ready:
            return _next(p)
        # A get ready inside a rest begins again from its start.
        return _with(p, p.position - max(0, p.ready - left))
    return _with(p, p.position)


def _next(p: Progress) -> Resumption:
    if p.cursor + 1 >= len(p.plan.blocks):
        return Resumption(None, None, counts_as_done=True)
    then = p.twin()
    then.cursor += 1
    return _with(then, 0, counts_as_done=True)


def _with(p: Progress, position: int, *, counts_as_done: bool = False) -> Resumption:
    lead = transitions.lead(p, fresh=False)
    length = p.block.length
    in_ready = length is not None and 0 < length - position <= p.ready
    return Resumption(p.block, lead, position, counts_as_done, in_ready)
