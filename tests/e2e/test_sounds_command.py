"""`retrotimer sounds` on a sound server, recorded."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from retrotimer.audio.bank import builtin, load
from retrotimer.core.cue_ids import CueId
from tests.support.program import Home
from tests.support.sound_files import write_wav
from tests.support.sound_server import PulseServer

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(os.name == "nt", reason="needs PulseAudio"),
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    write_wav(tmp_path / "horn.wav", seconds=0.7)
    return Home.make(tmp_path, '[cues]\nvolume = 100\nsounds = { turn = "horn.wav" }\n')


def started(home: Home, pulse: PulseServer, *args: str) -> subprocess.Popen[str]:
    env = home.env | {name: pulse.env[name] for name in pulse.env if "PULSE" in name}
    return subprocess.Popen(
        home.command("sounds", *args),
        # What was started in the background may have it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        env=env,
        cwd=home.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_what_is_told_is_heard(home: Home, pulse: PulseServer) -> None:
    with pulse.recorder() as recorder:
        with started(home, pulse, "turn", "count", "backward") as sounds:
            out, err = sounds.communicate(timeout=60)
        recorder.until_quiet(0.5)
        recording = recorder.stop()
    assert (sounds.returncode, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "back", "device", "buffer", "latency", "volume", "turn", "count", "backward",
    ]  # fmt: skip
    assert "Null Output" in lines[1]
    assert lines[5].endswith(str(home.folder / "horn.wav"))
    # The horn, not the built-in turn; the instants are those of tests/plain/test_sound_demo.py.
    heard = [load(home.folder / "horn.wav"), builtin(CueId.COUNT), builtin(CueId.BACKWARD)]
    likeness = [recording.holds(sound) for sound in heard]
    assert min(likeness) > recording.holds(builtin(CueId.TURN)), likeness
    places = [recording.place(sound) for sound in heard]
    assert places == sorted(places)


def test_ctrl_c_silences_at_once(home: Home, pulse: PulseServer) -> None:
    with pulse.recorder() as recorder:
        with started(home, pulse, "alarm", "rest") as sounds:
            assert sounds.stdout is not None
            while not (line := sounds.stdout.readline()).startswith("alarm"):
                assert line, "it ended too soon"
            sounds.send_signal(signal.SIGINT)
            assert sounds.wait(60) == 130
            assert sounds.stderr is not None
            assert sounds.stderr.read() == ""
        recorder.until_quiet(1.0)
        recording = recorder.stop()
    # What would have come next; how soon it is silent, tests/plain/test_sound_demo.py proves.
    assert recording.holds(builtin(CueId.REST)) < 0.5


def test_without_a_device_it_says_so(home: Home, pulse: PulseServer) -> None:
    pulse.kill()
    with started(home, pulse) as sounds:
        out, err = sounds.communicate(timeout=60)
    assert (sounds.returncode, out) == (1, "")
    assert err.startswith("retrotimer: no sound: miniaudio: no device can be opened")
    assert err.endswith("the terminal's bell rings instead\n")
