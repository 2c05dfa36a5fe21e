"""What the next start does with the session file it finds: the real program, without a terminal."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from retrotimer.history.record import Status
from tests.support.program import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.make(tmp_path)


def begin(home: Home, *args: str) -> subprocess.Popen[str]:
    """Start a workout, and wait until its first block begins after three seconds."""
    program = subprocess.Popen(
        home.command("run", *args, "--plain"),
        env=home.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    while "GO  " not in program.stdout.readline():
        assert program.poll() is None
    return program


def kill(program: subprocess.Popen[str]) -> None:
    program.kill()
    program.communicate(timeout=30)


def test_the_session_of_a_saved_workout_is_not_an_interrupted_one(home: Home) -> None:
    """A kill between saving the record and removing the session leaves such a file."""
    with begin(home, "Easy") as program:
        kill(program)
    left = home.session.read_bytes()
    first = home.run("run", "Eager", "--plain")
    assert "Easy was interrupted just now" in first.stdout
    home.session.write_bytes(left)
    second = home.run("run", "Eager", "--plain")
    assert "was interrupted" not in second.stdout
    assert (second.returncode, second.stderr) == (0, "")
    assert [one.status for one in home.records()] == [
        Status.COMPLETED,
        Status.COMPLETED,
        Status.RECOVERED,
    ]
    assert home.in_progress() is None


@pytest.mark.parametrize(
    ("data", "message", "kept"),
    [
        (b"format = 9\n", "format 9, expected 1", "session.toml.unusable-*"),
        (b"id = \xff\x00", "could not be read", "session.toml.damaged-*"),
    ],
)
def test_an_unusable_session_is_set_aside_before_a_new_workout(
    home: Home, data: bytes, message: str, kept: str
) -> None:
    home.session.parent.mkdir(parents=True)
    home.session.write_bytes(data)
    done = home.run("run", "Eager", "--plain")
    assert done.returncode == 0
    assert message in done.stderr
    (aside,) = home.session.parent.glob(kept)
    assert aside.read_bytes() == data
    assert aside.name in done.stderr
    assert [one.set for one in home.records()] == ["Eager"]


def test_a_rehearsal_does_not_prevent_a_workout(home: Home) -> None:
    with begin(home, "Easy", "--rehearse", "2") as program:
        done = home.run("run", "Eager", "--plain")
        assert program.poll() is None
        kill(program)
    assert (done.returncode, done.stderr) == (0, "")
    assert [one.set for one in home.records()] == ["Eager"]
