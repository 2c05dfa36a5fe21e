from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from retrotimer.host.awake import Awake
from retrotimer.host.clock import boot_id, boot_ms, now_ns, wall
from retrotimer.host.paths import Paths


def test_clocks_run_forward_at_the_same_pace() -> None:
    before = boot_ms(), now_ns() // 1_000_000
    until = time.monotonic() + 0.02
    while time.monotonic() < until:
        pass
    after = boot_ms(), now_ns() // 1_000_000
    assert after[0] - before[0] >= 19
    assert abs((after[0] - before[0]) - (after[1] - before[1])) <= 5


def test_boot_clock_and_id_are_the_same_for_another_process() -> None:
    code = "from retrotimer.host.clock import *; print(boot_ms(), boot_id())"
    before = boot_ms()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    there, *name = done.stdout.split()
    assert before <= int(there) <= boot_ms()
    assert "".join(name) == boot_id()


def test_wall_knows_its_offset() -> None:
    assert wall().utcoffset() is not None


# Paths ------------------------------------------------------------------------------------------


def test_default_paths(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for kind in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    assert Paths.find(environ={}) == Paths(
        config=tmp_path / "CONFIG" / "retrotimer" / "config.toml",
        history=tmp_path / "DATA" / "retrotimer" / "history.toml",
        session=tmp_path / "STATE" / "retrotimer" / "session.toml",
        state=tmp_path / "STATE" / "retrotimer" / "state.toml",
    )
    assert list(tmp_path.iterdir()) == []


def test_given_paths_take_precedence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    environ = {"RETROTIMER_CONFIG": "~/c.toml", "RETROTIMER_HISTORY": "h.toml"}
    by_environ = Paths.find(environ=environ)
    assert by_environ.config == Path("/home/me/c.toml")
    assert by_environ.history == tmp_path / "h.toml"
    by_option = Paths.find("o.toml", Path("/x/y.toml"), environ=environ)
    assert by_option.config == tmp_path / "o.toml"
    assert by_option.history == Path("/x/y.toml")
    empty = {"RETROTIMER_CONFIG": "", "RETROTIMER_HISTORY": ""}
    assert Paths.find(environ=empty) == Paths.find(environ={})


def test_an_unknown_home_stays_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Paths.find("~nobody-has-this-name/c.toml", environ={}).config == (
        tmp_path / "~nobody-has-this-name" / "c.toml"
    )


# The screen -------------------------------------------------------------------------------------


@pytest.fixture
def agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that agrees to everything; the library can simulate one."""
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "1")


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without a session bus."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "0")


@pytest.mark.usefixtures("agreed")
def test_the_screen_stays_awake_from_start_to_stop() -> None:
    from wakepy import global_modes

    awake = Awake()
    awake.stop()
    for _ in range(2):
        awake.start()
        awake.start()
        assert [mode.active for mode in global_modes()] == [True]
        assert awake.active
        awake.stop()
        awake.stop()
        assert global_modes() == []


@pytest.mark.usefixtures("agreed")
async def test_start_and_stop_in_different_tasks() -> None:
    from wakepy import global_modes

    awake = Awake()

    async def run(action: object) -> None:
        assert callable(action)
        action()

    await asyncio.create_task(run(awake.start))
    assert len(global_modes()) == 1
    await asyncio.create_task(run(awake.stop))
    assert global_modes() == []


@pytest.mark.usefixtures("agreed")
def test_start_and_stop_in_different_threads(capfd: pytest.CaptureFixture[str]) -> None:
    awake = Awake()
    states = []
    thread = threading.Thread(target=awake.start)
    thread.start()
    thread.join()
    states.append(awake.active)
    awake.stop()
    states.append(awake.active)
    assert states == [True, False]
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("refused")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux asks a session bus")
def test_a_refusal_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    awake = Awake()
    awake.start()
    assert not awake.active
    awake.stop()
    assert capfd.readouterr() == ("", "")


def test_a_broken_library_counts_as_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wakepy", None)
    awake = Awake()
    awake.start()
    assert not awake.active
    awake.stop()
