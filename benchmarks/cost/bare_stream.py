"""The floor of a player: one silent miniaudio stream with the buffer of the player's.

It writes a line when the stream has started, and ends with its standard input.
"""

from __future__ import annotations

import sys
from collections.abc import Generator

import miniaudio  # type: ignore[import-untyped]

RATE = 48_000
BUFFER_MS = 50


def silence() -> Generator[bytes, int, None]:
    """Silent 16-bit mono samples, as many as are requested."""
    frames = yield b""
    while True:
        frames = yield bytes(2 * frames)


def main() -> None:
    """Play until there is nobody left to read a line from."""
    device = miniaudio.PlaybackDevice(
        output_format=miniaudio.SampleFormat.SIGNED16,
        nchannels=1,
        sample_rate=RATE,
        buffersize_msec=BUFFER_MS,
    )
    feed = silence()
    next(feed)
    device.start(feed)
    print("playing", flush=True)
    sys.stdin.read()
    device.close()


if __name__ == "__main__":
    main()
