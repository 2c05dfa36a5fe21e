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
from retrotimer.keyboard import Keyboard, names


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
        (b"\xc3\xa4", []),
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
