"""The names of keys agree with Textual's."""

from __future__ import annotations

import string

import pytest
from textual.keys import Keys, _character_to_key

from retrotimer.config.keys import (
    BINDING_IDS,
    DEFAULT_KEYS,
    KEY_NAMES,
    RESERVED,
    given_anew,
    is_key,
    key_name,
    share_a_screen,
)


@pytest.mark.parametrize("char", string.punctuation + string.ascii_letters + string.digits + "éß日")
def test_a_character_is_named_as_textual_names_it(char: str) -> None:
    assert key_name(char) == _character_to_key(char)
    assert is_key(key_name(char))


def test_named_keys_exist_in_textual() -> None:
    named = {key.value for key in Keys} | {_character_to_key(char) for char in string.punctuation}
    assert named | {"space"} >= KEY_NAMES


@pytest.mark.parametrize("key", ["spcae", "", "ctrl", "ctrl+", "+", "ctrl+ab", "cmd+x", "f25", " "])
def test_names_that_are_no_keys(key: str) -> None:
    assert not is_key(key)


@pytest.mark.parametrize("key", ["ctrl+s", "ctrl+shift+a", "alt+left", "A", "f24"])
def test_names_that_are_keys(key: str) -> None:
    assert is_key(key)


def test_the_defaults_are_keys_and_no_two_on_a_screen_are_the_same() -> None:
    assert len(set(BINDING_IDS)) == len(BINDING_IDS) == 31
    for binding, key in DEFAULT_KEYS.items():
        assert is_key(key)
        assert key not in RESERVED
        clashes = [
            other
            for other in BINDING_IDS
            if other != binding and DEFAULT_KEYS[other] == key and share_a_screen(binding, other)
        ]
        assert not clashes


def test_only_bindings_that_differ_from_the_default_count_as_changed() -> None:
    assert given_anew(DEFAULT_KEYS) == {}
    assert given_anew({**DEFAULT_KEYS, "stop": "x", "pause": "space"}) == {"stop": "x"}
