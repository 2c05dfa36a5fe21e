"""The heartbeat: who writes it and when, and how other programs see the claim."""

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


def test_the_newest_heartbeat_is_read(file: SessionFile) -> None:
    assert heartbeat.last(file.path) is None
    for now in (1, 256, 10**12, 7):
        file.beat(now)
        assert heartbeat.last(file.path) == now


def test_a_new_claim_removes_the_old_heartbeat(file: SessionFile) -> None:
    file.beat(5)
    file.release()
    assert heartbeat.last(file.path) == 5
    other = SessionFile(file.path)
    assert other.claim()
    assert heartbeat.last(file.path) is None
    file.beat(6)  # it no longer has the claim
    assert heartbeat.last(file.path) is None
    other.beat(7)
    assert heartbeat.last(file.path) == 7
    other.release()


def test_invalid_heartbeats_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "session.toml"
    assert heartbeat.last(path) is None
    heartbeat.claim_path(path).write_bytes(b"short")
    assert heartbeat.last(path) is None
    assert not list(tmp_path.glob("*.toml"))


def test_asking_for_a_lock_neither_takes_nor_creates_it(file: SessionFile) -> None:
    lock = heartbeat.claim_path(file.path)
    assert locks.held(lock) is True
    file.release()
    assert locks.held(lock) is False
    assert file.claim(patience=0)
    assert locks.held(lock.with_name("none.lock")) is False
    assert not lock.with_name("none.lock").exists()


def test_without_locks_nobody_knows(file: SessionFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_fd: int) -> None:
        raise OSError(next(iter(locks._NO_LOCKS_HERE)), "no locks")

    monkeypatch.setattr(locks, "_try_beside", none)
    assert locks.held(heartbeat.claim_path(file.path)) is None


def test_a_direct_writer_beats_only_while_saving_works(file: SessionFile) -> None:
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
    """A slow disk that records every heartbeat."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.beats: list[int] = []
        self.beaten = threading.Semaphore(0)

    def beat(self, now: int) -> None:
        self.beats.append(now)
        self.beaten.release()


def test_a_writer_thread_does_not_beat_during_a_save(tmp_path: Path) -> None:
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


def test_a_heartbeat_that_cannot_be_written_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    path.write_bytes(b"")
    fd = os.open(path, os.O_RDONLY)
    heartbeat.beat(fd, 5)
    heartbeat.forget(fd)
    os.close(fd)
    assert path.read_bytes() == b""
