"""The command line from outside: what goes to stdout and stderr, and the exit codes."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retrotimer import __version__
from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.core.cue_ids import CueId
from retrotimer.core.rows import Row, Totals
from retrotimer.core.sets import Kind
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record, Status
from retrotimer.terminal.cells import width
from tests.support.program import CONFIG, Home

WRONG = """\
units = "kmh"
[treadmill]
acceleration = "fast"
[safety]
turn = "5s"
confirm_turns = true
[cues]
volume = 101
vioce = true
[[set]]
name = "Broken"
steps = [
  { foward = "1m" },
  { backward = "open" },
]
"""
"""Eight mistakes, on the lines 1, 3, 5, 6, 8, 9, 13 and 14."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.make(tmp_path)


def keep(home: Home, count: int) -> list[str]:
    """Put this many workouts into the history; returns their ids, oldest first."""
    file = HistoryFile(home.history)
    ids = []
    for number in range(count):
        started = datetime(2026, 3, 1 + number, 7, tzinfo=UTC)
        row = Row(Kind.FORWARD, "", 60_000, 60_000, 3.0, None, 0)
        made = Record(
            id=f"202603{1 + number:02}T070000-00{number:02x}",
            started=started,
            ended=started + timedelta(minutes=1),
            set="Easy",
            status=Status.COMPLETED,
            totals=Totals(forward=60_000),
            rows=(row,),
            planned=60_000,
        )
        file.append(made)
        ids.append(made.id)
    return ids


def test_version(home: Home) -> None:
    done = home.run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"retrotimer {__version__}\n", "")


def test_sets_with_the_reason_for_a_lock(home: Home) -> None:
    done = home.run("sets")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines] == [
        "Easy",
        "Eager",
        "There and back",
        "Asks",
        "Turns",
        "Open",
        "Too fast",
        f"(from {home.config}, in place of the built-in sets)",
    ]
    assert re.fullmatch(r"Easy +2:03  Forward only\.", lines[0])
    assert re.search(r"Too fast .*LOCKED: .*12\.0 km/h", lines[-2])


def test_columns_stay_aligned_whatever_a_set_is_called(home: Home) -> None:
    names = ("歩く", "e\u0301te\u0301", "\U0001f469\u200d\U0001f467 x", "Plain name")
    home.config.write_text(
        "".join(
            f'[[set]]\nname = "{name}"\nabout = "about"\nsteps = [{{ forward = "1m" }}]\n'
            for name in names
        ),
        encoding="utf-8",
    )
    lines = home.run("sets").stdout.splitlines()[: len(names)]
    assert [line.split("  ")[0] for line in lines] == list(names)
    assert {width(line.removesuffix("about")) for line in lines} == {len("Plain name") + 12}


def test_show_finds_a_set_by_any_unambiguous_start(home: Home) -> None:
    done = home.run("show", "tHERE")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("There and back\n")
    for text in ("get ready", "turn", "backward", "1.0 km/h", "backward 0:40", "turn-short"):
        assert text in done.stdout


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ea", "'ea' matches several sets: Easy, Eager"),
        ("Trns", "there is no set 'Trns'; did you mean 'Turns'?"),
        ("zzzzzz", "there is no set 'zzzzzz'; `retrotimer sets` lists them"),
    ],
)
@pytest.mark.parametrize("command", ["show", "run"])
def test_a_name_that_matches_no_single_set(
    home: Home, command: str, name: str, message: str
) -> None:
    done = home.run(command, name)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"retrotimer: {message}\n")


def test_a_locked_set_is_refused(home: Home) -> None:
    done = home.run("run", "Too fast", "--plain")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("retrotimer: Too fast is locked: ")
    assert not home.history.exists()


def test_a_locked_set_is_no_mistake_for_check(home: Home) -> None:
    done = home.run("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{home.config}: 7 sets, no mistakes\n")
    line = next(line for line in done.stdout.splitlines() if "Too fast" in line)
    assert line.startswith(f"{home.config}:")
    assert "[" in line


