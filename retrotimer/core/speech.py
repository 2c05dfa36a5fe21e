"""What the voice says when: a sentence after a cue, if it fits before the next one.

A sentence begins when its cue has sounded and ends before the next one: as many of its parts as fit
are said, from the first on. It is never cut, and left out if not even the first part fits. Only the
soft pulses of `SOFT` may sound during it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from retrotimer.core import cue_times
from retrotimer.core.cue_ids import Cue, CueId
from retrotimer.core.plan import Block
from retrotimer.core.progress import Progress
from retrotimer.core.sets import Kind
from retrotimer.core.stage_guide import StageId
from retrotimer.core.states import State, WaitFor
from retrotimer.core.turn import Countdown
from retrotimer.core.vocabulary import DIRECTION, Lexicon, Words

LASTS: Mapping[CueId, int] = {
    CueId.ALARM: 2_000,
    CueId.PAUSE: 620,
    CueId.BACKWARD: 1_300,
    CueId.FORWARD: 1_300,
    CueId.TURN: 1_010,
    CueId.RAILS: 700,
    CueId.SLOW: 930,
    CueId.SET: 700,
    CueId.WARN: 920,
    CueId.COUNT: 150,
    CueId.READY: 610,
    CueId.STOP: 910,
    CueId.DONE: 1_220,
    CueId.RESUME: 620,
    CueId.REST: 1_210,
    CueId.CHANGE: 490,
    CueId.WAIT: 430,
    CueId.HALF: 360,
    CueId.LAST: 100,
    CueId.HEARTBEAT: 70,
}
"""How long the built-in sound of a cue takes at most, in ms. A longer one of the user's own keeps
playing under the words."""
SOFT = frozenset({CueId.LAST, CueId.HEARTBEAT, CueId.WAIT})
"""Cues that may sound during a sentence, as they only say that time passes."""
BREATH = 60
"""Silence between a cue and its sentence, in ms (NS)."""
AHEAD = 150
"""Silence between a sentence and the next cue, in ms (NS)."""
WAIT_AGAIN = 15_000
"""How often a waiting turn asks for the key, in ms (NS)."""
TEN = 10_000
"""How long before the end of a block with no turn after it the voice announces the end, in ms (NS).
"""
TEN_FROM = 30_000
"""Shorter blocks have no "ten seconds", in ms (NS)."""
LONGEST = 12_000
"""The longest a sentence may take, in ms (NS)."""

# Parts that depend on what comes next; the rest of the tables are the words themselves.
SLOW, SET, THEN = "{slow}", "{set}", "{then}"
WHERE, HOW_LONG, HOW_FAST, HOW_STEEP = "{direction}", "{length}", "{speed}", "{incline}"
STEEPER, WHICH, SOON, LEFT = "{new incline}", "{round}", "{soon}", "{left}"

_COMING = (WHERE, HOW_LONG, HOW_FAST, HOW_STEEP)

STAGES: Mapping[tuple[Kind, StageId | None, StageId], Words] = {
    # from walking forward; the console is in reach only now
    (Kind.BACKWARD, None, StageId.SLOW): (SLOW, STEEPER),
    (Kind.BACKWARD, StageId.SLOW, StageId.RAILS): ("on-the-rails",),
    (Kind.BACKWARD, StageId.RAILS, StageId.TURN): ("turn-round", *_COMING),
    # the same, as fast or faster: the belt is set while nobody is on it
    (Kind.BACKWARD, None, StageId.RAILS): ("on-the-rails",),
    (Kind.BACKWARD, StageId.RAILS, StageId.SET): (SET, STEEPER),
    (Kind.BACKWARD, StageId.SET, StageId.TURN): ("turn-round", *_COMING),
    # from standing
    (Kind.BACKWARD, None, StageId.SET): (SET, STEEPER),
    (Kind.BACKWARD, StageId.SET, StageId.RAILS): ("hold-the-rails",),
    # backward again at another speed, by way of the console: first a turn to the front, as below
    (Kind.BACKWARD, StageId.TURN, StageId.SET): (SET, STEEPER),
    # from walking backward; the belt is set when one faces the console
    (Kind.FORWARD, None, StageId.RAILS): ("on-the-rails",),
    (Kind.FORWARD, StageId.RAILS, StageId.TURN): ("turn-to-the-console",),
    (Kind.FORWARD, StageId.TURN, StageId.SET): (SET, STEEPER, WHERE, HOW_LONG),
}
"""The key of a stage in `STAGES`: the next direction (for a turn the one it leads to), and the
stage before it."""

SAID: Mapping[CueId, Words] = {
    CueId.READY: ("get-ready", *_COMING),
    CueId.FORWARD: (*_COMING, WHICH),
    CueId.BACKWARD: (*_COMING, WHICH),
    CueId.REST: (WHERE, HOW_LONG, WHICH),
    CueId.WARN: (SOON, "stop-and-turn", *_COMING),
    CueId.CHANGE: (THEN, STEEPER),
    CueId.HALF: ("halfway", LEFT),
    CueId.DONE: ("finished",),
    CueId.STOP: ("stopped",),
    CueId.PAUSE: ("paused", "still-moving"),
    CueId.ALARM: ("paused", "still-moving"),
}
"""What is said after the other cues, the most important part first."""
_IN_A_TURN = frozenset(stage.value for _, _, stage in STAGES)


@dataclass(frozen=True, slots=True, order=True)
class Utterance:
    """A sentence with its exact due instant in ms."""

    due: int
    words: Words


@dataclass(frozen=True, slots=True)
class Manner:
    """How to speak: the words available; reminders in ms (None: off).

    `rate`: how many ms of the workout pass during one ms of sound.
    """

    words: Lexicon
    remind_every: int | None = None
    rate: int = 1

    def lasts(self, words: Words) -> int:
        """How much of the workout's time a sentence takes, in ms."""
        return self.words.lasts(words) * self.rate

    def behind(self, cue: Cue) -> int:
        """The instant at which a cue has finished sounding."""
        return cue.due + (LASTS[cue.id] + BREATH) * self.rate


