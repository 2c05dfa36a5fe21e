"""Text from outside never controls the terminal, whichever command prints it."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from retrotimer.cli.parser import make_parser
from retrotimer.core.rows import Row, Totals
from retrotimer.core.sets import Kind
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record, Status
from retrotimer.terminal.visible import visible, visible_json, visible_line
from tests.support.program import Home

HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
JOINED = "👩\u200d🚀 می\u200cخواهم e\u0301 日本"
"""Harmless special characters: joiners, combining and wide ones."""
TURNED = f"\u202eA\u2066b\u200f {JOINED}"
ESCAPED = f"\\u202eA\\u2066b\\u200f {JOINED}"
CLEARS = "\x1b[2J\x07\x9b\x7f"

CONFIG = f"""\
[safety]
get_ready = "3s"
checklist = false
[cues]
backend = "off"
[[set]]
name = "{TURNED}"
about = '''
{TURNED}
{TURNED}'''
steps = [{{ forward = "5s", speed = 3.0, label = "{TURNED}", note = "{TURNED}" }}]
[[set]]
name = "Too fast {TURNED}"
steps = [{{ forward = "5s" }}, {{ backward = "20s", speed = 12.0 }}]
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose path, config and history are full of harmful characters."""
    folder = tmp_path_factory.mktemp("odd") / f"{CLEARS}{TURNED}"
    folder.mkdir()
    home = Home.make(folder, CONFIG)
    row = Row(Kind.FORWARD, CLEARS, 60_000, 60_000, 3.0, None, 0)
    started = datetime(2026, 3, 1, 7, tzinfo=UTC)
    made = Record(
        id="20260301T070000-0001",
        started=started,
        ended=started + timedelta(minutes=1),
        set=f"{CLEARS}{TURNED}",
        status=Status.COMPLETED,
        totals=Totals(forward=60_000),
        rows=(row,),
        planned=60_000,
        note=f"{CLEARS}{TURNED}",
    )
    HistoryFile(home.history).append(made)
    HistoryFile(home.history).append(replace(made, id="20260301T080000-0002"))
    text = home.history.read_text(encoding="utf-8")
    head, tail = text.rsplit("rest_s", 1)
    home.history.write_text(f"{head}rest_s = '\x1b[2J'\nr{tail}", encoding="utf-8")
    bad = [f'units = "{TURNED}"', f'"{TURNED}" = 1', '[[set]]\nname = "\\u001b[2J"']
    (folder / "bad.toml").write_text("\n".join(bad), encoding="utf-8")
    (folder / "raw.toml").write_text(f"x = 1 # {TURNED}\ny = '{TURNED}{CLEARS}'", encoding="utf-8")
    (folder / "twice.toml").write_text(f"'{TURNED}' = 1\n'{TURNED}' = 2", encoding="utf-8")
    return home


COMMANDS: dict[str, list[tuple[str, ...]]] = {
    "run": [
        ("run", TURNED, "--plain", "--rehearse", "600"),
        ("run", f"Too fast {TURNED}", "--plain"),
        ("run", f"{CLEARS}{TURNED}"),
        ("run", TURNED, "--rehearse", f"{CLEARS}{TURNED}"),
    ],
    "watch": [("watch", f"{CLEARS}{TURNED}")],
    "sets": [("sets",)],
    "show": [("show", TURNED), ("show", f"{CLEARS}{TURNED}"), ("show", "")],
    "check": [
        ("check",),
        ("check", "bad.toml"),
        ("check", "raw.toml"),
        ("check", "twice.toml"),
        ("check", f"none {CLEARS}{TURNED}"),
    ],
    "history": [("history",), ("history", "--json"), ("history", "--last", TURNED)],
    "sounds": [("sounds", f"{CLEARS}{TURNED}")],
    "init": [("init",), ("init", f"new {CLEARS}\n{TURNED}")],
    "paths": [("paths",), ("--config", f"{CLEARS}\n{TURNED}", "paths")],
    "safety": [("safety", f"--{TURNED}")],
    "": [(f"{CLEARS}{TURNED}",), ("--config", f"none {CLEARS}{TURNED}", "sets")],
}


def test_all_commands_are_covered() -> None:
    (commands,) = (
        one for one in make_parser()._actions if isinstance(one, argparse._SubParsersAction)
    )
    assert set(commands.choices) == set(COMMANDS) - {""}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_control_characters(home: Home, command: str) -> None:
    for args in COMMANDS[command]:
        done = home.run(*args)
        for text in (done.stdout, done.stderr):
            assert not HARMFUL.search(text), (args, text)
        assert "Traceback" not in done.stderr
        assert "\\u202e" in done.stdout + done.stderr or command == "safety", args
        if args == ("history", "--json"):
            (record, *_) = json.loads(done.stdout)
            assert record["note"] == f"{CLEARS}{TURNED}"
        elif "usage:" not in done.stderr and args[:1] != ("history",):
            assert JOINED.split()[0] in done.stdout + done.stderr, args


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (CLEARS, "\\x1b[2J\\x07\\x9b\\x7f"),
        (TURNED, ESCAPED),
        ("a\tb\nc", "a\tb\nc"),
        ("a\u2028b\u2029c\u061cd\u200ee\r", "a\\u2028b\\u2029c\\u061cd\\u200ee\\x0d"),
        ("a\udcffb\ud83d", "a\\xffb\\ud83d"),
        (JOINED, JOINED),
        ("\u00a0\u00ad\ufeff\\", "\u00a0\u00ad\ufeff\\"),
    ],
)
def test_harmful_characters_become_escapes_and_others_stay(text: str, shown: str) -> None:
    # In ASCII, so that a failure report does not contain these characters.
    assert ascii(visible(text)) == ascii(shown)
    assert ascii(visible(shown)) == ascii(shown)


def test_in_a_single_line_line_ends_become_escapes_too() -> None:
    assert visible_line("a\tb\nc\x1b") == "a\\tb\\nc\\x1b"


def test_json_means_the_same() -> None:
    text = json.dumps({"a": f"{CLEARS}{TURNED}\n"}, ensure_ascii=False, indent=2)
    shown = visible_json(text)
    assert json.loads(shown) == json.loads(text)
    assert not HARMFUL.search(shown)
    assert JOINED in shown
