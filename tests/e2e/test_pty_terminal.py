"""What may come from a terminal, and how it is left: real programs in a real terminal."""

from __future__ import annotations

import contextlib
import signal
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.program import Home

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.support.early_signals import PYTHON_ALONE, SIGNALS, left_on, signalled
from tests.support.terminal_user import Terminal, kept, opened

pytestmark = pytest.mark.pty

HOME = "Forward only."
NO_TEXT = (b"\xff", "é".encode("latin-1"), b"\x1b[M \xa0\x21", b"\x1b[M#\xff\xff", b"\xc3", b"\x80")
"""Bytes that are no UTF-8: a key of another encoding, reports of a mouse past column 95."""
CRASH = """
from retrotimer.__main__ import main
from retrotimer.tui.terminal.driver import ScreenDriver
usual = ScreenDriver.process_message
def process(self, message):
    if getattr(message, "key", "") == "Z":
        raise RuntimeError("the reader is broken")
    usual(self, message)
ScreenDriver.process_message = process
main()
"""
USED = {b"1049", b"25", b"7", b"2004", b"2026"}
"""Modes that are on while a screen is shown; cut off, a tablet is left with what `watch` uses."""
MORE = {b"1002", b"1006", b"u"}
"""Where the mouse is used too, and more keys than a terminal tells by itself."""
MOMENTS = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 1.0, 1.2)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.make(tmp_path)


def test_bytes_that_are_no_text_do_nothing_and_only_what_is_used_is_on(home: Home) -> None:
    with opened(home) as terminal, opened(home, "watch") as second:
        for one, text in ((terminal, HOME), (second, "No workout is running")):
            one.see(text)
            for data in NO_TEXT:
                one.press(data)
                one.wait(0.05)
            one.insist(b"?", "esc closes")
            one.escape("esc closes")
            assert left_on(one.written) <= USED | (set() if one is second else MORE)
            one.press(b"q")
            assert one.end() == 0
            assert one.as_before()
            assert one.beside == ""


def test_bytes_that_are_no_text_do_nothing_line_by_line(home: Home) -> None:
    with opened(home, "run", "easy", "--plain") as terminal:
        terminal.read("enter starts")
        for data in NO_TEXT:
            terminal.press(data)
            terminal.wait(0.05)
        terminal.press(b"s")
        assert terminal.end() == 130
        assert "Traceback" not in terminal.whole


def test_a_reader_that_crashes_ends_with_1_and_keeps_the_workout(home: Home) -> None:
    command = [sys.executable, "-c", CRASH, "run", "easy"]
    terminal = Terminal(command, home.env, home.folder)
    try:
        terminal.see("Clip the cord")
        terminal.insist(b"\r", "  FORWARD  ")
        terminal.press(b"Z")
        assert terminal.end() == 1
        assert terminal.as_before()
        assert "the reader is broken" in terminal.beside
    finally:
        terminal.close()
    assert kept(home)


def test_errors_may_be_kept_in_a_file(home: Home) -> None:
    command = ["sh", "-c", f"exec '{sys.executable}' -m retrotimer 2>errors"]
    terminal = Terminal(command, home.env, home.folder)
    try:
        terminal.see(HOME)
        terminal.press(b"q")
        assert terminal.end() == 0
        assert terminal.as_before()
    finally:
        terminal.close()
    assert (home.folder / "errors").read_bytes() == b""


def test_on_a_terminal_without_utf8_the_signs_are_plain_ones(home: Home) -> None:
    with opened(home, "run", "easy", env={"PYTHONIOENCODING": "latin-1"}) as terminal:
        terminal.see("then ^ FORWARD 2:00", "#####")
        assert "\\u" not in terminal.whole
        terminal.press(b"\x03")
        assert terminal.end() == 130
        assert terminal.as_before()


