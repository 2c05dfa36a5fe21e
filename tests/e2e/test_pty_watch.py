"""Two real terminals: a workout in one, `retrotimer watch` in the other."""

from __future__ import annotations

import signal
import sys
from time import monotonic

import pytest

from retrotimer.session import heartbeat
from tests.support.program import Home

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.support.joint_cases import quick
from tests.support.terminal_user import Terminal, opened

pytestmark = pytest.mark.pty

NOTHING = "No workout is running"
NO_NEWS = "NO NEWS since "


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home.make(tmp_path_factory.mktemp("home"), quick("backward"))


def see(terminal: Terminal, other: Terminal, *texts: str) -> None:
    """Wait until one shows this, and take what the other writes, which else would stand still."""

    def seen() -> bool:
        other.wait(0.01)
        return all(text in terminal.text for text in texts)

    terminal.until(seen, repr(texts))


def reach_backward(runner: Terminal, watch: Terminal) -> None:
    """Start, and go on where a busy machine let the program stand still."""
    runner.read("enter starts")
    runner.insist(b"\r", "GET READY")
    pressed = monotonic()

    def there() -> bool:
        nonlocal pressed
        watch.wait(0.01)
        paused = runner.whole.rfind("PAUSED") > runner.whole.rfind("GOING ON")
        if paused and monotonic() - pressed > 5:
            runner.press(b" ")
            pressed = monotonic()
        return "GO  ▼ BACKWARD" in runner.whole

    runner.until(there, "the backward block")


def test_stopped_killed_and_taken_up_again(home: Home) -> None:
    with opened(home, "watch") as watch, opened(home, "run", "out", "--plain") as runner:
        watch.see(NOTHING, "only watching")
        reach_backward(runner, watch)
        see(watch, runner, "  BACKWARD  ", "only watching")
        assert "backward – retrotimer watch" in watch.text

        runner.signal(signal.SIGSTOP)
        see(watch, runner, NO_NEWS, "The program is frozen.", "last seen: ▼ BACKWARD 5:00")
        assert "  BACKWARD  " not in watch.text
        runner.go_on()
        see(watch, runner, "PAUSED", "the program froze for a moment")

        # Whatever is asked where it runs, it lives.
        runner.press(b"s")
        see(runner, watch, "Stop the workout?")
        before = heartbeat.last(home.session) or 0
        runner.until(lambda: (heartbeat.last(home.session) or 0) > before + 2_000, "a sign of life")
        watch.see("PAUSED")

        runner.signal(signal.SIGKILL)
        see(watch, runner, NO_NEWS, "The program has ended. `retrotimer` offers to go on with it.")
        runner.end()
        with opened(home, "run", "out", "--plain") as second:
            see(second, watch, "Out was interrupted just now")
            see(watch, second, "The program was restarted and asks whether to go on.")
            second.press(b"g")
            see(watch, second, "PAUSED")
            second.press(b"s")
            see(second, watch, "Stop the workout?")
            second.press(b"y")
            see(watch, second, "Out is over")
        watch.press(b"q")
        assert watch.end() == 0
        assert watch.as_before()
        assert watch.beside == ""
    assert len(home.records()) == 1


def test_lines_of_a_line_mode(home: Home) -> None:
    with (
        opened(home, "watch", "--plain") as watch,
        opened(home, "run", "out", "--plain") as runner,
    ):
        watch.read(NOTHING)
        runner.insist(b"\r", "GET READY")
        watch.read("GET READY into ▲ FORWARD 0:01 at 2.0 km/h")
        runner.signal(signal.SIGKILL)
        watch.read(NO_NEWS)
        runner.end()
        watch.press(b"\x03")
        assert watch.end() == 130
        assert watch.as_before()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("INT", 130),
        # By day test_pty_terminal has them.
        pytest.param("TERM", 143, marks=pytest.mark.nightly),
        pytest.param("HUP", 129, marks=pytest.mark.nightly),
    ],
)
def test_it_is_told_to_end(home: Home, name: str, code: int) -> None:
    with opened(home, "watch") as watch:
        watch.see(NOTHING)
        watch.signal(getattr(signal, f"SIG{name}"))
        assert watch.end() == code
        assert watch.as_before()
    # It made no file, not even a folder.
    assert not home.session.parent.exists()
    assert not home.history.exists()
