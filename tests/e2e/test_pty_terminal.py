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


EDITS = {
    "exec kill -9 $$": "ended by SIGKILL",
    "stty raw -echo; exec kill -TERM $$": "ended by SIGTERM",
    "exit 106": "ended with 106",
}
"""What an editor does, and what is told of it."""


def leave_home(terminal: Terminal) -> None:
    """Show that keys are taken, and quit."""
    terminal.insist(b"?", "esc closes")
    terminal.escape("esc closes")
    terminal.press(b"q")
    assert terminal.end() == 0
    assert terminal.as_before()


def test_an_editor_that_is_not_there_is_told(home: Home) -> None:
    with opened(home, env={"EDITOR": "/nonexistent/code --wait"}) as terminal:
        terminal.see(HOME)
        terminal.press(b"e")
        terminal.see("No such file")
        assert terminal.alternate
        leave_home(terminal)
        assert terminal.beside == ""


def test_whatever_an_editor_does_the_terminal_is_given_back(home: Home) -> None:
    """One program, and an editor that does another thing each time it is opened."""
    script, does = home.folder / "editor", home.folder / "does"
    script.write_text(f"#!/bin/sh\n. '{does}'\n", encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)

    def edit(text: str) -> None:
        does.write_text(text, encoding="utf-8")
        terminal.press(b"e")

    def told(text: str) -> None:
        # A toast breaks lines where its path ends.
        words = text.split()
        terminal.until(
            lambda: terminal.alternate and all(word in terminal.text for word in words), text
        )

    with opened(home, env={"EDITOR": str(script)}) as terminal:
        terminal.see(HOME)
        for text, end in EDITS.items():
            edit(text)
            told(end)
        # Ctrl+c is the editor's.
        edit("trap 'exit 107' INT; echo editing; while :; do sleep 0.05; done")
        terminal.see("editing")
        terminal.press(b"\x03")
        told("ended with 107")
        # Ctrl+z gives the terminal to the shell.
        edit("echo read it; read line; echo got $line; exit 108")
        terminal.see("read it")
        terminal.press(b"\x1a")
        terminal.until(lambda: terminal.stopped, "a stopped job")
        terminal.go_on()
        terminal.press(b"word\r")
        told("ended with 108")
        leave_home(terminal)
        # What the editors wrote, with the keys as a terminal shows them, and nothing else.
        assert terminal.beside.split() == ["editing", "^Cread", "it", "^Zword", "got", "word"]


COMMANDS = ((), ("watch",), ("run", "easy", "--plain"))
EARLY = [
    pytest.param(
        command,
        moments,
        id=f"{'-'.join(command) or 'home'}-{moments[0]}",
        marks=pytest.mark.nightly if night else (),
    )
    for number, command in enumerate(COMMANDS)
    for night in (False, True)
    # By day each moment is tried with one of the commands.
    for moments in [
        tuple(at for place, at in enumerate(MOMENTS) if (place % len(COMMANDS) != number) is night)
    ]
]


@pytest.mark.parametrize(("command", "moments"), EARLY)
def test_a_signal_at_any_moment_of_the_start_leaves_nothing(
    home: Home, command: tuple[str, ...], moments: tuple[float, ...]
) -> None:
    """A few of the moments of `python -m benchmarks.robustness.early_signals`."""

    def play(case: tuple[int, float]) -> str:
        place, moment = case
        (folder := home.folder / str(moment)).mkdir()
        return signalled(Home.make(folder), command, moment, [SIGNALS[place % len(SIGNALS)]])

    with ThreadPoolExecutor(2) as pool:
        wrong = dict(zip(moments, pool.map(play, enumerate(moments)), strict=True))
    assert {case: text for case, text in wrong.items() if text not in ("", PYTHON_ALONE)} == {}


STARTED = 2.0
"""Seconds after which a program shows something, unless the machine is very busy."""


@pytest.mark.parametrize(
    "command",
    [
        ("run", "easy"),
        ("run", "easy", "--plain"),
        pytest.param(("watch",), marks=pytest.mark.nightly),
    ],
)
def test_of_several_signals_the_first_decides(home: Home, command: tuple[str, ...]) -> None:
    numbers = [signal.SIGHUP, signal.SIGTERM, signal.SIGINT]
    assert signalled(home, command, STARTED, numbers, 0.1) == ""


@pytest.mark.parametrize(
    "command",
    [
        ("watch",),
        ("run", "easy", "--plain"),
        pytest.param(("run", "easy"), marks=pytest.mark.nightly),
    ],
)
def test_a_signal_that_comes_several_times_at_once_is_one(
    home: Home, command: tuple[str, ...]
) -> None:
    """Only with one kind: of several at once, the system says which is the first."""
    assert signalled(home, command, STARTED, [signal.SIGTERM] * 5, 0.0) == ""
