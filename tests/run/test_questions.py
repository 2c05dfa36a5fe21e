"""What is asked: every answer has a key of its own, whatever the keys are."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from retrotimer.config.keys import DEFAULT_KEYS, EVERYWHERE, HISTORY_KEYS, HOME_KEYS, WORKOUT_KEYS
from retrotimer.core.rows import Totals
from retrotimer.core.states import Command, State
from retrotimer.core.units import Units
from retrotimer.core.workout import Workout
from retrotimer.history.record import Record, Status
from retrotimer.plain.ask import settled
from retrotimer.plain.keyboard import Keyboard
from retrotimer.run.actions import by_key
from retrotimer.run.prompt import DISCARD, GO_ON, HURT, SAVE, STAY, Prompt
from retrotimer.run.questions import DELETE, Answered, carry_out, delete, discard_of, stop
from retrotimer.run.resume_offer import Outcome, Told, broken_off, settle, step
from retrotimer.run.runner import Runner
from retrotimer.session.recovery import SavedWorkout
from retrotimer.text.format import PAIN
from tests.support.runner_world import World, make_world, plan_of

LETTERS = st.permutations(string.ascii_lowercase)


def broken(world: World) -> SavedWorkout:
    runner = Runner.new(plan_of(), world.environment)
    runner.command(Command.START)
    for _ in range(30):
        world.clock.advance(1_000)
        runner.poll()
    data = world.session.read()
    assert data is not None
    return SavedWorkout.read(data)


def paused(folder: Path) -> Runner:
    world = make_world(folder)
    runner = Runner.new(plan_of(), world.environment)
    runner.command(Command.START)
    for _ in range(30):
        world.clock.advance(1_000)
        runner.poll()
    runner.pause()
    for _ in range(2):  # what was just shown is not answered at once
        world.clock.advance(1_000)
        runner.poll()
    return runner


def test_what_an_answer_about_a_paused_workout_does(tmp_path: Path) -> None:
    def answered(name: str, *answers: str | None) -> tuple[Runner, Answered]:
        runner = paused(tmp_path / name)
        asked = stop(runner.view, DEFAULT_KEYS)
        done = Answered()
        for answer in answers:
            done = carry_out(runner, asked, answer)
            asked = done.asked or asked
        return runner, done

    for answer in (STAY, None):
        runner, done = answered(f"stay {answer}", answer)
        assert (runner.view.state, done) == (State.PAUSED, Answered())
    runner, done = answered("go on", GO_ON)
    assert done.events
    assert runner.view.state.running
    runner, _ = answered("save", SAVE)
    assert runner.record is not None
    assert (runner.over, runner.record.reason) == (True, "")
    runner, _ = answered("hurt", HURT)
    assert runner.record is not None
    assert runner.record.reason == PAIN
    runner, done = answered("discard", DISCARD)
    assert (runner.over, done.discarded) == (False, False)
    assert done.asked == discard_of(stop(runner.view, DEFAULT_KEYS), runner.plan.name)
    runner, done = answered("discard for good", DISCARD, DISCARD)
    assert (runner.over, done.discarded) == (True, True)
    assert not (tmp_path / "discard for good" / "history.toml").exists()


def unlike(prompt: Prompt, taken: set[str]) -> None:
    keys = [answer.key for answer in prompt.answers]
    assert len(set(keys)) == len(keys)
    assert not (set(keys) - {"escape"}) & taken
    for answer in prompt.answers:
        assert prompt.answer(answer.key) == answer
        if len(answer.key) == 1:
            assert prompt.answer(answer.key.upper()) == answer  # with Caps Lock


@settings(max_examples=100)
@given(LETTERS)
def test_no_answer_has_a_key_of_the_workout(letters: list[str]) -> None:
    keys = {**DEFAULT_KEYS, **dict(zip(WORKOUT_KEYS, letters, strict=False))}
    view = Workout(plan_of()).view(0)
    prompt = stop(view, keys)
    assert prompt == stop(view, dict(keys))
    unlike(prompt, set(by_key(keys)))
    opener = next(one.key for one in prompt.answers if one.value == "discard")
    unlike(discard_of(prompt, "One"), {opener})


def test_an_answer_to_what_broke_off_has_no_other_meaning_at_home(tmp_path: Path) -> None:
    left = broken(make_world(tmp_path))
    for letters in (string.ascii_lowercase, "sdgnyqwertuiop"):
        keys = {**DEFAULT_KEYS, **dict(zip(HOME_KEYS, letters, strict=False))}
        taken = {keys[name] for name in (*HOME_KEYS, *EVERYWHERE)}
        unlike(broken_off(left, Units.KMH, keys, may_resume=True, minutes=1), taken)


@settings(max_examples=100)
@given(LETTERS)
def test_an_answer_about_deleting_has_no_other_meaning_in_the_history(letters: list[str]) -> None:
    keys = {**DEFAULT_KEYS, **dict(zip(HISTORY_KEYS, letters, strict=False))}
    started = datetime(2026, 11, 23, 7, 10, tzinfo=UTC)
    record = Record(
        id="20261123T071000-7f3a",
        started=started,
        ended=started + timedelta(minutes=20),
        set="One\n[/]\x1b",
        status=Status.COMPLETED,
        totals=Totals(forward=780_000, backward=150_000, turn=200_000),
        rows=(),
    )
    prompt = delete(record, "undo", keys)
    assert prompt.title == "Delete One\\n[/]\\x1b (18:50) of Mon 23 Nov 2026 07:10?"
    assert prompt.lines == ("▲ 13:00   ▼ 2:30", "undo")
    assert [one.value for one in prompt.answers] == [STAY, DELETE, STAY]
    unlike(prompt, {keys[name] for name in (*HISTORY_KEYS, "edit", *EVERYWHERE)})


def test_what_cannot_be_saved_is_asked_about_again(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    left = broken(world)
    world.history.path.mkdir()
    steps = settle(left, world.environment, Units.KMH)
    first = step(steps)
    assert isinstance(first, Prompt)
    told = step(steps, "save")
    assert isinstance(told, Told)
    assert told.wrong
    assert step(steps) == first
    assert step(steps, "") is Outcome.LATER
    assert world.session.path.exists()


class Typed(Keyboard):
    """Gives keys one after the other, one each time it is asked."""

    def __init__(self, world: World, *keys: str) -> None:
        super().__init__()
        self.there = True
        self._world, self._keys = world, list(keys)

    def raw(self):  # type: ignore[no-untyped-def]
        import contextlib

        return contextlib.nullcontext()

    def wait(self, seconds: float) -> list[str]:
        key = self._keys.pop(0)
        self._world.clock.advance(20 if key else round(seconds * 1_000))
        return [key] if key else []


def test_by_lines_discarding_asks_twice_and_a_held_key_answers_nothing(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    left = broken(world)
    lines: list[str] = []
    #              held since before    pressed   kept      again      and forgotten
    keyboard = Typed(world, "s", "s", "s", "d", "", "n", "", "d", "", "y", "")
    outcome = settled(
        left, world.environment, Units.KMH, DEFAULT_KEYS, keyboard, lines.append, lines.append
    )
    assert outcome is Outcome.GONE
    assert list(world.history.newest()) == []
    assert not world.session.path.exists()
    assert sum(line.startswith("Discard First steps?") for line in lines) == 2
