"""Thousands of spoiled session files, started with, gone on with and watched.

`python -m benchmarks.sessions --count 2000`. Each has a seed of its own, so that what goes wrong in
one comes again with `--seed SEED --first N --count 1`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.support.session_mutations import fuzz


def main() -> int:
    """Try them and tell what became of them; an exception that is none of ours ends it."""
    parser = argparse.ArgumentParser(description="Spoiled session files.")
    parser.add_argument("--count", type=int, default=2_000, help="how many")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first")
    parser.add_argument("--seed", default=str(time.time_ns()), help="a word; the same files again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = fuzz(Path(folder), args.seed, range(args.first, args.first + args.count))
    print(f"seed {args.seed}: {counts.total()} session files, no exception but our own")
    for what, count in counts.most_common():
        print(f"{count:9}  {what}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
