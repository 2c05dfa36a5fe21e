"""Rewrites the parts of the documents that come from the program: `python docs/made.py`.

They are between `<!-- made: NAME -->` and `<!-- /made -->`: the stages of a turn in turning.md, the
advice of `retrotimer safety` in safety.md, and the keys of a workout in the README.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from voiced import heard

from retrotimer.config.keys import key_text
from retrotimer.core.safety import BY_KEYS
from retrotimer.core.sets import Belt, Kind, Safety, Step
from retrotimer.core.stage_guide import TABLES, Facing, Guide, StageId, Way
from retrotimer.core.turn import FULL, LEAST_SET, SHORT, SHORT_TURN, Speeds, into, needed
from retrotimer.run.actions import OWN
from retrotimer.text.advice import OPENING, PARTS
from retrotimer.text.treadmill import picture

HERE = Path(__file__).parent
TURNING, SAFETY = HERE / "turning.md", HERE / "safety.md"
README = HERE.parent / "README.md"
_MADE = re.compile(r"(<!-- made: (\w[\w-]*) -->\n).*?(<!-- /made -->)", re.DOTALL)
_GAP = "   "

_FIRST = "Once turned, you cannot reach the console [S14]; and you step off a slower belt."
_OFF_FRONT = "Nobody turns on a running belt: step off it first, at the lower speed [S13]."
_OFF_SLOWED = "Nobody turns on a running belt: step off it first, whatever it has slowed to [S13]."
_OFF_BACK = (
    "This needs only feet and hands: the console is behind, so the belt keeps its speed [S14]."
)
_ROUND = "You stand still beside the running belt, one hand always on a handrail [S12, S13, S18]."
_AT_GO = "Your feet stay where they are until GO, the only sound at which you step onto the belt."
_SET = "The console is in front now, and nobody is on the belt while its speed changes [S13, S14]."

REASONS: dict[Way, tuple[str, ...]] = {
    Way.SLOWER: (
        _FIRST,
        _OFF_SLOWED,
        _ROUND,
        _AT_GO,
    ),
    Way.FASTER: (_OFF_FRONT, _SET, _ROUND, _AT_GO),
    Way.TO_FORWARD: (_OFF_BACK, _ROUND, _SET, _AT_GO),
    Way.STANDING: (
        _SET,
        "Both hands hold before anything moves [S12, S13, S18].",
        _ROUND,
        _AT_GO,
    ),
    Way.AGAIN: (
        _OFF_BACK,
        "A new speed needs the console, and that needs a turn of its own: never reach behind you.",
        _SET,
        _ROUND,
        _AT_GO,
    ),
    Way.READY: (
        "You start the belt from the side rails, holding on [S13].",
        _AT_GO,
    ),
}
"""Why each stage comes where it does; S-numbers as in `retrotimer safety`."""

_FORWARD = Step(Kind.FORWARD, 60_000, 3.0)
_BACKWARD = Step(Kind.BACKWARD, 30_000, 1.6)
EXAMPLES: dict[Way, tuple[Step, ...]] = {
    Way.SLOWER: (_FORWARD, _BACKWARD),
    Way.FASTER: (Step(Kind.FORWARD, 60_000, 1.6), Step(Kind.BACKWARD, 30_000, 2.4)),
    Way.TO_FORWARD: (_BACKWARD, _FORWARD),
    Way.STANDING: (Step(Kind.REST, 60_000), _BACKWARD),
    Way.AGAIN: (_BACKWARD, Step(Kind.BACKWARD, 30_000, 2.4)),
    Way.READY: (_FORWARD,),
}
"""Example steps for each kind of turn; it leads into the last of them."""

STOPPING = 0.86
"""The slowest stopping that was measured, in km/h per second (S44)."""
SPEEDING = 0.4
"""The acceleration that was measured, in km/h per second (S44)."""

_NAME = {StageId.COUNT: "3-2-1", StageId.READY: "GET READY"}
_PAIRS = ((3.0, 1.6), (1.6, 3.0), (4.0, 2.4), (5.0, 2.4), (2.4, 5.0), (8.0, 4.0), (8.0, 6.5))
_SLOWED = ((4.0, 2.4), (8.0, 1.6), (12.0, 1.6))


def made(text: str) -> str:
    """The document with everything between its marks generated again."""
    return _MADE.sub(lambda found: f"{found[1]}\n{_part(found[2])}\n{found[3]}", text)


def _part(name: str) -> str:
    match name:
        case "safety":
            return "\n".join(_safety())
        case "keys":
            return "\n".join(_keys())
        case "lengths":
            return "\n".join(_lengths())
        case "slowing":
            return "\n".join(_slowing())
    return "\n".join(_stages(Way(name)))


def _safety() -> Iterator[str]:
    yield f"**{OPENING}**"
    for part in PARTS:
        yield ""
        yield f"{part.title}:"
        yield ""
        yield from (f"- {line.text}" for line in part.lines)


def _keys() -> Iterator[str]:
    yield "| key | does |"
    yield "| --- | --- |"
    for action in OWN:
        does = ": ".join(part for part in (action.words, action.detail) if part)
        yield f"| `{key_text(action.default)}` | {does} |"


def _stages(way: Way) -> Iterator[str]:
    example = " after ".join(_told(step) for step in reversed(EXAMPLES[way]))
    yield f"The example in *heard* leads into {example}."
    yield ""
    yield "| stage | how long | on the screen | heard | feet | hands | eyes | why |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    rows = zip(TABLES[way], heard(EXAMPLES[way]), REASONS[way], strict=True)
    for (stage, guide), sounds, why in rows:
        cells = (_name(stage), _rule(stage), guide.title, sounds, *guide[1:4], why)
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield "```text"
    yield _GAP.join(_name(stage).ljust(15) for stage, _ in TABLES[way]).rstrip()
    drawn = [_drawn(guide) for _, guide in TABLES[way]]
    yield from (_GAP.join(rows) for rows in zip(*drawn, strict=True))
    yield "```"


def _told(step: Step) -> str:
    length = f"{(step.length or 0) // 1000} s"
    if step.speed is None:
        return f"{length} of {step.kind}"
    return f"{length} {step.kind} at {step.speed} km/h"


def _drawn(guide: Guide) -> tuple[str, ...]:
    assert guide.pose is not None  # noqa: S101 - only old session files have none
    return picture(guide.pose)


def _name(stage: StageId) -> str:
    return _NAME.get(stage, stage.value.upper())


def _rule(stage: StageId) -> str:
    match stage:
        case StageId.READY:
            return f"the rest of `get_ready` ({Safety().get_ready // 1000} s) [NS]"
        case StageId.COUNT:
            return f"{FULL[stage] // 1000} s [S19, S55]"
        case StageId.SLOW | StageId.SET:
            short = SHORT_TURN - sum(SHORT.values())
            told = f"the rest, at least {LEAST_SET // 1000} s"
        case _:
            short = SHORT[stage]
            told = f"{FULL[stage] // 1000} s"
    return f"{told} ({short // 1000} s in a short turn) [NS]"


def _lengths() -> Iterator[str]:
    yield "| from km/h | to km/h | seconds |"
    yield "| ---: | ---: | ---: |"
    for came, to in _PAIRS:
        ms = needed(Belt(), Speeds(came, None), Speeds(to, None))
        yield f"| {came:.1f} | {to:.1f} | {ms // 1000} |"


def _slowing() -> Iterator[str]:
    belt = Belt()
    yield (
        "This allows for stopping and starting again. The one belt that was measured stops "
        f"at {STOPPING} km/h per second or more and speeds up at {SPEEDING} [S44], so the "
        f"defaults ({belt.deceleration} and {belt.acceleration}) are enough for that; but **slowed "
        f"by its keys it loses only {BY_KEYS} km/h per second** [S44]. After a large drop in speed "
        "that takes longer than SLOW, and it may take longer than the whole turn:"
    )
    yield ""
    yield "| from km/h | to km/h | by its keys | SLOW lasts | until GO |"
    yield "| ---: | ---: | ---: | ---: | ---: |"
    for came, to in _SLOWED:
        speeds = Speeds(came, None), Speeds(to, None)
        turn = into(belt, Safety(), speeds[0], Facing.FRONT, speeds[1], Kind.BACKWARD)
        slow = turn.stages[0].length // 1000
        keys = round((came - to) / BY_KEYS)
        yield f"| {came:.1f} | {to:.1f} | {keys} s | {slow} s | {turn.length // 1000} s |"
    yield ""
    yield (
        "So step onto the rails when RAILS comes, whatever the belt does, and onto the belt only "
        "once it runs at the next speed. Time your belt, and set `deceleration` under "
        "`[treadmill]` to what it really does: a lower value makes SLOW longer. Where the whole "
        "turn could be too short for that, a safety note (`slows-long`) says so."
    )


if __name__ == "__main__":
    for document in (TURNING, SAFETY, README):
        text = document.read_text(encoding="utf-8")
        document.write_text(made(text), encoding="utf-8")
