"""The schema for editors, against the reader."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import tomli

from retrotimer.config.mistakes import ConfigError
from retrotimer.config.read import read_text
from retrotimer.config.schema import schema
from retrotimer.config.write import example

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
]


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
        told = {
            key: kind["default"]
            for key, kind in properties[name]["properties"].items()
            if "default" in kind
        }
        assert told == content[name]
    assert properties["units"]["default"] == content["units"]
    commented = set(re.findall(r"^# \[+(\w+)\]", example(), re.MULTILINE))
    assert set(properties) == set(content) | commented


def test_it_is_json() -> None:
    assert json.loads(json.dumps(schema())) == schema()
