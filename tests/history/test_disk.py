"""The history on real disks: full, read-only, or used by other programs at the same time."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli

from retrotimer.files.atomic import STALE_TEMP
from retrotimer.history.errors import Unavailable
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record, to_toml
from retrotimer.history.record_scanner import Damaged
from tests.support.history_records import record

ROOT = Path(__file__).parents[2]
WRITER = "tests.support.history_writer"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextlib.contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """Make the system refuse files larger than this, in bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 64 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.fixture
def nobodys(tmp_path: Path) -> Iterator[Path]:
    """A folder of a user without special rights; the test runs as that user."""
    del tmp_path  # other users cannot enter its parents
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        root = os.geteuid() == 0
        if root:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o777)


# Refusals ----------------------------------------------------------------------------------------


def test_a_full_disk_leaves_everything_as_it_was(small_disk: Path) -> None:
    log = HistoryFile(small_disk / "history.toml")
    before = b""
    kept: list[Record] = []
    with contextlib.suppress(Unavailable):
        while len(kept) < 1000:
            one = record(len(kept), note="n" * 700)
            log.append(one)
            kept.append(one)
            before = log.path.read_bytes()
    assert 10 < len(kept) < 1000
    assert log.path.read_bytes() == before
    more = record(2000, note="n" * 999)
    for change in (lambda: log.delete(kept[0].id), lambda: log.append(more)):
        with pytest.raises(Unavailable, match="No space left"):
            change()
        assert log.path.read_bytes() == before
        assert names(small_disk) == ["history.toml"]
    assert list(log.newest()) == kept[::-1]


def test_an_incomplete_write_leaves_everything_as_it_was(tmp_path: Path) -> None:
    log = HistoryFile(tmp_path / "history.toml")
    log.append(record(0))
    before = log.path.read_bytes()
    for limit in (len(before), len(before) + 1, len(before) + 500):
        with no_file_over(limit), pytest.raises(Unavailable, match="too large"):
            log.append(record(1, note="n" * 500))
        assert log.path.read_bytes() == before
    with no_file_over(10), pytest.raises(Unavailable, match="too large"):
        log.replace(record(0, rpe=9))
    assert log.path.read_bytes() == before
    assert names(tmp_path) == ["history.toml"]
    log.append(record(1))
    assert list(log.newest()) == [record(1), record(0)]


def test_a_torn_tail_that_cannot_be_set_aside_is_not_cut_off(tmp_path: Path) -> None:
    log = HistoryFile(tmp_path / "history.toml")
    torn = to_toml(record(0)) + b"\n" + to_toml(record(1))[:-9]
    log.path.write_bytes(torn)
    with no_file_over(100), pytest.raises(Unavailable):
        log.append(record(2))
    assert log.path.read_bytes() == torn
    assert names(tmp_path) == ["history.toml"]


def test_a_read_only_file_is_not_written(nobodys: Path) -> None:
    log = HistoryFile(nobodys / "history.toml")
    log.append(record(0))
    removed = log.path.read_bytes()
    log.path.chmod(0o444)
    for change in (
        lambda: log.append(record(1)),
        lambda: log.delete(record(0).id),
        lambda: log.replace(record(0, rpe=9)),
        lambda: log.merge([record(3)]),
    ):
        with pytest.raises(Unavailable, match="Permission denied"):
            change()
        assert log.path.read_bytes() == removed
    assert log.path.stat().st_mode & 0o777 == 0o444
    assert names(nobodys) == ["history.toml"]


def test_in_a_read_only_folder_records_can_be_appended_but_not_edited(nobodys: Path) -> None:
    log = HistoryFile(nobodys / "history.toml")
    log.append(record(0))
    nobodys.chmod(0o555)
    log.append(record(1))
    with pytest.raises(Unavailable, match="Permission denied"):
        log.delete(record(0).id)
    assert list(log.newest()) == [record(1), record(0)]


def test_an_unreadable_file_is_reported(nobodys: Path) -> None:
    log = HistoryFile(nobodys / "history.toml")
    log.append(record(0))
    log.path.chmod(0o000)
    with pytest.raises(Unavailable, match="Permission denied"):
        list(log.newest())


# Links, modes, leftovers -------------------------------------------------------------------------


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "git").mkdir()
    real = tmp_path / "git" / "log.toml"
    link = tmp_path / "history.toml"
    link.symlink_to(real)
    log = HistoryFile(link, when=lambda: "NOW")
    log.append(record(0))
    log.append(record(1))
    real.chmod(0o640)
    log.delete(record(0).id)
    with real.open("ab") as file:
        file.write(b"\n[[workout]]\nid =")
    log.append(record(2))
    assert link.readlink() == real
    assert [one["id"] for one in tomli.loads(real.read_text())["workout"]] == [
        record(1).id,
        record(2).id,
    ]
    assert real.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["git", "history.toml"]
    assert names(real.parent) == ["log.toml", "log.toml.torn-NOW"]


