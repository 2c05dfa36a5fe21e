"""Every key does what the machine does, and is offered only where the machine allows it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from textual.widgets import Footer, Static

from retrotimer.audio.voice import Voice
from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.core.sets import Confirm, Kind
from retrotimer.core.states import Command, State
from retrotimer.core.units import Units
from retrotimer.core.view import View
from retrotimer.history.record import Status
from retrotimer.run.actions import ACTIONS
from retrotimer.run.runner import Runner
from retrotimer.session.recovery import SavedWorkout
from retrotimer.text.format import PAIN
from retrotimer.tui.screens.dialogs import Question
from retrotimer.tui.screens.help import HelpScreen
from retrotimer.tui.screens.workout_bindings import BINDINGS
from tests.support.runner_world import EVERYTHING, World, config_of, plan_of
from tests.support.workout_stage import Play, playing

LATER = 1_400
"""After so long a pause may be ended, in ms."""


def backward(view: View) -> bool:
    return view.state is State.BLOCK and view.block.kind is Kind.BACKWARD


def block(view: View) -> bool:
    return view.state is State.BLOCK


def offered(play: Play) -> dict[str, str]:
    """What the keys offer: action and its words."""
    active = play.screen.active_bindings.values()
    return {
        one.binding.id or "": one.binding.description for one in active if one.node is play.screen
    }


def test_every_action_has_a_binding_with_its_id_and_its_keys() -> None:
    assert [binding.id for binding in BINDINGS] == list(ACTIONS)
    for binding in BINDINGS:
        action = ACTIONS[binding.id or ""]
        assert binding.key == action.default == (action.keys or DEFAULT_KEYS[action.id])
        assert binding.action == f"act('{action.id}')"


async def test_before_the_start(world: World) -> None:
    world.environment = replace(world.environment, voice=Voice(dict, {}, "de"))
    async with playing(world, size=(120, 40)) as play:
        assert offered(play)["confirm"] == "start"
        # What a voice lacks is told.
        play.screen.poll()
        assert "voice de lacks forward" in play.text("#start-state")
        # The pause key starts nothing.
        await play.press("space")
        assert play.app.clashes == []
        assert play.state() is State.READY
        await play.press("]")
        assert world.player.volume == 90
        await play.press("[", "[")
        assert world.player.volume == 70
        assert play.text("#note").startswith("volume 70 %")
        await play.press("m")
        assert play.text("#alert") == "muted"
        await play.press("m")
        assert not play.seen("#alert")
        assert world.player.mutes[-2:] == [True, False]


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_before_the_start_one_just_leaves(world: World, key: str) -> None:
    async with playing(world) as play:
        await play.press(key)
        await play.pilot.pause()
        assert play.app.results == [None]
        assert not world.awake.active


# In a forward block ----------------------------------------------------------------------------


async def the_footer_offers_what_is_allowed_in_the_order_of_use(play: Play) -> None:
    for _ in range(3):
        await play.pilot.pause()
    shown = [
        one.binding.id
        for one in play.screen.active_bindings.values()
        if one.node is play.screen and one.binding.show
    ]
    assert shown == ["pause", "skip", "more", "less", "cool_down", "stumble", "stop", "help"]
    footer = [key.action for key in play.screen.query_one(Footer).query("FooterKey").results()]  # type: ignore[attr-defined]
    assert footer == [f"act('{name}')" for name in shown]


async def plus_and_minus_change_the_length(play: Play) -> None:
    for key, left in (("+", 70), ("=", 80)):
        await play.press(key)
        assert play.view.left == left
        assert play.text("#note").startswith("+10 s")
    await play.press("-", "-", "-", "-", "-", "-", "-", "-")
    # The warning before a turn stays whole, and then the key is gone.
    assert play.view.left == 10
    assert "less" not in offered(play)
    assert offered(play)["more"] == "10 s"


async def up_and_down_note_the_speed(play: Play) -> None:
    await play.press("up")
    assert play.text("#speed BigDigits") == "3.6"
    assert play.view.noted
    await play.press("down", "down")
    assert play.text("#speed BigDigits") == "3.4"


async def a_held_n_skips_once(play: Play) -> None:
    assert play.view.number == 1
    for _ in range(20):
        await play.pilot.press("n")
        play.world.clock.advance(33)
    assert (play.state(), play.view.number) == (State.TURN, 2)
    await play.run(800)
    await play.press("n")
    assert play.view.number == 3


async def three_presses_of_n_are_three_skips(play: Play) -> None:
    await play.run(800)
    before = play.view.number
    for _ in range(3):
        await play.press("n")
        await play.run(250)
    await play.run(100)
    assert (play.state(), play.view.number) == (State.TURN, before + 3)


async def with_caps_lock_letters_do_what_they_do(play: Play) -> None:
    await play.press("O")
    assert play.view.stumbles == 1
    await play.press("S")
    assert isinstance(play.top(), Question)
    await play.run(LATER)
    await play.press("G")
    assert play.top() is play.screen
    assert play.state() is State.TURN
    # A capital letter that is bound by itself is that.
    play.app.set_keymap({"skip": "M"})
    before = play.view.number
    await play.press("M")
    assert (play.view.number, play.runner.muted) == (before + 1, False)
    await play.press("m")
    assert play.runner.muted


async def test_in_a_forward_block(world: World) -> None:
    async with playing(world, size=(120, 30)) as play:
        await play.start()
        for told, speaks in (("voice off", False), ("voice on", True)):
            await play.press("v")
            assert play.runner.speaks is speaks
            assert play.text("#note").startswith(told)
            assert play.state() is State.TURN
        await play.run_to(lambda view: block(view) and view.left == 60)
        await the_footer_offers_what_is_allowed_in_the_order_of_use(play)
        await plus_and_minus_change_the_length(play)
        await up_and_down_note_the_speed(play)
        await a_held_n_skips_once(play)
        await three_presses_of_n_are_three_skips(play)
        await with_caps_lock_letters_do_what_they_do(play)


# In a backward block, and paused from there ----------------------------------------------------


async def b_does_nothing_while_it_runs(play: Play) -> None:
    await play.press("b")
    assert (play.state(), play.view.number) == (State.BLOCK, 2)
    assert "back" not in offered(play)


async def o_stamps_a_stumble_once_however_long_it_is_held(play: Play) -> None:
    await play.press("o", "o", "o")
    assert play.view.stumbles == 1
    assert "1 stumble" in play.text("#note")
    await play.run(800)
    await play.press("o")
    assert "2 stumbles" in play.text("#note")


async def help_pauses_and_the_pause_key_is_harmless_there(play: Play) -> None:
    await play.press("?")
    assert isinstance(play.top(), HelpScreen)
    assert play.state() is State.PAUSED
    await play.run(LATER)
    await play.press("space", "pagedown", "full_stop")
    assert isinstance(play.top(), HelpScreen)
    assert play.state() is State.PAUSED
    assert "then press space to go on" in str(play.top().query_one("#text", Static).content)
    await play.press("escape")
    assert play.top() is play.screen
    assert play.state() is State.PAUSED
    assert play.text("#pause-why").startswith("help was opened · ")
    assert play.text("#pause-keys").startswith("space  go on")
    assert offered(play)["pause"] == "go on"
    assert play.app.bells == 0


async def space_goes_on_with_the_turn(play: Play) -> None:
    """Never straight back into a backward block."""
    await play.run(LATER)
    await play.press("space")
    assert play.state() is State.TURN
    assert play.view.left == 20


async def the_palette_pauses(play: Play) -> None:
    await play.press("ctrl+p")
    assert play.top() is not play.screen
    assert play.state() is State.PAUSED
    await play.press("escape")
    assert play.text("#pause-why").startswith("another screen was opened · ")


async def a_key_that_leaves_pauses_and_asks(play: Play, key: str) -> None:
    await play.press(key)
    assert play.state() is State.PAUSED
    assert isinstance(play.top(), Question)
    assert play.screen.asking
    assert play.world.session.read() is not None
    play.screen.interrupt()
    await play.pilot.pause()
    assert sum(isinstance(screen, Question) for screen in play.app.screen_stack) == 1
    # Held, repeated or beside it: nothing is answered by accident.
    for other in ("s", "space", "n", "b", "pagedown", "pageup", "full_stop"):
        await play.press(other)
        assert play.state() is State.PAUSED
        assert isinstance(play.top(), Question)
    await play.press("escape")
    assert play.top() is play.screen
    assert play.screen._question is None
    assert play.state() is State.PAUSED
    assert play.app.results == []


async def going_on_from_the_question_takes_its_own_key(play: Play) -> None:
    await play.press("s")
    await play.run(LATER)
    await play.press("g")
    assert play.top() is play.screen
    assert play.state() is State.TURN


async def a_held_space_stays_paused(play: Play) -> None:
    for _ in range(40):
        await play.pilot.press("space")
        play.world.clock.advance(33)
        assert play.state() is State.PAUSED


async def b_goes_back(play: Play) -> None:
    await play.run(500)
    await play.press("b")
    await play.run(200)
    assert play.view.block_left == 30
    await play.run(500)
    await play.press("b")
    # For a moment it might be the same press, held.
    await play.run(200)
    await play.run(200)
    assert play.view.number == 1


async def c_cools_down_through_a_turn(play: Play) -> None:
    await play.press("c")
    assert play.state() is State.TURN
    assert play.view.block.kind is Kind.FORWARD
    # What is left of the plan: the cool down, which the screen says comes next.
    assert (play.view.number, play.view.count) == (3, 3)
    assert play.text("#banner") == "↻ ↻ ↻    TURN · into FORWARD    ▲ ▲ ▲"
    assert play.text("#next").startswith("then   ▲ FORWARD ")


async def test_in_a_backward_block(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(backward)
        await b_does_nothing_while_it_runs(play)
        await o_stamps_a_stumble_once_however_long_it_is_held(play)
        await help_pauses_and_the_pause_key_is_harmless_there(play)
        await space_goes_on_with_the_turn(play)
        await the_palette_pauses(play)
        await space_goes_on_with_the_turn(play)
        await a_key_that_leaves_pauses_and_asks(play, "escape")
        await space_goes_on_with_the_turn(play)
        await a_key_that_leaves_pauses_and_asks(play, "q")
        await space_goes_on_with_the_turn(play)
        await play.run_to(backward)
        await a_key_that_leaves_pauses_and_asks(play, "s")
        await space_goes_on_with_the_turn(play)
        await going_on_from_the_question_takes_its_own_key(play)
        await play.run_to(backward)
        await a_held_space_stays_paused(play)
        await space_goes_on_with_the_turn(play)
        await play.run_to(backward)
        await play.press("space")
        await b_goes_back(play)
        await play.run(LATER)
        await play.press("space")
        await play.run_to(backward)
        await c_cools_down_through_a_turn(play)


async def test_space_never_confirms_and_a_clicker_starts_confirms_goes_on_and_pauses(
    world: World,
) -> None:
    async with playing(world, plan_of(confirm=Confirm.ALWAYS)) as play:
        world.clock.advance(LATER)
        await play.press("pagedown")
        await play.run_to(lambda view: view.state is State.WAITING)
        await play.press("pagedown")
        assert play.state() is State.TURN
        await play.run_to(backward)
        for key in ("pageup", "full_stop", "pageup"):
            await play.press(key)
            assert play.state() is State.PAUSED
        await play.run(LATER)
        await play.press("pagedown")
        assert play.state() is State.TURN
        await play.run_to(lambda view: view.state is State.WAITING)
        await play.press("space")
        assert play.state() is State.PAUSED
        # And the key that confirms never goes on.
        await play.run(LATER)
        await play.press("enter")
        assert play.state() is State.PAUSED


# The end ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "reason"), [("enter", ""), ("y", ""), ("p", PAIN)])
async def test_stopping_saves(world: World, key: str, reason: str) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run(20_000)
        await play.press("s")
        await play.press(key)
        await play.pilot.pause()
        (record,) = play.app.results
        assert record is not None
        assert (record.status, record.reason) == (Status.STOPPED, reason)
        assert list(world.history.newest()) == [record]


@pytest.mark.parametrize("rate", [1, 4])
async def test_discarding_keeps_nothing(world: World, rate: int) -> None:
    async with playing(world, rate=rate) as play:
        await play.start()
        await play.run(20_000)
        await play.press("s")
        await play.press("d")
        assert not play.runner.over
        await play.press("y")
        await play.pilot.pause()
        assert play.app.results == [None]
        assert list(world.history.newest()) == []
        assert world.session.read() is None


async def test_a_resumed_workout_is_paused_and_goes_on_with_the_whole_turn(world: World) -> None:
    broken = Runner.new(plan_of(), world.environment)
    broken.open()
    broken.command(Command.START)
    while not (backward(broken.view) and broken.view.passed >= 6):
        world.clock.advance(1_000)
        broken.poll()
    broken.close()
    found = world.session.read()
    assert found is not None
    world.player.started = 0
    runner = Runner.resumed(SavedWorkout.read(found), world.environment)
    async with playing(world, runner=runner) as play:
        assert play.state() is State.PAUSED
        assert play.text("#pause-why").startswith("it was interrupted here")
        await play.run(LATER)
        await play.press("space")
        assert play.state() is State.TURN
        assert play.view.block.kind is Kind.BACKWARD


# Keys of the config ----------------------------------------------------------------------------


async def test_keys_and_units_of_the_config_are_the_ones_shown_and_asked_for(world: World) -> None:
    keys = dict(DEFAULT_KEYS) | {"pause": "p", "confirm": "t", "skip": "space"}
    config = config_of(keys=keys, units=Units.MPH)
    async with playing(world, plan_of(confirm=Confirm.ALWAYS), config) as play:
        assert "t starts" in play.text("#start-key")
        world.clock.advance(LATER)
        await play.press("t")
        await play.run_to(block)
        # A step of the speed is one in the unit that is shown.
        await play.press("up")
        assert play.text("#speed BigDigits") == "2.3"
        await play.press("down", "down")
        assert play.text("#speed BigDigits") == "2.1"
        await play.run_to(lambda view: view.state is State.WAITING)
        assert play.text("#order") == "PRESS T WHEN READY"
        await play.press("space")
        assert play.view.number == 3
        await play.press("p")
        assert play.state() is State.PAUSED
        assert play.text("#pause-keys").startswith("p  go on")


@pytest.mark.parametrize("seed", range(3))
async def test_keys_and_machine_never_disagree(world: World, seed: int) -> None:
    """Whatever was pressed before: what is offered is allowed, and what is allowed is offered."""
    rng = Random(seed)
    commands = {action.id: action.commands for action in ACTIONS.values() if action.commands}
    wanted = {command for some in commands.values() for command in some}
    async with playing(world, plan_of(EVERYTHING, confirm=Confirm.BACKWARD)) as play:
        await play.start()
        keys = ("space", "n", "b", "+", "-", "o", "up", "down", "enter", "pagedown", "pageup")
        for _ in range(30):
            await play.run(rng.choice([250, 1_000, 1_500, 8_000]))
            if play.runner.over:
                break
            actions = offered(play)
            for action in actions.keys() & commands.keys():
                assert not play.view.allows.isdisjoint(commands[action]), action
            reachable = {command for action in actions for command in commands.get(action, ())}
            assert (play.view.allows & wanted) <= reachable
            await play.pilot.press(rng.choice(keys))
