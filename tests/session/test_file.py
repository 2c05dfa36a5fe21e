from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from retrotimer.history.errors import InvalidRecord, Unavailable
from retrotimer.session import state_file
from retrotimer.session.file import DirectWriter, SessionFile, SessionStore, SessionWriter


@pytest.fixture
def file(tmp_path: Path) -> Iterator[SessionFile]:
    session = SessionFile(tmp_path / "state" / "session.toml", when=lambda: "NOW")
    yield session
    session.release()


VALUES: dict[str, Any] = {
    "now": 123,
    "plan": {
        "name": "First steps",
        "blocks": [{"kind": "forward", "speed": 3.5}, {"kind": "rest"}],
    },
}


# The file ----------------------------------------------------------------------------------------


def test_a_session_reads_back_the_same(file: SessionFile) -> None:
    assert file.read() is None
    file.write({"now": 1})
    file.write(VALUES)
    assert file.read() == VALUES
    assert file.note is None
    file.remove()
    file.remove()
    assert file.read() is None
    assert list(file.path.parent.iterdir()) == []


@pytest.mark.parametrize("damage", [b"now = ", b"\xff\xfe", b"\0\0\0\0", b"[[[["])
def test_a_damaged_session_is_set_aside(file: SessionFile, damage: bytes) -> None:
    file.path.parent.mkdir()
    for name in ("session.toml.damaged-NOW", "session.toml.damaged-NOW-2"):
        file.path.write_bytes(damage)
        assert file.path.exists()
        assert file.read() is None
        assert file.note is not None
        assert name in file.note
        assert file.path.with_name(name).read_bytes() == damage
        assert not file.path.exists()
    assert file.read() is None
    assert file.note is None


def test_values_that_cannot_be_written_leave_the_old_file(file: SessionFile) -> None:
    file.write(VALUES)
    for refused in ({"x": None}, {"x": "\ud800"}, {"x": object()}):
        with pytest.raises(InvalidRecord):
            file.write(refused)
    assert file.read() == VALUES
    assert [path.name for path in file.path.parent.iterdir()] == ["session.toml"]


def test_a_folder_in_its_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "session.toml").mkdir()
    file = SessionFile(tmp_path / "session.toml")
    for use in (lambda: file.write(VALUES), file.read, file.remove):
        with pytest.raises(Unavailable):
            use()


# The claim ---------------------------------------------------------------------------------------


def test_only_one_program_can_claim_it(file: SessionFile) -> None:
    other = SessionFile(file.path)
    assert file.claim()
    assert file.claim()
    assert not other.claim(patience=0)
    file.release()
    assert other.claim()
    assert not file.claim(patience=0)
    other.release()
    other.release()


CLAIMING = """
import sys
from pathlib import Path
from retrotimer.session.file import SessionFile
file = SessionFile(Path(sys.argv[1]))
print(file.claim(), flush=True)
sys.stdin.read()
"""


