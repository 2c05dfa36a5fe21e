"""The voice under a fake clock: sentences in the tracks, and what cuts them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retrotimer.assemble import built_in_words
from retrotimer.audio.status import SoundStatus
from retrotimer.audio.voice import Voice
from retrotimer.config.model import CueSettings
from retrotimer.core.plan import CueRules, Plan, make_plan
from retrotimer.core.sets import Belt, Confirm, IntervalSet
from retrotimer.core.states import Command, State
from retrotimer.core.units import Units
from retrotimer.core.vocabulary import PAUSE_MS, Talk
from retrotimer.plain.run import PlainRun
from retrotimer.run.runner import Runner
from retrotimer.session.remembered import Remembered
from tests.support.app_steps import app_of, at_the_start, seen
from tests.support.interval_sets import backward, forward, plan_of
from tests.support.runner_world import World, config_of, make_world

PLAN = plan_of(forward(30, 3.5), backward(30, 1.6), forward(60, 3.0))
MS = 1_000_000


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = make_world(tmp_path)
    made.environment = replace(made.environment, voice=Voice(built_in_words))
    return made


def started(world: World, plan: Plan = PLAN, rate: int = 1, talk: Talk | None = None) -> Runner:
    runner = Runner.new(plan, world.environment, rate=rate, talk=talk)
    runner.open()
    world.clock.advance(5_000)
    runner.poll()
    runner.enter()
    return runner


def run_for(runner: Runner, world: World, ms: int) -> None:
    while ms > 0:
        world.clock.advance(min(250, ms))
        runner.poll()
        ms -= 250


def spoken(world: World) -> list[tuple[str, int]]:
    """What the newest track says, and when it is due, in ms of the clock."""
    return [(entry.sound, entry.due // MS) for entry in world.player.tracks[-1] if entry.words]


def sentences(world: World) -> dict[str, int]:
    """The same; of what is said twice the last."""
    return dict(spoken(world))


def cues(world: World) -> list[tuple[int, str]]:
    return [(entry.due, entry.sound) for entry in world.player.tracks[-1] if not entry.words]


def test_sentences_stand_in_the_track_with_the_files_of_their_words(world: World) -> None:
    begin = world.clock.ms + 5_000
    started(world)
    said = {entry.sound: entry for entry in world.player.tracks[-1] if entry.words}
    ready = said["get-ready , forward , 30 seconds , 3 point-5"]
    assert ready.due == (begin + 670) * MS
    assert ready.fallback == ""
    names = [Path(word).name for word in ready.words]
    assert names[:4] == ["get-ready.flac", ",", "forward.flac", ","]
    assert all(word == "," or Path(word).is_file() for word in ready.words)
    assert said["forward , 30 seconds , 3 point-5"].due == (begin + 11_360) * MS


def test_a_sentence_stays_in_every_track_until_it_is_over(world: World) -> None:
    runner = started(world)
    lengths = Voice(built_in_words).lengths | {",": PAUSE_MS}
    heard: set[tuple[str, int]] = set()
    while not runner.over:
        before = spoken(world)
        run_for(runner, world, 250)
        for text, due in before:
            if due + sum(lengths[word] for word in text.split()) > world.clock.ms:
                assert (text, due) in spoken(world)
            else:
                heard.add((text, due))
    assert len(heard) >= 15


def test_a_new_track_in_the_middle_of_a_sentence_goes_on_with_it(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 12_000)
    (text,) = [text for text, due in sentences(world).items() if due < world.clock.ms]
    before = sentences(world)[text]
    count = len(world.player.tracks)
    runner.command(Command.MORE)
    assert len(world.player.tracks) == count + 1
    assert sentences(world)[text] == before


def test_a_sentence_gives_way_to_a_cue_that_a_key_moved_into_it(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 12_000)
    assert "forward , 30 seconds , 3 point-5" in sentences(world)
    for _ in range(3):
        runner.command(Command.LESS)
    now = world.clock.ms
    assert any(name == "warn" and due // MS < now + 2_000 for due, name in cues(world))
    assert "forward , 30 seconds , 3 point-5" not in sentences(world)


def test_a_pause_cuts_what_is_said_and_says_that_the_belt_moves(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 12_000)
    runner.space()
    assert cues(world) == [(world.clock.ms * MS, "pause")]
    assert sentences(world) == {"paused , still-moving": world.clock.ms + 680}


def test_a_stall_is_told_when_it_is_known(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 20_000)
    world.clock.advance(30_000)
    runner.poll()
    assert cues(world) == [(world.clock.ms * MS, "alarm")]
    assert sentences(world) == {"paused , still-moving": world.clock.ms + 2_060}


def test_sound_that_comes_back_is_heard_before_any_word(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 11_000)
    world.player.status = SoundStatus.LOST
    run_for(runner, world, 250)
    world.player.status = SoundStatus.READY
    run_for(runner, world, 250)
    alarm = next(due for due, name in cues(world) if name == "alarm")
    assert all(due >= alarm // MS + 2_000 for due in sentences(world).values())


def test_the_voice_is_switched_off_and_on_at_once(world: World) -> None:
    runner = started(world)
    run_for(runner, world, 12_000)
    heard = cues(world)
    assert sentences(world)
    runner.speak()
    assert sentences(world) == {}
    assert cues(world) == heard
    run_for(runner, world, 30_000)
    assert sentences(world) == {}
    runner.speak()
    coming = sentences(world)
    assert coming
    assert min(coming.values()) > world.clock.ms


def test_switched_on_while_paused_it_waits_for_what_comes(world: World) -> None:
    runner = started(world, talk=Talk(on=False))
    run_for(runner, world, 20_000)
    runner.space()
    heard = cues(world)
    runner.speak()
    assert cues(world) == heard
    assert sentences(world) == {}
    run_for(runner, world, 2_000)
    runner.space()
    assert any(text.startswith("going-on") for text in sentences(world))


def test_nothing_is_said_in_a_fast_rehearsal_or_without_a_voice(world: World) -> None:
    for rate, speaks in ((4, True), (5, False)):
        started(world, rate=rate)
        assert bool(sentences(world)) is speaks
    world.environment = replace(world.environment, voice=None)
    started(world)
    assert sentences(world) == {}


def test_in_a_rehearsal_sentences_are_as_much_closer(world: World) -> None:
    begin = world.clock.ms + 5_000
    started(world, rate=2)
    (first, due), *_ = sentences(world).items()
    # The clock is twice as fast, the words are not: there is half the room for them.
    assert (first, due) == ("get-ready , forward , 30 seconds", begin + 670)


def test_the_unit_is_that_of_the_config(world: World) -> None:
    config = config_of(units=Units.MPH)
    started(world, talk=Remembered().talk(config))
    assert any(text.endswith("2 point-2") for text in sentences(world))


def test_reminders(world: World) -> None:
    plan = plan_of(forward(120, 3.5), cues=CueRules(halfway=False))
    config = config_of(cues=CueSettings(remind_every=60_000))
    begin = world.clock.ms + 5_000
    runner = started(world, plan, talk=Remembered().talk(config))
    run_for(runner, world, 30_000)
    assert sentences(world)["1 minute left"] == begin + 70_000


def test_whether_it_speaks_is_remembered_but_the_config_wins(world: World) -> None:
    kept: list[dict[str, object]] = []
    config = config_of()
    memory = Remembered({}, kept.append)
    runner = started(world, talk=memory.talk(config))
    memory.learn(runner, config)
    assert "voice" not in kept[-1]
    runner.speak()
    memory.learn(runner, config)
    assert kept[-1]["voice"] is False
    assert not Remembered(kept[-1]).talk(config).on
    given = config_of(given=frozenset({"cues.voice"}))
    assert Remembered(kept[-1]).talk(given).on
    assert Remembered({"voice": "perhaps"}).talk(config).on


def test_what_a_pack_lacks_is_remarked_once_it_is_known(world: World) -> None:
    world.environment = replace(world.environment, voice=Voice(built_in_words, {}, "de"))
    runner = Runner.new(PLAN, world.environment)
    assert runner.remarks == ()
    runner.open()
    assert "".join(runner.remarks).startswith("voice de lacks forward, backward, rest")


async def test_both_faces_say_a_remark_once(tmp_path: Path) -> None:
    config, told = config_of(), "voice de lacks forward, backward, rest"

    def world_of(name: str) -> World:
        world = make_world(tmp_path / name)
        world.environment = replace(world.environment, voice=Voice(built_in_words, {}, "de"))
        return world

    world = world_of("lines")
    runner = Runner.new(PLAN, world.environment)
    lines: list[str] = []
    run = PlainRun(runner, config.units, config.keys, write=lines.append)
    runner.open()
    run._tell(())
    run._tell(runner.command(Command.START))
    assert sum(told in line for line in lines) == 1
    assert runner.untold_remarks() == ()

    app = app_of(world_of("screen"), config, first=PLAN, rate=2)
    async with app.run_test(size=(120, 40)) as pilot:
        play = await at_the_start(pilot)
        assert told in seen(pilot)  # before the start it stands there all the time
        assert play.runner.untold_remarks() == ()
        play._do(play.runner.command(Command.START))
        await pilot.pause()
        assert told not in seen(pilot)


@pytest.mark.parametrize(
    ("confirm", "names_it"), [("enter", True), ("f2,enter", True), ("t", False)]
)
def test_no_word_names_enter_where_another_key_confirms(
    world: World, confirm: str, *, names_it: bool
) -> None:
    config = config_of(keys={**config_of().keys, "confirm": confirm})
    plan = make_plan(
        IntervalSet("Asks", (forward(30, 3.5), backward(30, 1.6)), confirm_turns=Confirm.ALWAYS),
        Belt(),
    )
    runner = started(world, plan, talk=Remembered().talk(config))
    while runner.view.state is not State.WAITING:
        run_for(runner, world, 250)
    said = {text for track in world.player.tracks for text in [e.sound for e in track if e.words]}
    assert ("press-enter" in said) is names_it
