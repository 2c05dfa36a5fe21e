"""The plan: a set unrolled into blocks, each with the countdown that leads into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from retrotimer.core import belt_off, turn
from retrotimer.core.sets import Belt, Confirm, IntervalSet, Kind, Power, Repeat, Safety, Step
from retrotimer.core.stage_guide import Facing
from retrotimer.core.turn import Countdown, Speeds

MAX_PHASES = 10_000
"""A set with more phases is refused as a mistake (NS)."""
MAX_LENGTH = 24 * 3_600_000
"""A set that is longer, in ms, is refused as a mistake (NS)."""
EASY = 180_000
"""The cool down of a set without a forward step, in ms (NS)."""


@dataclass(frozen=True, slots=True)
class CueRules:
    """Which optional cues a workout has; `count_last` (NS) in seconds."""

    halfway: bool = True
    count_last: int = 3
    heartbeat: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a plan is made from besides the steps; `dry`: with the belt off."""

    belt: Belt = field(default_factory=Belt)
    safety: Safety = field(default_factory=Safety)
    confirm: Confirm = Confirm.NEVER
    cues: CueRules = field(default_factory=CueRules)
    dry: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A step unrolled: `length` in ms (None: open), `speed` km/h, `incline` percent.

    `rounds` holds (round, of) for each enclosing repeat, outermost first. The last `ready` ms of a
    rest are the get ready of the forward block after it. `path` says where its step is in the set:
    the indices of the enclosing repeats, then its own; it plays no part in comparing blocks.
    """

    kind: Kind
    length: int | None
    speed: float | None = None
    incline: float | None = None
    label: str = ""
    note: str = ""
    cue: str = ""
    rounds: tuple[tuple[int, int], ...] = ()
    ready: int = 0
    path: tuple[int, ...] = field(default=(), compare=False, metadata={"kept": False})

    @property
    def speeds(self) -> Speeds:
        """Speed and incline together."""
        return Speeds(self.speed, self.incline)

    @property
    def level(self) -> tuple[float | None, float]:
        """What must be equal for two blocks to continue unchanged."""
        return self.speed, self.incline or 0.0


Phase = Block | Countdown


@dataclass(frozen=True, slots=True)
class Plan:
    """A set ready to run: `leads[i]` is the countdown into `blocks[i]`, or None."""

    name: str
    rules: Rules
    blocks: tuple[Block, ...]
    leads: tuple[Countdown | None, ...] = field(metadata={"kept": False})

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Countdowns and blocks in order."""
        return tuple(self)

    def __iter__(self) -> Iterator[Phase]:
        for lead, block in zip(self.leads, self.blocks, strict=True):
            if lead is not None:
                yield lead
            yield block

    @property
    def total(self) -> int:
        """The total length in ms; open blocks count as zero."""
        return sum(phase.length or 0 for phase in self)

    def time_in(self, *kinds: Kind) -> int:
        """The planned ms in phases of these kinds."""
        return sum(phase.length or 0 for phase in self if phase.kind in kinds)

    @property
    def distance(self) -> float | None:
        """The estimate in metres, None where a moving block has no speed or length."""
        if self.rules.dry:
            return None
        return distance((b.kind, b.length, b.speed) for b in self.blocks)


def distance(parts: Iterator[tuple[Kind, int | None, float | None]]) -> float | None:
    """Metres from (kind, ms, km/h) of moving parts; None if one of them has no speed."""
    metres = 0.0
    for kind, length, speed in parts:
        if not kind.moving or length == 0:
            continue
        if length is None or speed is None:
            return None
        metres += length * speed / 3600
    return metres


def make_plan(
    interval_set: IntervalSet,
    belt: Belt | None = None,
    safety: Safety | None = None,
    cues: CueRules | None = None,
) -> Plan:
    """Unroll a set; raises ValueError when it has no block or more than `MAX_PHASES` phases."""
    safety = safety or Safety()
    confirm = max(
        (interval_set.confirm_turns or Confirm.NEVER, safety.confirm_turns),
        key=lambda mode: mode.strictness,
    )
    acknowledged = dict.fromkeys((*safety.acknowledged, *interval_set.acknowledged))
    safety = replace(safety, acknowledged=tuple(acknowledged))
    dry_run = interval_set.belt is Power.OFF
    rules = Rules(belt or Belt(), safety, confirm, cues or CueRules(), dry_run)
    blocks: list[Block] = []
    for block in _unrolled(interval_set.steps):
        if blocks and _one_block(blocks[-1], block):
            blocks[-1] = _joined(blocks[-1], block)
            continue
        blocks.append(block)
        if len(blocks) > MAX_PHASES:
            raise ValueError(f"{interval_set.name}: more than {MAX_PHASES} phases")
    if not blocks:
        raise ValueError(f"{interval_set.name}: no blocks")
    return arranged(interval_set.name, rules, blocks)


