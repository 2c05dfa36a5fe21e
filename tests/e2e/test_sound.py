"""What is really heard: the player against a sound server, recorded.

Asserted is what holds however little time the machine has: which sounds, how many, in which order,
and what becomes silent. To the sample it is proved without a server (tests/audio/engine/test_mixer,
test_audio_origin, test_audio_words); how exact it is on a machine is measured by
`python -m benchmarks.sound` and `python -m benchmarks.sound.faults`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import pytest

from retrotimer.assemble import built_in_words
from retrotimer.audio.bank import builtin, load
from retrotimer.audio.engine.simpleaudio import refusal
from retrotimer.audio.voice import Voice
from retrotimer.core.cue_ids import CueId
from retrotimer.host.clock import MILLISECOND, SECOND, now_ns
from tests.support.joint_cases import Case, together
from tests.support.program import Home
from tests.support.sound_files import write_wav
from tests.support.sound_server import PulseServer, missing, started

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(os.name == "nt", reason="needs PulseAudio"),
]

DRIVER = Path(__file__).parents[1] / "support" / "player_driver.py"
ROOT = DRIVER.parents[2]
NOT_HEARD = 0.5
"""What is heard is more like itself than this; its like, or noise, less."""
BUSY = "import time\nwhile True: sum(range(1000))"


class Program:
    """The driver in a process of its own."""

    def __init__(self, env: dict[str, str], backend: str = "auto") -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(DRIVER), backend],
            env=env | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.said: deque[dict[str, Any]] = deque()
        self._news = Event()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(json.loads(line))
            self._news.set()

    def order(self, **what: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        self._process.stdin.flush()

    def until(self, status: str, detail: str = "") -> dict[str, Any]:
        """Take what it says up to this status of the sound, and to these words about it."""
        while (line := self.next("status"))["status"] != status or detail not in line["detail"]:
            pass
        return line

    def next(self, key: str, seconds: float = 60) -> dict[str, Any]:
        """Take what it says up to a line with this key."""
        deadline = monotonic() + seconds
        while True:
            while self.said:
                if key in (line := self.said.popleft()):
                    return line
            if monotonic() > deadline:
                raise TimeoutError(f"never said {key}")
            self._news.wait(0.1)
            self._news.clear()

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def end(self) -> None:
        """Close its orders; it leaves by itself, having printed nothing to the screen."""
        assert self._process.stdin is not None
        assert self._process.stderr is not None
        self._process.stdin.close()
        assert self._process.wait(60) == 0
        assert self._process.stderr.read() == b""

    def destroy(self) -> None:
        self._process.kill()
        self._process.wait(10)
        self._reader.join(10)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue


@contextmanager
def program(server: PulseServer, backend: str = "auto") -> Iterator[tuple[Program, int]]:
    """A program with its sound ready, and the process id of its player."""
    one = Program(server.env, backend)
    player = 0
    try:
        player = one.until("ready")["pid"]
        yield one, player
    finally:
        one.destroy()
        if player and not gone(player, 2):
            os.kill(player, signal.SIGKILL)


def each_once_in_order(one: Program, dues: list[int]) -> None:
    """Take what became of these cues: each is reported once, and those played in their order.

    One for which there was no time is dropped, and never made up for: it was late by then.
    """
    told = [one.next("due") for _ in dues]
    assert sorted(line["due"] for line in told) == dues
    played = [line["due"] for line in told if line["report"] == "Played"]
    assert played == sorted(played)
    assert played
    dropped = [line for line in told if line["report"] == "Dropped"]
    assert len(played) + len(dropped) == len(dues)
    assert all(line["at"] > line["due"] for line in dropped)
    assert not [line for line in one.said if "due" in line]


def hears(server: PulseServer, one: Program, cue: str = "count") -> bool:
    """Whether a cue is played and heard: one of many, as there may be no time for the first."""
    with server.recorder() as recorder:
        dues = seconds(60)
        one.order(play=[(due, cue) for due in dues])
        while (told := one.next("due"))["report"] != "Played" or told["due"] not in dues:
            pass
        recorder.until_loud()
        one.order(play=[])
    return bool(told["sound"] == cue)


def rings(one: Program) -> None:
    """Wait until a cue rings the bell: one of many, as one that is late rings none."""
    one.order(play=[(due, "turn") for due in seconds(60)])
    one.next("bell")
    one.order(play=[])


def seconds(count: int) -> list[int]:
    """Instants (ns), the first in a second, and one each second."""
    now = now_ns()
    return [now + number * SECOND for number in range(1, count + 1)]


def gone(pid: int, seconds: float) -> bool:
    deadline = monotonic() + seconds
    while alive(pid):
        if monotonic() > deadline:
            return False
        Event().wait(0.05)
    return True


def alive(pid: int) -> bool:
    """Whether it runs: one that nobody has waited for yet has ended all the same."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def pause(seconds: float) -> None:
    """Let the server play and the recorder record."""
    Event().wait(seconds)


PLAYS: dict[Case, Callable[[PulseServer], None]] = {}
AT_ONCE = 4


def in_company(play: Callable[[PulseServer], None]) -> Callable[[dict[Case, Future[None]]], None]:
    """A test that is played beside others of this module, at a server of its own."""
    case = Case("player", play.__name__)
    PLAYS[case] = play

    def test(played: dict[Case, Future[None]]) -> None:
        played[case].result()

    test.__doc__ = play.__doc__
    test.case = case  # type: ignore[attr-defined]
    return test


