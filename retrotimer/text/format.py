"""How the program writes things: times, speeds and blocks, for every kind of output."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from retrotimer.core.plan import Block, Phase, Plan
from retrotimer.core.rows import Totals
from retrotimer.core.safety import Finding, findings
from retrotimer.core.sets import Kind
from retrotimer.core.stage_guide import SETTING, Guide, StageId
from retrotimer.core.states import WaitFor
from retrotimer.core.turn import Countdown
from retrotimer.core.units import Units
from retrotimer.terminal import cells

if TYPE_CHECKING:
    from retrotimer.core.view import View

ARROW = {
    Kind.FORWARD: "▲",
    Kind.BACKWARD: "▼",
    Kind.REST: "–",
    Kind.TURN: "↻",
    Kind.READY: "·",
}
WORD = {
    Kind.FORWARD: "FORWARD",
    Kind.BACKWARD: "BACKWARD",
    Kind.REST: "REST",
    Kind.TURN: "TURN",
    Kind.READY: "GET READY",
}
CLIP_THE_CORD = "Clip the cord on. This program cannot stop the belt."
ON_THE_RAILS = "Feet on the side rails, one hand on the rail."
LEAVE_IT_OFF = "LEAVE THE BELT OFF. Clip the cord on all the same."
AS_FOR_REAL = "Stand as you would for real: feet on the side rails, one hand on the rail."
PAIN = "pain, dizzy or unsteady"
"""The one reason for stopping that is worth a key of its own."""


def waits(wait_for: WaitFor, confirm: str) -> str:
    """What a turn waits for; `confirm` is the name of that key."""
    if wait_for is WaitFor.CONFIRM:
        return f"press {confirm} when ready"
    return f"no sound: goes on when the sound is back, or without it at {confirm}"


IN_BRACKETS = (
    "In brackets: the code, which silences a warning or note if listed under `acknowledged`, and",
    "the source: your set or belt, or a study. NS: no source was found, a cautious choice of ours.",
    "`retrotimer safety --sources` lists the S-numbers.",
)
"""Explains the brackets after a safety finding."""


def clock(seconds: int) -> str:
    """Whole seconds as m:ss, from an hour on h:mm:ss."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def length(ms: int | None) -> str:
    """A planned length, rounded up to seconds; "open" for an open one."""
    return "open" if ms is None else clock(-(-ms // 1000))


def elapsed(ms: int) -> str:
    """A time that has passed, rounded down to seconds."""
    return clock(ms // 1000)


def day(moment: datetime) -> str:
    """A day in words: "Fri 13 Nov 2026"."""
    return f"{moment:%a} {moment.day} {moment:%b %Y}"


def day_and_time(moment: datetime) -> str:
    """A day and a time of day: "Fri 13 Nov 2026 07:10"."""
    return f"{day(moment)} {moment:%H:%M}"


def directions(totals: Totals, *, words: bool = False) -> tuple[str, str]:
    """The times forward and backward, each after its sign or, with `words`, its word."""
    forward, backward = (
        WORD[kind].lower() if words else ARROW[kind] for kind in (Kind.FORWARD, Kind.BACKWARD)
    )
    return f"{forward} {elapsed(totals.forward)}", f"{backward} {elapsed(totals.backward)}"


def speed(kmh: float | None, units: Units) -> str:
    """A speed in the user's unit with one decimal, "" if not given."""
    return "" if kmh is None else f"{units.from_kmh(kmh):.1f} {units.value}"


def incline(percent: float | None) -> str:
    """An incline with one decimal, "" if not given."""
    return "" if percent is None else f"{percent:.1f} %"


def distance(metres: float | None, units: Units) -> str:
    """A distance in the user's unit with two decimals, "" if not known."""
    return "" if metres is None else f"{units.from_metres(metres):.2f} {units.distance}"


def block_text(block: Block, units: Units) -> str:
    """A block in a few words: "▼ BACKWARD 0:30 at 1.6 km/h, 4.0 %"."""
    text = f"{ARROW[block.kind]} {WORD[block.kind]} {length(block.length)}"
    if block.speed is not None:
        text += f" at {speed(block.speed, units)}"
    if block.incline:
        text += f", {incline(block.incline)}"
    return text


def lead_text(lead: Countdown) -> str:
    """A countdown in a few words: "TURN 20 s"."""
    return f"{WORD[lead.kind]} {-(-lead.length // 1000)} s"


def then_text(before: str, block: Block, units: Units) -> str:
    """A block behind what comes before it: "waiting, then ▼ BACKWARD 0:30"."""
    return f"{before}, then {block_text(block, units)}"


def led_text(lead: Countdown | None, block: Block, units: Units) -> str:
    """A block with the countdown that leads into it: "TURN 20 s, then ▼ BACKWARD 0:30"."""
    if lead is None:
        return block_text(block, units)
    return then_text(lead_text(lead), block, units)


def stage_title(stage: StageId, guide: Guide, kmh: float | None, block: Block, units: Units) -> str:
    """The headline of a stage, with what to set the belt to: "SLOW THE BELT: 1.6 km/h"."""
    if stage not in SETTING:
        return guide.title
    level = (speed(kmh, units), incline(block.incline))
    return f"{guide.title}: {', '.join(part for part in level if part)}".removesuffix(": ")


def next_text(after: tuple[Countdown | None, Block] | None, units: Units) -> str:
    """What comes next, with the countdown that leads into it; "the end" after the last block."""
    if after is None:
        return "the end"
    return led_text(*after, units)


def rounds_text(rounds: tuple[tuple[int, int], ...]) -> str:
    """Where a block is in its repeats: "round 2 of 5", nested ones "round 2 of 5 in 1 of 3"."""
    real = [f"{number} of {count}" for number, count in reversed(rounds) if count > 1]
    return f"round {' in '.join(real)}" if real else ""


def start_texts(plan: Plan) -> tuple[str, str]:
    """What to check before the start: belt and cord, then feet and hands."""
    return (LEAVE_IT_OFF, AS_FOR_REAL) if plan.rules.dry else (CLIP_THE_CORD, ON_THE_RAILS)


def plan_lines(plan: Plan, units: Units, confirm: str) -> Iterator[str]:
    """A plan as a table with its start times, totals and safety notes.

    `confirm` is the name of that key.
    """
    at = 0
    rows = [("at", "phase", "length", "speed", "incline", "")]
    for phase in plan:
        rows.append((length(at), *_phase_cells(phase, units, confirm)))
        at += phase.length or 0
    yield from cells.table(rows, to_right=(0, 2, 3, 4))
    yield ""
    yield totals_text(plan, units)
    found = findings(plan, lambda kmh: speed(kmh, units))
    for finding in found:
        yield f"{finding.level.value}: {finding.text} {brackets(finding)}"
    if found:
        yield ""
        yield from IN_BRACKETS


def brackets(finding: Finding) -> str:
    """The code of a finding and the source of its number; `IN_BRACKETS` explains it."""
    return f"[{finding.code}; {finding.source}]"


def totals_text(plan: Plan, units: Units) -> str:
    """The sums of a plan on one line."""
    parts = [
        f"forward {length(plan.time_in(Kind.FORWARD))}",
        f"backward {length(plan.time_in(Kind.BACKWARD))}",
    ]
    if rest := plan.time_in(Kind.REST):
        parts.append(f"rest {length(rest)}")
    if turns := plan.time_in(Kind.TURN, Kind.READY):
        parts.append(f"turns {length(turns)}")
    parts.append(f"total {length(plan.total)}")
    if plan.distance is not None:
        parts.append(f"about {distance(plan.distance, units)}")
    return "   ".join(parts)


def _phase_cells(phase: Phase, units: Units, confirm: str) -> tuple[str, str, str, str, str]:
    if isinstance(phase, Countdown):
        wait = f"waits for {confirm}" if phase.confirm else ""
        word = WORD[phase.kind].lower()
        return f"{ARROW[phase.kind]} {word}", length(phase.length), "", "", wait
    notes = [phase.label, rounds_text(phase.rounds), phase.note]
    if phase.ready:
        notes.append(f"get ready in its last {length(phase.ready)}")
    return (
        f"{ARROW[phase.kind]} {WORD[phase.kind].lower()}",
        length(phase.length),
        speed(phase.speed, units),
        incline(phase.incline),
        ", ".join(note for note in notes if note),
    )


def place(view: View) -> str:
    """Which round and which block: "round 2 of 5 · block 6 of 17"."""
    parts = (rounds_text(view.block.rounds), f"block {view.number} of {view.count}")
    return " · ".join(part for part in parts if part)
