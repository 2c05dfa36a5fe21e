"""What goes wrong with sound, for real: what is heard then, and how soon it is back.

Each figure of docs/sound-faults.md is from here; `pytest -n 0 -rP` shows them.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TypeAlias

import pytest
from program import Home
from pulse import RATE, PulseServer, Recorder, Recording, missing

from retrotimer.audio.child import player_command
from retrotimer.audio.clock import MILLISECOND, SECOND, now_ns
from retrotimer.audio.player import STUCK, AutoPlayer, SoundStatus
from retrotimer.audio.simple import refusal

if sys.platform == "win32":
    pytest.skip("needs PulseAudio", allow_module_level=True)

from cases import sound
from terminal import alive as alive_in
from terminal import opened
from test_sound import Program, pause, program

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]

BACK = 2 * SECOND
"""Sound is back within this of its device."""


def less(limit: int, what: str, *spans: int) -> None:
    """Show what was measured (ns), and see to it that the best of it is less."""
    print(f"{what}: {' '.join(f'{span / SECOND:.2f}' for span in spans)} s")
    assert min(spans) < limit


def within(limit: int, what: str, attempt: Callable[[], int]) -> None:
    """See to it that an attempt takes less (ns).

    One that does not may have been held up by what else this machine does: three of them may not.
    """
    spans = [attempt()]
    while min(spans) >= limit and len(spans) < 3:
        spans.append(attempt())
    less(limit, what, *spans)


@contextmanager
def made() -> Iterator[PulseServer]:
    """A server, not started yet, whose devices are no further ahead than a sound card."""
    # Not pytest's own folder: the path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="retro-") as folder:
        server = PulseServer(Path(folder), prompt=True)
        try:
            yield server
        finally:
            server.kill()


@pytest.fixture
def server() -> Iterator[PulseServer]:
    with made() as one:
        yield one


@pytest.fixture
def running(server: PulseServer) -> PulseServer:
    server.start()
    return server


@contextmanager
def without_device(server: PulseServer, backend: str = "auto") -> Iterator[Program]:
    one = Program(server.env, backend)
    try:
        yield one
    finally:
        one.destroy()


def hears(server: PulseServer, one: Program, cue: str = "count") -> bool:
    """Whether a cue is heard, and once."""
    with server.recorder() as recorder:
        one.order(play=[(now_ns() + 300 * MILLISECOND, cue)])
        until_heard(recorder, 1)
        pause(0.5)
        return len(recorder.stop().onsets()) == 1


def until_heard(recorder: Recorder, count: int) -> None:
    """Wait until so many sounds have begun."""
    deadline = now_ns() + 20 * SECOND
    while len(recorder.recording.onsets()) < count:
        assert now_ns() < deadline, "it was never heard"
        pause(0.2)


def test_no_device_at_first_and_one_that_comes_later(server: PulseServer) -> None:
    with without_device(server) as one:

        def comes() -> int:
            server.kill()
            # On a busy machine it may first be seen to have stopped.
            while "no device can be opened" not in one.until("lost")["detail"]:
                pass
            server.start()
            came = now_ns()
            return int(one.until("ready")["at"]) - came

        within(BACK, "no device at first, back", comes)
        assert hears(server, one)
        one.end()


def test_lost_in_the_middle_of_a_cue(running: PulseServer) -> None:
    noticed: list[int] = []
    with program(running) as (one, player):

        def lose() -> int:
            one.order(play=[(now_ns() + 100 * MILLISECOND, "rest")])
            one.next("report")
            killed = now_ns()
            running.kill()
            told = one.until("lost")
            assert "has stopped" in told["detail"]
            noticed.append(told["at"] - killed)
            # What is due meanwhile rings the bell.
            one.order(play=[(now_ns() + 100 * MILLISECOND, "turn")])
            one.next("bell")
            running.start()
            came = now_ns()
            found = one.until("ready")
            assert found["pid"] == player
            return int(found["at"]) - came

        within(BACK, "lost in a cue, back", lose)
        less(SECOND, "lost in a cue, noticed", *noticed)
        assert hears(running, one)
        one.end()


def test_a_server_that_is_restarted_at_once(running: PulseServer) -> None:
    noticed: list[int] = []
    with program(running) as (one, _):

        def restart() -> int:
            killed = now_ns()
            running.kill()
            running.start()
            came = now_ns()
            noticed.append(one.until("lost")["at"] - killed)
            return int(one.until("ready")["at"]) - came

        within(BACK, "server restarted, back", restart)
        less(SECOND, "server restarted, noticed", *noticed)
        assert hears(running, one)
        one.end()


def test_another_default_device_is_followed_and_back_when_it_is_unplugged(
    running: PulseServer,
) -> None:
    """Cues go on where the user listens now, in their rhythm, and no longer where it was."""
    running.add_sink("other")
    every = 200 * MILLISECOND
    with (
        program(running) as (one, _),
        running.recorder() as here,
        running.recorder("other") as there,
    ):
        first = now_ns() + 200 * MILLISECOND
        one.order(play=[(first + number * every, "count") for number in range(24)])
        for _ in range(4):
            one.next("report")
        moved = now_ns()
        running.make_default("other")
        for _ in range(10):
            one.next("report")
        # The two recordings agree about instants by some ms.
        unplugged = now_ns() - every // 2
        running.remove_sink("other")
        pause((first + 24 * every - now_ns()) / SECOND)
        old, new = begins(here.stop()), begins(there.stop())
        one.end()
    before = [at for at in old if at < moved]
    away = [at for at in new if at < unplugged]
    after = [at for at in old if at > unplugged]
    less(BACK, "another default device, heard there", away[0] - moved)
    less(BACK, "unplugged, heard here", after[0] - unplugged)
    # Nowhere twice.
    assert not [at for at in old if away[1] < at < unplugged]
    for heard in (before, away[1:], after[1:]):
        assert len(heard) >= 3
        assert abs(median(two - one for one, two in pairwise(heard)) - every) < 10 * MILLISECOND


def begins(recording: Recording) -> list[int]:
    """The instants (ns) at which a sound began."""
    return [recording.instant(round(onset * RATE)) for onset in recording.onsets(gap_ms=40)]


def test_a_sound_system_that_never_answers(server: PulseServer) -> None:
    """It takes the connection and says nothing; then a server that works comes in its place."""
    place = server.env["PULSE_SERVER"].removeprefix("unix:")
    with socket.socket(socket.AF_UNIX) as mute, ThreadPoolExecutor(1) as pool:
        mute.bind(place)
        mute.listen()
        taken = pool.submit(mute.accept)
        with without_device(server) as one:
            connection, _ = taken.result(20)
            began = now_ns()
            told = one.until("lost")
            assert "does not answer" in told["detail"]
            less(5 * SECOND, "no answer, noticed", told["at"] - began)
            # Whoever waits for the sound system, it is not the program.
            one.order(play=[(now_ns() + 100 * MILLISECOND, "turn")])
            one.next("bell", seconds=2)
            one.order(play=[])
            mute.close()
            Path(place).unlink()
            server.start()
            connection.close()
            came = now_ns()
            found = one.until("ready")
            less(2 * BACK, "no answer, back", found["at"] - came)
            assert hears(server, one)
            one.end()


def test_a_server_that_stands_still(running: PulseServer) -> None:
    noticed: list[int] = []
    with program(running) as (one, _):

        def stand() -> int:
            stopped = now_ns()
            running.signal(signal.SIGSTOP)
            noticed.append(one.until("lost")["at"] - stopped)
            running.signal(signal.SIGCONT)
            came = now_ns()
            return int(one.until("ready")["at"]) - came

        within(BACK, "server stands still, back", stand)
        less(SECOND, "server stands still, noticed", *noticed)
        assert hears(running, one)
        one.end()


Player: TypeAlias = tuple[Program, int]
"""A program, and the process id of its player."""


@contextmanager
def failing(server: PulseServer, backend: str) -> Iterator[tuple[int, Player, Player]]:
    """Two players: just now (ns) the first was killed, the second stopped.

    In the end two cues of the first program were heard, one before and one after that.
    """
    with (
        program(server, backend) as (one, killed),
        program(server, backend) as (other, stopped),
        server.recorder() as recorder,
    ):
        begin = now_ns()
        one.order(play=[(begin + after, "count") for after in (200 * MILLISECOND, 5 * SECOND)])
        one.next("report")
        pause(0.3)
        failed = now_ns()
        os.kill(killed, signal.SIGKILL)
        os.kill(stopped, signal.SIGSTOP)
        yield failed, (one, killed), (other, stopped)
        until_heard(recorder, 2)
        pause(0.5)
        assert len(recorder.stop().onsets()) == 2
        one.end()
        other.end()


def test_a_player_killed_or_stopped_is_replaced_and_what_was_not_heard_is_played(
    running: PulseServer,
) -> None:
    with failing(running, "auto") as (failed, killed, stopped):
        for (one, before), word, limit in (
            (killed, "ended", 2 * BACK),
            (stopped, "hangs", 2 * BACK + STUCK),
        ):
            told = one.until("lost")
            assert word in told["detail"]
            less(limit - BACK, f"player {word}, noticed", told["at"] - failed)
            found = one.until("ready")
            assert found["pid"] != before
            less(limit, f"player {word}, back", found["at"] - failed)


# The first of them reads nothing, those after it are the real player.
DEAF_AT_FIRST = """
import os, sys, time
been, *command = sys.argv[1:]
if os.path.exists(been):
    os.execv(command[0], command)
