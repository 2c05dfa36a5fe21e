"""The sound check with a recording player and a clock that is set."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus
from retrotimer.core.cue_ids import GO_ROOM
from retrotimer.run.key_repeat import USUAL
from retrotimer.run.soundcheck import HOLD_OFF, OPENING, SOON, Hearing, SoundCheck, louder
from tests.support.runner_world import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def passes(world: World, check: SoundCheck, ms: int) -> None:
    """Time passes, and the check is looked after."""
    for part in [*[USUAL] * (ms // USUAL), ms % USUAL]:
        world.clock.advance(part)
        check.poll()


def opened(world: World, volume: int = 80) -> SoundCheck:
    """A check that was just shown to the person, who has read it."""
    check = SoundCheck(world.player, volume, world.clock.sound_ns)
    check.open()
    passes(world, check, HOLD_OFF)
    check.poll()
    return check


def heard_out(world: World, check: SoundCheck) -> None:
    passes(world, check, SOON + GO_ROOM)
    assert check.hearing is Hearing.ASKING


def test_one_key_plays_go_backward_and_says_yes_once_it_was_heard_out(world: World) -> None:
    check = opened(world)
    assert (world.player.started, world.player.volume, world.player.muted) == (1, 80, False)
    assert check.hearing == "ready"
    assert world.player.tracks == []

    assert not check.confirm()
    assert check.hearing == "playing"
    assert world.player.tracks == [[Entry(world.clock.sound_ns() + SOON * 1_000_000, "backward")]]

    passes(world, check, SOON + GO_ROOM - 1)
    assert not check.confirm()  # it still sounds
    assert check.hearing == "playing"
    passes(world, check, 1_000)
    assert check.confirm()
    check.close()
    assert world.player.tracks[-1] == []


def test_a_press_while_the_sound_opens_plays_as_soon_as_it_is_open(world: World) -> None:
    world.player.status = SoundStatus.STARTING
    check = SoundCheck(world.player, 80, world.clock.sound_ns)
    check.open()
    assert not check.confirm()
    assert (check.hearing, check.wanted) == ("opening", True)
    passes(world, check, 1_000)
    world.player.status = SoundStatus.READY
    assert check.poll() is Hearing.PLAYING
    heard_out(world, check)


def test_a_key_held_while_the_sound_opens_plays_nothing(world: World) -> None:
    world.player.status = SoundStatus.STARTING
    check = SoundCheck(world.player, 80, world.clock.sound_ns)
    check.open()
    for _ in range(40):
        check.confirm()
        world.clock.advance(33)
    world.player.status = SoundStatus.READY
    assert check.poll() is Hearing.READY


def test_louder_plays_it_again_and_ends_at_all_there_is(world: World) -> None:
    check = opened(world, 80)
    check.confirm()
    for volume in (90, 100, 100):
        heard_out(world, check)
        played = len(world.player.tracks)
        check.nudge(1)
        assert (check.volume, world.player.volume, check.hearing) == (
            volume,
            volume,
            Hearing.PLAYING,
        )
        assert len(world.player.tracks) == played + 1
        assert world.player.cues() == ["backward"]
    heard_out(world, check)
    check.play()
    assert check.hearing is Hearing.PLAYING
    assert check.volume == 100


@pytest.mark.parametrize(("volume", "steps", "found"), [(95, 1, 100), (5, -1, 0), (50, -2, 30)])
def test_a_volume_stays_one(volume: int, steps: int, found: int) -> None:
    assert louder(volume, steps) == found


def test_a_held_key_goes_nowhere(world: World) -> None:
    check = SoundCheck(world.player, 80, world.clock.sound_ns)
    check.open()
    for _ in range(200):
        world.clock.advance(33)
        assert not check.confirm()
    assert world.player.tracks == []
    # Pressed again, it plays; held from then on, it says nothing.
    passes(world, check, 500)
    assert not check.confirm()
    for _ in range(200):
        world.clock.advance(33)
        assert not check.confirm()
    assert check.hearing is Hearing.ASKING
    passes(world, check, 500)
    assert check.confirm()


def test_a_key_held_while_the_program_stood_still_says_nothing(world: World) -> None:
    check = opened(world)
    assert not check.confirm()
    passes(world, check, 500)
    for _ in range(10):
        world.clock.advance(33)
        assert not check.confirm()
    world.clock.advance(SOON + GO_ROOM)  # the repeats that came meanwhile are read together
    for _ in range(60):
        assert not check.confirm()
    assert check.hearing is Hearing.ASKING
    passes(world, check, 1_000)
    assert check.confirm()


def test_what_is_asked_for_while_the_device_opens_comes_when_it_is_open(world: World) -> None:
    world.player.status = SoundStatus.STARTING
    check = opened(world)
    assert check.hearing is Hearing.OPENING
    assert not check.confirm()
    check.play()
    assert world.player.tracks == []
    world.player.status = SoundStatus.READY
    assert check.poll() is Hearing.PLAYING
    assert world.player.cues() == ["backward"]


def test_a_device_that_never_opens_is_lost(world: World) -> None:
    world.player.status = SoundStatus.STARTING
    check = SoundCheck(world.player, 80, world.clock.sound_ns)
    check.open()
    passes(world, check, OPENING - 1)
    assert check.poll() is Hearing.OPENING
    world.clock.advance(1)
    assert check.poll() is Hearing.LOST


def test_lost_sound_lets_one_go_on_but_not_by_a_key_meant_for_something_else(
    world: World,
) -> None:
    check = opened(world)
    world.player.status = SoundStatus.LOST
    assert not check.confirm()  # it was to play the cue
    assert check.hearing is Hearing.LOST
    assert world.player.tracks == []
    passes(world, check, HOLD_OFF)
    assert check.confirm()


def test_sound_that_comes_back_has_to_be_heard(world: World) -> None:
    check = opened(world)
    check.confirm()
    heard_out(world, check)
    world.player.status = SoundStatus.LOST
    assert check.poll() is Hearing.LOST
    world.player.status = SoundStatus.READY
    passes(world, check, HOLD_OFF)
    assert check.poll() is Hearing.READY
    assert not check.confirm()
    assert check.hearing is Hearing.PLAYING


def test_without_sound_by_the_users_wish_there_is_nothing_to_hear(world: World) -> None:
    world.player.status = SoundStatus.OFF
    check = SoundCheck(world.player, 80, world.clock.sound_ns)
    check.open()
    assert check.hearing is Hearing.OFF
    assert not check.confirm()  # not read yet
    passes(world, check, HOLD_OFF)
    assert check.confirm()
