"""Keys of a terminal by their names, and the terminal as it was afterwards."""

from __future__ import annotations

import os
import string
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.config.keys import DEFAULT_KEYS, is_key, key_text
from retrotimer.plain.keyboard import (
    PASTE_OFF,
    PASTE_ON,
    Keyboard,
    KeyReader,
    can_be_sent,
    names,
    unsent,
)


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        (b" ", ["space"]),
        (b"\r", ["enter"]),
        (b"\n", ["enter"]),
        (b"n", ["n"]),
        (b"+-=", ["plus", "minus", "equals_sign"]),
        (b"[]?", ["left_square_bracket", "right_square_bracket", "question_mark"]),
        (b"\x1b[A\x1b[B\x1bOA\x1bOB", ["up", "down", "up", "down"]),
        (b"\x1b[5~\x1b[6~", ["pageup", "pagedown"]),
        (b".", ["full_stop"]),
        (b"/", ["slash"]),
        (b"\x1b", ["escape"]),
        (b"n\x1b", ["n", "escape"]),
        (b"\t\x7f;<", ["tab", "backspace", "semicolon", "less_than_sign"]),
        (b"\x1b[C\x1b[D\x1b[H\x1b[F", ["right", "left", "home", "end"]),
        (b"\x1bOP\x1bOS\x1b[15~\x1b[17~", ["f1", "f4", "f5", "f6"]),
        (b"\x1b[21~\x1b[23~\x1b[24~\x1b[99~", ["f10", "f11", "f12"]),
        ("äЫ".encode(), ["ä", "Ы"]),
        (b"\xe4", []),
        (b"\x13\x11\x0b", ["ctrl+s", "ctrl+q", "ctrl+k"]),
        (b"\x1bx\x1b[1;5A\x1b[1;6B", ["alt+x", "ctrl+up", "ctrl+shift+down"]),
        (b"\x1b[1;3C\x1b[Z\x1b[15;2~", ["alt+right", "shift+tab", "f17"]),
        (b"\x00", []),
        (b"", []),
    ],
)
def test_names(sent: bytes, keys: list[str]) -> None:
    assert list(names(sent)) == keys


def test_no_part_of_an_unknown_sequence_is_taken_for_a_key() -> None:
    assert list(names(b"s\x1b[1;5ns ")) == ["s", "s", "space"]
    assert list(names(b"\x1b[M s\xff.")) == ["full_stop"]
    assert list(names(b"\x1b[<0;5;7Ms\x1b[1;5")) == ["s"]
    assert list(names(b"\xff\xc3s")) == ["s"]


@given(st.data())
def test_however_it_is_cut_the_keys_are_the_same(data: st.DataObject) -> None:
    parts = [b" ", b"n", "ö".encode(), b"\x1b[A", b"\x1b[1;5B", b"\x1bx", b"\x1b[200~s y\x1b[201~"]
    sent = b"".join(data.draw(st.lists(st.sampled_from(parts), max_size=6)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=6)))
    reader, found = KeyReader(), []
    for begin, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
        found += reader.feed(sent[begin:end])
    assert found + reader.flush() == list(names(sent))
    assert not {"s", "y"} & set(found)


def test_what_is_pasted_is_no_key() -> None:
    reader = KeyReader()
    assert reader.feed(b"n\x1b[200~s") == ["n"]
    assert reader.feed(b"y\x1b[A \x03\x1b[20") == []
    assert reader.feed(b"1~m") == ["m"]
    # An end that never comes takes no keys away for good.
    assert reader.feed(b"\x1b[200~s") == []
    assert reader.flush() == []
    assert reader.feed(b" ") == ["space"]


def test_textual_names_keys_alike() -> None:
    """Of every key that both know: what `[keys]` says means one key on both faces."""
    from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
    from textual.keys import Keys

    for code, keys in ANSI_SEQUENCES_KEYS.items():
        if not isinstance(keys, tuple) or len(keys) != 1 or keys[0] is Keys.Ignore:
            continue
        (ours,) = [*names(code.encode("latin-1", "replace")), ""][:1]
        name = keys[0].value
        if code in ("\n", "\x1b\x7f", "\x1b\x1b", "\x9b", "\x1b\t") or not is_key(name):
            continue  # enter, as no terminal of ours sends anything else; and keys of no config
        if ours and not ours.startswith("alt+"):
            assert ours == name, code


