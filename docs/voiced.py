"""What is heard in the stages of a countdown: cues and words, as the program plays them."""

from __future__ import annotations

import sys
from pathlib import Path

from retrotimer.audio.bank import measured_ms
from retrotimer.core.cue_ids import Cue, CueId
from retrotimer.core.plan import make_plan
from retrotimer.core.sets import IntervalSet, Step
from retrotimer.core.speech import Manner, Utterance
from retrotimer.core.states import Command
from retrotimer.core.turn import Countdown
from retrotimer.core.vocabulary import PAUSE, WORDS, Lexicon, Words
from retrotimer.core.workout import Workout

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))

from sounds.tools.texts import TEXTS  # noqa: E402 - no part of the installed package


def heard(steps: tuple[Step, ...]) -> list[str]:
    """Cues and words of each stage before the last of `steps`, and of the GO after them."""
    plan = make_plan(IntervalSet("", steps))
    lead = plan.leads[-1]
    assert lead is not None  # noqa: S101 - every example has one
    begin = plan.total - (plan.blocks[-1].length or 0) - lead.length
    workout = Workout(plan)
    workout.send(Command.START, 0)
    cues = workout.cues(begin, begin + lead.length)
    words = Lexicon({word: measured_ms(_file(word)) for word in WORDS})
    said = workout.speech(begin, plan.total, Manner(words))
    return _by_stage(lead, begin, cues, said)


def _by_stage(lead: Countdown, begin: int, cues: list[Cue], said: list[Utterance]) -> list[str]:
    found = []
    for stage in lead.stages:
        end = begin + stage.length
        here = [cue.id for cue in cues if begin <= cue.due < end]
        words = [one.words for one in said if begin <= one.due < end]
        found.append(_cell(here, words))
        begin = end
    # GO sounds when the countdown ends; its words come first in the block.
    go = [cue.id for cue in cues if cue.due == begin]
    first = [one.words for one in said if one.due >= begin][:1]
    return [*found[:-1], f"{found[-1]}; at GO {_cell(go, first)}"]


def _cell(cues: list[CueId], words: list[Words]) -> str:
    names = [f"`{cue}`" + _times(cues.count(cue)) for cue in dict.fromkeys(cues)]
    return " ".join([*names, *(f"“{_text(one)}”" for one in words)])


def _times(count: int) -> str:
    return "" if count == 1 else f" {count} times"


def _text(words: Words) -> str:
    return " ".join(TEXTS.get(word, word) for word in words).replace(f" {PAUSE}", PAUSE)


def _file(word: str) -> Path:
    return ROOT / "sounds" / "voice" / f"{word}.flac"
