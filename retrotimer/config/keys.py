"""The keys: the id of every binding, its default, and the valid key names."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Container, Mapping

WORKOUT_KEYS: Mapping[str, str] = {
    "pause": "space",
    "confirm": "enter",
    "stop": "s",
    "skip": "n",
    "back": "b",
    "more": "plus",
    "less": "minus",
    "cool_down": "c",
    "stumble": "o",
    "faster": "up",
    "slower": "down",
    "volume_up": "right_square_bracket",
    "volume_down": "left_square_bracket",
    "mute": "m",
    "voice": "v",
    "mirror": "x",
    "help": "question_mark",
}
HOME_KEYS: Mapping[str, str] = {
    "start": "enter",
    "rehearse": "r",
    "edit": "e",
    "history": "h",
    "search": "slash",
    "check": "c",
    "decide": "w",
    "quit": "q",
    "reload": "f5",
}
HISTORY_KEYS: Mapping[str, str] = {
    "detail": "enter",
    "filter": "f",
    "delete": "d",
    "undo": "u",
    "export": "x",
}
DEFAULT_KEYS: Mapping[str, str] = {**WORKOUT_KEYS, **HOME_KEYS, **HISTORY_KEYS}
"""The key of every binding id; several keys are joined by commas."""

BINDING_IDS = tuple(DEFAULT_KEYS)

EVERYWHERE = frozenset({"help", "quit"})
"""Bindings that share the keyboard with those of every screen."""

RESERVED: Mapping[str, str] = {
    "ctrl+c": "it pauses and asks whether to stop",
    "ctrl+q": "it pauses and asks whether to stop",
    "ctrl+z": "it pauses and suspends",
    "escape": "it closes what is open",
    "pagedown": "the clicker confirms with it",
    "pageup": "the clicker pauses with it",
    "full_stop": "the clicker pauses with it",
}
"""Keys that cannot be assigned, with the reason."""

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_SHORT = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}


def key_name(key: str) -> str:
    """The name of a key that may be given as its character: "+" is "plus"."""
    if len(key) != 1 or key.isalnum():
        return key
    name = unicodedata.name(key, key).lower().replace("-", "_").replace(" ", "_")
    return _SHORT.get(name, name)


_NAMED = (
    *("space", "enter", "escape", "tab", "backspace", "delete", "insert", "home", "end"),
    *("pageup", "pagedown", "up", "down", "left", "right"),
)
KEY_NAMES = frozenset(
    {
        *_NAMED,
        *(f"f{number}" for number in range(1, 25)),
        *(key_name(char) for char in string.punctuation),
    }
)


def canonical(name: str) -> str:
    """The name with its modifiers in the usual order: "shift+ctrl+up" has two."""
    *modifiers, key = name.split("+")
    return "+".join([*sorted(modifiers), key])


def is_key(name: str) -> bool:
    """Whether a terminal can send a key of this name."""
    *modifiers, key = name.split("+")
    return _MODIFIERS.issuperset(modifiers) and (
        key in KEY_NAMES or (len(key) == 1 and key.isalnum())
    )


def meant(key: str, bound: Container[str]) -> str:
    """The key, or the small letter for a capital one that is bound to nothing: Caps Lock is on."""
    small = key.lower()
    return small if len(key) == len(small) == 1 and key not in bound else key


_SIGNS = {key_name(sign): sign for sign in string.punctuation}


def key_text(keys: str) -> str:
    """The first of a binding's keys as printed on the keyboard: "plus" is "+"."""
    first = keys.split(",")[0].strip()
    return _SIGNS.get(first, first)


def given_anew(keys: Mapping[str, str]) -> dict[str, str]:
    """The bindings whose key is not the default: Textual takes such a key from all others."""
    return {name: key for name, key in keys.items() if key != DEFAULT_KEYS[name]}


def keys_left(
    own: str, default: str, names: Container[str], keys: Mapping[str, str]
) -> tuple[str, ...]:
    """The keys `own` of a binding, joined by commas, that nothing else takes.

    A key that `keys` gives to one of the bindings `names` is taken from those that still have their
    `default`.
    """
    given = {
        key
        for name, joined in given_anew(keys).items()
        if name in names and own == default
        for key in joined.split(",")
    }
    return tuple(key for key in own.split(",") if key and key not in given)


def share_a_screen(one: str, other: str) -> bool:
    """Whether two bindings may be waiting for a key at the same time."""
    if one in EVERYWHERE or other in EVERYWHERE:
        return True
    return any(one in keys and other in keys for keys in (WORKOUT_KEYS, HOME_KEYS, HISTORY_KEYS))
