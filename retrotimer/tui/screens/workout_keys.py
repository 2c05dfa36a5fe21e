"""The keys of a workout: what each is bound to, what the machine must allow, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from textual.app import App
from textual.binding import ActiveBinding, Binding

from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.core.states import Command
from retrotimer.core.view import View
from retrotimer.tui import phrases
from retrotimer.tui.screens.dialogs import Answer, Question
from retrotimer.wording import PAIN, belt_text

_RETIME = Binding.Group("10 s", compact=True)


def _key(action: str, description: str, *, show: bool = True) -> Binding:
    """A binding whose id and default key are those of the config."""
    return Binding(DEFAULT_KEYS[action], action, description, show=show, id=action)


COMMANDS: dict[str, tuple[Command, ...]] = {
    "pause": (Command.PAUSE, Command.RESUME),
    "confirm": (Command.START, Command.CONFIRM),
    "skip": (Command.SKIP,),
    "back": (Command.BACK,),
    "more": (Command.MORE,),
    "less": (Command.LESS,),
    "cool_down": (Command.COOL_DOWN,),
    "stumble": (Command.STUMBLE,),
    "faster": (Command.NOTE_SPEED,),
    "slower": (Command.NOTE_SPEED,),
    "stop": (Command.PAUSE, Command.STOP),
    "clicker": (Command.START, Command.CONFIRM, Command.RESUME),
    "clicker_pause": (Command.PAUSE,),
}
"""The commands of which the machine must allow one for a key to do something."""

BINDINGS: tuple[Binding, ...] = (
    _key("pause", "pause"),
    _key("confirm", "confirm"),
    _key("back", "back"),
    _key("skip", "skip"),
    replace(_key("more", "10 s more"), group=_RETIME),
    replace(_key("less", "10 s less"), group=_RETIME),
    _key("cool_down", "cool down"),
    _key("stumble", "stumble"),
    _key("stop", "stop"),
    _key("faster", "the belt is faster", show=False),
    _key("slower", "the belt is slower", show=False),
    _key("volume_up", "louder", show=False),
    _key("volume_down", "softer", show=False),
    _key("mute", "mute", show=False),
    _key("voice", "voice", show=False),
    _key("mirror", "mirror the digits of backward blocks", show=False),
    _key("help", "help"),
    Binding("equals_sign", "more", "10 s more", show=False, id="more.unshifted"),
    Binding("pagedown", "clicker", "clicker: confirm, go on", show=False, id="clicker.on"),
    Binding("pageup,full_stop", "clicker_pause", "clicker: pause", show=False, id="clicker"),
    # Apart from "quit", whose key the config may change: this one stays.
    Binding("escape", "interrupt", "leave", show=False, id="leave"),
    Binding(DEFAULT_KEYS["quit"], "interrupt", "leave", show=False, id="quit"),
)


def allowed(action: str, view: View) -> bool:
    """Whether the machine allows what a key does; what is no command is always allowed."""
    commands = COMMANDS.get(action)
    return commands is None or not view.allows.isdisjoint(commands)


def worded(active: Mapping[str, ActiveBinding], view: View) -> dict[str, ActiveBinding]:
    """Bindings in force, each with the words for what it does now."""
    found = {}
    for key, one in active.items():
        text = phrases.label(one.binding.action, view)
        found[key] = (
            one if text is None else one._replace(binding=replace(one.binding, description=text))
        )
    return found


def differ(before: View, view: View) -> bool:
    """Whether the keys of two views do different things, or say so in different words."""
    return (before.allows, before.state, before.wait_for) != (
        view.allows,
        view.state,
        view.wait_for,
    )


def rows(app: App[Any], keys: Mapping[str, str]) -> list[tuple[str, str]]:
    """(keys, what they do) of all bindings, for the help; `keys` are those of the config."""
    found: dict[str, list[str]] = {}
    for binding in BINDINGS:
        for key in keys.get(binding.id or "", binding.key).split(","):
            shown = app.get_key_display(Binding(key.strip(), ""))
            found.setdefault(binding.description, []).append(shown)
    return [(" ".join(shown), text) for text, shown in found.items()]


SAVE, HURT, GO_ON, DISCARD = "save", "hurt", "go on", "discard"


def stop_question(view: View) -> Question:
    """What to do with a paused workout: SAVE, HURT, GO_ON, DISCARD, or "" to stay paused.

    No answer has the key that opened the question, so that holding it answers nothing; neither
    does the pause key. A clicker's page key goes to the harmless last one.
    """
    return Question(
        "Stop the workout?",
        [belt_text(dry=view.dry)],
        [
            Answer("y", "yes, save it", SAVE),
            Answer("p", PAIN, HURT),
            Answer("g", "go on", GO_ON),
            Answer("d", "discard it", DISCARD),
            Answer("escape", "stay paused", ""),
        ],
    )
