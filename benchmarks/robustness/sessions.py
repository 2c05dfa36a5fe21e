"""Starts with, resumes and watches thousands of damaged session files.

`python -m benchmarks.robustness.sessions --count 2000`. Each file has its own seed, so a failure is
repeated with `--seed SEED --first N --count 1`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.support.session_mutations import fuzz


def main() -> int:
    """Try the files and print what became of them; any unexpected exception ends the run."""
    parser = argparse.ArgumentParser(description="Damaged session files.")
    parser.add_argument("--count", type=int, default=2_000, help="how many")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first")
    parser.add_argument(
        "--seed", default=str(time.time_ns()), help="any word; repeats the same files"
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = fuzz(Path(folder), args.seed, range(args.first, args.first + args.count))
    print(f"seed {args.seed}: {counts.total()} session files, no unexpected exception")
    for what, count in counts.most_common():
        print(f"{count:9}  {what}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
