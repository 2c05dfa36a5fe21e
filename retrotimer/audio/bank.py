"""The sounds themselves: built in, or a file of the user's, as 48 kHz mono 16-bit samples."""

from __future__ import annotations

import sys
import wave
from array import array
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING

from retrotimer.audio.file_check import SoundError as SoundError
from retrotimer.audio.file_check import check_file
from retrotimer.audio.samples import RATE, Samples
from retrotimer.core.cue_ids import CueId
from retrotimer.core.vocabulary import PAUSE, PAUSE_MS

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable

    from retrotimer.audio.schedule import Entry

LONGEST_SECONDS = 30
"""Longer sounds are cut off here: a cue is not a concert."""

SILENT = 33
"""A file that stays below this (60 dB under full scale) is silence, not a soft sound."""

_TOLERANCE_MS = 50
"""How much of a sound the resampler may hold back."""
_NO_SOUND = "it is damaged, or not a wav, flac, mp3 or ogg sound"


def folder() -> Traversable:
    """The folder of the built-in sounds: of the installed package, or of a plain checkout."""
    try:
        installed = resources.files("retrotimer.sounds")
    except ModuleNotFoundError:
        installed = None
    if installed is not None and installed.joinpath("alarm.wav").is_file():
        return installed
    checkout = Path(__file__).resolve().parents[2] / "sounds"
    if (checkout / "alarm.wav").is_file():
        return checkout
    raise SoundError(f"the built-in sounds are missing; looked in {checkout}")


@cache
def builtin(cue: CueId) -> Samples:
    """The built-in sound of a cue. The result is shared: do not change it."""
    try:
        with folder().joinpath(f"{cue}.wav").open("rb") as file, wave.open(file, "rb") as sound:
            return _pcm(sound)
    except (OSError, EOFError, wave.Error) as error:
        raise SoundError(f"the built-in sound {cue}.wav cannot be read: {error}") from error


def load(path: Path) -> Samples:
    """Decode a user's file (wav, flac, mp3, ogg), resampled; SoundError says what is wrong."""
    path = path.expanduser()
    check_file(path)
    samples = _plain_wav(path) or _decoded(path)
    if not samples:
        raise SoundError(f"{path}: it contains no sound")
    if max(max(samples), -min(samples)) < SILENT:
        raise SoundError(f"{path}: it is silent throughout")
    return samples


def length_ms(samples: Samples) -> int:
    """How long samples sound, in whole milliseconds, rounded up."""
    return -(-len(samples) * 1000 // RATE)


def measured_ms(path: Path) -> int:
    """How long a file sounds in whole ms, rounded up, without decoding it; SoundError if it cannot
    be played."""
    check_file(path)
    frames, rate = _announced(path)
    length = -(-frames * 1000 // rate)
    if not length:
        raise SoundError(f"{path}: it contains no sound")
    return min(length, LONGEST_SECONDS * 1000)


def _announced(path: Path) -> tuple[int, int]:
    """The number of frames and the rate that a file claims to have."""
    import miniaudio  # type: ignore[import-untyped]

    try:
        about = miniaudio.get_file_info(str(path))
        return int(about.num_frames), int(about.sample_rate)
    except Exception as error:  # a damaged header makes it fail in many ways
        raise SoundError(f"{path}: {_NO_SOUND}") from error


def _pcm(sound: wave.Wave_read) -> Samples:
    data = sound.readframes(LONGEST_SECONDS * RATE)
    # If the length was not known the last sample may be incomplete.
    samples = array("h", data[: len(data) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def _plain_wav(path: Path) -> Samples | None:
    """The samples, if they need no conversion: then no decoder has to be loaded."""
    try:
        with wave.open(str(path), "rb") as sound:
            if (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2):
                return _pcm(sound)
    except Exception:  # whatever `wave` makes of it, the decoder decides
        return None
    return None


def _decoded(path: Path) -> Samples:
    import miniaudio

    try:
        chunks = miniaudio.stream_file(
            str(path),
            output_format=miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=RATE,
            frames_to_read=RATE,
        )
        samples = array("h")
        for chunk in islice(chunks, LONGEST_SECONDS):
            samples.extend(chunk)
    except Exception as error:  # a damaged header makes it fail in many ways
        raise SoundError(f"{path}: {_NO_SOUND}") from error
    if path.suffix.lower() == ".flac":
        # Its header gives the length; what is missing at the end cannot be decoded.
        frames, rate = _announced(path)
        whole = min(frames * 1000 // max(rate, 1), LONGEST_SECONDS * 1000)
        if length_ms(samples) < whole - _TOLERANCE_MS:
            there = f"{length_ms(samples) / 1000:.1f} of {whole / 1000:.1f} s are there"
            raise SoundError(f"{path}: the file is cut off: {there}")
    return samples


class Bank:
    """Samples by name for the audio thread: looking up never waits, loading is done elsewhere.

    `report` is called with the reason, once, for every sound that is not available.
    """

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._ready: dict[str, Samples] = {PAUSE: array("h", bytes(2 * PAUSE_MS * RATE // 1000))}
        self._asked: set[str] = set()
        self._orders: SimpleQueue[str] = SimpleQueue()
        self._loader: Thread | None = None
        self._lock = Lock()
        for cue in CueId:
            try:
                self._ready[cue.value] = builtin(cue)
            except SoundError as error:
                report(str(error))

    @property
    def alarm(self) -> Samples:
        """The alarm; without it no player may run (SoundError)."""
        return self._ready.get(CueId.ALARM) or builtin(CueId.ALARM)

    def want(self, entry: Entry) -> None:
        """Start loading what a cue needs, unless it is there or was requested already."""
        for name in entry.words or (entry.sound,):
            if name not in self._asked and name not in self._ready:
                self._order(name)

    def _order(self, name: str) -> None:
        with self._lock:
            self._asked.add(name)
            self._orders.put(name)
            if self._loader is None:
                self._loader = Thread(target=self._load, name="sounds", daemon=True)
                self._loader.start()

    def samples(self, entry: Entry) -> Samples | None:
        """A cue's samples, or its fallback's while its own are not available.

        A sentence is available only with all its words: half of one could say something else.
        """
        if entry.words:
            return self._sentence(entry.words)
        return self._ready.get(entry.sound) or self._ready.get(entry.fallback)

    def _sentence(self, words: tuple[str, ...]) -> Samples | None:
        said: Samples = array("h")
        for word in words:
            samples = self._ready.get(word)
            if samples is None:
                return None
            said.extend(samples)
        return said

    def _load(self) -> None:
        while True:
            name = self._orders.get()
            try:
                self._ready[name] = load(Path(name))
            except SoundError as error:
                self._report(str(error))
            except Exception as error:  # one bad file must not silence the rest
                self._report(f"{name}: {type(error).__name__}: {error}")
