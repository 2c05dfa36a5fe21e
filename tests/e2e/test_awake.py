"""The screen is kept on: what a session bus really sees, from a service of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.support.program import Home

if sys.platform != "linux":
    pytest.skip("only there a session bus decides", allow_module_level=True)

from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.support.joint_cases import quick
from tests.support.terminal_user import Terminal, opened

pytestmark = [
    pytest.mark.pty,
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="not installed: dbus-daemon"),
]

NAME = "org.freedesktop.ScreenSaver"
COOKIE = 101


class ScreenSaver:
    """A desktop's screen saver on a bus of its own; `calls` is what it was asked for."""

    def __init__(self, connection: DBusConnection) -> None:
        self.calls: list[tuple[str, tuple[object, ...]]] = []
        self._connection = connection
        self._end = Event()
        connection.send_and_get_reply(message_bus.RequestName(NAME), timeout=20)
        self._thread = Thread(target=self._serve, name="screen saver", daemon=True)
        self._thread.start()

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.calls]

    def _serve(self) -> None:
        while not self._end.is_set():
            try:
                message = self._connection.receive(timeout=0.1)
            except TimeoutError:
                continue
            if message.header.message_type is not MessageType.method_call:
                continue
            asked = message.header.fields[HeaderFields.member]
            self.calls.append((asked, message.body))
            match asked:
                case "Inhibit":
                    reply = new_method_return(message, "u", (COOKIE,))
                case "UnInhibit":
                    reply = new_method_return(message)
                case _:
                    reply = new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")
            self._connection.send(reply)

    def end(self) -> None:
        self._end.set()
        self._thread.join(10)


@contextmanager
def bus(folder: Path) -> Iterator[str]:
    """The address of a session bus of our own."""
    told, tell = os.pipe()
    command = ["dbus-daemon", "--session", "--nofork", f"--address=unix:dir={folder}"]
    daemon = subprocess.Popen(
        [*command, f"--print-address={tell}"],
        pass_fds=(tell,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(tell)
    try:
        with os.fdopen(told) as addresses:
            address = addresses.readline().strip()
        assert address, "no session bus"
        yield address
    finally:
        daemon.kill()
        daemon.wait(10)


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[tuple[ScreenSaver, dict[str, str]]]:
    """A screen saver, and what leads a program to it."""
    with bus(tmp_path) as address, open_dbus_connection(address) as connection:
        saver = ScreenSaver(connection)
        try:
            yield saver, {"DBUS_SESSION_BUS_ADDRESS": address}
        finally:
            saver.end()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.make(tmp_path, quick("forward"))


def pause(terminal: Terminal) -> None:
    terminal.until(
        lambda: "  FORWARD  " in terminal.text or "GO  ▲ FORWARD" in terminal.whole, "the block"
    )
    terminal.press(b" ")
    terminal.read("you paused")


def test_the_screen_is_kept_on_until_the_workout_is_over(
    home: Home, desktop: tuple[ScreenSaver, dict[str, str]]
) -> None:
    saver, env = desktop
    with opened(home, "run", "out", env=env) as terminal:
        terminal.see("the screen stays awake")
        assert saver.names == ["Inhibit"]
        terminal.insist(b"\r", "get ready")
        terminal.press(b" ")
        terminal.see("you paused")
        # Somebody who pauses stands on a moving belt and wants to see that.
        terminal.wait(0.5)
        assert saver.names == ["Inhibit"]
        assert "may go to sleep" not in terminal.text
        terminal.press(b"s")
        terminal.see("Stop the workout?")
        terminal.press(b"y")
        terminal.see("saved in history.toml")
        terminal.until(lambda: saver.names == ["Inhibit", "UnInhibit"], "the screen given back")
        assert saver.calls[1] == ("UnInhibit", (COOKIE,))
        terminal.press(b"\x1b")
        assert terminal.end() == 0
        assert terminal.beside == ""
    assert saver.names == ["Inhibit", "UnInhibit"]


def test_the_lines_keep_it_on_too(home: Home, desktop: tuple[ScreenSaver, dict[str, str]]) -> None:
    saver, env = desktop
    with opened(home, "run", "out", "--plain", env=env) as terminal:
        terminal.read("enter starts")
        terminal.insist(b"\r", "GET READY")
        pause(terminal)
        assert saver.names == ["Inhibit"]
        terminal.press(b"\x03")
        terminal.read("Stop the workout?")
        terminal.press(b"\x03")
        assert terminal.end() == 130
        assert "may go to sleep" not in terminal.whole
    assert saver.names == ["Inhibit", "UnInhibit"]


def test_at_home_it_is_only_tried_and_given_back(
    home: Home, desktop: tuple[ScreenSaver, dict[str, str]]
) -> None:
    saver, env = desktop
    with opened(home, env=env) as terminal:
        terminal.see("awake ok")
        terminal.until(lambda: saver.names == ["Inhibit", "UnInhibit"], "the screen given back")
        terminal.press(b"\x11")
        assert terminal.end() == 0
    assert saver.names == ["Inhibit", "UnInhibit"]


def test_without_a_bus_it_says_so_and_prints_nothing(home: Home) -> None:
    with opened(home, "run", "out") as terminal:
        terminal.see("the screen may go to sleep")
        terminal.press(b"\x03")
        assert terminal.end() == 130
        assert terminal.beside == ""


def test_without_a_bus_the_lines_say_so_once(home: Home) -> None:
    with opened(home, "run", "out", "--plain") as terminal:
        terminal.read("! the screen may go to sleep")
        terminal.press(b"s")
        assert terminal.end() == 130
        assert terminal.whole.count("may go to sleep") == 1
        assert "Warning" not in terminal.whole


def test_a_bus_without_a_screen_saver_is_a_refusal(home: Home, tmp_path: Path) -> None:
    with bus(tmp_path) as address:
        # Without the tests' warnings: wakepy leaves a socket to the garbage collector.
        env = {"DBUS_SESSION_BUS_ADDRESS": address, "PYTHONWARNINGS": ""}
        with opened(home, "run", "out", "--plain", env=env) as terminal:
            terminal.read("! the screen may go to sleep")
            terminal.press(b"s")
            assert terminal.end() == 130
            assert "Traceback" not in terminal.whole
