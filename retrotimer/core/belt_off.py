"""A lesson with the belt off: what its countdowns say instead, and what its blocks are called."""

from __future__ import annotations

from dataclasses import replace

from retrotimer.core.sets import Kind
from retrotimer.core.stage_guide import SETTING, Guide, StageId
from retrotimer.core.turn import Countdown

_SAY = "REACH OUT, SAY YOUR SPEED"
_SPOT, _REACH = "step on the spot", "one holds, one reaches"


def fitted(countdown: Countdown) -> Countdown:
    """The same countdown for a belt that is off: one says aloud what one would set.

    Stages and lengths stay, as it is these that are learnt.
    """
    stages = tuple(replace(one, guide=said(one.id, one.guide)) for one in countdown.stages)
    return replace(countdown, stages=stages)


def said(stage: StageId, guide: Guide) -> Guide:
    """What is said in a stage; only what would be done to the belt is said otherwise."""
    if stage not in SETTING:
        return guide
    title = guide.title if stage is StageId.READY else _SAY
    feet = _SPOT if stage is StageId.SLOW else guide.feet
    return guide._replace(title=title, feet=feet, hands=_REACH)


def label(kind: Kind, name: str) -> str:
    """What a block of a lesson is called in the history, where it counts as a rest."""
    told = f"{kind.value}, belt off" if kind.moving else "belt off"
    return f"{name} ({told})" if name else told