@pytest.fixture(scope="module")
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Case, Future[None]]]:
    if reason := missing():
        pytest.skip(reason)

    def play(case: Case, _: Home) -> None:
        with started() as pulse:
            PLAYS[case](pulse)

    yield from together(request, tmp_path_factory.mktemp("sound"), play, lambda _: "", AT_ONCE)


@in_company
def test_each_cue_is_played_once_and_in_order_while_the_machine_is_busy(pulse: PulseServer) -> None:
    with program(pulse) as (one, _), pulse.recorder() as recorder:
        busy = subprocess.Popen([sys.executable, "-c", BUSY])
        try:
            first = now_ns() + SECOND
            dues = [first + number * 100 * MILLISECOND for number in range(12)]
            one.order(play=[(due, "count") for due in dues], hold=True)
            each_once_in_order(one, dues)
            recorder.until_heard(builtin(CueId.COUNT))
        finally:
            busy.kill()
            busy.wait(5)
        one.order(hold=False)
        one.end()
    assert not [line for line in one.said if "due" in line]


@in_company
def test_a_word_that_is_said_is_heard_and_then_silence(pulse: PulseServer) -> None:
    said, other = (
        load(Path(Voice(built_in_words).files((word,))[0])) for word in ("backward", "seconds")
    )
    files = Voice(built_in_words).files(("backward",))
    with program(pulse) as (one, _), pulse.recorder() as recorder:
        # Again and again: a server that got no time tears it.
        dues = seconds(60)[::2]
        one.order(play=[(due, "said", *files) for due in dues], hold=True)
        recorder.until_heard(said)
        one.order(play=[], hold=False)
        recorder.until_quiet(0.5)
        assert recorder.recording.holds(said) > recorder.recording.holds(other)
        one.end()


@in_company
def test_a_pause_silences_a_sound_under_way(pulse: PulseServer) -> None:
    own = write_wav(pulse.folder / "long.wav", seconds=29)
    with program(pulse) as (one, _), pulse.recorder() as recorder:
        # The file is loaded meanwhile.
        one.order(play=[(now_ns() + 2 * SECOND, str(own))])
        recorder.until_loud()
        one.order(play=[])
        recorder.until_quiet(1.0)
        one.end()
        assert recorder.recording.loud_seconds() < 25


@in_company
def test_a_killed_program_leaves_an_alarm_and_no_go(pulse: PulseServer) -> None:
    go = builtin(CueId.BACKWARD)
    with program(pulse) as (one, player), pulse.recorder() as recorder:
        begin = now_ns()
        # GO would be heard later than the lease runs out, and in the middle of the alarm.
        cues = [(begin + SECOND // 2, "count"), (begin + 7 * SECOND, "backward")]
        one.order(hold=True, play=cues)
        assert one.next("due")["sound"] == "count"
        one.signal(signal.SIGKILL)
        killed = len(recorder.recording.samples)
        recorder.until_heard(builtin(CueId.ALARM), since=killed)
        # How long it sounds: tests/audio/engine/test_mixer.py.
        assert gone(player, 60)
        recorder.until_quiet(0.3)
        assert recorder.recording.holds(go) < NOT_HEARD


@in_company
def test_a_stopped_program_is_an_alarm_until_it_goes_on(pulse: PulseServer) -> None:
    with program(pulse) as (one, player), pulse.recorder() as recorder:
        one.order(hold=True, play=[(now_ns() + SECOND // 2, "count")])
        one.next("due")
        one.signal(signal.SIGSTOP)
        recorder.until_heard(builtin(CueId.ALARM))
        one.signal(signal.SIGCONT)
        # The driver itself renews the lease at once; left alone the player would have gone as well.
        recorder.until_quiet(1.0)
        assert alive(player)
        again = len(recorder.recording.samples)
        one.order(play=[(due, "count") for due in seconds(60)])
        recorder.until_heard(builtin(CueId.COUNT), since=again)
        one.order(play=[], hold=False)
        one.end()


@in_company
def test_reopening_keeps_no_descriptors(pulse: PulseServer) -> None:
    with program(pulse) as (one, player):
        opened = len(list(Path(f"/proc/{player}/fd").iterdir()))
        for _ in range(3):
            pulse.kill()
            one.until("lost")
            pulse.start()
            one.until("ready")
        assert len(list(Path(f"/proc/{player}/fd").iterdir())) <= opened + 1
        one.end()


@pytest.mark.skipif(bool(refusal()), reason=refusal() or "")
@in_company
def test_simpleaudio_plays_each_cue_once_in_order_and_sounds_the_alarm(pulse: PulseServer) -> None:
    with program(pulse, "simpleaudio") as (one, player), pulse.recorder() as recorder:
        first = now_ns() + 500 * MILLISECOND
        dues = [first + number * 300 * MILLISECOND for number in range(6)]
        one.order(play=[(due, "count") for due in dues], hold=True)
        each_once_in_order(one, dues)
        recorder.until_heard(builtin(CueId.COUNT))
        one.signal(signal.SIGKILL)
        recorder.until_heard(builtin(CueId.ALARM))
        os.kill(player, signal.SIGKILL)


@in_company
def test_each_start_plays_what_comes_after_it(pulse: PulseServer) -> None:
    """The first second after a start is the hardest: nothing of it is lost or played twice."""
    for _ in range(3):
        with program(pulse) as (one, _):
            first = now_ns() + 150 * MILLISECOND
            dues = [first + number * 100 * MILLISECOND for number in range(6)]
            one.order(play=[(due, "count") for due in dues])
            each_once_in_order(one, dues)
            one.end()
            assert not [line for line in one.said if "due" in line]
