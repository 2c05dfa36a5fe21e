"""What goes wrong with sound, for real: what is heard then, and that it comes back.

How long it takes is printed, and judged only by `python -m benchmarks.sound.faults`: it depends on
the time that the machine has.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from retrotimer.audio.engine.simpleaudio import refusal
from retrotimer.audio.players.process import ProcessPlayer
from retrotimer.audio.players.process_handle import player_command
from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus
from retrotimer.host.clock import MILLISECOND, SECOND, now_ns
from tests.support.program import Home
from tests.support.sound_server import PulseServer, Recorder, missing

if sys.platform == "win32":
    pytest.skip("needs PulseAudio", allow_module_level=True)

from tests.e2e.test_sound import Program, hears, pause, program, rings
from tests.support.joint_cases import sound
from tests.support.terminal_user import alive as alive_in
from tests.support.terminal_user import opened

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]


def took(what: str, span: int) -> None:
    """Print how long (ns) it took."""
    print(f"{what}: {span / SECOND:.2f} s")


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


def test_no_device_at_first_and_one_that_comes_later(server: PulseServer) -> None:
    with without_device(server) as one:
        # On a busy machine it may first be seen not to answer.
        one.until("lost", "no device can be opened")
        server.start()
        came = now_ns()
        found = one.until("ready")
        took("no device at first, back", found["at"] - came)
        assert "Null Output" in found["detail"]
        assert hears(server, one)
        one.end()


def test_lost_in_the_middle_of_a_cue(running: PulseServer) -> None:
    with program(running) as (one, player):
        one.order(play=[(now_ns() + 100 * MILLISECOND, "rest")])
        one.next("report")
        killed = now_ns()
        running.kill()
        told = one.until("lost")
        took("lost in a cue, noticed", told["at"] - killed)
        # What is due meanwhile rings the bell.
        rings(one)
        running.start()
        came = now_ns()
        found = one.until("ready")
        assert found["pid"] == player
        took("lost in a cue, back", found["at"] - came)
        assert hears(running, one)
        one.end()


def test_a_server_that_is_restarted_at_once(running: PulseServer) -> None:
    with program(running) as (one, _):
        killed = now_ns()
        running.kill()
        running.start()
        came = now_ns()
        took("server restarted, noticed", one.until("lost")["at"] - killed)
        took("server restarted, back", one.until("ready")["at"] - came)
        assert hears(running, one)
        one.end()


def test_another_default_device_is_followed_and_back_when_it_is_unplugged(
    running: PulseServer,
) -> None:
    """Cues go on where the user listens now, and no longer where it was."""
    running.add_sink("other")
    with (
        program(running) as (one, _),
        running.recorder() as here,
        running.recorder("other") as there,
    ):
        first = now_ns() + 200 * MILLISECOND
        one.order(play=[(first + number * SECOND // 5, "count") for number in range(1000)])
        until_heard(here, 3)
        assert not begins(there)
        moved = now_ns()
        running.make_default("other")
        until_heard(there, 1)
        took("another default device, heard there", now_ns() - moved)
        # Nowhere twice.
        here.until_quiet(1.0)
        before = len(begins(here))
        until_heard(there, len(begins(there)) + 3)
        here.until_quiet(1.0)
        assert len(begins(here)) == before
        unplugged = now_ns()
        running.remove_sink("other")
        until_heard(here, before + 1)
        took("unplugged, heard here", now_ns() - unplugged)
        until_heard(here, before + 3)
        one.order(play=[])
        one.end()


def begins(recorder: Recorder) -> list[float]:
    """Where in a recording a sound began."""
    return recorder.recording.onsets(gap_ms=40)


def until_heard(recorder: Recorder, count: int) -> None:
    """Wait until so many sounds have begun."""
    deadline = now_ns() + 60 * SECOND
    while len(begins(recorder)) < count:
        assert now_ns() < deadline, "it was never heard"
        pause(0.2)


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
            told = one.until("lost", "does not answer")
            took("no answer, noticed", told["at"] - began)
            # Whoever waits for the sound system, it is not the program.
            rings(one)
            mute.close()
            Path(place).unlink()
            server.start()
            connection.close()
            came = now_ns()
            found = one.until("ready")
            took("no answer, back", found["at"] - came)
            assert hears(server, one)
            one.end()


def test_a_server_that_stands_still(running: PulseServer) -> None:
    with program(running) as (one, _):
        stopped = now_ns()
        running.signal(signal.SIGSTOP)
        took("server stands still, noticed", one.until("lost")["at"] - stopped)
        running.signal(signal.SIGCONT)
        came = now_ns()
        took("server stands still, back", one.until("ready")["at"] - came)
        assert hears(running, one)
        one.end()


Player: TypeAlias = tuple[Program, int]
"""A program, and the process id of its player."""


@contextmanager
def failing(server: PulseServer, backend: str) -> Iterator[tuple[int, Player, Player]]:
    """Two players: just now (ns) the first was killed, the second stopped.

    Cues of the first program are still to come then, and are played in the end, each once.
    """
    with (
        program(server, backend) as (one, killed),
        program(server, backend) as (other, stopped),
        server.recorder() as recorder,
    ):
        begin = now_ns()
        dues = [begin + SECOND // 5, *(begin + number * SECOND for number in range(5, 90))]
        one.order(play=[(due, "count") for due in dues])
        first = one.next("report")
        assert first["due"] == dues[0]
        failed = now_ns()
        os.kill(killed, signal.SIGKILL)
        os.kill(stopped, signal.SIGSTOP)
        yield failed, (one, killed), (other, stopped)
        before = len(recorder.recording.samples)
        later = [one.next("report") for _ in range(2)]
        assert all(line["due"] in dues[1:] for line in later)
        assert later[0]["due"] < later[1]["due"]
        # Heard, too.
        recorder.until_loud(since=before)
        one.end()
        other.end()


def test_a_player_killed_or_stopped_is_replaced_and_what_was_not_heard_is_played(
    running: PulseServer,
) -> None:
    with failing(running, "auto") as (failed, killed, stopped):
        for (one, before), word in ((killed, "ended"), (stopped, "hangs")):
            told = one.until("lost")
            assert word in told["detail"]
            took(f"player {word}, noticed", told["at"] - failed)
            found = one.until("ready")
            assert found["pid"] != before
            took(f"player {word}, back", found["at"] - failed)


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
    player = ProcessPlayer(command=[*command, *player_command("miniaudio")])
    player.start()
    deaf, longest = player.pid, 0

    def until(status: SoundStatus) -> int:
        nonlocal longest
        deadline = now_ns() + 60 * SECOND
        while player.status is not status:
            asked = now_ns()
            assert asked < deadline
            player.play([Entry(asked + number * SECOND, "count") for number in range(1, 300)])
            player.poll()
            longest = max(longest, now_ns() - asked)
            pause(0.005)
        return now_ns()

    try:
        full = until(SoundStatus.LOST)
        ready = until(SoundStatus.READY)
        assert player.pid != deaf
        took("pipe full, back", ready - full)
        took("pipe full, the longest that anybody waited", longest)
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
@pytest.mark.parametrize(
    "cases",
    [
        # By day both back ends and both faces.
        (("auto", "lines"), ("simpleaudio", "screen")),
        pytest.param((("auto", "screen"), ("simpleaudio", "lines")), marks=pytest.mark.nightly),
    ],
    ids=lambda cases: "-".join(map("-".join, cases)),
)
def test_no_library_writes_a_byte_into_the_terminal(
    server: PulseServer, tmp_path: Path, cases: Sequence[tuple[str, str]]
) -> None:
    """Without a device, while one comes, and when it is lost: ALSA would write a lot."""
    if reason := refusal():
        pytest.skip(reason)
    noise = subprocess.run([sys.executable, "-c", NOISY], env=server.env, capture_output=True)
    assert b"ALSA" in noise.stderr

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
            terminal.until(lambda: terminal.whole.count(alert) > 1, "the loss")
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
            took(f"simpleaudio {name}, noticed", told["at"] - failed)
            found = one.until("ready")
            assert found["note"].startswith("using miniaudio instead of simpleaudio: the player")
            assert found["detail"].startswith("miniaudio, PulseAudio")
            took(f"simpleaudio {name}, back", found["at"] - failed)
            os.kill(found["pid"], signal.SIGKILL)
            again = one.until("ready")
            assert again["detail"].startswith("miniaudio, PulseAudio")
            assert again["note"] == found["note"]


def test_simpleaudio_notices_in_silence_that_the_device_is_gone(simple: PulseServer) -> None:
    with program(simple, "simpleaudio") as (one, player):
        killed = now_ns()
        simple.kill()
        took("simpleaudio, loss noticed", one.until("lost")["at"] - killed)
        simple.start()
        came = now_ns()
        found = one.until("ready")
        assert (found["pid"], found["note"]) == (player, "")
        took("simpleaudio, back", found["at"] - came)
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
        assert "using miniaudio instead of simpleaudio: simpleaudio 1.0.4 crashes" in done.stderr
        assert "back end  PulseAudio" in done.stdout
    else:
        assert done.stderr == ""
        assert "back end  simpleaudio" in done.stdout
