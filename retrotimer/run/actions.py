"""What can be done in a workout: one table from which every face takes its keys and words.

The full screen makes its bindings, footer and help from it, the line mode its dispatch and its list
of keys, the README its table. Keys that `[keys]` can change have their ids and defaults in
`config/keys.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from retrotimer.config.keys import DEFAULT_KEYS, WORKOUT_KEYS, keys_left
from retrotimer.core.events import Event, SpeedNoted
from retrotimer.core.states import Command, State, WaitFor
from retrotimer.core.transitions import TRANSITIONS
from retrotimer.core.units import Units
from retrotimer.core.view import View

if TYPE_CHECKING:
    from retrotimer.run.runner import Runner

SPEED_STEP = 0.1
"""By how much a key changes the noted speed, in the unit shown."""


class Effect(StrEnum):
    """What the face does itself; the stop question and the help pause first."""

    STOP = "stop"
    HELP = "help"
    MIRROR = "mirror"


class Done(NamedTuple):
    """The outcome: events, a remark on what they do not say, and what the face must do itself."""

    events: tuple[Event, ...] = ()
    word: str = ""
    effect: Effect | None = None


Act = Callable[["Runner", Units], tuple[Event, ...]]
"""Carries out an action on a runner; speeds are in the unit shown."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a key does.

    `words` say what it does in any state; `short` is for the footer, and so is `now`, where it
    depends on the state. `detail` is for the documents. The machine must allow one of the commands
    in `needs`; `refused` says why it may not, in a state that knows them. `once`: a held key does
    it only once.
    """

    id: str
    words: str
    act: Act | Effect | Command
    needs: tuple[Command, ...] = ()
    once: bool = True
    keys: str = ""
    short: str = ""
    now: Callable[[View], str | None] = lambda _: None
    detail: str = ""
    refused: str = ""
    group: str = ""
    footer: bool = True
    said: Callable[[Runner, tuple[Event, ...]], str] = lambda _runner, _events: ""

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands of which the machine must allow one."""
        return self.needs or ((self.act,) if isinstance(self.act, Command) else ())

    @property
    def default(self) -> str:
        """Its default keys, joined by commas."""
        return self.keys or DEFAULT_KEYS[self.id]

    @property
    def fixed(self) -> bool:
        """Whether its keys cannot be changed."""
        return bool(self.keys)

    def label(self, view: View) -> str:
        """What it does now, in a few words for a footer."""
        return self.now(view) or self.short or self.words

    def allowed(self, view: View) -> bool:
        """Whether the machine allows it; anything but a command is always allowed."""
        return not self.commands or not view.allows.isdisjoint(self.commands)

    def why_not(self, view: View) -> str:
        """Why the machine does not allow it now."""
        known = not TRANSITIONS[view.state].isdisjoint(self.commands)
        return f"{self.words}: {self.refused if known else _NOT[view.state]}"


STARTS_WITH_SOUND = "starts as soon as the sound is open; the same key cancels"

_NOT = {
    State.READY: "not before the start",
    State.BLOCK: "not in a block",
    State.TURN: "not in a countdown",
    State.WAITING: "not while a turn waits",
    State.PAUSED: "not while paused",
    State.FINISHED: "the workout is over",
    State.STOPPED: "the workout is over",
}


def _pause_now(view: View) -> str | None:
    if view.resumption is None:
        return "pause"
    return "go on" if view.resumption.block else "end"


def _confirm_now(view: View) -> str | None:
    if Command.START in view.allows:
        return "start"
    if view.state is State.BLOCK:
        return "end block"
    return "no sound, go on" if view.wait_for is WaitFor.SOUND else "ready"


def _skip_now(view: View) -> str | None:
    return "skip block" if view.state in (State.TURN, State.WAITING) else None


def _more_now(view: View) -> str | None:
    return "10 s" if Command.LESS not in view.allows else None


def _speed(sign: int) -> Act:
    return lambda runner, units: runner.nudge_speed(sign * units.to_kmh(SPEED_STEP))


def _same_speed(_runner: Runner, events: tuple[Event, ...]) -> str:
    noted = any(isinstance(event, SpeedNoted) for event in events)
    return "" if noted else "the speed stays: that is the belt's limit"


def _louder(steps: int) -> Act:
    def act(runner: Runner, _units: Units) -> tuple[Event, ...]:
        runner.nudge_volume(steps)
        return ()

    return act


def _mute(runner: Runner, _units: Units) -> tuple[Event, ...]:
    runner.mute()
    return ()


def _speak(runner: Runner, _units: Units) -> tuple[Event, ...]:
    runner.speak()
    return ()


def _heard(text: str, runner: Runner) -> str:
    return text if runner.audible else f"{text}; there is no sound now"


def _volume_said(runner: Runner, _events: tuple[Event, ...]) -> str:
    return _heard(f"volume {runner.volume} %", runner)


def _mute_said(runner: Runner, _events: tuple[Event, ...]) -> str:
    # The screen shows all the time that it is muted.
    return "" if runner.audible else _heard("muted" if runner.muted else "not muted", runner)


def _voice_said(runner: Runner, _events: tuple[Event, ...]) -> str:
    return _heard("voice on" if runner.speaks else "voice off", runner)


