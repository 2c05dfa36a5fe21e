"""A lesson with the belt off: what its turns say instead, and what its blocks are called."""

from __future__ import annotations

from dataclasses import replace

from retrotimer.core.sets import Kind
from retrotimer.core.turn import Countdown, Guide, Stage, StageId

_SAY = "REACH OUT, SAY YOUR SPEED"
_TURN_AND_SAY = "TURN, SAY YOUR SPEED"
_SPOT, _REACH = "step on the spot", "one to the console"


def fitted(countdown: Countdown) -> Countdown:
    """The same turn for a belt that is off: one says aloud what one would set at the console.

    Stages and lengths stay, as it is these that are learnt.
    """
    stages = tuple(
        replace(stage, guide=_said(stage, first=index == 0, toward=countdown.toward))
        for index, stage in enumerate(countdown.stages)
    )
    return replace(countdown, stages=stages)


def label(kind: Kind, name: str) -> str:
    """What a block of a lesson is called in the history, where it counts as a rest."""
    told = f"{kind.value}, belt off" if kind.moving else "belt off"
    return f"{name} ({told})" if name else told


def _said(stage: Stage, *, first: bool, toward: Kind) -> Guide:
    if stage.id is StageId.SLOW:
        return stage.guide._replace(title=_SAY, feet=_SPOT, hands=_REACH)
    if stage.id is StageId.SET:
        # Not the first thing on the way into backward, it lies between two turns.
        again = toward is Kind.BACKWARD and not first
        return stage.guide._replace(title=_TURN_AND_SAY if again else _SAY, hands=_REACH)
    return stage.guide