open(been, "w").close()
time.sleep(3600)
"""


def test_a_player_that_reads_nothing_is_replaced(
    running: PulseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pipe is full; nobody waits for it."""
    for name in ("PULSE_SERVER", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "HOME"):
        monkeypatch.setenv(name, running.env[name])
    command = [sys.executable, "-c", DEAF_AT_FIRST, str(tmp_path / "been")]
    player = AutoPlayer(lambda: None, command=[*command, *player_command("miniaudio")])
    player.start()
    deaf, longest = player.pid, 0

    def until(status: SoundStatus) -> int:
        nonlocal longest
        deadline = now_ns() + 20 * SECOND
        while player.status is not status:
            asked = now_ns()
            assert asked < deadline
            player.play([(asked + number * SECOND, "count") for number in range(1, 300)])
            player.poll()
            longest = max(longest, now_ns() - asked)
            pause(0.005)
        return now_ns()

    try:
        full = until(SoundStatus.LOST)
        ready = until(SoundStatus.READY)
        assert player.pid != deaf
        less(2 * BACK, "pipe full, back", ready - full)
        less(SECOND, "pipe full, the longest that anybody waited", longest)
    finally:
        player.close()


# The terminal -----------------------------------------------------------------------------------

NOISY = "import simpleaudio; simpleaudio.play_buffer(bytes(9600), 1, 2, 48000)"


