"""How much time each cue of a plan has before the next one cuts it off."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from retrotimer.core.cue_ids import Cue, CueId
from retrotimer.core.cue_times import WAIT_EVERY, of_phase
from retrotimer.core.plan import Plan
from retrotimer.core.states import Command, State
from retrotimer.core.workout import Workout

_LONG = 3_600_000
"""How long an open block is assumed to be, in ms: longer than any sound."""


@dataclass(frozen=True, slots=True)
class Room:
    """The least time between a cue and the next one (`until`), in ms.

    `sound` is the step's own file, "" for the cue in general; `path` is that of the step (as in
    `Block`) with the least time.
    """

    cue: CueId
    sound: str
    ms: int
    until: CueId
    path: tuple[int, ...]


def rooms(plan: Plan) -> tuple[Room, ...]:
    """The gap after every cue that another one follows, in order of first appearance.

    It assumes that keys are pressed when awaited, and that nothing is paused or skipped. Cues due
    at the same instant do not cut each other off.
    """
    least: dict[tuple[CueId, str], Room] = {}
    for (cue, path), (after, _) in pairwise(_Walk(plan).track()):
        key, ms = (cue.id, cue.sound), after.due - cue.due
        if ms and (key not in least or ms < least[key].ms):
            least[key] = Room(cue.id, cue.sound, ms, after.id, path)
    return tuple(least.values())


class _Walk(Workout):
    """A workout done exactly as planned."""

    def track(self) -> list[tuple[Cue, tuple[int, ...]]]:
        """All cues, with the paths of the blocks they belong to."""
        self.send(Command.START, 0)
        found: list[tuple[Cue, tuple[int, ...]]] = []
        while True:
            end = self._boundary(phase=True)
            waits = end is None and not self.state.over
            until = self.now + (2 * WAIT_EVERY if self.state is State.WAITING else _LONG)
            path = self._p.block.path
            found += [(cue, path) for cue in sorted(of_phase(self._p, until))]
            if self.state.over:
                return found
            if waits:
                self.send(Command.CONFIRM, until + WAIT_EVERY)
            else:
                assert end is not None  # noqa: S101 - else it waits
                self.advance(end)
