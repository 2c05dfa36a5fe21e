"""The example config agrees with the program."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import tomli

from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.config.model import Config
from retrotimer.config.read import load, read_text
from retrotimer.config.section_readers import NOT_YET
from retrotimer.config.write import example
from retrotimer.core.cue_ids import CueId
from retrotimer.core.plan import make_plan
from retrotimer.core.sets import IntervalSet, Kind

ROOT = Path(__file__).parents[2]
PATH = ROOT / "config.example.toml"
COMMENTED = re.compile(r"^# (?=\w+ = |\[+\w+\]+$|  \{ set = |\]$)", re.MULTILINE)


def test_the_package_contains_the_same_file() -> None:
    packaged = ROOT / "retrotimer" / "config" / "example.toml"
    assert packaged.read_bytes() == PATH.read_bytes()
    assert example() == PATH.read_text(encoding="utf-8")


def test_it_has_the_built_in_sets_and_defaults() -> None:
    read = load(PATH)
    assert read.sets == BUILTIN_SETS
    assert dataclasses.replace(read, path=None, given=frozenset()) == Config(sets=BUILTIN_SETS)


def test_it_gives_every_key_that_has_a_default() -> None:
    content = tomli.loads(example())
    config = Config(sets=())
    left_out = {"voice_pack", "sounds"} | {"volume", "voice", "theme"}  # and what is remembered
    for table, settings in (
        ("treadmill", dataclasses.fields(config.belt)),
        ("safety", dataclasses.fields(config.safety)),
        ("cues", dataclasses.fields(config.cues)),
        ("display", dataclasses.fields(config.display)),
    ):
        assert set(content[table]) == {field.name for field in settings} - left_out
    assert content["keys"] == DEFAULT_KEYS
    assert set(content) == {"units", "treadmill", "safety", "cues", "display", "keys", "set"}


def test_every_key_but_key_bindings_has_a_comment() -> None:
    head = example().partition("# The sets.")[0]
    plain = [line for line in head.splitlines() if " = " in line and "#" not in line]
    keys = {line.partition(" = ")[0] for line in plain}
    assert keys <= set(DEFAULT_KEYS)


def test_commented_out_lines_are_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    pack = tmp_path / "voices" / "de"
    pack.mkdir(parents=True)
    (tmp_path / "horn.wav").write_bytes(b"")
    (pack / "voice.toml").write_text('language = "Deutsch"\nwords = { set = "../../horn.wav" }')
    text, count = COMMENTED.subn("", example())
    content = tomli.loads(text)
    assert count == 21
    defaults = Config(sets=())
    assert (read_text(text, PATH).cues.volume, content["display"]["theme"]) == (
        defaults.cues.volume,
        defaults.display.theme,
    )
    assert content["cues"]["voice"] is defaults.cues.voice
    assert set(content) - set(tomli.loads(example())) == {"hooks", "program"}
    assert set(content["hooks"]) == {"on_start", "on_turn", "on_block", "on_pause", "on_end"}
    read = read_text(text, tmp_path / "config.toml")
    assert read.cues.voice_pack is not None
    assert read.cues.voice_pack.folder == pack
    assert read.cues.sounds == {CueId.FORWARD: tmp_path / "horn.wav"}
    assert read.sets == BUILTIN_SETS


def test_tables_without_effect_say_so() -> None:
    above = {
        name: text for text, name in re.findall(r"((?:^# .*\n)+?)^# \[+(\w+)\]+$", example(), re.M)
    }
    assert {name for name, text in above.items() if "NOT YET" in text} == set(NOT_YET)


MINUTES = {
    "Dry turn": (90, 30),
    "First steps": (16 * 60 - 30, 150),
    "Knee rehab": (24 * 60, 600),
    "Coordination": (18 * 60, 360),
    "Uphill retro": (27.5 * 60, 600),
    "Advanced intervals": (33 * 60, 360),
    "4 x 4": (43 * 60, 0),
    "Tabata": (10 * 60 + 160 + 70, 0),
}


@pytest.mark.parametrize("one", BUILTIN_SETS, ids=lambda one: one.name)
def test_the_built_in_sets_last_as_long_as_their_sources_say(one: IntervalSet) -> None:
    plan = make_plan(one)
    moved = plan.time_in(Kind.FORWARD, Kind.BACKWARD, Kind.REST) / 1000
    assert (moved, plan.time_in(Kind.BACKWARD) / 1000) == MINUTES[one.name]
    warmed = [plan.blocks[0].label, plan.blocks[-1].label] == ["Warm up", "Cool down"]
    assert warmed or plan.rules.dry
    assert {one.name for one in BUILTIN_SETS} >= {one.after} - {""}


def test_the_incline_of_uphill_retro_stays_over_the_turns() -> None:
    plan = make_plan(next(one for one in BUILTIN_SETS if one.name == "Uphill retro"))
    for lead, before, after in zip(plan.leads[1:], plan.blocks, plan.blocks[1:], strict=False):
        if lead is not None:
            assert before.incline == after.incline == 4.0
