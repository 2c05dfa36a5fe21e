"""The user's own sounds: one that cannot be played or is too long is reported with its place."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from retrotimer.config.model import Config
from retrotimer.config.read import load
from retrotimer.core.plan import Plan, make_plan
from retrotimer.run.own_sound_check import examine
from tests.support.program import Home
from tests.support.sound_files import cut_off, damage_header, write_wav

CONFIG = """\
[cues]
sounds = { forward = "horn.wav", last = "tick.wav", done = "horn.wav" }
[[set]]
name = "There and back"
steps = [
  { repeat = 2, steps = [
    { forward = "30s", speed = 3 },
    { backward = "12s", speed = 1.6, cue = "long.wav" },
  ] },
  { forward = "1m", speed = 3, cue = "tick.wav" },
]
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    write_wav(tmp_path / "horn.wav", 44_100, 2, seconds=20)
    write_wav(tmp_path / "tick.wav", seconds=0.4)
    write_wav(tmp_path / "long.wav", seconds=31)
    return Home.make(tmp_path, CONFIG)


def plan_of(config: Config) -> Plan:
    return make_plan(config.sets[0], config.belt, config.safety, config.cues.rules)


def test_every_file_is_measured(home: Home) -> None:
    found = examine(load(home.config))
    assert {Path(file).name: ms for file, ms in found.lengths.items()} == {
        "horn.wav": 20_000,
        "tick.wav": 400,
        "long.wav": 30_000,
    }
    assert not found.mistakes


def test_what_is_too_long_is_told_with_what_cuts_it_off(home: Home) -> None:
    config = load(home.config)
    notes = examine(config).notes(plan_of(config))
    assert [(note.text, note.path) for note in notes] == [
        ('horn.wav for "forward" lasts 20.0 s: "half" cuts it off after 15.0 s', ()),
        ('long.wav for "backward" lasts 30.0 s or more: "warn" cuts it off after 2.0 s', (0, 1)),
    ]


def test_what_cannot_be_played_is_a_mistake_at_each_place(home: Home) -> None:
    (home.folder / "tick.wav").write_bytes(b"no sound at all" * 99)
    write_wav(home.folder / "horn.wav", level=5)
    found = examine(load(home.config))
    lines = CONFIG.splitlines()
    assert [lines[one.line - 1][one.column - 1 :][:10] for one in found.mistakes] == [
        '"horn.wav"', '"tick.wav"', '"horn.wav"', '"tick.wav"',
    ]  # fmt: skip
    assert [one.line for one in found.mistakes] == [2, 2, 2, 10]
    silent, broken, *_ = (one.text for one in found.mistakes)
    expected = "expected a sound that can be played: "
    assert silent == f'found "horn.wav", {expected}it is silent throughout'
    assert (
        broken == f'found "tick.wav", {expected}it is damaged, or not a wav, flac, mp3 or ogg sound'
    )
    assert set(found.lengths) == {str(home.folder / "long.wav")}


@pytest.mark.parametrize("command", [("check",), ("show", "There"), ("run", "There"), ("sounds",)])
def test_no_command_goes_on_with_a_sound_that_cannot_be_played(
    home: Home, command: tuple[str, ...]
) -> None:
    (home.folder / "long.wav").write_bytes(b"")
    done = home.run(*command)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{home.config}:8:44: found ")
    assert "the file is empty" in done.stderr
    assert done.stderr.count("^") == len('"long.wav"')


def test_check_tells_where_a_damaged_or_cut_off_sound_is_named(home: Home) -> None:
    cut_off(home.folder / "horn.wav")
    damage_header(write_wav(home.folder / "tick.wav"))
    os.truncate(home.folder / "long.wav", 2_000_000_000)
    done = home.run("check")
    assert (done.returncode, done.stdout) == (2, "")
    told = [line for line in done.stderr.splitlines() if line.startswith(str(home.config))]
    assert [line.removeprefix(f"{home.config}:").partition(" found ")[0] for line in told] == [
        "2:22:", "2:41:", "2:60:", "8:44:", "10:38:",
    ]  # fmt: skip
    assert "the file is cut off" in told[0]
    assert "the file is damaged" in told[1]
    assert "the file is too large: 2000 MB, at most 50" in told[3]
    assert "Traceback" not in done.stderr


def test_check_and_show_tell_what_is_cut_off(home: Home) -> None:
    check, show = home.run("check"), home.run("show", "There")
    assert (check.returncode, show.returncode) == (0, 0)
    told = [line for line in check.stdout.splitlines() if "cuts it off" in line]
    assert [line.removeprefix(f"{home.config}:").partition(": note")[0] for line in told] == [
        "3:1: There and back",
        "8:5: There and back",
    ]
    assert [line for line in show.stdout.splitlines() if "cuts it off" in line] == [
        line.partition("There and back: ")[2] for line in told
    ]


@pytest.mark.parametrize(("tool", "suffix"), [("flac", "flac"), ("oggenc", "ogg"), ("lame", "mp3")])
def test_packed_files_are_looked_into(home: Home, tool: str, suffix: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    source, packed = home.folder / "tick.wav", home.folder / f"tick.{suffix}"
    output = [str(packed)] if tool == "lame" else ["-o", str(packed)]
    subprocess.run([tool, str(source), *output], check=True, capture_output=True)
    home.config.write_text(CONFIG.replace("tick.wav", packed.name), encoding="utf-8")
    found = examine(load(home.config))
    assert not found.mistakes
    assert found.lengths[str(packed)] == pytest.approx(400, abs=80)
    packed.write_bytes(packed.read_bytes()[:3] * 40)
    assert len(examine(load(home.config)).mistakes) == 2