def test_a_claim_ends_with_its_process(file: SessionFile) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CLAIMING, str(file.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == "True\n"
        assert not file.claim(patience=0.01)
        other.kill()
        other.wait()
        assert file.claim()


# The writers -------------------------------------------------------------------------------------


class Slow(SessionFile):
    """A slow disk: each write waits for the test; `given` has everything written."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.begun = threading.Semaphore(0)
        self.go = threading.Semaphore(0)
        self.given: list[Mapping[str, Any] | None] = []

    def write(self, values: Mapping[str, Any]) -> None:
        self._wait(values)
        super().write(values)

    def remove(self) -> None:
        self._wait(None)
        super().remove()

    def _wait(self, values: Mapping[str, Any] | None) -> None:
        self.begun.release()
        assert self.go.acquire(timeout=30)
        self.given.append(values)


def test_only_the_newest_save_is_written_and_nobody_waits(tmp_path: Path) -> None:
    file = Slow(tmp_path / "session.toml")
    writer = SessionWriter(file)
    assert writer.save({"n": 1}) == 1
    assert file.begun.acquire(timeout=30)
    numbers = [writer.save({"n": n}) for n in range(2, 100)]
    assert numbers[-1] == 99
    assert writer.written == 0
    assert not writer.flush(0)
    file.go.release(2)
    assert writer.flush(30)
    assert file.given == [{"n": 1}, {"n": 99}]
    assert writer.written == 99
    assert file.read() == {"n": 99}
    assert writer.close()


def test_an_older_save_never_undoes_a_clear(tmp_path: Path) -> None:
    file = Slow(tmp_path / "session.toml")
    writer = SessionWriter(file)
    writer.save({"n": 1})
    assert file.begun.acquire(timeout=30)
    writer.save({"n": 2})
    writer.clear()
    file.go.release(2)
    assert writer.close(30)
    assert file.given == [{"n": 1}, None]
    assert not file.path.exists()


def test_close_writes_what_is_left_and_ends_the_thread(tmp_path: Path) -> None:
    file = SessionFile(tmp_path / "session.toml")
    before = threading.active_count()
    writer = SessionWriter(file)
    writer.save(VALUES)
    assert writer.close(30)
    assert threading.active_count() == before
    assert file.read() == VALUES
    assert writer.close(0)
    with pytest.raises(RuntimeError, match="closed"):
        writer.save(VALUES)


def test_a_hanging_disk_blocks_nobody(tmp_path: Path) -> None:
    file = Slow(tmp_path / "session.toml")
    writer = SessionWriter(file)
    writer.save(VALUES)
    assert file.begun.acquire(timeout=30)
    assert not writer.close(0)
    file.go.release()
    assert writer.flush(30)


def why(store: SessionStore) -> str:
    return store.error or ""


@pytest.mark.parametrize("kind", [SessionWriter, DirectWriter])
def test_an_error_is_kept_until_a_write_succeeds(
    tmp_path: Path, kind: type[SessionWriter | DirectWriter]
) -> None:
    file = SessionFile(tmp_path / "session.toml")
    writer = kind(file)
    file.path.mkdir()
    writer.save(VALUES)
    assert not writer.flush(30)
    assert why(writer)
    assert str(file.path) not in why(writer)  # a banner only has room for the reason
    assert writer.written == 0
    file.path.rmdir()
    writer.save(VALUES)
    assert writer.flush(30)
    assert why(writer) == ""
    assert writer.written == 2
    assert file.read() == VALUES
    writer.save({"bad": None})
    assert not writer.flush(30)
    assert why(writer)
    writer.clear()
    assert writer.close(30)
    assert why(writer) == ""
    assert writer.written == 4
    assert not file.path.exists()


# What is remembered ------------------------------------------------------------------------------


def test_the_state_is_empty_at_first_and_then_the_last_saved(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state.toml"
    assert state_file.load(path) == {}
    state_file.save(path, {"volume": 80, "voice": True, "last": 'Läufe "1"'})
    state_file.save(path, {"volume": 70, "sets": {"a": 1}})
    assert state_file.load(path) == {"volume": 70, "sets": {"a": 1}}


def test_a_state_file_that_is_a_link_stays_one(tmp_path: Path) -> None:
    link, real = tmp_path / "state.toml", tmp_path / "real.toml"
    link.symlink_to(real)
    for volume in (70, 80):
        state_file.save(link, {"volume": volume})
    assert link.readlink() == real
    assert state_file.load(real) == {"volume": 80}


def test_a_damaged_state_file_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "state.toml"
    path.write_text("volume =")
    assert state_file.load(path) == {}
    (kept,) = tmp_path.iterdir()
    assert kept.name.startswith("state.toml.damaged-")
    assert kept.read_text() == "volume ="


def test_an_unreadable_state_is_empty_and_an_unwritable_one_an_error(tmp_path: Path) -> None:
    assert state_file.load(tmp_path) == {}
    with pytest.raises(Unavailable):
        state_file.save(tmp_path, {})
    with pytest.raises(InvalidRecord):
        state_file.save(tmp_path / "state.toml", {"x": None})
