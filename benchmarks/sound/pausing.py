"""How soon the pause key silences a sound: the real program in a terminal, recorded.

Subtracting the pause cue from the recording leaves the sound that was playing before. Instants in a
recording are accurate to 25 ms, because the server delivers it in pieces of that length.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Figure
from benchmarks.sound.recorded import RATE, Recording, taped
from retrotimer.audio.bank import builtin
from retrotimer.core.cue_ids import CueId
from retrotimer.host.clock import MILLISECOND, now_ns
from tests.support.joint_cases import sound
from tests.support.program import Home
from tests.support.sound_server import PulseServer
from tests.support.terminal_user import Terminal, opened

TARGET = 150.0
"""Milliseconds from the key to silence."""
SILENCE = 200
"""A cue subtracted from itself leaves less than this."""
_AFTER = 1.2
"""Seconds within which the pause cue has sounded; before that, going on is ignored."""
_LONG = 8
_READY, _GO = "GET READY · into FORWARD", "  FORWARD  "


@dataclass(frozen=True, slots=True)
class Kind:
    """A sound to cut off: its name, and how many seconds after a GO the key is pressed.

    With `own`, a file of 8 s replaces the GO; with `voice`, it replaces a word.
    """

    name: str
    after: float
    voice: bool = False
    own: bool = False


KINDS = (
    Kind("a GO", 0.3),
    Kind("a sentence", 2.5, voice=True),
    Kind("a long sound", 1.0, own=True),
)


@dataclass(frozen=True, slots=True)
class Press:
    """How long after the pause key its cue came, and the other sound ended, in ms."""

    cue: float
    silence: float


def long_tone(path: Path, seconds: float = _LONG) -> None:
    """Write a steady tone that resembles no cue."""
    at = np.arange(round(seconds * RATE)) / RATE
    tone = 9_000 * np.sin(2 * np.pi * 3_100 * at) * np.minimum(at / 0.01, 1)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(tone.astype(np.int16).tobytes())


def config(kind: Kind, folder: Path) -> str:
    """A config with one very long block after three seconds of get ready."""
    lines = [
        "[cues]",
        'backend = "miniaudio"',
        "volume = 100",
        f"voice = {str(kind.voice).lower()}",
    ]
    if kind.voice:
        long_tone(folder / "long.wav")
        words = 'language = "Tones"\n[words]\nforward = "long.wav"\n'
        (folder / "voice.toml").write_text(words, encoding="utf-8")
        lines.append(f"voice_pack = '{folder}'")
    if kind.own:
        long_tone(folder / "long.wav")
        lines.append(f"sounds = {{ forward = '{folder / 'long.wav'}' }}")
    return "\n".join(
        [
            *lines,
            '[safety]\nget_ready = "3s"\nchecklist = false',
            '[[set]]\nname = "Out"\nsteps = [{ forward = "2h", speed = 3.5 }]\n',
        ]
    )


@contextmanager
def walking(server: PulseServer, folder: Path, kind: Kind) -> Iterator[Terminal]:
    """The program, at its first GO."""
    home = Home.make(folder, config(kind, folder))
    with opened(home, "run", "out", env=sound(server)) as terminal:
        terminal.see("Null Output")
        terminal.insist(b"\r", _READY)
        terminal.see(_GO)
        yield terminal


def placed(samples: NDArray[np.int16], cue: CueId) -> tuple[int, float]:
    """The frame at which a cue matches best, and how loud it is there (1: full)."""
    template = np.asarray(builtin(cue), dtype=np.float64)
    size = 1 << (samples.size + template.size).bit_length()
    spectrum = np.fft.rfft(samples.astype(np.float64), size)
    found = np.fft.irfft(spectrum * np.conj(np.fft.rfft(template, size)), size)
    found = found[: max(samples.size - template.size, 1)] / (template @ template)
    best = int(np.argmax(found))
    return best, float(found[best])


def without(samples: NDArray[np.int16], cue: CueId, frame: int) -> NDArray[np.float64]:
    """The samples minus a cue at full loudness from this frame on."""
    rest = samples.astype(np.float64)
    template = np.asarray(builtin(cue), dtype=np.float64)
    rest[frame : frame + template.size] -= template[: rest.size - frame]
    return rest


def press_in(recording: Recording, pressed: int) -> Press | None:
    """What followed a press at this instant; None if nothing was sounding then."""
    first = recording.frame(pressed)
    before = recording.samples[first - RATE // 10 : first]
    if not before.size or np.abs(before).max() < SILENCE:
        return None
    samples = recording.samples[first : first + round(_AFTER * RATE)]
    frame, factor = placed(samples, CueId.PAUSE)
    if not 0.9 < factor < 1.1:
        raise AssertionError(f"no pause cue was heard (at most {factor:.2f} of it)")
    # The words about the pause come after its cue.
    rest = without(samples, CueId.PAUSE, frame)[: frame + len(builtin(CueId.PAUSE))]
    loud = np.flatnonzero(np.abs(rest) > SILENCE)
    silent = int(loud[-1]) + 1 if loud.size else 0
    return Press(
        *(
            recording.instant(first + at) / MILLISECOND - pressed / MILLISECOND
            for at in (frame, silent)
        )
    )


def pressed_once(terminal: Terminal, kind: Kind) -> int:
    """Press the pause key in the middle of the sound; returns the instant (ns)."""
    terminal.wait(kind.after)
    pressed = now_ns()
    terminal.press(b" ")
    terminal.wait(_AFTER)
    return pressed


def figures(server: PulseServer, presses: int) -> list[Figure]:
    """The median and the longest time of several presses during each kind of sound."""
    found = []
    for kind in KINDS:
        folder = server.folder / kind.name.replace(" ", "-")
        folder.mkdir()
        with taped(server, folder / "tape") as tape, walking(server, folder, kind) as terminal:
            instants = [pressed_once(terminal, kind)]
            while len(instants) < presses:
                terminal.press(b" ")
                terminal.see(_READY)
                terminal.see(_GO)
                instants.append(pressed_once(terminal, kind))
            recording = tape.take()
        took = [one for at in instants if (one := press_in(recording, at))]
        late = sorted(one.silence for one in took)
        if not late:
            raise AssertionError(f"nothing sounded when the key was pressed in {kind.name}")
        cue = median(one.cue for one in took)
        detail = (
            f"median {median(late):.0f} ms, its own cue after {cue:.0f} ms, {len(took)} presses"
        )
        name = f"pause key to silence, in {kind.name}"
        found.append(Figure(name, late[-1], TARGET, detail, "ms"))
    return found