def test_leftovers_of_a_crash_are_swept(tmp_path: Path) -> None:
    log = HistoryFile(tmp_path / "history.toml")
    log.append(record(0))
    old, young, other = (
        tmp_path / f".{name}.tmp" for name in ("history.toml-a", "history.toml-b", "x")
    )
    for leftover in (old, young, other):
        leftover.write_text("half")
    then = time.time() - STALE_TEMP - 60
    os.utime(old, (then, then))
    os.utime(other, (then, then))
    log.replace(record(0, rpe=1))
    assert not old.exists()
    assert young.exists()
    assert other.exists()


# Other programs ----------------------------------------------------------------------------------


def test_a_lock_held_by_another_program_is_reported(tmp_path: Path) -> None:
    log = HistoryFile(tmp_path / "history.toml", patience=0.01)
    log.append(record(0))
    with log.path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        for change in (lambda: log.append(record(1)), lambda: log.delete(record(0).id)):
            with pytest.raises(Unavailable, match="another program"):
                change()
        assert list(log.newest()) == [record(0)]
    log.append(record(1))
    assert list(log.newest()) == [record(1), record(0)]


def test_a_file_system_without_locks_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    log = HistoryFile(tmp_path / "history.toml", patience=0)
    log.append(record(0))
    assert list(log.newest()) == [record(0)]


def test_the_lock_is_on_the_file_that_has_the_name_now(tmp_path: Path) -> None:
    """If the file is replaced while a program waits for the lock, it must lock the new file."""
    path = tmp_path / "history.toml"
    log = HistoryFile(path)
    log.append(record(0))
    replaced = False
    real_try = fcntl.flock

    def replacing(fd: int, operation: int) -> None:
        nonlocal replaced
        if not replaced:
            replaced = True
            fresh = tmp_path / "fresh"
            fresh.write_bytes(to_toml(record(5)))
            fresh.replace(path)
        real_try(fd, operation)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", replacing)
        log.append(record(6))
    assert list(log.newest()) == [record(6), record(5)]


def start(
    path: Path, number: int, count: int, piece: int = 1 << 20, edits: int = 0
) -> subprocess.Popen[str]:
    numbers = [str(one) for one in (number, count, piece, edits)]
    arguments = [sys.executable, "-m", WRITER, str(path.absolute()), *numbers]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def reported(lines: list[str]) -> set[str]:
    """The ids that must be in the file after these lines, however the writer ended."""
    there: set[str] = set()
    for sign, one in (line.split() for line in lines if line.endswith("\n")):
        (there.add if sign == "+" else there.discard)(one)
    return there


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history.toml"
    writers = [start(path, number, 24, edits=number % 2) for number in range(4)]
    expected: set[str] = set()
    for writer in writers:
        out, _ = writer.communicate(timeout=120)
        assert writer.returncode == 0
        expected |= reported(out.splitlines(keepends=True))
    found = list(HistoryFile(path).newest())
    assert not [e for e in found if isinstance(e, Damaged)]
    ids = [e.id for e in found if not isinstance(e, Damaged)]
    assert sorted(ids) == sorted(expected)
    assert {one["id"] for one in tomli.loads(path.read_text())["workout"]} == expected
    assert names(tmp_path) == ["history.toml"]


@pytest.mark.parametrize(("piece", "edits"), [(1 << 20, 0), (1 << 20, 1), (2, 0), (97, 1)])
def test_killed_writers_lose_nothing(tmp_path: Path, piece: int, edits: int) -> None:
    path = tmp_path / "history.toml"
    log = HistoryFile(path)
    rng = random.Random(piece + edits)
    expected: set[str] = set()
    maybe: set[str] = set()
    for number in range(5):
        with start(path, number, 10_000, piece, edits) as writer:
            assert writer.stdout
            lines = [writer.stdout.readline() for _ in range(rng.randrange(1, 30))]
            assert lines[-1], f"the writer ended by itself with {writer.wait()}"
            writer.kill()
            lines += writer.stdout.readlines()
        sure = reported(lines)
        # The next change may have been made but not reported.
        last = int(lines[-1].split()[1].split("-")[1])
        maybe |= {f"{number}-{last}", f"{number}-{last + 1}"}
        expected |= sure
        log.append(record(id=f"sound-{number}"))
        expected.add(f"sound-{number}")
        found = {one["id"] for one in tomli.loads(path.read_text())["workout"]}
        assert expected - maybe <= found <= expected | maybe
        assert expected - found <= ({f"{number}-{last}"} if edits else set())
        expected &= found
        assert not [e for e in log.newest() if isinstance(e, Damaged)]