def test_check_notes_keys_that_never_reach_plain(home: Home) -> None:
    text = home.config.read_text(encoding="utf-8")
    keys = '[keys]\nstop = "shift+enter"\nskip = "ctrl+s"\npause = "ö"\n'
    home.config.write_text(f"{text}\n{keys}", encoding="utf-8")
    notes = [line for line in home.run("check").stdout.splitlines() if "--plain" in line]
    assert notes == [f"{home.config}: [keys] stop: note: shift+enter never reaches --plain"]


CAREFUL = """\
[safety]
acknowledged = ["step-on-fast"]
[[set]]
name = "Careful"
acknowledged = ["backward-steep"]
steps = [
  { forward = "5m", speed = 3 },
  { repeat = 2, steps = [
    { backward = "1m", speed = 6, incline = 12 },
    { forward = "2m", speed = 7 },
  ] },
]
"""


def test_a_finding_is_shown_at_its_step_until_it_is_acknowledged(home: Home) -> None:
    home.config.write_text(CAREFUL, encoding="utf-8")
    done = home.run("check")
    assert (done.returncode, done.stderr) == (0, "")
    head, *lines = done.stdout.split("\n\n")[0].splitlines()
    assert head.endswith(": 1 set, no mistakes")
    found = [line.removeprefix(f"{home.config}:") for line in lines]
    assert [re.sub(r"^([^ ]+ \w+: \w+): .* \[", r"\1 [", line) for line in found] == [
        "9:5: Careful: warn [backward-running; S1]",
        "9:5: Careful: acknowledged [backward-steep; S2, S21]",
        "10:5: Careful: acknowledged [step-on-fast; NS]",
    ]
    shown = home.run("show", "Careful").stdout
    assert "[backward-running; S1]" in shown
    assert "step-on-fast" not in shown
    assert "backward-steep" not in shown
    for text in (done.stdout, shown):
        assert "retrotimer safety --sources" in text.splitlines()[-1]


@pytest.mark.parametrize("command", [("check",), ("sets",), ("run", "Easy", "--plain"), ()])
def test_every_mistake_in_a_config_is_listed_with_its_place(
    home: Home, command: tuple[str, ...]
) -> None:
    home.config.write_text(WRONG, encoding="utf-8")
    done = home.run(*command)
    assert (done.returncode, done.stdout) == (2, "")
    found = re.findall(rf"^{re.escape(str(home.config))}:(\d+):(\d+): found ", done.stderr, re.M)
    assert [int(line) for line, _ in found] == [1, 3, 5, 6, 8, 9, 13, 14]
    assert done.stderr.count("^") >= 8
    assert "forward" in done.stderr
    assert "\x1b" not in done.stderr


def test_tables_without_effect_are_noted_with_their_line(home: Home) -> None:
    more = (
        '[hooks]\non_end = "true"\n[[program]]\nname = "P"\nweeks = [{ set = "Easy", times = 1 }]\n'
    )
    home.config.write_text(CONFIG + more, encoding="utf-8")
    line = CONFIG.count("\n") + 1
    hooks = f"{home.config}:{line}:1: note: [hooks] does nothing yet: no command is run"
    program = f"{home.config}:{line + 2}:1: note: [[program]] does nothing yet: no week is planned"
    assert home.run("check").stdout.splitlines()[1:3] == [hooks, program]
    done = home.run("run", "Eager", "--plain", "--rehearse", "600")
    assert (done.returncode, done.stderr.splitlines()) == (0, [hooks, program])
    # An empty table is not noted.
    home.config.write_text(f"{CONFIG}[hooks]\n", encoding="utf-8")
    assert "nothing yet" not in home.run("check").stdout


