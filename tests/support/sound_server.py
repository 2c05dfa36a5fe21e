"""A PulseAudio server for tests, with a silent sink that can be recorded.

Needs the programs `pulseaudio`, `pactl` and `parec`; `missing()` names those not installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from threading import Thread
from typing import IO

import numpy as np

RATE = 48_000
SINK = "retro"
# If this did not divide the player's 50 ms, the sink's requests would form a sawtooth.
_LATENCY_MS = 25
_CHUNK = RATE // 100 * 2
_START_SECONDS = 60
_PATIENCE = 60
"""How long to wait for something before giving up, in seconds; nothing is measured by it."""
_SILENT = 300
"""Samples below this count as silence."""
_LIKE = 0.4
"""The least likeness of a recorded sound to its original, even if a busy server tore it."""


def missing() -> str:
    """What is missing to run a server; empty if nothing is."""
    if sys.platform == "win32":
        return "PulseAudio does not run here"
    lacking = [name for name in ("pulseaudio", "pactl", "parec") if shutil.which(name) is None]
    return f"not installed: {', '.join(lacking)}" if lacking else ""


@dataclass
class Recording:
    """What was recorded so far: 48 kHz mono samples."""

    samples: array[int] = field(default_factory=lambda: array("h"))

    def onsets(self, threshold: int = 1500, gap_ms: int = 150) -> list[float]:
        """Seconds into the recording at which a sound begins after `gap_ms` of silence."""
        gap = gap_ms * RATE // 1000
        found: list[float] = []
        last_loud = -gap
        for index, sample in enumerate(self.samples):
            if sample > threshold or sample < -threshold:
                if index - last_loud >= gap:
                    found.append(index / RATE)
                last_loud = index
        return found

    def since(self, frame: int) -> Recording:
        """The recording from a frame on."""
        return Recording(self.samples[frame:])

    def holds(self, sound: Sequence[int]) -> float:
        """How closely the recording matches a sound at its best place; 1 is an exact match.

        A busy server may have torn the sound, so that only a part of it matches.
        """
        return self._best(sound)[0]

    def place(self, sound: Sequence[int]) -> int:
        """The frame at which the recording matches a sound best."""
        return self._best(sound)[1]

    def _best(self, sound: Sequence[int]) -> tuple[float, int]:
        # A copy, because the recorder goes on.
        wanted, heard = np.array(sound, float), np.array(self.samples[:], float)
        if heard.size < wanted.size:
            return 0.0, 0
        size = 1 << (heard.size + wanted.size).bit_length()
        spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size))
        fit = np.fft.irfft(spectrum, size)[: heard.size - wanted.size + 1]
        power = np.concatenate(([0.0], np.cumsum(heard**2)))
        energy = power[wanted.size :] - power[: -wanted.size]
        floor = wanted.size * _SILENT**2
        like = fit / np.sqrt(np.maximum(energy, floor) * np.sum(wanted**2))
        return float(like.max()), int(like.argmax())

    def loud_seconds(self, threshold: int = 1500) -> float:
        """For how many seconds it is loud, to a tenth."""
        step = RATE // 10
        heard = np.abs(np.array(self.samples[:], np.int32))
        pieces = heard[: heard.size // step * step].reshape(-1, step).max(axis=1)
        return float(np.sum(pieces > threshold)) / 10


def recording(env: dict[str, str], into: int | IO[bytes], sink: str = SINK) -> Popen[bytes]:
    """Start `parec` on a sink's monitor; it writes raw mono samples at `RATE`."""
    return subprocess.Popen(
        [
            "parec",
            f"--device={sink}.monitor",
            "--format=s16ne",
            f"--rate={RATE}",
            "--channels=1",
            f"--latency-msec={_LATENCY_MS}",
            "--raw",
        ],
        env=env,
        stdout=into,
        stderr=subprocess.DEVNULL,
    )


