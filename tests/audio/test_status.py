"""The state of the sound is described in one place, without repetition."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from retrotimer.audio.engine.main import output_maker
from retrotimer.audio.players.base import Player
from retrotimer.audio.players.bell import BellPlayer
from retrotimer.audio.players.create import create
from retrotimer.audio.players.lazy import LazyPlayer
from retrotimer.audio.players.silent import SilentPlayer
from retrotimer.audio.status import SoundStatus, sound_text
from retrotimer.run.runner import Runner
from tests.support.runner_world import FIRST_STEPS, RecordingPlayer, make_world, plan_of


def begun(player: Player) -> Player:
    player.start()
    return player


def ended(player: Player) -> Player:
    player.close()
    return player


def ring() -> None:
    raise AssertionError("nothing rings here")


PLAYERS: dict[str, Callable[[], Player]] = {
    "sound off": lambda: begun(SilentPlayer()),
    "sound terminal bell": lambda: begun(BellPlayer(ring)),
    "sound not started": lambda: LazyPlayer(SilentPlayer),
    "sound miniaudio: not started": lambda: create("auto", ring=ring),
    "sound miniaudio: closed": lambda: ended(create("auto", ring=ring)),
    "no sound: the device is gone": lambda: RecordingPlayer(SoundStatus.LOST, "the device is gone"),
}


@pytest.mark.parametrize("text", PLAYERS)
def test_the_state_of_the_sound_is_described_once(text: str, tmp_path: Path) -> None:
    player = PLAYERS[text]()
    assert sound_text(player.status, player.detail) == text
    environment = make_world(tmp_path).environment
    environment.player = player
    runner = Runner.new(plan_of(FIRST_STEPS), environment)
    assert runner.sound == text
    runner.poll()
    lost = (text,) if player.status is SoundStatus.LOST else ()
    assert runner.notices == lost


@pytest.mark.parametrize("status", SoundStatus)
def test_the_short_form_says_sound_only_once(status: SoundStatus) -> None:
    assert re.findall("sound", sound_text(status)) == ["sound"]


def test_no_reason_for_a_loss_repeats_the_word_sound() -> None:
    sources = Path(output_maker.__code__.co_filename).parent.glob("*.py")
    text = "".join(source.read_text("utf-8") for source in sources)
    reasons = re.findall(r'(?:OutputError\(|HungError\(|_tell\(|reason = )f?"([^"]*)"', text)
    assert "no audio system was found" in reasons
    assert not [reason for reason in reasons if "sound" in reason]
