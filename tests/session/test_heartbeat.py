"""The sign of life: who leaves one, when, and what others make of the claim."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrotimer.files import locks
from retrotimer.session import heartbeat
from retrotimer.session.file import DirectWriter, SessionFile, SessionWriter
from tests.session.test_file import Slow

VALUES = {"now": 1}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[SessionFile]:
    session = SessionFile(tmp_path / "session.toml")
    assert session.claim()
    yield session
    session.release()


def test_the_newest_sign_is_read(file: SessionFile) -> None:
    assert heartbeat.last(file.path) is None
    for now in (1, 256, 10**12, 7):
        file.beat(now)
        assert heartbeat.last(file.path) == now


def test_whoever_claims_takes_the_old_sign_away(file: SessionFile) -> None:
    file.beat(5)
    file.release()
    assert heartbeat.last(file.path) == 5
    other = SessionFile(file.path)
    assert other.claim()
    assert heartbeat.last(file.path) is None
    file.beat(6)  # no longer its to give
    assert heartbeat.last(file.path) is None
    other.beat(7)
    assert heartbeat.last(file.path) == 7
    other.release()


def test_what_is_no_sign_is_none(tmp_path: Path) -> None:
    path = tmp_path / "session.toml"
    assert heartbeat.last(path) is None
    heartbeat.claim_path(path).write_bytes(b"short")
    assert heartbeat.last(path) is None
    assert not list(tmp_path.glob("*.toml"))


def test_looking_at_a_lock_neither_takes_nor_makes_it(file: SessionFile) -> None:
    lock = heartbeat.claim_path(file.path)
    assert locks.held(lock) is True
    file.release()
    assert locks.held(lock) is False
    assert file.claim(patience=0)
    assert locks.held(lock.with_name("none.lock")) is False
    assert not lock.with_name("none.lock").exists()


def test_where_there_are_no_locks_nobody_knows(
    file: SessionFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_fd: int) -> None:
        raise OSError(next(iter(locks._NO_LOCKS_HERE)), "no locks")

    monkeypatch.setattr(locks, "_try_beside", none)
    assert locks.held(heartbeat.claim_path(file.path)) is None


def test_a_direct_writer_leaves_a_sign_for_what_is_on_disk(file: SessionFile) -> None:
    writer = DirectWriter(file)
    writer.alive(1_000)
    assert heartbeat.last(file.path) is None
    writer.save(VALUES)
    for now, seen in ((1_000, 1_000), (1_499, 1_000), (1_500, 1_500)):
        writer.alive(now)
        assert heartbeat.last(file.path) == seen
    writer.save({"bad": None})
    writer.alive(9_000)
    assert heartbeat.last(file.path) == 1_500
    writer.save(VALUES)
    writer.alive(9_000)
    assert heartbeat.last(file.path) == 9_000


class Beats(Slow):
    """A slow disk that tells of every sign."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.beats: list[int] = []
        self.beaten = threading.Semaphore(0)

    def beat(self, now: int) -> None:
        self.beats.append(now)
        self.beaten.release()


def test_a_thread_leaves_no_sign_while_a_save_is_under_way(tmp_path: Path) -> None:
    file = Beats(tmp_path / "session.toml")
    writer = SessionWriter(file)
    writer.alive(1_000)
    writer.save(VALUES)
    assert file.begun.acquire(timeout=30)
    writer.alive(2_000)
    file.go.release()
    assert writer.flush(30)
    writer.alive(3_000)
    assert file.beaten.acquire(timeout=30)
    writer.alive(3_499)
    writer.alive(3_500)
    assert file.beaten.acquire(timeout=30)
    assert writer.close(30)
    assert file.beats == [3_000, 3_500]


def test_a_file_that_takes_no_sign_is_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    path.write_bytes(b"")
    fd = os.open(path, os.O_RDONLY)
    heartbeat.beat(fd, 5)
    heartbeat.forget(fd)
    os.close(fd)
    assert path.read_bytes() == b""
