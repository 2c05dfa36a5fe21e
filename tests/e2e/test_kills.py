"""Kill -9 of the real program at any moment, and what the next start makes of it.

`python -m benchmarks.robustness.kills --count 1000` kills more often.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from retrotimer.core.sets import Kind
from retrotimer.history.record import Record, Status
from retrotimer.session.recovery import SavedWorkout
from tests.support.program import Home, conserved

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.support.joint_cases import Case, cases, chosen, quick, together
from tests.support.killing import CONFIG, INTERRUPTED, kill, left_over, one_kill
from tests.support.terminal_user import Terminal, alive, kept, opened, whole_turns

pytestmark = pytest.mark.pty

KILLS = 40 if os.environ.get("RETROTIMER_NIGHTLY") == "1" else 6
AT_ONCE = 3
"""Most of what is done here is waiting; more would be too slow to judge."""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Where the kills leave their files.

    In memory where there is such a place: a disk that others keep busy would be what is judged.
    """
    memory = Path("/dev/shm")  # noqa: S108
    with TemporaryDirectory(prefix="retro-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module", autouse=True)
def kills(place: Path) -> Iterator[list[Future[str]]]:
    """All kills; they begin at once and are looked at when they are over."""
    seed = Random().randrange(10**9)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield [pool.submit(one_kill, place / str(n), f"{seed}/{n}") for n in range(KILLS)]
        pool.shutdown(cancel_futures=True)


# One workout, killed in a block, and what may become of it --------------------------------------


class Face:
    """The program as a person meets it after a kill: line by line, or the full screen at home."""

    def __init__(self, name: str, home: Home, killed: str = "Long", after: str = "next") -> None:
        """`killed` is the set that was killed, `after` the one that is started afterwards."""
        self.lines = name == "lines"
        self.home = home
        self._killed, self._after = killed, after

    @contextmanager
    def asked(self) -> Iterator[Terminal]:
        """The next start, with its question."""
        args = ("run", self._after, "--plain") if self.lines else ()
        with opened(self.home, *args) as terminal:
            asked = f"{self._killed} was interrupted"
            terminal.see(asked, "save what was done", "go on with it")
            yield terminal

    def resume(self, terminal: Terminal, into: str = "GET READY") -> None:
        terminal.press(b"g")
        terminal.see("paused; space goes on" if self.lines else "it was interrupted here")
        terminal.resume(into)

    def stop(self, terminal: Terminal) -> None:
        """Stop and save."""
        terminal.press(b"s")
        terminal.see("Stop the workout?")
        terminal.press(b"y")
        if not self.lines:
            terminal.see("saved in history.toml")
            terminal.press(b"\x1b")
            terminal.until(lambda: "saved in history.toml" not in terminal.text, "home")
            terminal.press(b"\x11")
        self.end(terminal)

    def discard(self, terminal: Terminal) -> None:
        terminal.press(b"d")
        terminal.see("Nothing of it will be in")
        terminal.press(b"y")
        if not self.lines:
            terminal.until(lambda: "Nothing of it will be in" not in terminal.text, "home")
        self.leave(terminal)

    def save(self, terminal: Terminal) -> None:
        terminal.press(b"s")
        terminal.see("saved as ")
        self.leave(terminal)

    def leave(self, terminal: Terminal) -> None:
        """The line mode ends with the set it was asked for, the screen with its key."""
        if self.lines:
            terminal.see("enter starts")
            terminal.insist(b"\r", "DONE")
        else:
            terminal.press(b"\x11")
        self.end(terminal)

    def end(self, terminal: Terminal) -> None:
        assert terminal.end() == 0
        assert terminal.as_before()


def resumed(face: Face, before: SavedWorkout) -> None:
    """Killed in a backward block, it goes on with a whole turn.

    The id stays, and what was done before the kill stands in the one record that is made.
    """
    with face.asked() as terminal:
        face.resume(terminal, "TURN 10 s, then ▼ BACKWARD" if face.lines else "TURN · into")
        terminal.see("GO  ▼ BACKWARD" if face.lines else "  BACKWARD  ")
        face.stop(terminal)
    (record,) = face.home.records()
    assert (record.id, record.status) == (before.info.id, Status.STOPPED)
    assert [row.kind for row in record.rows].count(Kind.TURN) == 2
    # Of an attempt that was cut off at once there is no row.
    assert whole_turns(record) in (1, 2)
    assert conserved(record)
    assert record.rows[: len(before.workout.rows) - 1] == before.workout.rows[:-1]


def saved(face: Face, before: SavedWorkout) -> None:
    with face.asked() as terminal:
        face.save(terminal)
    made = [one for one in face.home.records() if one.set == "Long"]
    assert made == [before.record()]


