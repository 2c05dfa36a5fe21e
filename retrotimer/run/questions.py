"""Questions as data: the faces only draw them and pass the answer on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from retrotimer.config.keys import DEFAULT_KEYS, EVERYWHERE, HISTORY_KEYS, HOME_KEYS
from retrotimer.core.events import Event
from retrotimer.core.states import Command
from retrotimer.core.view import View
from retrotimer.run import prompt
from retrotimer.run.actions import by_key
from retrotimer.run.prompt import DISCARD, GO_ON, HURT, SAVE, STAY, Answer, Prompt, keyed
from retrotimer.terminal.visible import visible_line
from retrotimer.text.format import PAIN, day_and_time, directions, elapsed
from retrotimer.text.pause import belt_text

if TYPE_CHECKING:
    from retrotimer.history.record import Record
    from retrotimer.run.runner import Runner

WRITE = "write"
"""The answer that writes a config."""
DELETE = "delete"
"""The answer that deletes a record from the history."""


def stop(view: View, keys: Mapping[str, str]) -> Prompt:
    """What to do with a paused workout; `keys` are those of the config.

    No answer uses a key that does anything else in a workout.
    """
    answers = (
        Answer("y", "yes, save it", SAVE),
        Answer("p", PAIN, HURT),
        Answer("g", "go on", GO_ON),
        Answer("d", "discard it", DISCARD),
        Answer("escape", "stay paused", STAY),
    )
    lines = (belt_text(dry=view.dry),)
    return Prompt("Stop the workout?", lines, keyed(answers, by_key(keys)))


def really_discard(name: str, opener: str) -> Prompt:
    """Asked again before a workout is discarded; `opener` is the key that asked for it."""
    answers = (
        Answer("n", "no, keep it", STAY),
        Answer("y", "yes, discard it for good", DISCARD),
        Answer("escape", "no, keep it", STAY),
    )
    lines = ("Nothing of it will be in the history.",)
    return Prompt(f"Discard {name}?", lines, keyed(answers, [opener]))


def discard_of(asked: Prompt, name: str) -> Prompt:
    """The second question about discarding, opened by an answer to the first."""
    opener = next(one.key for one in asked.answers if one.value == DISCARD)
    return really_discard(name, opener)


class Answered(NamedTuple):
    """What an answer about a paused workout led to: events, another question, or no workout."""

    events: tuple[Event, ...] = ()
    asked: Prompt | None = None
    discarded: bool = False


def carry_out(runner: Runner, asked: Prompt, answer: str | None) -> Answered:
    """Do with a paused workout what the answer to `asked` stands for."""
    match answer:
        case prompt.SAVE:
            runner.stop()
        case prompt.HURT:
            runner.stop(PAIN)
        case prompt.GO_ON:
            return Answered(runner.command(Command.RESUME))
        case prompt.DISCARD if asked.asks_again:
            return Answered(asked=discard_of(asked, runner.plan.name))
        case prompt.DISCARD:
            runner.discard()
            return Answered(discarded=True)
    return Answered()


def first_config(path: str, keys: Mapping[str, str]) -> Prompt:
    """Whether to write a config where there is none; `path` is where."""
    answers = (
        Answer("y", "yes, write one that explains every key, and open it", WRITE),
        Answer("escape", "not now", STAY),
    )
    taken = [key for name in (*HOME_KEYS, *EVERYWHERE) for key in keys[name].split(",")]
    return Prompt("There is no config file yet.", (f"It would be {path}",), keyed(answers, taken))


def delete(record: Record, undo: str, keys: Mapping[str, str] = DEFAULT_KEYS) -> Prompt:
    """Whether to delete a record from the history; `undo` says how it comes back.

    No answer uses a key that means something else in the history, behind the question.
    """
    totals, when = record.totals, day_and_time(record.started)
    answers = (
        Answer("n", "no, keep it", STAY),
        Answer("y", "yes, delete it", DELETE),
        Answer("escape", "no, keep it", STAY),
    )
    taken = [key for name in (*HISTORY_KEYS, "edit", *EVERYWHERE) for key in keys[name].split(",")]
    title = f"Delete {visible_line(record.set)} ({elapsed(totals.elapsed)}) of {when}?"
    return Prompt(title, ("   ".join(directions(totals)), undo), keyed(answers, taken))
