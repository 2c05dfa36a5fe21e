"""Questions in the line mode: one line per answer, given by single keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retrotimer.core.units import Units
from retrotimer.plain.keyboard import Keyboard
from retrotimer.run.environment import Environment
from retrotimer.run.key_repeat import TAP, LastKey
from retrotimer.run.prompt import SAVE, STAY, Prompt
from retrotimer.run.resume_offer import Outcome, settle, step
from retrotimer.session.recovery import SavedWorkout
from retrotimer.terminal.cells import left

_PATIENCE = 60.0
"""How long to wait for the keyboard at a time, in seconds."""


def lines_of(prompt: Prompt) -> list[str]:
    """A question as lines."""
    shown = ["esc" if one.key == "escape" else one.key for one in prompt.answers]
    return [
        " ".join((prompt.title, *prompt.lines)),
        *(f"  {left(key, 3)}  {one.words}" for key, one in zip(shown, prompt.answers, strict=True)),
    ]


def settled(
    broken: SavedWorkout,
    environment: Environment,
    units: Units,
    keys: Mapping[str, str],
    keyboard: Keyboard,
    write: Callable[[str], None],
    complain: Callable[[str], None],
) -> Outcome:
    """Ask what to do with an interrupted workout, and do it.

    Without a terminal nobody can answer: it is saved, so that nothing is lost or resumed by
    surprise.
    """
    steps = settle(broken, environment, units, keys)
    answers = iter((SAVE, STAY))
    answer: str | None = None
    while True:
        one = step(steps, answer)
        answer = None
        if isinstance(one, Outcome):
            return one
        if not isinstance(one, Prompt):
            (complain if one.wrong else write)(one.text)
        elif keyboard.there:
            answer = asked(one, keyboard, write, environment.boot_ms)
        else:
            write(one.title)
            answer = next(answers)


def asked(
    prompt: Prompt, keyboard: Keyboard, write: Callable[[str], None], clock: Callable[[], int]
) -> str:
    """The answer by a key that is not held; earlier input is discarded."""
    last = LastKey()
    with keyboard.raw():
        # Only now: somebody who has read it may answer at once.
        for line in lines_of(prompt):
            write(line)
        while True:
            came = keyboard.wait(_PATIENCE)
            while came:
                key, *came = came
                answer = prompt.answer(key)
                if last.goes_on(key, clock()) or answer is None:
                    continue
                # No key opened it: a key that repeats at once was held before.
                came += keyboard.wait(TAP / 1000)
                if key not in came:
                    return answer.value
