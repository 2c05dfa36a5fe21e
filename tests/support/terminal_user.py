"""The real program in a pseudo-terminal, and what a person at it sees and does."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import pyte

from retrotimer.audio.players.silent import SilentPlayer
from retrotimer.core.sets import Kind
from retrotimer.core.states import Reason
from retrotimer.history.record import Record
from retrotimer.run.environment import Environment
from retrotimer.session.file import DirectWriter, SessionFile
from retrotimer.session.recovery import SavedWorkout
from retrotimer.text.pause import REASON
from tests.support.program import Home
from tests.support.witness import StoodStillError

LINES, COLUMNS = 30, 100
_SHELL = Path(__file__).with_name("least_shell.py")
PATIENCE = 60.0
"""How long to wait for something before giving up, in seconds."""

_MODE = re.compile(r"\x1b\[\?([\d;]+)([hl])")
_TITLE = re.compile(rb"\x1b\]2;([^\x07]*)\x07")
_SCREEN = re.compile(r"\x1b\[\?1049h.*?\x1b\[\?1049l", re.DOTALL)
_SEQUENCE = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # a title
    r"|\x1bP[^\x1b]*\x1b\\"
    r"|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)
_MARK = b"\x1b]9;the end\x07"
_USUALLY_ON = {7, 25}  # lines wrap, the cursor is shown
_ALTERNATE = 1049


_SLOTS = os.cpu_count() or 2
_SLOT_WAIT = 15.0
"""Seconds after which a program starts without a slot, so that no tests wait for each other."""


def _slot() -> int:
    """A file that holds a slot to start a program in; closing it frees the slot.

    A start takes a second of processor time. A dozen at once would hold up running programs for so
    long that they rightly pause. All test processes of this user share the slots.
    """
    import fcntl

    deadline = monotonic() + _SLOT_WAIT
    while True:
        for number in range(_SLOTS):
            path = Path(tempfile.gettempdir()) / f"retrotimer-tests-{os.getuid()}-{number}"
            slot = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return slot
            if monotonic() > deadline:
                return slot
            os.close(slot)
        sleep(0.02)


class _Screen(pyte.Screen):
    """A screen that sends its replies to `reply`, if that is set."""

    reply: Callable[[bytes], None] | None = None

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self._shown = [""] * lines

    def shown(self) -> list[str]:
        """What each line shows; only those that changed are put together anew."""
        for number in self.dirty:
            cells = self.buffer[number]
            # The second half of a wide sign holds no text.
            text = "".join(cells[column].data for column in range(self.columns))
            self._shown[number] = text.rstrip()
        self.dirty.clear()
        return self._shown

    def write_process_input(self, data: str) -> None:
        if self.reply is not None:
            self.reply(data.encode())


class Terminal:
    """A program in a terminal; its output is in `written`, its exit code in `code`."""

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        folder: Path,
    ) -> None:
        import fcntl
        import struct
        import termios

        self._screen = _Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self.written = b""
        self._text: str | None = None
        self.code: int | None = None
        self.stopped = False
        self._meant = False
        self.errors = folder / "shell-errors"
        self._news = b""
        self.pid = 0
        self._slot = -1
        slot = _slot()
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self._modes = termios.tcgetattr(slave)
        news, report = os.pipe()
        orders, self._orders = os.pipe()
        self._told = news
        with self.errors.open("wb") as errors:
            self._shell = subprocess.Popen(
                [
                    sys.executable,
                    "-I",
                    "-S",
                    str(_SHELL),
                    str(slave),
                    str(report),
                    str(orders),
                    *command,
                ],
                pass_fds=(slave, report, orders),
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                env=dict(env),
                cwd=folder,
                start_new_session=True,
            )
        self._slave = slave
        for fd in (report, orders):
            os.close(fd)
        self._source = self._attend()
        self.until(lambda: self.pid != 0, "a process")
        self._slot = slot

    # What is seen ------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What is on the screen, below the terminal's title."""
        if self._text is None:
            titles = _TITLE.findall(self.written)
            title = titles[-1].decode("utf-8", "replace") if titles else ""
            self._text = "\n".join([title, *self._screen.shown()])
        return self._text

    @property
    def whole(self) -> str:
        """Everything written so far, without control sequences."""
        return _SEQUENCE.sub("", self.written.decode("utf-8", "replace"))

    @property
    def beside(self) -> str:
        """What was written outside the alternate screen."""
        text = _SCREEN.sub("", self.written.decode("utf-8", "replace"))
        return _SEQUENCE.sub("", text).strip()

    @property
    def alternate(self) -> bool:
        """Whether the alternate screen is shown."""
        return _ALTERNATE in self._switched_on()

    def as_before(self) -> bool:
        """Whether the terminal is as it was before: its modes, its screen and its cursor."""
        import termios

        return termios.tcgetattr(self._master) == self._modes and not self._switched_on()

    def _switched_on(self) -> set[int]:
        """The DEC modes that were changed, by number: those switched on, and usual ones off."""
        found: set[int] = set()
        for match in _MODE.finditer(self.written.decode("utf-8", "replace")):
            for number in map(int, match[1].split(";")):
                on = (match[2] == "h") is not (number in _USUALLY_ON)
                (found.add if on else found.discard)(number)
        return found

    # What is done ------------------------------------------------------------------------------

    def answer(self) -> None:
        """From now on, answer the program's queries whenever output is read."""
        self._screen.reply = self.press

    def press(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def insist(self, keys: bytes, text: str, again: float = 1.5) -> None:
        """Press keys until `text` is on the screen, in case they were not heard at first."""
        deadline = monotonic() + PATIENCE
        while text not in self.text:
            self.press(keys)
            with contextlib.suppress(AssertionError):
                self.see(text, seconds=again if monotonic() < deadline else 0)
                continue
            if monotonic() > deadline:
                raise AssertionError(f"{keys!r} never led to {text!r}:\n{self.text}")

    def resume(self, text: str, key: bytes = b" ") -> None:
        """Go on from a pause that is on the screen, and wait until `text` is there.

        A key within a second of a pause counts as held. The key is pressed only once, even if a
        slow machine shows nothing yet, because the second time it would pause again.
        """
        self.wait(1.2)
        self.insist(key, text, again=10)

    def interrupt_twice(self) -> None:
        """Press ctrl+c to pause and ask, then to save and leave; any sooner, it counts as held."""
        self.press(b"\x03")
        self.see("Stop the workout?")
        self.wait(0.8)
        self.press(b"\x03")

    def see(self, *texts: str, seconds: float = PATIENCE) -> None:
        """Wait until all these texts are on the screen."""
        self.until(lambda: all(text in self.text for text in texts), repr(texts), seconds)

    def read(self, text: str, seconds: float = PATIENCE) -> None:
        """Wait until this was written, even if it is no longer on the screen."""
        self.until(lambda: text in self.whole, repr(text), seconds)

    def escape(self, gone: str) -> None:
        """Press Esc, and wait until `gone` is no longer on the screen.

        A frame arrives in pieces, so part of the old screen may still be there for a moment. And a
        key pressed right after Esc would be taken for part of an escape sequence.
        """
        self.press(b"\x1b")
        self.until(lambda: gone not in self.text, f"the screen without {gone!r}")

    @property
    def stood_still(self) -> bool:
        """Whether the program paused for lack of time, although the test did not stop it."""
        reason = REASON[Reason.STALLED]
        return not self._meant and (reason in self.text or reason in self.whole)

    def signal(self, number: int) -> None:
        self._meant |= number == signal.SIGSTOP
        os.kill(self.pid, number)

    def go_on(self) -> None:
        """Continue the job, as a shell's `fg` does."""
        self.until(lambda: self.stopped, "a stopped job")
        self.stopped = False
        os.write(self._orders, b"fg\n")

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        deadline = monotonic() + seconds
        while (left := deadline - monotonic()) > 0:
            self._take(left)

    def hang_up(self) -> None:
        """Close the terminal's window."""
        self._let_go()
        os.close(self._master)
        self._master = -1

    def end(self, seconds: float = PATIENCE) -> int:
        """Wait for the program to end; returns its exit code, negative for a signal."""
        self.until(lambda: self.code is not None, "the end", seconds)
        assert self.code is not None
        if self._master >= 0:
            self._take_the_rest()
        return self.code

    def _take_the_rest(self) -> None:
        """Read the output to its end: up to a mark that is written after it.

        After the mark there may be an answer from this terminal, since it echoes again by then.
        """
        os.write(self._slave, _MARK)
        deadline = monotonic() + PATIENCE
        while _MARK not in self.written:
            assert monotonic() < deadline, "the end of the output never came"
            self._take(0.1)
        self.written = self.written.replace(_MARK, b"")

    def until(
        self, condition: Callable[[], bool], what: str = "it", seconds: float = PATIENCE
    ) -> None:
        """Read the program's output until the condition holds."""
        deadline = monotonic() + seconds
        while not condition():
            if monotonic() > deadline or (self.code is not None and not self._take(0.05)):
                if condition():
                    return
                state = f"ended with {self.code}" if self.code is not None else "still runs"
                raise AssertionError(f"never saw {what}; {state}; on the screen:\n{self.text}")
            self._take(0.1)
        self._has_begun()

    def _has_begun(self) -> None:
        """The program has started, so the next one may."""
        if self._slot >= 0:
            os.close(self._slot)
            self._slot = -1

    def _take(self, seconds: float) -> bool:
        """Read what comes within `seconds`; returns whether anything did."""
        open_ends = [fd for fd in (self._source, self._told) if fd >= 0]
        ready, _, _ = select.select(open_ends, [], [], seconds)
        if self._told in ready:
            self._hear(os.read(self._told, 1024))
        if self._source not in ready:
            return bool(ready) and self.code is None
        try:
            data = os.read(self._source, 65536)
        except OSError:  # the other side is gone: EIO
            data = b""
        if not data:
            return False
        self.written += data
        self._text = None
        self._stream.feed(data)
        return True

    def _attend(self) -> int:
        """Read the program's output at once, even while the test is still interpreting it.

        Otherwise a busy machine would make this a frozen terminal, which the program notices. It is
        a separate process because the threads of this one wait for each other.
        """
        import fcntl

        source, into = os.pipe()
        fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, 1 << 20)
        self._relay = subprocess.Popen(
            ["cat"], stdin=self._master, stdout=into, stderr=subprocess.DEVNULL
        )
        os.close(into)
        return source

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """A terminal that reads and shows nothing."""
        self._relay.send_signal(signal.SIGSTOP)
        yield
        self._relay.send_signal(signal.SIGCONT)

    @contextmanager
    def holding_output(self) -> Iterator[None]:
        """A terminal told to hold its output (ctrl+s): it shows nothing, but still takes keys."""
        import termios

        termios.tcflow(self._slave, termios.TCOOFF)
        yield
        termios.tcflow(self._slave, termios.TCOON)

    def _let_go(self) -> None:
        self._relay.kill()
        self._relay.wait()
        if self._source >= 0:
            os.close(self._source)
            self._source = -1

    def _hear(self, data: bytes) -> None:
        if not data:
            os.close(self._told)
            self._told = -1
            if self.code is None and self._master >= 0:
                raise AssertionError(f"the shell ended: {self.errors.read_text()}")
        *lines, self._news = (self._news + data).split(b"\n")
        for word, number in (line.split() for line in lines):
            match word:
                case b"began":
                    self.pid = int(number)
                case b"stopped":
                    self.stopped = self._meant = True
                case b"ended":
                    self.code = int(number)

    def close(self) -> None:
        """Clean up whatever is left."""
        if self.pid and self.code is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self._has_begun()
        self._let_go()
        for fd in (self._orders, self._master, self._slave, self._told):
            if fd >= 0:
                os.close(fd)
        self._shell.wait(10)


