"""What is on the checklist, when it is due, how it is said, and what is remembered of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from retrotimer.audio.status import SoundStatus
from retrotimer.config.model import Backend, Config, CueSettings
from retrotimer.core.plan import make_plan
from retrotimer.core.sets import IntervalSet, Kind, Laptop, Power, Safety, Step
from retrotimer.run.checklist import CHECK_ACTIONS, Does, due, items
from retrotimer.run.checklist_words import SoundCheckWords, words
from retrotimer.run.key_repeat import USUAL
from retrotimer.run.runner import Runner
from retrotimer.run.soundcheck import HOLD_OFF, Hearing, SoundCheck
from retrotimer.session import state_file
from retrotimer.session.remembered import Remembered
from tests.support.runner_world import FIRST_STEPS, World, make_world

TODAY = date(2026, 11, 23)
PLAN = make_plan(FIRST_STEPS)
LESSON = make_plan(IntervalSet("Lesson", (Step(Kind.BACKWARD, 9_000),), belt=Power.OFF))
CONFIG = Config(sets=(FIRST_STEPS,))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


# The list ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("laptop", Laptop)
def test_the_list_fits_every_screen_and_says_what_the_place_of_the_laptop_means(
    laptop: Laptop,
) -> None:
    found = items(laptop)
    assert [one.name for one in found] == ["cord", "space", "rails", "laptop"]
    for one in found:
        assert len(one.text) <= 69  # 80 columns, less the names and the edges
        assert len(one.short) <= 29  # 40 columns
    unseen = "forward" if laptop is Laptop.BEHIND else "backward"
    assert f"Walking {unseen}" in found[-1].text
    assert "2 m x 1 m" in found[1].short


@pytest.mark.parametrize(
    ("checked", "wanted"),
    [
        (None, True),
        (TODAY, False),
        (date(2026, 11, 22), True),
        (date(2026, 11, 24), True),  # a clock that was wrong, or a journey west
    ],
)
def test_it_is_due_on_every_other_day(checked: date | None, wanted: bool) -> None:
    assert due(PLAN, checked, TODAY) is wanted


def test_it_is_never_due_where_no_belt_moves_or_nobody_wants_it() -> None:
    assert not due(PLAN, None, TODAY, rate=20)
    assert not due(LESSON, None, TODAY)
    assert not due(make_plan(FIRST_STEPS, safety=Safety(checklist=False)), None, TODAY)


# What is said -----------------------------------------------------------------------------------


def said(
    world: World, hearing: Hearing, config: Config = CONFIG, volume: int = 80
) -> SoundCheckWords:
    check = SoundCheck(world.player, volume, world.clock.sound_ns)
    check.hearing = hearing
    for short in (False, True):
        told = words(check, config, short=short)
        assert len(told.text) <= (38 if short else 78)
        assert len(told.call) <= (38 if short else 78)
    return words(check, config)


def test_every_state_says_what_it_is_and_what_the_key_does(world: World) -> None:
    told = {hearing: said(world, hearing) for hearing in Hearing}
    assert len(set(told.values())) == len(Hearing)
    (confirm,) = (one for one in CHECK_ACTIONS if one.does is Does.CONFIRM)
    assert confirm.label(Hearing.READY) == "play GO backward"
    assert told[Hearing.ASKING].call == "HEARD IT OVER THE BELT?"
    assert confirm.label(Hearing.PLAYING) == confirm.label(Hearing.OPENING) == ""
    for hearing in (Hearing.LOST, Hearing.OFF):
        assert "without sound" in confirm.label(hearing)
    assert "a recording player" in told[Hearing.LOST].call


def test_what_makes_it_louder_depends(world: World) -> None:
    assert "louder" in said(world, Hearing.ASKING).text
    assert "turn up the computer" in said(world, Hearing.ASKING, volume=100).text
    bell = replace(CONFIG, cues=CueSettings(backend=Backend.BELL))
    assert "bell" in said(world, Hearing.ASKING, bell).text
    given = replace(CONFIG, given=frozenset({"cues.volume"}))
    assert "config's volume" not in said(world, Hearing.ASKING, given).text
    assert "config's volume" in said(world, Hearing.ASKING, given, volume=90).text


# What is remembered -----------------------------------------------------------------------------


def test_day_and_volume_outlive_the_program(tmp_path: Path) -> None:
    path = tmp_path / "state.toml"
    memory = Remembered({"last_set": "A"}, lambda values: state_file.save(path, values))
    memory.check(TODAY, 100, CONFIG)
    again = Remembered(state_file.load(path))
    assert (again.checked, again.volume(CONFIG), again.last_set) == (TODAY, 100, "A")


@pytest.mark.parametrize("value", [None, "2026-11-23", 5, datetime(2026, 11, 23)])  # noqa: DTZ001
def test_what_is_no_day_is_no_checklist(value: Any) -> None:
    assert Remembered({"checked": value}).checked is None


def test_a_volume_of_the_config_wins_at_the_next_start_not_before() -> None:
    given = replace(CONFIG, given=frozenset({"cues.volume"}))
    learned: list[dict[str, Any]] = []
    memory = Remembered(remember=learned.append)
    memory.check(TODAY, 100, given)
    assert memory.volume(given) == 100
    assert Remembered(learned[-1]).volume(given) == 80
    # Whoever changes it in the config meanwhile wants that one.
    louder = replace(given, cues=CueSettings(volume=60))
    assert memory.volume(louder) == 60


def test_a_volume_changed_in_a_workout_counts_from_then_on(world: World) -> None:
    memory = Remembered()
    memory.check(TODAY, 100, CONFIG)
    runner = Runner.new(PLAN, world.environment, volume=memory.volume(CONFIG))
    runner.nudge_volume(-3)
    memory.learn(runner, CONFIG)
    assert memory.volume(CONFIG) == 70


def test_what_is_the_same_is_not_written_again() -> None:
    learned: list[dict[str, Any]] = []
    memory = Remembered({"checked": TODAY}, learned.append)
    memory.check(TODAY, 80, CONFIG)
    assert learned == []


# Beside it --------------------------------------------------------------------------------------


def test_no_workout_begins_muted_by_the_one_before(world: World) -> None:
    first = Runner.new(PLAN, world.environment)
    first.open()
    first.mute()
    assert world.player.muted
    first.close()
    Runner.new(PLAN, world.environment).open()
    assert not world.player.muted


def test_keys_are_taken_as_held_for_a_moment_when_they_answered_something_else(
    world: World,
) -> None:
    runner = Runner.new(PLAN, world.environment)
    runner.open()
    world.clock.advance(60_000)
    runner.hold_off()
    assert runner.enter() == ()
    for _ in range(0, HOLD_OFF, USUAL):
        world.clock.advance(USUAL)
        runner.poll()
    assert runner.enter()


def test_the_status_of_the_sound_has_a_state_of_the_check_each(world: World) -> None:
    for status in SoundStatus:
        world.player.status = status
        check = SoundCheck(world.player, 80, world.clock.sound_ns)
        check.open()
        assert check.hearing in Hearing
        assert (check.hearing is Hearing.READY) is (status is SoundStatus.READY)