def test_a_theme_that_does_not_exist_is_a_mistake(home: Home) -> None:
    home.config.write_text(CONFIG + '[display]\ntheme = "retro-ambre"\n', encoding="utf-8")
    done = home.run("check")
    assert done.returncode == 2
    place = f"{home.config}:{CONFIG.count(chr(10)) + 2}:9"
    message = 'found "retro-ambre", expected the name of a theme; did you mean "retro-amber"?'
    assert done.stderr.splitlines()[0] == f"{place}: {message}"


def test_check_of_another_file(home: Home, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("units = 3\n", encoding="utf-8")
    assert home.run("check", str(other)).returncode == 2
    assert home.run("check").returncode == 0
    assert home.run("check", str(tmp_path / "none.toml")).returncode == 2


def test_a_syntax_error_comes_alone(home: Home) -> None:
    home.config.write_text("units = \n[safety\nturn = 5\n", encoding="utf-8")
    done = home.run("check")
    assert done.returncode == 2
    assert len(re.findall(r"config\.toml:\d+:\d+:", done.stderr)) == 1


def test_without_sets_in_the_config_the_built_in_ones_are_listed(home: Home) -> None:
    home.config.write_text("units = 'mph'\n", encoding="utf-8")
    for env in ({}, {"RETROTIMER_CONFIG": ""}):
        done = home.run("sets", env=env)
        assert done.returncode == 0
        *sets, where = done.stdout.splitlines()
        assert "First steps" in done.stdout
        assert len(sets) == len(BUILTIN_SETS)
        assert where == (
            "(the built-in sets; a [[set]] of your own in the config replaces them all)"
        )


def test_stdout_has_nothing_but_the_json(home: Home) -> None:
    ids = keep(home, 3)
    with home.history.open("a", encoding="utf-8") as file:
        file.write('[[workout]]\nid = "broken\n')
    done = home.run("history", "--json")
    assert done.returncode == 0
    assert [one["id"] for one in json.loads(done.stdout)] == ids[::-1]
    # Damage is reported, but on stderr.
    assert str(home.history) in done.stderr


def test_history_as_a_table(home: Home) -> None:
    keep(home, 3)
    done = home.run("history", "--last", "2")
    assert (done.returncode, done.stderr) == (0, "")
    heading, *rows = [line.split() for line in done.stdout.splitlines() if line.strip()]
    assert heading[:4] == ["when", "set", "fwd", "back"]
    # Newest first, with forward, backward and turns.
    assert [row[:6] for row in rows] == [
        ["2026-03-03", "07:00", "Easy", "1:00", "0:00", "0"],
        ["2026-03-02", "07:00", "Easy", "1:00", "0:00", "0"],
    ]


def test_a_history_without_workouts(home: Home) -> None:
    done = home.run("history")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no workouts yet" in done.stderr
    done = home.run("history", "--json")
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, [], "")


def test_a_history_that_cannot_be_read(home: Home) -> None:
    home.history.mkdir()
    done = home.run("history", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert str(home.history) in done.stderr
    assert "Traceback" not in done.stderr


def test_init_writes_config_and_schema_only_once(home: Home, tmp_path: Path) -> None:
    place = tmp_path / "deep" / "new"
    done = home.run("init", str(place))
    config, schema = place / "config.toml", place / "retrotimer.schema.json"
    assert done.returncode == 0
    assert done.stdout == f"written: {config}\nwritten: {schema}\n"
    assert json.loads(schema.read_text(encoding="utf-8"))
    assert home.run("check", str(config)).returncode == 0
    config.write_text("# mine\n", encoding="utf-8")
    again = home.run("init", str(place))
    assert (again.returncode, again.stdout) == (1, "")
    assert "already exists" in again.stderr
    assert config.read_text(encoding="utf-8") == "# mine\n"


def test_paths(home: Home) -> None:
    done = home.run("paths")
    assert done.returncode == 0
    for path in (home.config, home.history, home.session):
        assert str(path) in done.stdout
    assert done.stdout.count("(does not exist yet)") == 3


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("check", "/dev/zero"), 2),
        (("check", "LONG"), 2),
        (("--config", "LONG", "sets"), 2),
        (("--config", "LONG", "--history", "LONG", "paths"), 0),
        (("init", "LONG"), 1),
        (("init", "LONG.toml"), 1),
        (("init", "/dev/null"), 1),
    ],
)
def test_an_impossible_path_is_reported_in_one_line(
    home: Home, args: tuple[str, ...], code: int
) -> None:
    long = "x" * 5000
    done = home.run(*(arg.replace("LONG", long) for arg in args), seconds=20)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    if code:
        assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    else:
        assert done.stdout.count("  (not accessible: File name too long)") == 2


