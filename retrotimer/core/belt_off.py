"""A lesson with the belt off: the words of its countdowns, and what its blocks are called."""

from __future__ import annotations

from dataclasses import replace

from retrotimer.core.sets import Kind
from retrotimer.core.stage_guide import SETTING, Guide, StageId
from retrotimer.core.turn import Countdown

_SAY = "REACH OUT, SAY YOUR SPEED"
_SPOT, _REACH = "step on the spot", "one holds, one reaches"


def fitted(countdown: Countdown) -> Countdown:
    """The same countdown with the belt off: instead of setting a speed, you say it aloud.

    Stages and lengths stay the same, because they are what the lesson teaches.
    """
    stages = tuple(replace(one, guide=said(one.id, one.guide)) for one in countdown.stages)
    return replace(countdown, stages=stages)


def said(stage: StageId, guide: Guide) -> Guide:
    """The words of a stage; only those about setting the belt differ."""
    if stage not in SETTING:
        return guide
    title = guide.title if stage is StageId.READY else _SAY
    feet = _SPOT if stage is StageId.SLOW else guide.feet
    return guide._replace(title=title, feet=feet, hands=_REACH)


def label(kind: Kind, name: str) -> str:
    """What a block of a lesson is called in the history, where it counts as a rest."""
    told = f"{kind.value}, belt off" if kind.moving else "belt off"
    return f"{name} ({told})" if name else told
