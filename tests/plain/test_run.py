"""The line mode without a terminal: the real program, in real time, down to its record."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import tomli

from retrotimer.core.sets import Kind
from retrotimer.core.states import Reason, State
from retrotimer.history.record import Status
from retrotimer.session.recovery import SavedWorkout
from tests.support.program import Home, conserved

LINE = re.compile(r"^ +(\d+):(\d\d)  (.*)$")
SHORT = """
cues.backend = "off"
safety = { get_ready = "3s", turn = "10s", allow_short_turns = true, warn_before_turn = "5s" }
[[set]]
name = "Short"
steps = [{ forward = "1s", speed = 3.6 }, { backward = "1s", speed = 1.8 }]
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.make(tmp_path)


def told(output: str) -> list[tuple[int, str]]:
    """(second, text) of every line with a time."""
    found = [LINE.match(line) for line in output.splitlines()]
    return [(int(one[1]) * 60 + int(one[2]), one[3]) for one in found if one]


def test_a_workout_in_real_time(tmp_path: Path) -> None:
    home = Home.make(tmp_path, SHORT)
    before = datetime.now().astimezone()
    done = home.run("run", "short", "--plain")
    after = datetime.now().astimezone()
    assert (done.returncode, done.stderr) == (0, "")

    began = [(at, text) for at, text in told(done.stdout) if not text.startswith(" ")]
    assert [at for at, _ in began] == [0, 3, 4, 14, 15]
    for (_, text), word in zip(began, ["GET READY", "GO", "TURN", "GO", "DONE"], strict=True):
        assert text.startswith(word)

    (record,) = home.records()
    assert f"saved: {record.id}" in done.stdout
    assert (record.set, record.status) == ("Short", Status.COMPLETED)
    assert [row.kind for row in record.rows] == [
        Kind.READY,
        Kind.FORWARD,
        Kind.TURN,
        Kind.BACKWARD,
    ]
    # Deadlines chain: not a millisecond is lost or added (invariants 3 and 6).
    assert [row.done for row in record.rows] == [3_000, 1_000, 10_000, 1_000]
    assert [row.started for row in record.rows] == [0, 3_000, 4_000, 14_000]
    assert conserved(record)
    assert record.distance_m == pytest.approx(1.5)
    assert before <= record.started + timedelta(milliseconds=1)
    assert record.ended <= after
    assert home.in_progress() is None


def test_a_rehearsal_keeps_nothing(home: Home) -> None:
    done = home.run("run", "there", "--plain", "--rehearse", "60")
    assert done.returncode == 0
    assert "rehearsal, 60 times as fast; nothing is saved" in done.stdout
    assert told(done.stdout)[-1] == (54, "DONE")
    assert done.stdout.endswith("rehearsal: nothing was saved\n")
    assert {path.name for path in home.folder.rglob("*.toml")} == {"config.toml"}


@pytest.mark.parametrize("name", ["Asks", "Open"])
def test_a_plan_that_needs_a_key_is_refused_without_a_terminal(home: Home, name: str) -> None:
    done = home.run("run", name, "--plain")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{name} waits for a key, and there is" in done.stderr
    assert not home.session.exists()


def start(home: Home, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        home.command(*args),
        env=home.env,
        cwd=home.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(program: subprocess.Popen[str], text: str) -> str:
    """Read up to a line with this text; all that was read."""
    assert program.stdout is not None
    read = ""
    for line in program.stdout:
        read += line
        if text in line:
            return read
    raise AssertionError(f"ended without {text!r}:\n{read}")


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals here")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["TERM", "HUP"]
)
def test_told_to_end_it_keeps_the_progress(home: Home, number: int, code: int) -> None:
    with start(home, "run", "Easy", "--plain") as program:
        until(program, "GO  ")
        program.send_signal(number)
        out, err = program.communicate(timeout=20)
    assert (program.returncode, err) == (code, "")
    assert "the workout is kept" in out
    kept = home.in_progress()
    assert kept is not None
    assert kept["set"] == "Easy"
    assert not home.history.exists()

    workout = SavedWorkout.read(kept).workout
    assert (workout.state, workout.reason) == (State.PAUSED, Reason.SIGNAL)


def test_killed_it_loses_no_finished_block(tmp_path: Path) -> None:
    home = Home.make(tmp_path)
    with start(home, "run", "There", "--plain") as program:
        until(program, "TURN ")
        # A block that is over is on the disk within a second of its end (invariant 7).
        deadline = time.monotonic() + 1
        while (kept := home.in_progress()) and SavedWorkout.read(
            kept
        ).workout.state is not State.TURN:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        program.kill()
        program.communicate(timeout=20)

    # Nobody to ask: the old one is saved as it was, and the new one runs.
    assert home.run("run", "Eager", "--plain").returncode == 0
    newest, recovered = home.records()
    assert (newest.set, newest.status) == ("Eager", Status.COMPLETED)
    assert recovered.status is Status.RECOVERED
    assert conserved(recovered)
    assert [(row.kind, row.done) for row in recovered.rows][:2] == [
        (Kind.READY, 3_000),
        (Kind.FORWARD, 1_000),
    ]
    assert recovered.totals.backward == 0
    assert home.in_progress() is None


def test_a_second_one_may_only_rehearse(home: Home) -> None:
    with start(home, "run", "Easy", "--plain") as program:
        until(program, "GET READY")
        second = home.run("run", "Eager", "--plain")
        rehearsal = home.run("run", "Eager", "--plain", "--rehearse", "60")
        session = tomli.loads(home.session.read_text(encoding="utf-8"))
        program.terminate()
        program.communicate(timeout=20)
    assert second.returncode == 1
    assert "another retrotimer is running a workout" in second.stderr
    assert rehearsal.returncode == 0
    assert session["set"] == "Easy"


def test_a_damaged_session_is_set_aside_and_the_last_set_runs_again(home: Home) -> None:
    home.session.parent.mkdir(parents=True)
    home.session.write_bytes(b"id = \xff\x00")
    home.session.with_name("state.toml").write_text('last_set = "Eager"\n', encoding="utf-8")
    done = home.run("run", "--plain")
    assert done.returncode == 0
    assert [one.set for one in home.records()] == ["Eager"]
    assert any(path.read_bytes() == b"id = \xff\x00" for path in home.session.parent.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_record_that_cannot_be_written_stays_in_the_session(home: Home) -> None:
    done = home.run("run", "Eager", "--plain", env={"RETROTIMER_HISTORY": "/proc/history.toml"})
    assert done.returncode == 1
    assert "NOT SAVED" in done.stdout
    kept = home.in_progress()
    assert kept is not None
    # The end is in it too, and what its record will be.
    record = SavedWorkout.read(kept).record()
    assert (record.id, record.status) == (kept["id"], Status.COMPLETED)
    assert [row.done for row in record.rows] == [3_000, 1_000]
