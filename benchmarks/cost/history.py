"""A history with an unclosed text: the time for each record must not grow with the file.

`python -m benchmarks.cost.history`. It appends, and reads the newest record, in files of 100, 1,000
and 10,000 records with multi-line notes, and compares the time per record with the smallest file.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.report import Figure, tell
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import to_toml
from tests.support.history_records import record

SIZES = (100, 1_000, 10_000)
TARGET = 3.0
"""How many times longer a record may take than in the smallest file: noise, not growth."""


def with_note(begin: str, end: str) -> bytes:
    return to_toml(record(note="x")).replace(b'"x"', f"{begin}one\ntwo{end}".encode())


def figures(sizes: tuple[int, ...] = SIZES) -> Iterator[list[Figure]]:
    """A figure for each larger file and each operation."""
    uses: dict[str, Callable[[HistoryFile], object]] = {
        "append": lambda log: log.append(record(1)),
        "newest": lambda log: next(log.newest()),
    }
    for name, use in uses.items():
        least = 0.0
        for size in sizes:
            each = min(_seconds(use, size) for _ in range(3)) / size
            least = least or each
            detail = f"{name} in {size} records: {each * size * 1000:.1f} ms"
            target = None if size == sizes[0] else TARGET
            yield [Figure(f"{name}, time for a record, {size}", each / least, target, detail)]


def _seconds(use: Callable[[HistoryFile], object], size: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        log = HistoryFile(Path(folder) / "history.toml")
        half = with_note("'''", "'''") * (size // 2)
        log.path.write_bytes(half + with_note('"""', "") + half)
        began = time.process_time()
        use(log)
        return time.process_time() - began


if __name__ == "__main__":
    raise SystemExit(tell(figures()))