@pytest.mark.parametrize("more", [(), ("--plain",)], ids=["screen", "lines"])
def test_in_a_workout_all_signals_are_taken_and_it_is_kept(
    home: Home, more: tuple[str, ...]
) -> None:
    with opened(home, "run", "easy", *more) as terminal:
        terminal.read("enter starts")
        terminal.insist(b"\r", "GET READY" if more else "get ready")
        terminal.until(lambda: home.in_progress() is not None, "a session")
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            # The first one may have ended it by now.
            with contextlib.suppress(ProcessLookupError):
                terminal.signal(number)
            terminal.wait(0.05)
        assert terminal.end() == 129
        assert terminal.as_before()
        assert "Traceback" not in terminal.whole
    assert kept(home)


def editor(folder: Path, text: str) -> str:
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (None, "No such file"),
        ("exec kill -9 $$", "ended by SIGKILL"),
        ("stty raw -echo; exec kill -TERM $$", "ended by SIGTERM"),
    ],
    ids=["none", "killed", "raw"],
)
def test_an_editor_that_fails_gives_the_terminal_back(
    home: Home, script: str | None, told: str
) -> None:
    name = "/nonexistent/code --wait" if script is None else editor(home.folder, script)
    with opened(home, env={"EDITOR": name}) as terminal:
        terminal.see(HOME)
        terminal.press(b"e")
        terminal.see(*told.split())  # a toast breaks lines where its path ends
        assert terminal.alternate
        terminal.insist(b"?", "esc closes")
        terminal.escape("esc closes")
        terminal.press(b"q")
        assert terminal.end() == 0
        assert terminal.as_before()
        assert terminal.beside == ""


def test_ctrl_c_in_an_editor_is_the_editors(home: Home) -> None:
    name = editor(home.folder, "trap 'exit 7' INT; echo editing; while :; do sleep 0.05; done")
    with opened(home, env={"EDITOR": name}) as terminal:
        terminal.see(HOME)
        terminal.press(b"e")
        terminal.see("editing")
        terminal.press(b"\x03")
        terminal.see(*["ended", "with", "7"])
        terminal.press(b"q")
        assert terminal.end() == 0


def test_ctrl_z_in_an_editor_gives_the_terminal_to_the_shell(home: Home) -> None:
    name = editor(home.folder, "echo editing; read line; echo got $line; exit 7")
    with opened(home, env={"EDITOR": name}) as terminal:
        terminal.see(HOME)
        terminal.press(b"e")
        terminal.see("editing")
        terminal.press(b"\x1a")
        terminal.until(lambda: terminal.stopped, "a stopped job")
        terminal.go_on()
        terminal.press(b"word\r")
        terminal.see(*["ended", "with", "7"])
        terminal.press(b"q")
        assert terminal.end() == 0
        assert terminal.as_before()


def test_a_signal_at_any_moment_of_the_start_leaves_nothing(home: Home) -> None:
    """A few of the moments of `python -m benchmarks.early_signals`."""
    cases = [
        (command, moment, SIGNALS[(place + number) % len(SIGNALS)])
        for number, command in enumerate(((), ("watch",), ("run", "easy", "--plain")))
        for place, moment in enumerate(MOMENTS)
    ]

    def play(case: tuple[tuple[str, ...], float, int]) -> str:
        command, moment, number = case
        folder = home.folder / f"{'-'.join(command)}-{moment}"
        folder.mkdir()
        return signalled(Home.make(folder), command, moment, [number])

    with ThreadPoolExecutor(2) as pool:
        wrong = dict(zip(cases, pool.map(play, cases), strict=True))
    assert {case: text for case, text in wrong.items() if text not in ("", PYTHON_ALONE)} == {}


@pytest.mark.parametrize("command", [("run", "easy"), ("run", "easy", "--plain"), ("watch",)])
def test_of_several_signals_the_first_decides(home: Home, command: tuple[str, ...]) -> None:
    numbers = [signal.SIGHUP, signal.SIGTERM, signal.SIGINT]
    assert signalled(home, command, 2.0, numbers, 0.1) == ""
    # At once, it is the system that says which is the first.
    assert signalled(home, command, 2.0, numbers, 0.0) in ("", "code 143", "code 130")
