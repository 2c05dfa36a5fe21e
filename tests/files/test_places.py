"""Which files the program accepts, and the permissions it gives to new ones."""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrotimer.cli.parser import main
from retrotimer.files import atomic
from retrotimer.history.errors import HistoryError, Unavailable
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import to_toml
from retrotimer.session import heartbeat, state_file
from retrotimer.session.file import SessionFile
from retrotimer.watch.reader import Unreadable, Watch
from tests.support.history_records import record

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def make_device(path: Path) -> None:
    """A null device of our own; without the right to make one, a link to the system's."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        path.symlink_to(os.devnull)


OTHERS = {"a pipe": make_pipe, "a socket": make_socket, "a device": make_device}


@pytest.fixture(params=[(kind, link) for kind in OTHERS for link in (False, True)], ids=str)
def other(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """A kind of file that is not regular, and the path to it or to a link to it."""
    kind, link = request.param
    path = tmp_path / "other"
    OTHERS[kind](path)
    if link:
        (tmp_path / "link").symlink_to(path)
    return kind, tmp_path / "link" if link else path


def refused(kind: str, path: Path, *uses: Callable[[], object]) -> None:
    """Each use must be refused at once and change nothing."""
    real = path.resolve()
    before = real.lstat()
    for use in uses:
        with pytest.raises(Unavailable, match=f"{kind}, not a regular file"):
            use()
        assert os.path.samestat(real.lstat(), before)
    assert {one.name for one in path.parent.iterdir()} <= {"other", "link"}


def test_the_history_must_be_a_regular_file(other: tuple[str, Path]) -> None:
    kind, path = other
    log = HistoryFile(path)
    refused(
        kind,
        path,
        lambda: list(log.newest()),
        lambda: log.get("last"),
        lambda: log.append(record()),
        lambda: log.replace(record()),
        lambda: log.delete(record().id),
        lambda: log.restore(to_toml(record())),
    )


def test_session_and_state_must_be_regular_files(other: tuple[str, Path]) -> None:
    kind, path = other
    session = SessionFile(path)
    assert state_file.load(path) == {}
    refused(kind, path, lambda: state_file.save(path, {"volume": 1}), session.read)
    refused(kind, path, lambda: session.write({"now": 1}))
    sight = Watch(path).look()
    assert isinstance(sight, Unreadable)
    assert "not a regular file" in sight.why


def test_the_lock_must_be_a_regular_file(tmp_path: Path) -> None:
    session = SessionFile(tmp_path / "session.toml")
    os.mkfifo(heartbeat.claim_path(session.path))
    with pytest.raises(Unavailable, match="a pipe"):
        session.claim()
    assert heartbeat.last(session.path) is None


def test_a_pipe_that_appears_during_a_write_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.toml"
    state_file.save(path, {"volume": 1})
    really = atomic.write_all

    def meanwhile(fd: int, data: bytes) -> None:
        really(fd, data)
        path.unlink()
        os.mkfifo(path)

    monkeypatch.setattr(atomic, "write_all", meanwhile)
    with pytest.raises(Unavailable, match="a pipe"):
        state_file.save(path, {"volume": 2})
    assert path.is_fifo()
    assert list(tmp_path.iterdir()) == [path]


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    log = HistoryFile(tmp_path / "a")
    log.path.symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(log.path)
    for use in (lambda: list(log.newest()), lambda: log.append(record())):
        with pytest.raises(HistoryError):
            use()
    assert log.path.is_symlink()


@pytest.mark.parametrize("name", ["other", "folder", "x" * 300])
def test_the_history_command_says_in_one_line_why_it_cannot_read(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "other")
    (tmp_path / "folder").mkdir()
    for more in ([], ["--json"], ["--last", "1"]):
        assert main(["--history", str(tmp_path / name), "history", *more]) == 1
        output = capsys.readouterr()
        assert output.out == ""
        assert output.err.count("\n") == 1
        assert output.err.startswith(f"retrotimer: {tmp_path / name}: ")


# Permissions -------------------------------------------------------------------------------------


@pytest.fixture(params=[0, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def rights(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


@pytest.mark.usefixtures("umask")
def test_new_files_are_readable_by_the_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "share" / "retrotimer"
    log = HistoryFile(folder / "history.toml", when=lambda: "NOW")
    log.append(record(0))
    with log.path.open("ab") as file:
        file.write(b"\n[[workout]]\nid =")
    assert log.append(record(1))
    log.replace(record(1, note="new"))
    session = SessionFile(tmp_path / "state" / "retrotimer" / "session.toml", when=lambda: "NOW")
    session.path.parent.parent.mkdir()
    session.path.parent.parent.chmod(0o755)
    assert session.claim()
    session.release()
    session.write({"now": 1})
    session.set_aside()
    state_file.save(session.path.with_name("state.toml"), {"volume": 1})
    made = [*folder.iterdir(), *session.path.parent.iterdir()]
    assert sorted(path.name for path in made) == [
        "history.toml",
        "history.toml.torn-NOW",
        "session.lock",
        "session.toml.unusable-NOW",
        "state.toml",
    ]
    assert {rights(path) for path in made} == {"0o600"}
    assert [rights(path) for path in (folder.parent, folder)] == ["0o700", "0o700"]
    # An existing folder keeps its permissions.
    assert rights(session.path.parent.parent) == "0o755"
    assert rights(session.path.parent) == "0o700"


@pytest.mark.usefixtures("umask")
def test_changed_permissions_are_kept(tmp_path: Path) -> None:
    log = HistoryFile(tmp_path / "history.toml")
    log.append(record(0))
    log.path.chmod(0o664)
    log.append(record(1))
    log.replace(record(0, note="new"))
    assert rights(log.path) == "0o664"