def of_phase(p: Progress, until: int, manner: Manner) -> list[Utterance]:
    """What is said in the phase that runs, waits or has just ended, in order, up to `until`.

    A running phase is worked out from its beginning and reported from `p.now` on, so that the
    result does not depend on when one asks.
    """
    if p.state.running:
        found = [one for one in _Running(p, manner).said(until) if one.due >= p.now]
    elif p.state is State.WAITING:
        found = _asked(p, until, manner) if p.wait_for is WaitFor.CONFIRM else []
    else:
        found = [_standing(p, cue, manner) for cue in cue_times.of_phase(p, until)]
    return sorted(one for one in found if one.words)


def _asked(p: Progress, until: int, manner: Manner) -> list[Utterance]:
    words = manner.words.word("press-enter")
    first = manner.behind(Cue(p.since, CueId.WAIT))
    missed = max(0, -(-(p.now - first) // WAIT_AGAIN))
    return [
        Utterance(due, words) for due in range(first + missed * WAIT_AGAIN, until + 1, WAIT_AGAIN)
    ]


def _standing(p: Progress, cue: Cue, manner: Manner) -> Utterance:
    # In a lesson with the belt off nothing moves.
    names = [name for name in SAID[cue.id] if name != "still-moving" or not p.plan.rules.dry]
    parts = (manner.words.word(word) for word in names)
    return Utterance(manner.behind(cue), manner.words.joined(*parts))


class _Running:
    """A running block or countdown, and the time left free in it."""

    def __init__(self, p: Progress, manner: Manner) -> None:
        self._p = p
        self._manner = manner
        self._words = manner.words
        self._base = p.now - p.done
        length = p.phase.length
        if p.lead is not None and p.must_wait:
            length = p.lead.hold
        self._end = None if length is None else self._base + length
        self._cues = [cue for cue in sorted(cue_times.of_running(p)) if cue.id not in SOFT]
        self._taken = [(cue.due, manner.behind(cue)) for cue in self._cues]

    def said(self, until: int) -> list[Utterance]:
        """All sentences, most important first."""
        found: list[Utterance] = []
        for due, words in self._sentences(until):
            if words:
                found.append(Utterance(due, words))
                end = due + self._manner.lasts(words) + AHEAD * self._manner.rate
                self._taken.append((due, end))
        return found

    def _sentences(self, until: int) -> Iterator[tuple[int, Words]]:
        for cue in self._cues:
            due = self._manner.behind(cue)
            yield due, self._bound_to(cue, self._room(due))
        ten = self._words.length(TEN)
        if self._tells_ten():
            yield self._unbidden(TEN, ten, TEN)
        for left in self._reminders(until):
            words = self._words.length(left)
            every = self._manner.remind_every or 0
            yield self._unbidden(left, words and (*words, *self._words.word("left")), every)

    # Room ---------------------------------------------------------------------------------

    def _room(self, due: int) -> int:
        """How long a sentence from `due` on may take, in ms of the workout."""
        if any(begin <= due < end for begin, end in self._taken):
            return 0
        ahead = [begin for begin, _ in self._taken if begin > due]
        if self._end is not None:
            ahead.append(self._end)
        return min(ahead, default=due + LONGEST) - AHEAD * self._manner.rate - due

    def _unbidden(self, left: int, words: Words, most: int) -> tuple[int, Words]:
        """A sentence without a cue, at a time before the end, if it fits."""
        due = (self._end or 0) - left
        fits = self._manner.lasts(words) <= min(self._room(due), most)
        return due, words if fits else ()

    def _tells_ten(self) -> bool:
        p = self._p
        told = any(cue.id in (CueId.WARN, CueId.READY) for cue in self._cues)
        return p.lead is None and (p.block.length or 0) >= TEN_FROM and not told

    def _reminders(self, until: int) -> range:
        """The times left that are announced between now and `until`, in ms."""
        p, every = self._p, self._manner.remind_every
        if p.lead is not None or self._end is None or every is None:
            return range(0)
        least = max(TEN + 1, self._end - until)
        most = self._end - max(p.now, self._base + p.entry)
        return range(-(-least // every) * every, most + 1, every)

    # Sentences ----------------------------------------------------------------------------

    def _bound_to(self, cue: Cue, room: int) -> Words:
        """The longest sentence for a cue that fits."""
        parts = [part for name in self._names(cue) if (part := self._part(name, cue))]
        going_on = self._words.word("going-on")
        forms = [parts[:count] for count in range(len(parts), 0, -1)]
        if parts and going_on and self._goes_on_with(cue):
            forms.insert(0, [going_on, *parts])
        said = (self._words.joined(*form) for form in forms)
        return next((words for words in said if self._manner.lasts(words) <= room), ())

    def _goes_on_with(self, cue: Cue) -> bool:
        """Whether this is the first cue after `resume`."""
        resumed = self._p.resumed_at
        return resumed is not None and cue.due == resumed + cue_times.RESUME_ROOM

    def _names(self, cue: Cue) -> Words:
        lead = self._p.lead
        if lead is None or cue.id.value not in _IN_A_TURN:
            return SAID.get(cue.id, ())
        at, _ = lead.stage_at(cue.due - self._base)
        return STAGES[stage_key(lead, at)]

    def _part(self, name: str, cue: Cue) -> Words:
        """The words of one part of a cue's sentence."""
        words = self._words
        to = self._to(cue)
        match name:
            case "{slow}":
                faster = _faster(self._p.came, to)
                before = ("set", "set-the-belt") if faster else ("slow-to", "slow-the-belt")
                return self._speed(to, *before)
            case "{set}":
                return self._speed(to, "set", "set-the-belt")
            case "{then}":
                return self._speed(to, "then", "")
            case "{direction}":
                return words.word(DIRECTION[to.kind])
            case "{length}":
                return self._length(to)
            case "{speed}":
                return words.speed(to.speed)
            case "{incline}":
                return words.incline(to.incline) if to.incline else ()
            case "{new incline}":
                return words.incline(to.incline or 0.0) if self._tilts(to) else ()
            case "{round}":
                return words.round(to.rounds) if self._new_round() else ()
            case "{soon}":
                return self._left(cue.due)
            case "{left}":
                left = self._left(cue.due)
                return left and (*left, *words.word("left"))
        return words.word(name)

    def _to(self, cue: Cue) -> Block:
        """The block that a cue is about: near the end of a block, the next one."""
        p = self._p
        ends = p.lead is None and cue.id in (CueId.WARN, CueId.CHANGE, CueId.READY)
        return p.plan.blocks[p.cursor + 1] if ends else p.block

    def _speed(self, to: Block, before: str, without: str) -> Words:
        speed, first = self._words.speed(to.speed), self._words.word(before)
        return (*first, *speed) if first and speed else self._words.word(without)

    def _length(self, to: Block) -> Words:
        if to.length is None:
            return self._words.word("until-enter")
        p = self._p
        done = (p.position if p.lead is not None else p.entry) if to is p.block else 0
        return self._words.length(to.length - done)

    def _tilts(self, to: Block) -> bool:
        came = self._p.came if self._p.lead is not None else self._p.block
        return (to.incline or 0.0) != ((came.incline if came else None) or 0.0)

    def _new_round(self) -> bool:
        """Whether the current block begins a round; resuming it does not."""
        p = self._p
        before = p.plan.blocks[p.cursor - 1].rounds if p.cursor else ()
        return p.entry == 0 and p.block.rounds != before

    def _left(self, at: int) -> Words:
        """The time left in the block, if that is whole seconds."""
        if self._end is None or (self._end - at) % 1000:
            return ()
        return self._words.length(self._end - at)


def stage_key(lead: Countdown, at: int) -> tuple[Kind, StageId | None, StageId]:
    """The key under which `STAGES` has the words of a countdown's stage."""
    order = [stage.id for stage in lead.stages]
    # The first of two turns leads to the console.
    first = order[at] is StageId.TURN and StageId.TURN in order[at + 1 :]
    return (
        Kind.FORWARD if first else lead.toward,
        order[at - 1] if at else None,
        order[at],
    )


def _faster(came: Block | None, to: Block) -> bool:
    return bool(came and came.speed is not None and to.speed is not None and to.speed > came.speed)