def test_safety_is_plain_text_for_any_terminal(home: Home) -> None:
    home.config.write_text(WRONG, encoding="utf-8")  # the command does not read it
    short, full = home.run("safety"), home.run("safety", "--sources")
    for done in (short, full):
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("retrotimer is no emergency stop and cannot stop the belt.")
        assert max(len(line) for line in done.stdout.splitlines()) <= 79
    assert "\nWhen to stop\n  - At pain" in short.stdout
    assert "S13" not in short.stdout
    assert len(short.stdout.splitlines()) < 40
    assert "only then step on. [S13]" in full.stdout
    assert "\n  S13  infofit.ca/treadmill-training-walking-backwards\n" in full.stdout


def test_sounds_lists_every_cue(home: Home) -> None:
    done = home.run("sounds", "--list")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(CueId)
    assert re.search(r"^forward +1276 ms  GO forward +built-in$", done.stdout, re.M)
    one = home.run("sounds", "--list", "Backward", "count")
    assert [line.split()[0] for line in one.stdout.splitlines()] == ["backward", "count"]


def test_sounds_when_off_or_with_only_the_bell(home: Home) -> None:
    done = home.run("sounds", "count")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("the sound is off")
    home.config.write_text('[cues]\nbackend = "bell"\n', encoding="utf-8")
    done = home.run("sounds")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the bell needs a terminal" in done.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("bakward", "there is no cue 'bakward'; did you mean 'backward'?"),
        ("zzzzzz", "there is no cue 'zzzzzz'; `retrotimer sounds --list` lists them"),
    ],
)
def test_a_cue_that_does_not_exist(home: Home, name: str, message: str) -> None:
    done = home.run("sounds", "count", name)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"retrotimer: {message}\n")


def test_a_path_on_the_command_line_wins_before_or_after_the_command(
    home: Home, tmp_path: Path
) -> None:
    other = str(tmp_path / "other.toml")
    for args in (("--config", other, "paths"), ("paths", "--config", other)):
        assert f"{other}  (does not exist yet)" in home.run(*args).stdout


@pytest.mark.parametrize(
    "args",
    [
        ("fly",),
        ("history", "--last", "0"),
        ("history", "--last", "x"),
        ("run", "Easy", "--rehearse", "1"),
        ("run", "Easy", "--rehearse", "601"),
        ("show",),
    ],
    ids=" ".join,
)
def test_wrong_usage(home: Home, args: tuple[str, ...]) -> None:
    done = home.run(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: retrotimer")


def test_the_screen_needs_a_terminal(home: Home) -> None:
    for args in ((), ("run", "Easy"), ("watch",)):
        done = home.run(*args)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--plain" in done.stderr


def test_run_without_a_name_needs_an_earlier_run(home: Home) -> None:
    done = home.run("run", "--plain")
    assert done.returncode == 2
    assert "name the one to run" in done.stderr


def test_a_closed_pipe_is_no_crash(home: Home) -> None:
    keep(home, 20)
    command = subprocess.list2cmdline(home.command("history", "--json"))
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{command} | true"],
        env=home.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1)
    assert done.stderr == ""
