"""Output that takes only some signs, or nothing at all: every command says it in a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from retrotimer.terminal.streams import takes_any_text
from tests.support.program import Home

if sys.platform == "win32":
    pytest.skip("needs /dev/full and a shell", allow_module_level=True)

COMMANDS = (
    "sets",
    "show 'there and back'",
    "check",
    "history",
    "history --json",
    "safety",
    "sounds --list",
    "paths",
    "run eager --plain --rehearse 600",
    "--help",
    "show nothing-like-that",
)
FAILURES = {
    ">/dev/full": "standard output: No space left on device",
    ">&-": "standard output: Bad file descriptor",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.make(tmp_path_factory.mktemp("home"))
    config = home.config.read_text(encoding="utf-8")
    home.config.write_text(config.replace("Forward only.", "Vorwärts → 走"), encoding="utf-8")
    assert home.run("run", "eager", "--plain").returncode == 0
    log = home.history.read_text(encoding="utf-8")
    home.history.write_text(log.replace("Eager", "Vorwärts 走"), encoding="utf-8")
    return home


def shell(home: Home, command: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m retrotimer {command}"],
        env=home.env | env,
        cwd=home.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )


def each(
    play: Callable[[str], subprocess.CompletedProcess[bytes]], commands: tuple[str, ...]
) -> dict[str, subprocess.CompletedProcess[bytes]]:
    """All of them, some at a time, as most of it is waiting."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(commands, pool.map(play, commands), strict=True))


def test_with_ascii_alone_every_command_works(home: Home) -> None:
    found = each(lambda command: shell(home, command, PYTHONIOENCODING="ascii"), COMMANDS)
    for command, done in found.items():
        assert done.returncode == (2 if "nothing" in command else 0), done.stderr
        text = (done.stdout + done.stderr).decode("ascii")
        assert "Traceback" not in text
        assert text.strip()
    assert "^ FORWARD" in found["run eager --plain --rehearse 600"].stdout.decode()
    assert "Vorw?rts > ?" in found["sets"].stdout.decode()
    # JSON loses nothing: it has escapes of its own.
    assert json.loads(found["history --json"].stdout)[0]["set"] == "Vorwärts 走"


def test_what_an_encoding_has_is_not_replaced(home: Home) -> None:
    done = shell(home, "sets", PYTHONIOENCODING="cp1252")
    assert "Vorwärts > ?" in done.stdout.decode("cp1252")


HOW = list(FAILURES)
BY_DAY = tuple(f"{one} {HOW[place % 2]}" for place, one in enumerate(COMMANDS[:-1]))
"""Each command, and each failure with every other one."""
AT_NIGHT = tuple(f"{one} {HOW[1 - place % 2]}" for place, one in enumerate(COMMANDS[:-1]))


@pytest.mark.parametrize(
    "cases", [BY_DAY, pytest.param(AT_NIGHT, marks=pytest.mark.nightly)], ids=["day", "night"]
)
def test_output_that_takes_nothing_is_told_in_a_line(home: Home, cases: tuple[str, ...]) -> None:
    for case, done in each(lambda command: shell(home, command), cases).items():
        told = FAILURES[case.rpartition(" ")[2]]
        assert done.stderr.decode().splitlines() == [f"retrotimer: {told}"], case
        assert (done.returncode, done.stdout) == (1, b""), case


def test_other_streams_may_be_closed(home: Home) -> None:
    commands = ("sets <&-", "sets 2>&-", "run eager --plain --rehearse 600 <&-")
    for command, done in each(lambda one: shell(home, one), commands).items():
        assert done.returncode == 0, command
        assert done.stderr == b""
        assert done.stdout
    # Where complaints have no place they are not mixed into what is read.
    done = shell(home, "show nothing-like-that 2>&-")
    assert (done.returncode, done.stdout) == (2, b"")
    # What is opened does not get the number of a closed stream.
    assert shell(home, "check >&- 2>&- <&-").returncode == 1


def test_a_reader_that_is_gone_is_told_nothing(home: Home) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as gone:
        for command in ("sets", "run eager --plain --rehearse 600"):
            done = subprocess.run(
                home.command(*command.split()),
                env=home.env,
                stdin=subprocess.DEVNULL,
                stdout=gone,
                stderr=subprocess.PIPE,
                timeout=60,
                check=False,
            )
            assert (done.returncode, done.stderr) == (1, b""), command


def test_whether_a_stream_takes_any_text() -> None:
    class Stream:
        def __init__(self, encoding: str | None) -> None:
            self.encoding = encoding

    assert [takes_any_text(Stream(name)) for name in ("UTF8", "utf-16", "latin-1", None)] == [
        True,
        True,
        False,
        False,
    ]
