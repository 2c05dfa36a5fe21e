"""Sound files that the tests write."""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path

RATE = 48_000


def write_wav(
    path: Path, rate: int = RATE, channels: int = 1, seconds: float = 0.5, level: int = 12_000
) -> Path:
    """A tone of 1000 Hz."""
    # After this many frames the tone repeats exactly.
    again = rate // math.gcd(rate, 1000)
    wave_form = [round(level * math.sin(2 * math.pi * 1000 * n / rate)) for n in range(again)]
    frames = [level for level in wave_form for _ in range(channels)]
    count = round(rate * seconds) * channels
    tone = array("h", frames * (count // len(frames) + 1))[:count]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(tone.tobytes())
    return path


def cut_off(path: Path) -> Path:
    """Truncate a file to its first third, with an odd number of bytes."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 6 * 2 + 1])
    return path


def damage_header(path: Path) -> Path:
    """Put nonsense in a wav's header, as after a bad copy."""
    data = bytearray(path.read_bytes())
    # The length of the format chunk: far beyond the file's end.
    data[18:20] = b"\x80\x80"
    path.write_bytes(data)
    return path