def arranged(name: str, rules: Rules, blocks: list[Block]) -> Plan:
    """The blocks, with the countdowns that changes of direction need between them."""
    leads: list[Countdown | None] = []
    came: Block | None = None
    for index, block in enumerate(blocks):
        before = blocks[index - 1] if index else None
        lead = lead_into(rules, came, before, block)
        if lead is not None and lead.kind is Kind.READY and before and before.length is not None:
            # The get ready is part of the rest, which keeps its length.
            blocks[index - 1] = _with_ready(rules, before, before.length)
            lead = None
        leads.append(lead)
        if block.kind.moving:
            came = block
    return Plan(name, rules, tuple(blocks), tuple(leads))


def retimed(rules: Rules, block: Block, by: int) -> Block:
    """A block `by` ms longer or shorter; a get ready inside it grows if it gets room."""
    length = (block.length or 0) + by
    if block.ready:
        block = _with_ready(rules, block, length)
    return replace(block, length=length)


def _with_ready(rules: Rules, rest: Block, length: int) -> Block:
    return replace(rest, ready=min(rules.safety.get_ready, length))


def lead_into(
    rules: Rules, came: Block | None, before: Block | None, to: Block
) -> Countdown | None:
    """The planned countdown into `to`, if nothing is skipped or broken off.

    `came` is the last moving block, `before` the one just before.
    """
    if not to.kind.moving:
        return None
    standing = before is None or before.kind is Kind.REST
    faces = facing_in(came.kind) if came else Facing.FRONT
    if to.kind is Kind.FORWARD and faces is Facing.FRONT:
        return get_ready(rules) if standing else None
    return turn_into(rules, came, faces, to, standing=standing)


def facing_in(kind: Kind) -> Facing:
    """Which way one faces while moving in this direction."""
    return Facing.BACK if kind is Kind.BACKWARD else Facing.FRONT


def get_ready(rules: Rules, at_least: int = 0) -> Countdown:
    """The get ready that the rules require, at least `at_least` ms long."""
    countdown = turn.get_ready(rules.safety, at_least)
    return belt_off.fitted(countdown) if rules.dry else countdown


def turn_into(
    rules: Rules,
    came: Block | None,
    faces: Facing,
    to: Block,
    *,
    standing: bool,
    at_least: int = 0,
) -> Countdown:
    """The full turn into `to`, confirmed by key if the rules require it."""
    countdown = turn.into(
        rules.belt,
        rules.safety,
        came.speeds if came else None,
        faces,
        to.speeds,
        to.kind,
        standing=standing,
        at_least=at_least,
    )
    confirm = rules.confirm is Confirm.ALWAYS or (
        rules.confirm is Confirm.BACKWARD and to.kind is Kind.BACKWARD
    )
    return turn.with_confirm(belt_off.fitted(countdown) if rules.dry else countdown, confirm)


def cool_down_of(plan: Plan) -> Block:
    """The cool down: the set's last forward step, or three easy minutes."""
    for block in reversed(plan.blocks):
        if block.kind is Kind.FORWARD and block.length is not None:
            return replace(block, label=block.label or "Cool down", rounds=(), ready=0)
    return Block(Kind.FORWARD, EASY, label="Cool down")


def _unrolled(
    steps: tuple[Step | Repeat, ...],
    rounds: tuple[tuple[int, int], ...] = (),
    path: tuple[int, ...] = (),
) -> Iterator[Block]:
    for index, step in enumerate(steps):
        here = (*path, index)
        if isinstance(step, Repeat):
            for number in range(1, step.times + 1):
                last = step.skip_last and number == step.times
                inner = step.steps[:-1] if last else step.steps
                yield from _unrolled(inner, (*rounds, (number, step.times)), here)
        else:
            yield Block(
                step.kind,
                step.length,
                step.speed,
                step.incline,
                step.label,
                step.note,
                step.cue,
                rounds,
                path=here,
            )


def _one_block(first: Block, second: Block) -> bool:
    """Backward blocks in a row at the same speed and incline become one block, without a turn."""
    return first.kind is second.kind is Kind.BACKWARD and first.level == second.level


def _joined(first: Block, second: Block) -> Block:
    assert first.length is not None and second.length is not None  # noqa: S101, PT018 - backward is never open

    def both(one: str, other: str, glue: str) -> str:
        return one if one == other or not other else f"{one}{glue}{other}" if one else other

    return replace(
        first,
        length=first.length + second.length,
        label=both(first.label, second.label, " + "),
        note=both(first.note, second.note, "; "),
        cue=first.cue or second.cue,
        rounds=first.rounds if first.rounds == second.rounds else first.rounds[:-1],
    )