def discarded(face: Face, before: SavedWorkout) -> None:
    with face.asked() as terminal:
        face.discard(terminal)
    assert before.info.id not in {one.id for one in face.home.records()}


def killed_while_asked(face: Face, before: SavedWorkout) -> None:
    left = face.home.session.read_bytes()
    with face.asked() as terminal:
        terminal.signal(signal.SIGKILL)
        assert terminal.end() == -signal.SIGKILL
    assert face.home.session.read_bytes() == left
    assert face.home.records() == []
    saved(face, before)


def killed_again(face: Face, before: SavedWorkout) -> None:
    with face.asked() as terminal:
        face.resume(terminal)
        terminal.see("GO  ▲ FORWARD" if face.lines else "  FORWARD  ")
        terminal.signal(signal.SIGKILL)
        terminal.end()
    data = face.home.in_progress()
    assert data is not None
    between = SavedWorkout.read(data)
    assert between.info == before.info
    done_before(between.record(), before)
    saved(face, between)


def done_before(record: Record, before: SavedWorkout) -> None:
    """Nothing is lost of what the session had, and nothing is there twice."""
    assert conserved(record)
    rows = before.workout.rows
    assert record.rows[: len(rows) - 1] == rows[:-1]
    again = record.rows[len(rows) - 1]
    assert (again.kind, again.started) == (rows[-1].kind, rows[-1].started)
    assert again.done >= rows[-1].done


WAYS: dict[str, Callable[[Face, SavedWorkout], None]] = {
    one.__name__: one for one in (resumed, saved, discarded, killed_while_asked, killed_again)
}
CASES = [Case(way, face) for way in WAYS for face in ("lines", "screen")]
BY_DAY = cases(
    {
        "resumed": "lines screen",
        "saved": "lines",
        "discarded": "screen",
        "killed_while_asked": "lines",
        "killed_again": "lines",
    }
)
"""Why these are enough by day: test_by_day.py."""


def play(case: Case, home: Home) -> None:
    if case.state == "resumed":
        killed_backward(home)
        face = Face(case.way, home, "Out", "out")
        resumed(face, SavedWorkout.read(home.in_progress() or {}))
    else:
        before = left_over(home, kill(home, "Long", 1.5))
        assert before is not None
        WAYS[case.state](Face(case.way, home), before)
    assert home.in_progress() is None
    assert not list(alive(home.folder))


def killed_backward(home: Home) -> None:
    """Killed on either face it leaves the same behind."""
    with opened(home, "run", "out", "--plain") as terminal:
        terminal.read("enter starts")
        terminal.insist(b"\r", "GET READY")
        terminal.read("GO  ▼ BACKWARD")
        terminal.signal(signal.SIGKILL)
        terminal.end()
    kept(home)


def config(way: str) -> str:
    return quick("backward") if way == "resumed" else CONFIG


@pytest.fixture(scope="module", autouse=True)
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Case, Future[None]]]:
    folder = tmp_path_factory.mktemp("kills")
    yield from together(request, folder, play, config, 3)


@pytest.mark.parametrize("case", chosen(CASES, BY_DAY))
def test_after_a_kill(case: Case, played: dict[Case, Future[None]]) -> None:
    played[case].result()


def test_a_second_one_rehearses_reviews_and_leaves_the_first_alone(tmp_path: Path) -> None:
    home = Home.make(tmp_path, CONFIG)
    with opened(home, "run", "long", "--plain") as first:
        first.insist(b"\r", "block 3")
        with opened(home) as second:
            second.see("Short", "Long")
            second.press(b"h")
            second.see("No workouts yet")
            second.press(b"\x1b")
            second.see("Short", "Long")
            second.insist(b"\r", "Another retrotimer is running a workout")
            second.insist(b"r", "REHEARSAL 20x")
            second.insist(b"\r", "block ")
            second.interrupt_twice()
            assert second.end() == 130
        assert home.records() == []
        data = home.in_progress()
        assert data is not None
        assert data["set"] == "Long"
        first.signal(signal.SIGKILL)
        first.end()
    left = home.in_progress()
    assert left is not None
    assert SavedWorkout.read(left).info == SavedWorkout.read(data).info


def test_no_kill_loses_what_was_told(kills: list[Future[str]], place: Path) -> None:
    ends = Counter(one.result() for one in kills)
    assert sum(ends.values()) == KILLS
    # Beside all the others it may be too slow to judge; then there are more, one at a time.
    while not ends[INTERRUPTED] and ends.total() < 2 * KILLS:
        ends[one_kill(place / str(ends.total()), str(Random().random()))] += 1
    assert ends[INTERRUPTED]