class Recorder:
    """`parec` on a sink's monitor."""

    def __init__(self, env: dict[str, str], sink: str = SINK) -> None:
        self.recording = Recording()
        self._process = recording(env, subprocess.PIPE, sink)
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def wait_for(self, seconds: float) -> None:
        """Wait until this many seconds have been recorded in all."""
        deadline = time.monotonic() + seconds + _PATIENCE
        while len(self.recording.samples) < seconds * RATE:
            if time.monotonic() > deadline:
                raise TimeoutError("nothing is being recorded")
            time.sleep(0.02)

    def until_heard(self, sound: Sequence[int], since: int = 0) -> None:
        """Wait until this sound, or most of it, was heard after the frame `since`."""
        self._until(lambda: self.recording.since(since).holds(sound) > _LIKE, "it was never heard")

    def until_loud(self, since: int = 0) -> None:
        """Wait until anything was heard after the frame `since`."""
        self._until(lambda: self.recording.since(since).loud_seconds() > 0, "nothing was heard")

    def until_quiet(self, seconds: float) -> None:
        """Wait until the recording has been silent for so many seconds."""
        frames = round(seconds * RATE)
        begin = len(self.recording.samples)

        def quiet() -> bool:
            samples = self.recording.samples
            last = samples[-frames:]
            return len(samples) - begin >= frames and max(max(last), -min(last)) < _SILENT

        self._until(quiet, "it is never quiet")

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(what)
            time.sleep(0.2)

    def stop(self) -> Recording:
        """Stop and return what was recorded."""
        self._process.terminate()
        self._process.wait(_PATIENCE)
        self._thread.join(_PATIENCE)
        return self.recording

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        with pipe:
            while chunk := os.read(pipe.fileno(), _CHUNK):
                self.recording.samples.extend(array("h", chunk[: len(chunk) // 2 * 2]))


class PulseServer:
    """The server; `env` is what a program needs to find it, `folder` is for its files.

    A null sink starts with two seconds of silence queued, which delays what is played first. A
    `prompt` one queues no more than a sound card.
    """

    def __init__(self, folder: Path, *, prompt: bool = False) -> None:
        self.folder = folder
        self._more = " norewinds=1" if prompt else ""
        self._socket = folder / "pulse.sock"
        for name in ("run", "home", "state"):
            (folder / name).mkdir(mode=0o700, exist_ok=True)
        self.env = os.environ | {
            "PULSE_SERVER": f"unix:{self._socket}",
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "PULSE_RUNTIME_PATH": str(folder / "run"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "HOME": str(folder / "home"),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._modules: dict[str, str] = {}

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "pulseaudio",
                    "-n",
                    "--daemonize=no",
                    "--exit-idle-time=-1",
                    "--use-pid-file=no",
                    "--disable-shm=yes",
                    "-L",
                    f"module-null-sink {self._sink(SINK)}",
                    "-L",
                    f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
                ],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def _sink(self, name: str) -> str:
        return f"sink_name={name} rate={RATE} channels=2 format=s16le{self._more}"

    @staticmethod
    def _plain(name: str) -> str:
        return f"sink_name={name} rate={RATE} channels=1 format=float32le norewinds=1"

    def _answers(self) -> bool:
        if not self._socket.exists():
            return False
        info = subprocess.run(
            ["pactl", "info"], env=self.env, capture_output=True, timeout=30, check=False
        )
        return info.returncode == 0

    @contextmanager
    def recorder(self, sink: str = SINK) -> Iterator[Recorder]:
        """Record inside the block, from when the first samples have come."""
        recorder = Recorder(self.env, sink)
        try:
            recorder.wait_for(0.05)
            yield recorder
        finally:
            recorder.stop()

    def add_sink(self, name: str, *, plain: bool = False) -> None:
        """Add a sink of the same kind; programs find it by `PULSE_SINK`.

        A `plain` one has one channel of floats and no sound ahead. It takes a tone of the server's
        own as it is, so it renders pieces of one length, and its clock does not drift.
        """
        options = self._plain(name) if plain else self._sink(name)
        module = self._control("load-module", "module-null-sink", *options.split())
        self._modules[name] = module.strip()

    def add_tone(self, sink: str, hertz: int, decibels: int) -> None:
        """Have the server itself add a tone to a sink, for as long as the sink exists."""
        module = self._control("load-module", "module-sine", f"sink={sink}", f"frequency={hertz}")
        inputs = self._control("list", "sink-inputs").split("Sink Input #")
        (one,) = (text for text in inputs if f"Owner Module: {module.strip()}\n" in text)
        self._control("set-sink-input-volume", one.split()[0], f"{decibels}dB")

    def remove_sink(self, name: str) -> None:
        """Remove a sink, as if it were unplugged."""
        self._control("unload-module", self._modules.pop(name))

    def make_default(self, name: str) -> None:
        """Make a sink the default output; recorders stay where they are."""
        self._control("set-default-source", f"{SINK}.monitor")
        self._control("set-default-sink", name)

    def _control(self, *words: str) -> str:
        done = subprocess.run(
            ["pactl", *words], env=self.env, check=True, capture_output=True, text=True, timeout=60
        )
        return done.stdout

    def signal(self, number: int) -> None:
        """Send the server a signal, to stop or continue it."""
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """Kill the server, as if it had crashed."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(_PATIENCE)
            self._process = None
            self._socket.unlink(missing_ok=True)


@contextmanager
def started() -> Iterator[PulseServer]:
    """A running server whose device is no further ahead than a sound card."""
    # Not pytest's own folder: the path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="retro-") as folder:
        server = PulseServer(Path(folder), prompt=True)
        server.start()
        try:
            yield server
        finally:
            server.kill()
