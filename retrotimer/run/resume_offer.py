"""What is offered about an interrupted workout: go on with it, save or discard it.

As data: the faces only draw it and pass the answer on.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from retrotimer.config.keys import DEFAULT_KEYS, EVERYWHERE, HOME_KEYS
from retrotimer.core.plural import counted
from retrotimer.core.units import Units
from retrotimer.history.errors import HistoryError
from retrotimer.run.journal import FLUSH
from retrotimer.run.prompt import DISCARD, SAVE, STAY, Answer, Prompt, keyed
from retrotimer.run.questions import discard_of
from retrotimer.terminal.visible import visible_line
from retrotimer.text.format import block_text, directions

if TYPE_CHECKING:
    from retrotimer.run.environment import Environment
    from retrotimer.session.recovery import SavedWorkout


class Outcome(StrEnum):
    """What became of it. GONE: saved or discarded; LATER: kept, to ask again."""

    RESUME = "resume"
    GONE = "gone"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Told:
    """A message between two questions; `wrong`: something went wrong."""

    text: str
    wrong: bool = False


Settling = Generator[Prompt | Told, str, Outcome]


def broken_off(
    broken: SavedWorkout, units: Units, keys: Mapping[str, str], *, may_resume: bool, minutes: int
) -> Prompt:
    """What to do with a workout that was interrupted `minutes` ago.

    No answer uses a key that means something else on the home screen, behind the question.
    """
    workout = broken.workout
    view = workout.view(workout.now)
    lines = (
        f"in block {view.number} of {view.count}: {block_text(view.block, units)}",
        f"done: {'   '.join(directions(workout.totals))}",
    )
    answers = (
        Answer("g", "go on with it, paused", Outcome.RESUME.value),
        Answer("s", "save what was done", SAVE),
        Answer("d", "discard it", DISCARD),
        Answer("escape", "decide later", STAY),
    )
    how = "was not saved" if workout.state.over else "was interrupted"
    taken = [key for name in (*HOME_KEYS, *EVERYWHERE) for key in keys[name].split(",")]
    title = f"{workout.plan.name} {how} {ago(minutes)}"
    return Prompt(title, lines, keyed(answers[not may_resume :], taken))


def settle(
    broken: SavedWorkout,
    environment: Environment,
    units: Units,
    keys: Mapping[str, str] = DEFAULT_KEYS,
) -> Settling:
    """Ask until it is settled or put off: yields what to show, and is sent the answers."""
    while True:
        prompt = broken_off(
            broken,
            units,
            keys,
            may_resume=broken.resumable(environment),
            minutes=broken.age(environment) // timedelta(minutes=1),
        )
        answer = yield prompt
        if answer == Outcome.RESUME.value:
            return Outcome.RESUME
        if answer == SAVE:
            try:
                broken.save(environment.history)
            except HistoryError as error:
                kept = environment.pending is None or environment.sessions.flush(FLUSH)
                where = "; the workout stays in the session file" if kept else ""
                yield Told(f"not saved: {error}{where}", wrong=True)
                continue
            yield Told(f"saved as {broken.info.id} in {environment.history.path}")
        elif answer != DISCARD:
            return Outcome.LATER
        elif (yield discard_of(prompt, broken.workout.plan.name)) != DISCARD:
            continue
        environment.pending = None
        environment.sessions.clear()
        return Outcome.GONE


def step(settling: Settling, answer: str | None = None) -> Prompt | Told | Outcome:
    """The next thing to show, or the outcome; the first step has no answer."""
    try:
        return next(settling) if answer is None else settling.send(answer)
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome


def ago(minutes: int) -> str:
    """How long ago, in the largest sufficient unit."""
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{counted(hours // 24, 'day')} ago"


def waiting_text(broken: SavedWorkout, environment: Environment, key: str) -> str:
    """What the home screen says of a workout put off for later; `key` asks again."""
    how = "was not saved" if broken.workout.state.over else "was interrupted"
    when = ago(broken.age(environment) // timedelta(minutes=1))
    ways = (
        "go on with it, save or discard it"
        if broken.resumable(environment)
        else "save or discard it"
    )
    return f"{visible_line(broken.workout.plan.name)} {how} {when}.  {key}  {ways}"
