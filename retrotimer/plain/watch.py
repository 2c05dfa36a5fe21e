"""A second screen as lines: one for everything that begins, with the time of day."""

from __future__ import annotations

import time
from collections.abc import Callable

from retrotimer.core.sets import Kind
from retrotimer.core.states import State
from retrotimer.core.turn import Countdown
from retrotimer.core.units import Units
from retrotimer.core.view import View
from retrotimer.terminal.exit_codes import INTERRUPTED
from retrotimer.terminal.signals import SIGNALS
from retrotimer.terminal.visible import say
from retrotimer.text.format import (
    WORD,
    block_text,
    clock,
    led_text,
    rounds_text,
    speed,
    then_text,
    waits,
)
from retrotimer.text.pause import REASON, belt_text, going_on, where
from retrotimer.watch.notices import ONLY_WATCHING, notice
from retrotimer.watch.reader import Live, Silent, Watch, Watched


class WatchLines:
    """Prints what a watch sees, until ctrl+c; `confirm` is the name of that key."""

    def __init__(
        self,
        watch: Watch,
        units: Units,
        *,
        confirm: str,
        write: Callable[[str], object] | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._watch = watch
        self._units = units
        self._confirm = confirm
        self._write = write or say
        self._sleep = sleep
        self._told: object = None

    def run(self) -> int:
        """Look and print until ctrl+c; returns its exit code."""
        try:
            with SIGNALS.interrupting():
                self._write(f"{ONLY_WATCHING}; ctrl+c ends it")
                while True:
                    self.tell(self._watch.look())
                    self._sleep(self._watch.wait())
        except KeyboardInterrupt:
            return INTERRUPTED

    def tell(self, sight: Watched) -> None:
        """Write what is new in a sight, if anything is."""
        mark = _mark(sight)
        if mark == self._told:
            return
        self._told = mark
        if isinstance(sight, Live):
            told = _line(sight.view, self._units, self._confirm)
        else:
            lines = notice(sight, self._units)
            told = " ".join(line if line.endswith(".") else f"{line}." for line in lines)
        self._write(f"{self._watch.wall():%H:%M:%S}  {told}")


def _mark(sight: Watched) -> object:
    """A new line is written when this changes."""
    if isinstance(sight, Silent):
        return sight.heard, sight.why
    if not isinstance(sight, Live):
        return sight
    view = sight.view
    return (
        *(view.state, view.number, view.phase, view.block, view.stage, view.in_ready),
        *(view.reason, view.wait_for, view.speed, view.sound_ok),
    )


def _line(view: View, units: Units, confirm: str) -> str:
    """What runs now."""
    block = block_text(view.block, units)
    sound = "" if view.sound_ok else "NO SOUND"
    parts = [block, view.block.label, rounds_text(view.block.rounds)]
    if view.noted:
        parts.append(f"speed as set {speed(view.speed, units)}")
    match view.state:
        case State.PAUSED if view.reason is not None:
            text = f"PAUSED: {REASON[view.reason]}. {belt_text(dry=view.dry)}"
            parts = [text, f"{where(view, units)} · {going_on(view, units)}", sound]
            return " · ".join(part for part in parts if part)
        case State.WAITING if view.wait_for is not None:
            parts = [f"WAITING on the first screen: {waits(view.wait_for, confirm)}", block]
        case State.TURN if isinstance(view.phase, Countdown):
            parts = [led_text(view.phase, view.block, units)]
            if stage := view.current_stage:
                guide = stage.guide
                told = f"{guide.title}: feet {guide.feet}, hands {guide.hands}, eyes {guide.eyes}"
                parts = [f"{WORD[view.phase.kind]} into {block}", told]
        case _ if view.in_ready and view.after is not None:
            parts = [then_text(WORD[Kind.READY], view.after[1], units)]
    if view.left is not None and view.left * 1000 < (view.phase.length or 0):
        parts.append(f"{clock(view.left)} left")
    return " · ".join(part for part in (*parts, f"block {view.number}", sound) if part)