def test_a_key_that_no_terminal_sends_is_known() -> None:
    assert [name for name in DEFAULT_KEYS.values() if not can_be_sent(name)] == []
    for key in ("ctrl+s", "ö", "ы", "alt+x", "f13", "ctrl+shift+up", "ctrl+underscore", "A"):
        assert can_be_sent(key), key
    for key in ("super+x", "ctrl+1", "ctrl+ö", "ctrl+i", "ctrl+m", "shift+enter", "ctrl+z"):
        assert is_key(key)
        assert not can_be_sent(key), key
    keys = {**DEFAULT_KEYS, "stop": "s,super+s"}
    assert list(unsent(keys)) == [("stop", "super+s")]


def test_every_sign_that_a_config_can_name_can_be_typed() -> None:
    for sign in set(string.punctuation):
        (name,) = names(sign.encode())
        assert is_key(name)
        assert key_text(name) == sign


@given(st.binary(max_size=40))
def test_any_bytes_are_read_to_their_end(sent: bytes) -> None:
    assert all(name for name in names(sent))


@given(st.lists(st.sampled_from([b" ", b"\r", b"n", b"\x1b[A", b"\x1b[6~"]), max_size=9))
def test_keys_that_come_together_are_all_there(sent: list[bytes]) -> None:
    assert list(names(b"".join(sent))) == [next(names(one)) for one in sent]


def test_every_default_key_of_a_workout_can_be_typed() -> None:
    typed = {next(names(bytes([code])), "") for code in range(32, 127)}
    typed |= {"enter", "up", "down"}
    wanted = {
        key
        for name in ("pause", "confirm", "stop", "skip", "back", "more", "less", "cool_down")
        for key in DEFAULT_KEYS[name].split(",")
    }
    wanted |= {DEFAULT_KEYS[name] for name in ("stumble", "faster", "slower", "mute", "help")}
    assert wanted <= typed


if sys.platform != "win32":
    import pty
    import termios

    @pytest.fixture
    def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
        """The far end of a terminal that is standard input."""
        far, near = pty.openpty()
        with os.fdopen(near, "r") as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            yield far
        os.close(far)

    def test_keys_come_one_by_one_and_are_not_echoed(terminal: int) -> None:
        keyboard = Keyboard()
        assert keyboard.there
        fd = sys.stdin.fileno()
        before = termios.tcgetattr(fd)
        with keyboard.raw():
            local = termios.tcgetattr(fd)[3]
            assert not local & (termios.ECHO | termios.ICANON)
            assert local & termios.ISIG
            os.write(terminal, b" n")
            assert keyboard.wait(5) == ["space", "n"]
            assert keyboard.wait(0) == []
        assert termios.tcgetattr(fd) == before

    def test_a_burst_is_pasted_and_a_held_key_is_none(terminal: int) -> None:
        keyboard = Keyboard()
        with keyboard.raw():
            # What turns bracketed paste on comes out at the far end.
            assert os.read(terminal, 100) == PASTE_ON
            keyboard.wait(0)
            os.write(terminal, b"stop, y")
            assert keyboard.wait(5) == []
            assert keyboard.wait(0.2) == []
            os.write(terminal, b"nnnnnnnn")
            assert set(keyboard.wait(5)) == {"n"}
            os.write(terminal, b"\x1b[200~s y\x1b[201~\x1b[A")
            assert keyboard.wait(5) == ["up"]
        assert os.read(terminal, 100) == PASTE_OFF

    def test_the_terminal_is_given_back_after_an_exception(terminal: int) -> None:  # noqa: ARG001
        keyboard = Keyboard()
        before = termios.tcgetattr(sys.stdin.fileno())
        with pytest.raises(ZeroDivisionError), keyboard.raw():
            raise ZeroDivisionError
        assert termios.tcgetattr(sys.stdin.fileno()) == before


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    with open(os.devnull, encoding="ascii") as nothing:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdin", nothing)
        keyboard = Keyboard()
        assert not keyboard.there
        with keyboard.raw():
            assert keyboard.wait(0) == []
