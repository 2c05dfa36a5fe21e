"""The JSON Schema of the config, for editors: made from the model, so that it cannot fall behind.

It knows less than the reader: nothing about names used twice, files that lack or total lengths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from enum import StrEnum
from typing import Any

from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.config.model import Backend, CueSettings, DisplaySettings, Units
from retrotimer.config.section_readers import HOOKS, MOST_A_WEEK, RUNNING
from retrotimer.config.value_rules import FASTEST
from retrotimer.core.cue_ids import MEANING
from retrotimer.core.safety import LEVELS, Level
from retrotimer.core.sets import Belt, Confirm, Laptop, Power, Safety

FILE_NAME = "retrotimer.schema.json"

Schema = dict[str, Any]

_CLOCK = r"([0-9]{1,3}:[0-5]?[0-9]|[0-9]{1,4}):[0-5][0-9](\.[0-9]+)?"
_UNITS = r"[0-9][0-9 .hmins]*[hmns]"  # looser than the reader: some editors know no lookahead
_SPEED: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": FASTEST}
_PERCENT: Schema = {"type": "number", "minimum": 0, "maximum": 100}
_FLAG: Schema = {"type": "boolean"}
_TEXT: Schema = {"type": "string"}
_NAME: Schema = {"type": "string", "pattern": r"^\S(.*\S)?$"}
_DURATION: Schema = {"$ref": "#/definitions/duration"}
_ACKNOWLEDGED: Schema = {
    "description": "codes of safety findings to silence",
    "type": "array",
    "items": {"enum": [code for code, level in LEVELS.items() if level is not Level.LOCK]},
}


def schema() -> Schema:
    """The schema as plain data, ready for `json.dumps`."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "retrotimer config",
        "definitions": {
            "duration": {
                "description": 'seconds, or text such as "90s", "1m30s", "25m", "1:30"',
                "anyOf": [
                    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 86_400},
                    {"type": "string", "pattern": f"^ *({_CLOCK}|{_UNITS}) *$"},
                ],
            },
            "steps": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/step"}},
            "step": {"anyOf": [_block("forward"), _block("backward"), _block("rest"), _repeat()]},
        },
        **_table(
            {
                "units": {**_enum(Units), "default": Units.KMH.value},
                "treadmill": _with_defaults(_treadmill(), Belt()),
                "safety": _with_defaults(_safety(), Safety(), turn="auto", acknowledged=[]),
                "cues": _with_defaults(_cues(), CueSettings(), remind_every="off"),
                "display": _with_defaults({"theme": _TEXT, "mirror": _FLAG}, DisplaySettings()),
                "keys": _table(
                    {name: {**_TEXT, "default": key} for name, key in DEFAULT_KEYS.items()}
                ),
                "hooks": _table(dict.fromkeys(HOOKS, _TEXT)),
                "set": {"type": "array", "items": _set()},
                "program": {"type": "array", "items": _program()},
            }
        ),
    }


def _table(properties: Schema, required: Iterable[str] = ()) -> Schema:
    table: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if needed := list(required):
        table["required"] = needed
    return table


def _with_defaults(properties: Schema, settings: object, **told: object) -> Schema:
    """A table with the defaults of the model; `told` are those it says in other words."""
    described = {}
    for name, kind in properties.items():
        default = told.get(name, getattr(settings, name))
        if kind is _DURATION and isinstance(default, int):
            default = f"{default // 1000}s"
        plain = isinstance(default, bool | int | float | str | list)
        described[name] = {"allOf": [kind], "default": default} if plain else kind
    return _table(described)


def _enum(words: type[StrEnum]) -> Schema:
    return {"enum": [word.value for word in words]}


def _whole(low: int, high: int | None = None) -> Schema:
    return {"type": "integer", "minimum": low} | ({} if high is None else {"maximum": high})


def _or(word: str) -> Schema:
    return {"anyOf": [{"const": word}, _DURATION]}


def _treadmill() -> Schema:
    rate = {**_SPEED, "description": "units per second"}
    special = {
        "acceleration": rate,
        "deceleration": rate,
        "incline_rate": {**_PERCENT, "description": "percent per second"},
        "max_incline": _PERCENT,
        "laptop": _enum(Laptop),
    }
    return {field.name: special.get(field.name, _SPEED) for field in fields(Belt)}


def _safety() -> Schema:
    return {
        "turn": _or("auto"),
        "allow_short_turns": _FLAG,
        "confirm_turns": _enum(Confirm),
        "warn_before_turn": _DURATION,
        "get_ready": _DURATION,
        "max_backward_speed": {**_SPEED, "maximum": RUNNING},
        "backward_running": _FLAG,
        "acknowledged": _ACKNOWLEDGED,
        "checklist": _FLAG,
    }


def _cues() -> Schema:
    sounds = {cue.value: {**_TEXT, "description": meaning} for cue, meaning in MEANING.items()}
    return {
        "backend": _enum(Backend),
        "volume": _whole(0, 100),
        "voice": _FLAG,
        "voice_pack": _TEXT,
        "halfway": _FLAG,
        "count_last": _whole(0, 10),
        "remind_every": _or("off"),
        "heartbeat": _FLAG,
        "flash": _FLAG,
        "sounds": _table(sounds),
    }


def _block(kind: str) -> Schema:
    length = _DURATION if kind == "backward" else _or("open")
    moving = {} if kind == "rest" else {"speed": _SPEED, "incline": _PERCENT}
    words = {"label": _TEXT, "note": _TEXT, "cue": _TEXT}
    return _table({kind: length, **moving, **words}, [kind])


def _repeat() -> Schema:
    steps = {"$ref": "#/definitions/steps"}
    needed = ("repeat", "steps")
    return _table({"repeat": _whole(1), "steps": steps, "skip_last": _FLAG}, needed)


def _set() -> Schema:
    properties = {
        "name": _NAME,
        "about": _TEXT,
        "confirm_turns": _enum(Confirm),
        "after": _TEXT,
        "acknowledged": _ACKNOWLEDGED,
        "belt": {**_enum(Power), "default": Power.ON.value},
        "steps": {"$ref": "#/definitions/steps"},
    }
    return _table(properties, ("name", "steps"))


def _program() -> Schema:
    week = _table({"set": _TEXT, "times": _whole(1, MOST_A_WEEK)}, ("set", "times"))
    weeks = {"type": "array", "minItems": 1, "items": week}
    return _table({"name": _NAME, "weeks": weeks}, ("name", "weeks"))
