"""The events of a workout as lines of text."""

from __future__ import annotations

from retrotimer.core import events as ev
from retrotimer.core.events import Event
from retrotimer.core.sets import Kind
from retrotimer.core.units import Units
from retrotimer.text.format import (
    WORD,
    block_text,
    led_text,
    length,
    rounds_text,
    speed,
    stage_title,
    then_text,
    waits,
)
from retrotimer.text.pause import REASON, belt_text


def event_text(event: Event, units: Units, *, confirm: str, dry: bool = False) -> str | None:
    """One line for an event, None where there is nothing to say.

    `confirm` is the name of that key; `dry`: the belt is off.
    """
    match event:
        case ev.CountdownBegan(_, countdown, block):
            text = led_text(countdown, block, units)
            # The notes of a lesson are about the way into its blocks.
            return f"{text} · {_line(block.note)}" if dry and block.note else text
        case ev.StageBegan(_, stage, block):
            guide = stage.guide
            title = stage_title(stage.id, guide, block.speed, block, units)
            return f"  {title} · feet {guide.feet} · hands {guide.hands} · eyes {guide.eyes}"
        case ev.BlockBegan(_, block, index, left):
            go = "GO  " if block.kind.moving else ""
            parts = [f"{go}{block_text(block, units)}", block.label, rounds_text(block.rounds)]
            if not dry:
                parts.append(_line(block.note))
            if left != block.length:
                parts.append(f"{length(left)} left")
            parts.append(f"block {index + 1}")
            return " · ".join(part for part in parts if part)
        case ev.ReadyBegan(_, block):
            return then_text(WORD[Kind.READY], block, units)
        case ev.WaitBegan(_, wait_for):
            return f"WAITING: {waits(wait_for, confirm)}"
        case ev.Paused(_, reason):
            return f"PAUSED: {REASON[reason]}. {belt_text(dry=dry)}"
        case ev.Moved(_, block, index):
            return f"next: block {index + 1}, {block_text(block, units)}"
        case ev.Retimed(_, by):
            return f"{by // 1000:+d} s"
        case ev.SpeedNoted(_, kmh):
            return f"speed noted: {speed(kmh, units)}"
        case ev.SoundChanged(_, ok):
            return "sound is back" if ok else "NO SOUND"
        case ev.Stopped(_, why):
            return f"STOPPED{f': {why}' if why else ''}"
    return _PLAIN.get(type(event))


def _line(note: str) -> str:
    """A note of several lines on one."""
    return " ".join(note.split())


_PLAIN: dict[type[Event], str] = {
    ev.WaitEnded: "going on",
    ev.Armed: "confirmed in advance",
    ev.Resumed: "GOING ON",
    ev.CoolingDown: "COOLING DOWN",
    ev.Stumbled: "stumble noted",
    ev.Finished: "DONE",
}
