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
    tone = [
        round(level * math.sin(2 * math.pi * 1000 * frame / rate))
        for frame in range(round(rate * seconds))
        for _ in range(channels)
    ]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array("h", tone).tobytes())
    return path