def config(backend: str) -> str:
    return f"""
cues.backend = "{backend}"
safety.checklist = false
[[set]]
name = "Out"
steps = [{{ forward = "5m", speed = 2.0 }}]
"""


@pytest.mark.pty
def test_no_library_writes_a_byte_into_the_terminal(server: PulseServer, tmp_path: Path) -> None:
    """Without a device, while one comes, and when it is lost: ALSA would write a lot."""
    if reason := refusal():
        pytest.skip(reason)
    noise = subprocess.run([sys.executable, "-c", NOISY], env=server.env, capture_output=True)
    assert b"ALSA" in noise.stderr

    cases = [(name, face) for name in ("auto", "simpleaudio") for face in ("screen", "lines")]
    homes = {case: tmp_path / "-".join(case) for case in cases}
    with ThreadPoolExecutor(len(cases)) as pool:
        shown = [pool.submit(look, server, homes[case], *case) for case in cases]
        # As soon as all of them are without sound, there is some, and then none again.
        for stage in ("none", "some"):
            for case in cases:
                until_there(homes[case] / stage)
            if stage == "none":
                server.start()
            else:
                server.kill()
        for one in shown:
            one.result()


def look(server: PulseServer, folder: Path, backend: str, face: str) -> None:
    folder.mkdir()
    home = Home.make(folder, config(backend))
    more = ("--plain",) if face == "lines" else ()
    with opened(home, "run", "out", *more, env=sound(server)) as terminal:
        alert = "no sound: " if face == "screen" else "! no sound: "
        terminal.read(alert)
        (folder / "none").touch()
        if face == "screen":
            terminal.see("buffer")
            (folder / "some").touch()
            terminal.see(alert)
        else:
            terminal.read("! all is well again")
            (folder / "some").touch()
            terminal.until(lambda: terminal.whole.count(alert) == 2, "the loss")
        terminal.press(b"\x03")
        assert terminal.end() == 130
        assert "ALSA" not in terminal.whole
        assert "Connection refused" not in terminal.whole
        assert terminal.as_before()
        assert face == "lines" or terminal.beside == ""
    assert not list(alive_in(folder))


