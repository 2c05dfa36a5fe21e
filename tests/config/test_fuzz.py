"""Any file is either read as a config or refused with mistakes that can be shown."""

from __future__ import annotations

import random
import re
from pathlib import Path

from hypothesis import example as tried
from hypothesis import given, settings
from hypothesis import strategies as st

from retrotimer.config.mistakes import ConfigError, render
from retrotimer.config.read import load, read_text
from retrotimer.config.write import example
from retrotimer.core.plan import MAX_LENGTH, MAX_PHASES, make_plan
from tests.support.odd_configs import faults_of, mutated

EXAMPLE = example()
TOKENS = [(found.start(), found.end()) for found in re.finditer(r'"[^"\n]*"|\w+|\S', EXAMPLE)]
ODD = st.sampled_from(
    [
        *("", "\n", "\r", "\r\n", "\0", "\x1b", "\u2028", "\ufeff", "é", "日本", "#", "'", '"'),
        *("=", ",", "{", "}", "[", "]", "[[set]]\n", '"""', "'''", "\\", "x = 1\n", "steps = []\n"),
        *("0", "-1", "1e308", "nan", "inf", "9" * 30, "0x" + "f" * 5000, "true", "1.5", "[]", "{}"),
        *("2026-11-24", "10:00", '"open"', '"24h"', '"0s"', '"1:90"', '"\\u0000"', '"~"', '"-"'),
        *("name", "forward", "backward", "repeat", "speed", "skip_last", "after", "keys", "weeks"),
    ]
)


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """The example with some of its tokens replaced, dropped, doubled or swapped."""
    text = EXAMPLE
    spots = draw(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=6, unique=True))
    for start, end in sorted(spots, reverse=True):
        old = EXAMPLE[start:end]
        other = EXAMPLE[slice(*draw(st.sampled_from(TOKENS)))]
        text = text[:start] + draw(ODD | st.sampled_from([old + old, other])) + text[end:]
    return text


def check(text: str) -> None:
    try:
        config = read_text(text, None)
    except ConfigError as error:
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        assert error.mistakes  # noqa: PT017 - a config is the other good outcome
        assert list(error.mistakes) == sorted(  # noqa: PT017
            error.mistakes, key=lambda one: (one.line, one.column)
        )
        for one in error.mistakes:
            for spot in (one.spot, *(note.spot for note in one.notes)):
                if spot.line:
                    assert spot.source == lines[spot.line - 1]
                    assert 1 <= spot.column <= len(spot.source) + 1
            assert "^" in render(one) or not one.line
        return
    for one_set in config.sets:
        plan = make_plan(one_set, config.belt, config.safety, config.cues.rules)
        assert len(plan.phases) <= MAX_PHASES
        assert plan.total <= MAX_LENGTH


@given(mutations())
@settings(max_examples=150, deadline=None)
@tried("\ufeff[cues]\r\nvolume = -1\r\n")
def test_a_changed_example(text: str) -> None:
    check(text)


values = st.recursive(
    st.sampled_from(["1", "-1", "1.5", "nan", "true", '"1m"', '"open"', "'x'", "10:00", "1e400"]),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda parts: f"[{', '.join(parts)}]")
        | st.tuples(st.sampled_from(["forward", "repeat", "steps", "rest", "set", "x"]), inner).map(
            lambda pair: f"{{ {pair[0]} = {pair[1]} }}"
        )
    ),
    max_leaves=6,
)
KEYS = sorted(set(re.findall(r"^(?:# )?(\w+) = ", EXAMPLE, re.MULTILINE)))
TABLES = ["treadmill", "safety", "cues", "display", "keys", "hooks", "set", "program"]


@given(
    st.dictionaries(
        st.tuples(st.sampled_from([*TABLES, ""]), st.sampled_from([*KEYS, *TABLES])),
        values,
        max_size=8,
    ),
    st.sampled_from(["[{}]", "[[{}]]"]),
)
@settings(max_examples=150, deadline=None)
def test_any_value_under_any_key(entries: dict[tuple[str, str], str], header: str) -> None:
    lines = [f"{key} = {value}" for (table, key), value in entries.items() if not table]
    for table in TABLES:
        inner = [f"{key} = {value}" for (under, key), value in entries.items() if under == table]
        if inner:
            lines += [header.format(table), *inner]
    check("\n".join(lines))


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_any_text(text: str) -> None:
    check(text)


def test_a_file_with_changed_bytes_is_a_config_or_mistakes_with_places(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for number in range(300):
        path.write_bytes(mutated(random.Random(f"a seed/{number}")))
        assert list(faults_of(lambda: load(path))) == [], number
