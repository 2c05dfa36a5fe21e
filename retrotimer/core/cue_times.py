"""When each cue sounds: how a phase places its cues on the time line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from retrotimer.core import transitions
from retrotimer.core.cue_ids import CHANGE_BEFORE, GO_ROOM, IMPORTANCE, Cue, CueId
from retrotimer.core.progress import Progress
from retrotimer.core.sets import Kind
from retrotimer.core.stage_guide import StageId
from retrotimer.core.states import Reason, State

WAIT_EVERY = 3_000
"""The pulse of a waiting turn, in ms (NS)."""
RESUME_ROOM = 800
"""How long `resume` sounds before the first cue of what it resumes, in ms (NS)."""
HALF_FROM = 20_000
"""Shorter blocks have no halfway cue, in ms (NS)."""

_BEGIN = {
    Kind.FORWARD: CueId.FORWARD,
    Kind.BACKWARD: CueId.BACKWARD,
    Kind.REST: CueId.REST,
}


def of_phase(p: Progress, until: int) -> list[Cue]:
    """The cues of what is running, waiting or just ended, from `p.now` on; pulses up to `until`."""
    match p.state:
        case State.BLOCK | State.TURN:
            return [cue for cue in of_running(p) if cue.due >= p.now]
        case State.WAITING:
            first = p.since + -(-(p.now - p.since) // WAIT_EVERY) * WAIT_EVERY
            return [Cue(due, CueId.WAIT) for due in range(first, until + 1, WAIT_EVERY)]
        case State.PAUSED if p.reason is Reason.RESTORED:
            return []
        case State.PAUSED:
            calm = p.reason is None or p.reason.chosen or p.reason is Reason.SIGNAL
            return [Cue(p.since, CueId.PAUSE if calm else CueId.ALARM)]
        case State.FINISHED:
            return [Cue(p.since, CueId.DONE)]
        case State.STOPPED:
            return [Cue(p.since, CueId.STOP)]
        case _:
            return []


def of_running(p: Progress) -> list[Cue]:
    """All cues of the running block or countdown, past ones included."""
    return [*_resume(p), *(_of_block(p) if p.lead is None else _of_lead(p))]


def thinned(cues: Iterable[Cue], gap: int) -> list[Cue]:
    """Of cues closer together than `gap` ms only the most important, for fast rehearsals."""
    kept: list[Cue] = []
    for cue in sorted(cues):
        while kept and cue.due - kept[-1].due < gap:
            if IMPORTANCE[kept[-1].id] <= IMPORTANCE[cue.id]:
                break
            kept.pop()
        else:
            kept.append(cue)
    return kept


def _resume(p: Progress) -> Iterator[Cue]:
    if p.resumed_at is not None:
        yield Cue(p.resumed_at, CueId.RESUME)


def _late(p: Progress, begins: int) -> int:
    """How much later the first cue of a phase sounds because `resume` comes before it."""
    return RESUME_ROOM if p.resumed_at == begins else 0


def _of_lead(p: Progress) -> Iterator[Cue]:
    lead = p.lead
    if lead is None:
        return
    base = p.now - p.lead_done
    horizon = lead.hold if p.must_wait else lead.length
    begins = 0
    for stage in lead.stages:
        if begins >= horizon:
            return
        end = begins + stage.length
        if stage.id is StageId.COUNT:
            ticks = (end - ms for ms in (3_000, 2_000, 1_000))
            yield from (Cue(base + at, CueId.COUNT) for at in ticks if at >= begins)
        else:
            late = _late(p, base) if begins == 0 else 0
            yield Cue(base + begins + late, CueId(stage.id.value))
        begins = end


def _of_block(p: Progress) -> Iterator[Cue]:
    """All cues of the running block, counted from where it was last entered."""
    block, entry = p.block, p.entry
    base = p.now - p.position
    length = block.length
    late = _late(p, base + entry)
    # Never so late that it would sound in the next phase.
    go = entry + (late if length is None or entry + late < length else 0)
    yield Cue(base + go, _BEGIN[block.kind], block.cue)
    room = go + GO_ROOM
    taken: list[tuple[int, int]] = []
    if length is not None:
        for at, cue, takes in _marks(p, length, entry, room):
            taken.append((at, at + takes))
            yield Cue(base + at, cue)
    if block.kind is Kind.BACKWARD and p.plan.rules.cues.heartbeat and length is not None:
        for at in range(-(-room // 1000) * 1000, length, 1000):
            if not any(begin - 300 <= at < end for begin, end in taken):
                yield Cue(base + at, CueId.HEARTBEAT)


def _marks(p: Progress, length: int, entry: int, room: int) -> list[tuple[int, CueId, int]]:
    """(offset, cue, how long it takes in ms) for a block of a known length."""
    block = p.block
    lead, after = transitions.following(p) or (None, None)
    # In a block too short for its warning, the warning comes as soon as GO has sounded.
    soonest = min(room, entry + (length - entry) // 2)
    marks: list[tuple[int, CueId, int]] = []
    if lead is not None and lead.kind is Kind.TURN:
        warn = max(length - p.plan.rules.safety.warn_before_turn, soonest)
        marks.append((warn, CueId.WARN, 1_300))
    elif after is not None and after.kind is block.kind and after.level != block.level:
        marks.append((max(length - CHANGE_BEFORE, soonest), CueId.CHANGE, 700))
    if p.ready:
        ready = length - p.ready
        if ready >= room:
            marks.append((ready, CueId.READY, 700))
        counts = (length - ms for ms in (3_000, 2_000, 1_000))
        marks += [(at, CueId.COUNT, 300) for at in counts if at >= max(room, ready)]
    else:
        ticks = (length - 1000 * n for n in range(p.plan.rules.cues.count_last, 0, -1))
        marks += [(at, CueId.LAST, 300) for at in ticks if _free(marks, at, room, 300)]
    half = length // 2
    if p.plan.rules.cues.halfway and length >= HALF_FROM and _free(marks, half, room, 1_000):
        marks.append((half, CueId.HALF, 700))
    return marks


def _free(marks: list[tuple[int, CueId, int]], at: int, room: int, takes: int) -> bool:
    return at >= room and not any(
        begin < at + takes and at < begin + taken for begin, _, taken in marks
    )
