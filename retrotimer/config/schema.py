"""The config's JSON Schema, for editors, generated from the rules that also check the config.

It knows less than the reader: nothing about duplicate names, missing files or total lengths. Where
a limit depends on another key, such as the unit, it has the more generous limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from retrotimer.config import limits, value_rules
from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.config.model import CueSettings, DisplaySettings
from retrotimer.config.section_readers import (
    DISPLAY,
    HOOKS,
    KEYS,
    SWITCHES,
    TIMES_A_WEEK,
    UNITS,
    belt_rules,
    cue_rules,
    safety_rules,
    sound_rules,
)
from retrotimer.config.set_reader import LENGTHS, REPEAT, SET, level_rules, word_rules
from retrotimer.config.value_rules import Rules, Schema
from retrotimer.core.cue_ids import MEANING, CueId
from retrotimer.core.sets import Belt, Kind, Power, Safety
from retrotimer.core.units import Units

FILE_NAME = "retrotimer.schema.json"

_HERE = Path()
_TEXT = value_rules.text().schema
_STEPS: Schema = {"$ref": "#/definitions/steps"}


def _list(items: Schema, most: int, *, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "maxItems": most} | (
        {"minItems": least} if least else {}
    )


_ACKNOWLEDGED: Schema = {
    "description": "codes of safety findings to silence",
    **_list(value_rules.finding.schema, limits.MOST_ITEMS),
}


def schema() -> Schema:
    """The schema as plain data, ready for `json.dumps`."""
    step = {"anyOf": [*map(_block, LENGTHS), _repeat()]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "retrotimer config",
        "definitions": {
            "steps": _list({"$ref": "#/definitions/step"}, limits.MOST_STEPS, least=1),
            "step": step,
        },
        **_table(
            {
                "units": {**UNITS.schema, "default": Units.KMH.value},
                "treadmill": _table(_settings(belt_rules(Units.KMH), asdict(Belt()))),
                "safety": _table(_safety()),
                "cues": _table(_cues()),
                "display": _table(_settings(DISPLAY, asdict(DisplaySettings()))),
                "keys": _table(_settings(KEYS, DEFAULT_KEYS)),
                "hooks": _table(_plain(HOOKS)),
                "set": _list(_set(), limits.MOST_SETS),
                "program": _list(_program(), limits.MOST_SETS),
            }
        ),
    }


def _table(properties: Schema, required: Iterable[str] = ()) -> Schema:
    table: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if needed := list(required):
        table["required"] = needed
    return table


def _plain(rules: Rules) -> Schema:
    return {key: rule.schema for key, rule in rules.items()}


def _settings(rules: Rules, usual: Mapping[str, object]) -> Schema:
    """The keys of a table, with their defaults as written in a file."""
    described = {}
    for key, rule in rules.items():
        default = rule.written(usual[key])
        described[key] = rule.schema if default is None else {**rule.schema, "default": default}
    return described


def _safety() -> Schema:
    rules = {**SWITCHES, **safety_rules(Units.KMH, short=True, running=True)}
    return {
        **_settings(rules, asdict(Safety())),
        "acknowledged": {**_ACKNOWLEDGED, "default": []},
    }


def _cues() -> Schema:
    sounds = {
        cue: {**rule.schema, "description": MEANING[CueId(cue)]}
        for cue, rule in sound_rules(_HERE).items()
    }
    return {**_settings(cue_rules(_HERE), asdict(CueSettings())), "sounds": _table(sounds)}


def _block(kind: Kind) -> Schema:
    rules = {kind.value: LENGTHS[kind], **word_rules(_HERE)}
    if kind.moving:
        rules |= level_rules(Units.KMH)
    return _table(_plain(rules), [kind.value])


def _repeat() -> Schema:
    return _table({**_plain(REPEAT), "steps": _STEPS}, ("repeat", "steps"))


def _set() -> Schema:
    belt = {**SET["belt"].schema, "default": Power.ON.value}
    properties = {**_plain(SET), "belt": belt, "acknowledged": _ACKNOWLEDGED, "steps": _STEPS}
    return _table(properties, ("name", "steps"))


def _program() -> Schema:
    week = _table({"set": _TEXT, "times": TIMES_A_WEEK.schema}, ("set", "times"))
    weeks = _list(week, limits.MOST_SETS, least=1)
    return _table({"name": value_rules.name.schema, "weeks": weeks}, ("name", "weeks"))