def _start_said(runner: Runner, events: tuple[Event, ...]) -> str:
    if runner.start_asked:
        return STARTS_WITH_SOUND if runner.opening else "starting"
    waited = runner.view.state is State.READY and not events
    return "not started" if waited else ""


_OPEN = "an open block has no end to move"
_ACTIONS = (
    Action(
        "pause",
        "pause or go on",
        lambda runner, _: runner.space(),
        (Command.PAUSE, Command.RESUME),
        now=_pause_now,
        detail="going on is possible a second after the pause, and begins with a full countdown",
    ),
    Action(
        "confirm",
        "start or confirm",
        lambda runner, _: runner.enter(),
        (Command.START, Command.CONFIRM),
        now=_confirm_now,
        detail="a turn that is waiting, or the next one in advance; also ends an open block",
        refused="nothing is waiting for it",
        said=_start_said,
    ),
    Action(
        "back",
        "back (while paused)",
        Command.BACK,
        short="back",
        detail="to the beginning of this block, then to the one before",
        refused="there is nothing before it",
    ),
    Action(
        "skip",
        "skip to the next block",
        Command.SKIP,
        short="skip",
        now=_skip_now,
    ),
    Action(
        "more",
        "10 s more",
        Command.MORE,
        once=False,
        now=_more_now,
        refused=_OPEN,
        group="10 s",
    ),
    Action(
        "less",
        "10 s less",
        Command.LESS,
        once=False,
        refused="the time left is for the warning before the next block",
        group="10 s",
    ),
    Action(
        "cool_down",
        "cool down",
        Command.COOL_DOWN,
        detail="at once, by way of a turn if you are walking backward",
        refused="nothing is left to cool down from",
    ),
    Action(
        "stumble",
        "note a stumble",
        Command.STUMBLE,
        short="stumble",
        detail="with its time, for the record",
    ),
    Action(
        "stop",
        "stop",
        Effect.STOP,
        (Command.PAUSE, Command.STOP),
        detail='pauses, and offers to save, save with "pain, dizzy or unsteady", go on or discard',
    ),
    Action(
        "faster",
        "the belt is faster",
        _speed(1),
        (Command.NOTE_SPEED,),
        once=False,
        detail="notes the speed the belt is really set to",
        refused="the belt is not running",
        footer=False,
        said=_same_speed,
    ),
    Action(
        "slower",
        "the belt is slower",
        _speed(-1),
        (Command.NOTE_SPEED,),
        once=False,
        refused="the belt is not running",
        footer=False,
        said=_same_speed,
    ),
    Action("volume_up", "louder", _louder(1), once=False, footer=False, said=_volume_said),
    Action("volume_down", "softer", _louder(-1), once=False, footer=False, said=_volume_said),
    Action("mute", "mute", _mute, once=False, footer=False, said=_mute_said),
    Action(
        "voice",
        "voice on or off",
        _speak,
        once=False,
        footer=False,
        said=_voice_said,
        detail="remembered, unless the config sets `voice`",
    ),
    Action(
        "mirror",
        "mirror backward blocks",
        Effect.MIRROR,
        once=False,
        footer=False,
        detail="for a wall mirror",
    ),
    Action(
        "help",
        "all keys",
        Effect.HELP,
        short="help",
        detail="pauses a running workout; close the help, then press the pause key to go on",
    ),
    # Plus without shift, on most keyboards.
    Action(
        "more.unshifted",
        "10 s more",
        Command.MORE,
        once=False,
        keys="equals_sign",
        refused=_OPEN,
        footer=False,
    ),
    Action(
        "clicker.on",
        "clicker: start, confirm or go on",
        lambda runner, _: runner.clicker(),
        (Command.START, Command.CONFIRM, Command.RESUME),
        keys="pagedown",
        refused="nothing is waiting for it",
        footer=False,
    ),
    Action(
        "clicker",
        "clicker: pause",
        lambda runner, _: runner.pause(),
        (Command.PAUSE,),
        keys="pageup,full_stop",
        footer=False,
    ),
    # Unlike "quit", whose key the config may change, these stay.
    Action("leave", "leave", Effect.STOP, keys="escape,ctrl+q", footer=False),
    Action("quit", "leave", Effect.STOP, footer=False),
)

ACTIONS: Mapping[str, Action] = {action.id: action for action in _ACTIONS}
"""Every action by its id, in the order in which they are offered."""
OWN = tuple(action for action in _ACTIONS if action.id in WORKOUT_KEYS)
"""Those whose keys apply to the workout alone."""


def in_force(action: Action, keys: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of an action; `keys` are those of the config, which override defaults."""
    return keys_left(action.keys or keys[action.id], action.default, ACTIONS, keys)


def by_key(keys: Mapping[str, str]) -> dict[str, Action]:
    """The action of every key; `keys` are those of the config."""
    return {key: action for action in _ACTIONS for key in in_force(action, keys)}


def perform(action: Action, runner: Runner, units: Units) -> Done:
    """Do it, if the machine allows it, and say what the events do not."""
    act, before = action.act, runner.view
    if isinstance(act, Effect):
        return Done(effect=act)
    if isinstance(act, Command):
        events = runner.once(act) if action.once else runner.command(act)
    else:
        events = act(runner, units)
    word = action.said(runner, events) if action.allowed(before) else action.why_not(before)
    return Done(events, word)
