"""Textual's driver as adapted: what is adapted is still there, and does what it should."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from textual import events
from textual.app import App

if sys.platform == "win32":
    pytest.skip("no such driver here", allow_module_level=True)

from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from retrotimer.tui.terminal.driver import KeysOnlyDriver, ScreenDriver, ScreenFile, driver_class


@pytest.fixture
def pty() -> Iterator[tuple[int, int]]:
    master, slave = os.openpty()
    yield master, slave
    for fd in (master, slave):
        os.close(fd)


@pytest.fixture
def screen(pty: tuple[int, int]) -> Iterator[ScreenFile]:
    with os.fdopen(os.dup(pty[1]), "w", encoding="latin-1") as out:
        yield ScreenFile(out)


def test_textual_still_reads_with_a_decoder_by_this_name() -> None:
    """Else the adapter does nothing: see whether Textual takes any byte by now."""
    assert "getincrementaldecoder" in LinuxDriver.run_input_thread.__code__.co_names
    decode = vars(linux_driver)["getincrementaldecoder"]("utf-8")().decode
    assert decode(b"a\xffb\xc3") == "a\N{REPLACEMENT CHARACTER}b"
    assert decode(b"\xa9") == "é"


@pytest.mark.parametrize("name", sorted(set(vars(ScreenDriver)) - {"__module__", "__doc__"}))
def test_textual_still_has_what_is_overridden(name: str) -> None:
    assert name == "_fail" or name in vars(LinuxDriver)


def test_textual_still_asks_for_the_focus_in_a_write_of_its_own() -> None:
    assert "\x1b[?1004h" in LinuxDriver.start_application_mode.__code__.co_consts


class RememberingDriver(ScreenDriver):
    """Keeps what it passes on."""

    def __init__(self) -> None:
        self.passed: list[Message] = []
        self._app = cast("App[object]", None)
        self.cursor_origin = None

    def send_message(self, message: Message) -> None:
        self.passed.append(message)


def test_bytes_that_are_no_text_are_no_keys_and_no_part_of_a_paste() -> None:
    driver = RememberingDriver()
    gone = "\N{REPLACEMENT CHARACTER}"
    for sent in (events.Key("a", "a"), events.Key("replacement_character", gone)):
        driver.process_message(sent)
    driver.process_message(events.Paste(f"caf{gone}"))
    key, paste = driver.passed
    assert isinstance(key, events.Key)
    assert key.character == "a"
    assert isinstance(paste, events.Paste)
    assert paste.text == "caf"


def test_other_drivers_stay_as_they_are() -> None:
    class Other(LinuxDriver):
        pass

    assert driver_class(Other) is Other
    assert driver_class(LinuxDriver) is ScreenDriver
    assert driver_class(LinuxDriver, keys_only=True) is KeysOnlyDriver


def test_only_what_is_still_changed_is_taken_back(pty: tuple[int, int], screen: ScreenFile) -> None:
    screen.write("\x1b[?1049h\x1b[?25l\x1b[>25u")
    screen.write("\x1b[?2004h\x1b[?2026htext\x1b[?2026l\x1b[?2004l")
    screen.flush()
    assert b"text" in os.read(pty[0], 1024)
    screen.give_back()
    assert os.read(pty[0], 1024) == b"\x1b[<u\x1b[?25h\x1b[?1049l"


def test_given_back_nothing_more_is_written(pty: tuple[int, int], screen: ScreenFile) -> None:
    screen.write("\x1b[?1049h")
    screen.give_back()
    screen.flush()
    screen.give_back()
    os.write(pty[1], b"end")
    assert os.read(pty[0], 1024) == b"end"


def test_signs_that_the_terminal_lacks_are_plain(pty: tuple[int, int], screen: ScreenFile) -> None:
    screen.write("é ▲ ╭█╮ 走")
    screen.flush()
    assert os.read(pty[0], 1024) == "é ^ +#+ ?".encode("latin-1")


def test_a_terminal_that_is_gone_takes_everything(tmp_path: Path) -> None:
    with (tmp_path / "gone").open("w", encoding="utf-8") as out:
        screen = ScreenFile(out)
        fd = os.open(tmp_path / "gone", os.O_RDONLY)
        os.dup2(fd, out.fileno())
        os.close(fd)
        screen.write("text")
        screen.flush()
        screen.give_back()
    assert not (tmp_path / "gone").read_text(encoding="utf-8")
