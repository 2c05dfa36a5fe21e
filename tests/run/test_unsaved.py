"""A workout that neither history nor session file take: another folder, at last the terminal."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import tomli

from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record, Status, from_table
from retrotimer.run.runner import Runner
from retrotimer.run.unsaved import IN_SESSION, other_places, rescue
from tests.support.interval_sets import forward, plan_of
from tests.support.program import Home
from tests.support.runner_world import World, make_world

PLAN = plan_of(forward(20))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose history cannot be written; home and the current folder can."""
    made = make_world(tmp_path / "log")
    for name in ("log", "home", "here"):
        (tmp_path / name).mkdir()
    made.history.path.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "here")
    return made


def done(world: World, *, session: bool = True) -> Runner:
    """A workout that was run to its end; without `session` its file cannot be written either."""
    runner = Runner.new(PLAN, world.environment)
    runner.open()
    world.clock.advance(1_200)
    runner.enter()
    for _ in range(30):
        world.clock.advance(1_000)
        if not session and runner.elapsed > 9_000 and not world.session.path.is_dir():
            world.session.path.unlink()
            world.session.path.mkdir()
        runner.poll()
    return runner


def told(world: World) -> str:
    lines: list[str] = []
    rescue(world.environment, lines.append)
    assert world.environment.pending is None
    rescue(world.environment, lines.append)  # once is enough
    return "\n".join(lines)


def test_what_the_session_file_has_stays_there(world: World) -> None:
    runner = done(world)
    assert runner.over
    assert runner.journal.in_session()
    assert told(world) == IN_SESSION
    assert not list(Path.home().iterdir())


def test_what_it_does_not_have_goes_to_the_first_place_that_takes_it(world: World) -> None:
    runner = done(world, session=False)
    assert runner.over
    assert not runner.journal.in_session()
    assert runner.record is not None
    places = other_places(world.history.path, runner.record.id)
    assert [place.parent for place in places] == [
        world.history.path.parent,
        Path.home(),
        Path.cwd(),
    ]
    for blocked in places[:2]:
        blocked.mkdir()
    assert str(places[2]) in told(world)
    assert HistoryFile(places[2]).get("last") == runner.record


def test_at_last_the_record_is_printed(world: World) -> None:
    runner = done(world, session=False)
    assert runner.record is not None
    for blocked in other_places(world.history.path, runner.record.id):
        blocked.mkdir()
    first, record = told(world).split("\n", 1)
    assert "could not be saved anywhere" in first
    assert read(record) == runner.record


def test_what_was_saved_or_discarded_needs_no_place(world: World) -> None:
    runner = done(world, session=False)
    world.history.path.rmdir()
    world.session.path.rmdir()
    assert runner.journal.save()
    assert told(world) == ""
    runner = Runner.new(PLAN, world.environment)
    runner.enter()
    world.clock.advance(5_000)
    runner.discard()
    assert told(world) == ""


def test_a_workout_that_is_left_says_whether_it_is_kept(world: World) -> None:
    for kept in (True, False):
        runner = Runner.new(PLAN, world.environment)
        runner.open()
        world.clock.advance(1_200)
        runner.enter()
        world.clock.advance(1_000)
        runner.poll()
        if not kept:
            world.session.path.unlink()
            world.session.path.mkdir()
        assert runner.leave() is kept
        text = told(world)
        assert (text == "") is kept
    made = [path for path in world.history.path.parent.iterdir() if path.suffix == ".toml"]
    (place,) = [path for path in made if path.is_file()]
    assert HistoryFile(place).get("last").status is Status.RECOVERED


def read(text: str) -> Record:
    (table,) = tomli.loads(text)["workout"]
    return from_table(table)


# On a full disk ----------------------------------------------------------------------------------


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk without room; where none can be mounted, nothing has any."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if mounted:
        (folder / "retrotimer").mkdir()
        with (folder / "filler").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 1024)
    yield folder
    if mounted:
        subprocess.run(["umount", folder], check=True)


def no_room() -> None:
    """No byte can be written into any file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def test_a_full_disk_loses_no_workout(tmp_path: Path, full: Path) -> None:
    home = Home.make(tmp_path)
    mounted = (full / "filler").exists()

    def start(place: Path, **more: Any) -> subprocess.Popen[str]:
        files = {"XDG_STATE_HOME": place, "RETROTIMER_HISTORY": place / "history.toml"}
        return subprocess.Popen(
            home.command("run", "Eager", "--plain"),
            env=home.env | {name: str(path) for name, path in files.items()} | {"HOME": str(place)},
            cwd=home.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    (tmp_path / "any").mkdir()
    runs = [start(tmp_path / "any", preexec_fn=no_room)]
    runs += [start(full)] if mounted else []
    ended = [run.communicate(timeout=60)[0] for run in runs]
    assert [run.returncode for run in runs] == [1] * len(runs)
    assert all("NOT SAVED: " in out and "session file" not in out for out in ended)
    # Nothing can be written at all: the record is told.
    printed = ended[0][ended[0].index("[[workout]]") :]
    assert (read(printed).set, read(printed).status) == ("Eager", Status.COMPLETED)
    if mounted:
        # Home and history are full, the current folder is not.
        (place,) = home.folder.glob("retrotimer-*.toml")
        assert f"saved in {place}" in ended[1]
        assert HistoryFile(place).get("last").set == "Eager"
    assert not [one for one in (tmp_path / "any").rglob("*") if one.suffix == ".toml"]