def until_there(path: Path) -> None:
    deadline = now_ns() + 60 * SECOND
    while not path.exists():
        assert now_ns() < deadline, path
        pause(0.02)


# simpleaudio: .ci/run tries it on every Python it finds ------------------------------------------


@pytest.fixture
def simple(running: PulseServer) -> PulseServer:
    if reason := refusal():
        pytest.skip(reason)
    return running


def test_simpleaudio_that_dies_or_hangs_is_replaced_for_good(simple: PulseServer) -> None:
    with failing(simple, "simpleaudio") as (failed, dead, hanging):
        for (one, _), word, name in ((dead, "ended", "dies"), (hanging, "hangs", "hangs")):
            told = one.until("lost")
            assert word in told["detail"]
            less(BACK + STUCK, f"simpleaudio {name}, noticed", told["at"] - failed)
            found = one.until("ready")
            assert found["note"].startswith("miniaudio plays instead of simpleaudio: the player")
            assert found["detail"].startswith("miniaudio, PulseAudio")
            span = int(found["at"]) - failed
            less(2 * BACK + STUCK, f"simpleaudio {name}, back", span)
            os.kill(found["pid"], signal.SIGKILL)
            again = one.until("ready")
            assert again["detail"].startswith("miniaudio, PulseAudio")
            assert again["note"] == found["note"]


def test_simpleaudio_notices_in_silence_that_the_device_is_gone(simple: PulseServer) -> None:
    noticed: list[int] = []
    with program(simple, "simpleaudio") as (one, player):

        def lose() -> int:
            killed = now_ns()
            simple.kill()
            noticed.append(one.until("lost")["at"] - killed)
            simple.start()
            came = now_ns()
            found = one.until("ready")
            assert (found["pid"], found["note"]) == (player, "")
            return int(found["at"]) - came

        within(BACK, "simpleaudio, back", lose)
        less(2 * SECOND, "simpleaudio, loss noticed", *noticed)
        assert hears(simple, one)
        one.end()


def test_simpleaudio_without_a_device_is_replaced(server: PulseServer) -> None:
    if reason := refusal():
        pytest.skip(reason)
    with without_device(server, "simpleaudio") as one:
        lost = one.until("lost")
        assert "no device can be opened" in lost["note"]
        server.start()
        assert one.until("ready")["detail"].startswith("miniaudio, PulseAudio")
        assert hears(server, one)
        one.end()


def test_simpleaudio_unpatched_is_refused_where_it_crashes(
    simple: PulseServer, tmp_path: Path
) -> None:
    """As it is when it was installed beside the patched one."""
    info = tmp_path / "simpleaudio-1.0.4.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: simpleaudio\nVersion: 1.0.4\n")
    home = Home.make(tmp_path, config("simpleaudio"))
    both = os.pathsep.join([str(tmp_path), home.env["PYTHONPATH"]])
    done = home.run("sounds", "count", env=sound(simple) | {"PYTHONPATH": both})
    assert done.returncode == 0
    if sys.version_info >= (3, 12):
        assert "miniaudio plays instead of simpleaudio: simpleaudio 1.0.4 crashes" in done.stderr
        assert "back end  PulseAudio" in done.stdout
    else:
        assert done.stderr == ""
        assert "back end  simpleaudio" in done.stdout
