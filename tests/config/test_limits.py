"""Configs of absurd size are refused at the limit, without further work."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from retrotimer.config import limits
from retrotimer.config.mistakes import ConfigError, render_all
from retrotimer.config.read import read_text
from tests.support.odd_configs import SHAPES, WRONG, a_set


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read_text(text, None)
    return caught.value


def message(text: str) -> str:
    (found,) = refused(text).mistakes
    return str(found).removeprefix("config.toml:")


def calls(text: str) -> int:
    """The work of reading a text, in function calls, including Python's own."""
    count = 0

    def on(_frame: FrameType, event: str, _arg: Any) -> None:
        nonlocal count
        count += event.endswith("call")

    sys.setprofile(on)
    try:
        read_text(text, None)
    except ConfigError as error:
        render_all(error)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            WRONG + "x = 1\n" + ".".join("a" * 30_000) + " = 1\n",
            "3:1: found a key of more than 60 parts, expected fewer",
        ),
        (
            WRONG + "[ " + " . ".join(['"a.b"'] * 62) + " ]\n",
            "2:3: found a key of more than 60 parts, expected fewer",
        ),
        (
            "a = 1\nx = " + "[" * 151 + "]" * 151,
            "2:155: found lists or tables nested deeper than 150, expected fewer",
        ),
        (
            'a = "[[["\nx = ' + "{a=" * 400,
            "2:455: found lists or tables nested deeper than 150, expected fewer",
        ),
        (
            "x = [\n" + "1,\n" * 100_000 + "]",
            "100000:1: found more than 100000 keys and values, expected fewer",
        ),
        (
            "[[set]]\n" * 1001,
            '1:3: found 1001 entries in "set", expected at most 1000',
        ),
        (
            a_set("A", "{ rest = 1 }, " * 6000) + a_set("B", "{ rest = 1 }, " * 6000),
            "8:1: found more than 10000 steps in all sets together, expected fewer",
        ),
        (
            "".join(a_set(f"{n}", "{ repeat = 8800, steps = [{ rest = 1 }] }") for n in range(50)),
            "9:1: found more than 20000 blocks in the sets up to this one, expected fewer in all",
        ),
        (
            '[safety]\nacknowledged = ["x"' + ', "x"' * 1000 + "]",
            "2:16: found 1001 elements, expected at most 1000",
        ),
    ],
    ids=["dots", "header", "lists", "tables", "words", "sets", "steps", "blocks", "elements"],
)
def test_exceeding_a_limit_is_a_mistake_with_its_place(text: str, expected: str) -> None:
    assert message(text) == expected


def test_a_mistake_before_the_limit_comes_first() -> None:
    assert message("x = \n" + ".".join("a" * 100) + " = 1").startswith("1:5: ")
    # Brackets that were never closed are reported as such, not as nesting.
    found = message("a = [\n[[b]]\n" + "c = [\n" * 200)
    assert found.startswith("2:3: ")
    assert "nested" not in found


def test_brackets_and_dots_in_comments_and_strings_do_not_count() -> None:
    many = "[" * 200 + ". . a.b." * 20
    text = f"# {many}\na = '{many}'\nb = \"{many}\\\"{many}\"\nc = '''\n{many}''\n{many}'''\n"
    text += f'd = """\n{many}"\n\\"{many}"""\n' + "e = 1.5\n[f]\n" * 1
    assert limits.beyond(text) is None
    assert limits.beyond(text + "x = " + "[" * 151) is not None


def test_only_the_first_mistakes_are_listed_and_the_others_counted() -> None:
    found = refused("\n".join(f"x{n} = {n}" for n in range(250)))
    assert len(found.mistakes) == limits.MOST_TOLD
    assert found.more == 250 - limits.MOST_TOLD
    assert render_all(found)[-1] == "and 150 more mistakes"
    assert [one.line for one in found.mistakes] == list(range(1, 101))
    assert render_all(refused("\n".join(f"x{n} = 1" for n in range(101))))[-1] == (
        "and 1 more mistake"
    )


def test_suggestions_end_once_they_have_cost_enough() -> None:
    few = refused("".join(a_set(f"abcdefg{n}", "{rest=1}", f'after="abcdefx{n}"') for n in (1, 2)))
    assert all("did you mean" in one.text for one in few.mistakes)
    many = "".join(a_set(f"abcdefg{n}", "{rest=1}", f'after="abcdefx{n}"') for n in range(500))
    hints = [one for one in refused(many).mistakes if "did you mean" in one.text]
    assert 1 <= len(hints) < 50
    assert "did you mean" not in message("x" * 101 + " = 1\n")


def test_a_long_key_is_shortened_in_messages() -> None:
    name = "a" * 5_000
    assert len(message(f"{name} = 1\n{name} = 2")) < 400
    assert len(message(f"[{name}]\n[{name}]")) < 400
    assert len(message(f"{name} = 1\n{name}.b = 2")) < 400


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_is_at_most_about_twice_the_work(shape: str) -> None:
    once, twice = (calls(SHAPES[shape](size)) for size in (6_000, 12_000))
    assert twice <= 2.3 * once + 500
