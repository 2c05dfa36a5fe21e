"""The schema for editors agrees with the reader."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import tomli
import tomli_w
from hypothesis import example as case
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.config import durations, section_readers, set_reader, value_rules
from retrotimer.config.mistakes import ConfigError
from retrotimer.config.read import read_text
from retrotimer.config.schema import schema
from retrotimer.config.table_reader import MistakeReport, TableReader
from retrotimer.config.value_rules import Rule, ValueRefused
from retrotimer.config.write import example
from retrotimer.core.safety import LEVELS
from retrotimer.core.sets import Kind
from retrotimer.core.units import Units

ONE = '[[set]]\nname = "A"\nsteps = [{step}]\n'
GOOD = [
    "",
    'units = "mph"',
    'safety = { turn = "1:30", get_ready = 5.5, warn_before_turn = "10s" }',
    'safety.acknowledged = ["many-turns", "step-on-fast"]',
    'cues = { remind_every = "1m30s", volume = 0 }',
    'hooks.on_turn = "x"',
    'program = [{ name = "P", weeks = [{ set = "Tabata", times = 2 }] }]',
    ONE.format(step='{ forward = "open", speed = 3, incline = 0, label = "", note = "x" }'),
    ONE.format(step='{ repeat = 2, skip_last = true, steps = [{ rest = "1h" }] }'),
    ONE.format(step='{ backward = "1:02:03", speed = 1.5 }'),
    ONE.format(step='{ backward = "9s" }') + 'belt = "off"',
    "safety.checklist = false",
]
BAD = [
    "colour = 1",
    'units = "kmh"',
    'safety.turn = "fast"',
    "safety.max_backward_speed = 11",
    'safety.acknowledged = ["many-trns"]',
    'safety.acknowledged = ["belt-too-fast"]',
    'safety.acknowledged = "many-turns"',
    "treadmill.max_speed = 0",
    'treadmill.laptop = "back"',
    "cues.volume = 101",
    "cues.volume = 8.5",
    "cues.voice = 1",
    "cues.sounds.horn = 'x'",
    "keys.puase = 'x'",
    "hooks.on_trun = 'x'",
    "program = [{ name = 'P', weeks = [] }]",
    "[[set]]\nname = 'A'",
    ONE.format(step=""),
    ONE.format(step="{}"),
    ONE.format(step="{ forward = 0 }"),
    ONE.format(step="{ forward = '90' }"),
    ONE.format(step="{ forward = 9, rest = 9 }"),
    ONE.format(step="{ backward = 'open' }"),
    ONE.format(step="{ rest = 9, speed = 3 }"),
    ONE.format(step="{ repeat = 0, steps = [{ rest = 1 }] }"),
    ONE.format(step="{ repeat = 2, steps = [{ rset = 1 }] }"),
    ONE.format(step="{ backward = 9 }") + 'belt = "of"',
    "safety.checklist = 1",
    # Just beyond a limit.
    "safety.turn = 9.999",
    "safety.turn = 600.001",
    "safety.get_ready = 2.999",
    "safety.warn_before_turn = 60.001",
    "safety.max_backward_speed = 10.01",
    "treadmill.incline_rate = 0.009",
    "treadmill.acceleration = 0.006",
    "treadmill.max_incline = 100.1",
    "cues.remind_every = 9.999",
    "cues.count_last = 11",
    "cues.volume = -1",
    'cues.remind_every = "1:60"',
    'cues.remind_every = "1m60s"',
    'cues.remind_every = "0.0005s"',
    'hooks.on_turn = ""',
    "keys.pause = ''",
    'program = [{ name = "P", weeks = [{ set = "Tabata", times = 15 }] }]',
    ONE.format(step="{ forward = 86400 }"),
    ONE.format(step='{ forward = 9, label = "a\\nb" }'),
    ONE.format(step="{ forward = 9, incline = 100.5 }"),
    ONE.format(step="{ forward = 9 }") + 'after = " "',
]


@cache
def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft7Validator.check_schema(schema())
    return jsonschema.Draft7Validator(schema())


@pytest.mark.parametrize("text", [*GOOD, example()], ids=lambda text: text[:40])
def test_both_accept(text: str) -> None:
    read_text(text, None)
    assert list(validator().iter_errors(tomli.loads(text))) == []


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:40])
def test_both_refuse(text: str) -> None:
    with pytest.raises(ConfigError):
        read_text(text, None)
    assert list(validator().iter_errors(tomli.loads(text)))


def test_it_has_every_key_of_the_example_with_its_default() -> None:
    # What the program remembers is commented out.
    content = tomli.loads(re.sub(r"^# (?=(volume|voice|theme) = )", "", example(), flags=re.M))
    properties = schema()["properties"]
    for name in ("treadmill", "safety", "cues", "display", "keys"):
        defaults = {
            key: kind["default"]
            for key, kind in properties[name]["properties"].items()
            if "default" in kind
        }
        assert defaults == content[name]
    assert properties["units"]["default"] == content["units"]
    commented = set(re.findall(r"^# \[+(\w+)\]", example(), re.MULTILINE))
    assert set(properties) == set(content) | commented


def test_it_is_json() -> None:
    assert json.loads(json.dumps(schema())) == schema()


# Each rule, and what its schema says to an editor -----------------------------------------------

HERE = Path(__file__).parent
WIDEST = [
    {
        "treadmill": section_readers.belt_rules(units),
        "safety": {
            **section_readers.SWITCHES,
            **section_readers.safety_rules(units, short=True, running=True),
            "acknowledged": value_rules.finding,
        },
        "cues": section_readers.cue_rules(HERE),
        "display": section_readers.DISPLAY,
        "keys": section_readers.KEYS,
        "hooks": section_readers.HOOKS,
        "set": set_reader.SET,
        "repeat": set_reader.REPEAT,
        "level": set_reader.level_rules(units),
        "words": set_reader.word_rules(HERE),
        "length": {kind.value: rule for kind, rule in set_reader.LENGTHS.items()},
        "week": {"times": section_readers.TIMES_A_WEEK},
    }
    for units in Units
]
"""All rules in both units; a limit that depends on another key is the most generous one."""
RULES = [(table, key) for table, rules in WIDEST[0].items() for key in rules]
FILES = {("cues", "voice_pack"), ("words", "cue"), ("display", "theme")}
"""The rules for which only existing files and themes pass."""
ENDS = (0, 0.01, 1, 3, 6, 10, 14, 20, 60, 62.137, 100, 200, 600, 3600, 86_400)

numbers = st.one_of(
    st.builds(
        lambda end, by: round(end + by, 3),
        st.sampled_from(ENDS),
        st.sampled_from([0, 0.001, -0.001, 0.01, -0.01, 0.5, -0.5, 1, -1]),
    ),
    st.sampled_from(ENDS),
    st.integers(-2, 1000),
)
words = st.one_of(
    st.text(max_size=3),
    st.sampled_from(
        [
            "",
            " ",
            "a b",
            " a",
            "a ",
            "a\n",
            "a\nb",
            "\x1b",
            "\x85",
            "x" * 201,
            "open",
            "auto",
            "off",
        ]
    ),
    st.sampled_from(
        ["sound", "mph", "on", "turns", "all", "bell", "a," * 99 + "a", "a," * 100 + "a"]
    ),
)
values = st.one_of(
    numbers, words, st.sampled_from([*LEVELS]), st.booleans(), st.just([]), st.just({})
)


def takes(check: Callable[[object], object], value: object) -> bool:
    try:
        check(value)
    except ValueRefused:
        return False
    return True


def passes(rule: Rule[Any], value: object) -> bool:
    return bool(validator().evolve(schema=rule.schema).is_valid(value))


@pytest.mark.parametrize(("table", "key"), RULES, ids=[".".join(rule) for rule in RULES])
@given(value=values)
def test_the_schema_of_a_rule_accepts_what_the_rule_accepts(
    table: str, key: str, value: object
) -> None:
    rules = [every[table][key] for every in WIDEST]
    taken = any(takes(rule, value) for rule in rules)
    passed = {passes(rule, value) for rule in rules}
    assert len(passed) == 1, "an editor does not know the unit"
    if taken or not (
        # An editor does not know which files and keys exist, nor that 8.0 is no whole number.
        (table, key) in FILES
        or (table == "keys" and isinstance(value, str))
        or (isinstance(value, float) and value.is_integer())
    ):
        assert passed == {taken}


DURATIONS = st.one_of(
    st.from_regex(
        r"\A ?([0-9]{1,3} ?h ?)?([0-9]{1,3} ?m(in)? ?)?([0-9]{1,3}(\.[0-9]{1,4})?s)? ?\Z"
    ),
    st.from_regex(r"\A([0-9]{1,3}:)?[0-9]{1,4}:[0-9]{1,3}(\.[0-9]{1,4})?\Z"),
    st.text("0159 :hmins.", max_size=8),
)


@given(DURATIONS)
@case("1:60")
@case("1:59")
@case("1h60m")
@case("90m")
@case("1m60s")
@case("0.0005s")
@case("1:2")
@case(" 1 min 30.5 s ")
def test_the_schema_knows_durations_but_not_how_long_they_are(text: str) -> None:
    try:
        durations.parse(text)
        taken = True
    except durations.DurationError as error:
        taken = "under 24 h" in str(error)
    assert bool(re.search(durations.PATTERN, text)) == taken


@pytest.mark.parametrize(
    ("units", "short", "running"), [*product(Units, (True, False), (True, False))]
)
@given(
    where=st.sampled_from([one for one in RULES if one[0] in schema()["properties"]]),
    value=values,
)
def test_the_schema_accepts_what_the_reader_accepts(
    units: Units, short: bool, running: bool, where: tuple[str, str], value: object
) -> None:
    table, key = where
    content: dict[str, Any] = {
        "units": units.value,
        "safety": {"allow_short_turns": short, "backward_running": running},
    }
    if table == "set":
        content["set"] = [{"name": "A", "steps": [{"forward": 60}], key: value}]
    else:
        content.setdefault(table, {})[key] = value
    try:
        read_text(tomli_w.dumps(content), None)
    except ConfigError:
        return
    assert list(validator().iter_errors(content)) == []


def asked(read: Callable[[TableReader], object]) -> set[str]:
    """The keys that a reader looks up in a table."""
    table = TableReader(MistakeReport(), (), {})
    read(table)
    return set(table._known)


def test_the_schema_has_the_keys_that_the_reader_looks_up() -> None:
    has = schema()["properties"]

    def keys(name: str) -> set[str]:
        return set(has[name]["properties"])

    assert asked(lambda t: section_readers.read_belt(t, Units.KMH)) == keys("treadmill")
    assert asked(lambda t: section_readers.read_safety(t, Units.KMH)) == keys("safety")
    assert asked(lambda t: section_readers.read_cues(t, HERE)) == keys("cues")
    assert asked(section_readers.read_display) == keys("display")
    assert asked(section_readers.read_keys) == keys("keys")
    assert asked(section_readers.check_hooks) == keys("hooks")
    one = TableReader(MistakeReport(), (), {"set": [{"steps": [{"forward": 9}]}]})
    ((table, _),) = set_reader.read_sets(one, Units.KMH, HERE)
    assert set(table._known) == set(has["set"]["items"]["properties"])
    steps = {
        frozenset(step["properties"]): step["required"]
        for step in schema()["definitions"]["step"]["anyOf"]
    }
    words = {"label", "note", "cue"}
    moving = {"speed", "incline"} | words
    assert steps == {
        frozenset({Kind.FORWARD.value} | moving): ["forward"],
        frozenset({Kind.BACKWARD.value} | moving): ["backward"],
        frozenset({Kind.REST.value} | words): ["rest"],
        frozenset({"repeat", "steps", "skip_last"}): ["repeat", "steps"],
    }
