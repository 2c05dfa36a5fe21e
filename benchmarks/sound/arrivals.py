"""Copies what comes in to a file, and notes in another how much of it had come when.

A program of its own, run with two paths: `python arrivals.py DATA NOTES`. A note is a pair of
64-bit integers: an instant of `time.monotonic_ns()`, and the bytes that had come by then.
"""

from __future__ import annotations

import os
import struct
import sys
import time

NOTE = struct.Struct("=qq")
_CHUNK = 1 << 16


def main(data_path: str, notes_path: str) -> None:
    """Copy until nothing more comes."""
    total = 0
    with open(data_path, "wb", 0) as data, open(notes_path, "wb", 0) as notes:  # noqa: PTH123
        while chunk := os.read(0, _CHUNK):
            now = time.monotonic_ns()
            total += len(chunk)
            data.write(chunk)
            notes.write(NOTE.pack(now, total))


if __name__ == "__main__":
    main(*sys.argv[1:])