@contextmanager
def opened(home: Home, *args: str, env: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """The program with these arguments in a terminal; none of its processes may outlive it."""
    environ = home.env | dict(env or {})
    terminal = Terminal(home.command(*args), environ, home.folder)
    try:
        yield terminal
    except AssertionError as error:
        if terminal.stood_still:
            raise StoodStillError(str(error)) from error
        raise
    finally:
        terminal.close()


def kept(home: Home) -> Record:
    """The record in the session file, whose workout must be resumable and paused."""
    data = home.in_progress()
    assert data is not None, "no session file"
    broken = SavedWorkout.read(data)
    sessions = DirectWriter(SessionFile(home.session))
    assert broken.resumable(Environment(SilentPlayer(), sessions, home.history))
    return broken.record()


def whole_turns(record: Record) -> int:
    """The number of backward rows, each of which must follow a whole turn (invariant 2)."""
    count = 0
    for before, row in pairwise(record.rows):
        if row.kind is Kind.BACKWARD:
            count += 1
            assert before.kind is Kind.TURN
            assert before.done == before.planned
            assert before.planned is not None
            assert before.planned >= 10_000
            assert row.started >= before.started + before.done
    assert not record.rows or record.rows[0].kind is not Kind.BACKWARD
    return count


def alive(folder: Path) -> Iterator[int]:
    """The processes with this home folder: the program and its players."""
    wanted = f"HOME={folder}".encode()
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            with contextlib.suppress(OSError):
                words = (place / "cmdline").read_bytes().split(b"\0")
                mine = wanted in (place / "environ").read_bytes().split(b"\0")
                if mine and os.fsencode(_SHELL) not in words:
                    yield int(place.name)
