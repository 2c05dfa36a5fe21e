"""What a second screen says when it has nothing to follow, on the full screen and line by line."""

from __future__ import annotations

from retrotimer.core.states import State
from retrotimer.core.units import Units
from retrotimer.core.view import View
from retrotimer.text.format import WORD, block_text, clock, then_text
from retrotimer.text.pause import BELT_OFF
from retrotimer.watch.reader import Nothing, Over, Silent, Unreadable

ONLY_WATCHING = "only watching · the keys are on the first screen"
NEXT_ONE = "The next one is shown here as soon as it begins."
NO_REHEARSAL = "Rehearsals are not shown."
MAY_MOVE = "The belt may still be moving."


def notice(sight: Nothing | Unreadable | Silent | Over, units: Units) -> tuple[str, ...]:
    """A title and the lines below it."""
    match sight:
        case Silent():
            title = f"NO NEWS since {sight.heard:%H:%M:%S}"
            return (
                title,
                BELT_OFF if sight.view.dry else MAY_MOVE,
                sight.why,
                f"last seen: {_last(sight.view, units)}",
            )
        case Over():
            done = f"{clock(sight.view.done)} done · ended at {sight.at:%H:%M}"
            return (f"{sight.plan.name} is over", done, NEXT_ONE)
        case Unreadable():
            return ("There is a workout, but it cannot be shown", sight.why)
        case Nothing(left) if left:
            return ("No workout is running", left, NEXT_ONE, NO_REHEARSAL)
    return ("No workout is running", NEXT_ONE, NO_REHEARSAL)


def _last(view: View, units: Units) -> str:
    block = block_text(view.block, units)
    match view.state:
        case State.TURN:
            return then_text(WORD[view.phase.kind], view.block, units)
        case State.WAITING:
            return then_text("waiting", view.block, units)
        case State.PAUSED:
            return f"paused, {block}"
    return block if view.left is None else f"{block}, {clock(view.left)} left"
