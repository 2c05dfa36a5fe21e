"""A process that writes a history until it is done or killed, and reports each finished change.

Arguments: the file, a number unique to this writer, how many records, the most bytes that one
system call may write, and whether to delete every other record and replace the rest.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from retrotimer.history.file import HistoryFile
from tests.support.history_records import record


def main() -> None:
    """Write."""
    path, number, count, piece, edits = sys.argv[1], *map(int, sys.argv[2:])
    write = os.write
    os.write = lambda fd, data: write(fd, memoryview(data)[:piece])
    log = HistoryFile(Path(path), patience=120)
    for index in range(count):
        one = record(id=f"{number}-{index}", note="n" * (index % 7) * 30)
        log.append(one)
        print("+", one.id, flush=True)
        if edits and index % 2:
            log.delete(one.id)
            print("-", one.id, flush=True)
        elif edits:
            log.replace(record(id=one.id, note="edited"))


if __name__ == "__main__":
    main()
