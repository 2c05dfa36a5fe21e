"""Kills the real program at random moments: `python -m benchmarks.robustness.kills --count 1000`.

After each kill, what is on the disk is compared with what the program had printed, and the program
is started again. The work is done in `tests/support/killing.py`.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.killing import one_kill


def main() -> int:
    """Run the kills; returns 1 if something was lost."""
    parser = argparse.ArgumentParser(description="Kill the real program at random moments.")
    parser.add_argument("--count", type=int, default=40, help="how many kills")
    parser.add_argument("--at-once", type=int, default=4 * (os.cpu_count() or 1), metavar="N")
    parser.add_argument(
        "--seed", default=str(time.time_ns()), help="any word; repeats the same moments"
    )
    args = parser.parse_args()
    found: Counter[str] = Counter()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="retro-") as name:

        def play(number: int) -> None:
            seed = f"{args.seed}/{number}"
            try:
                found[one_kill(Path(name) / str(number), seed)] += 1
            except Exception as error:  # report any failure with its seed
                found["LOST"] += 1
                print(f"{seed}: {error!r}", flush=True)

        with ThreadPoolExecutor(args.at_once) as pool:
            list(pool.map(play, range(args.count)))
    seconds = time.monotonic() - began
    print(f"seed {args.seed}: {args.count} kills in {seconds:.0f} s, {found['LOST']} wrong")
    for text, count in found.most_common():
        print(f"{count:6}  {text}")
    return 1 if found["LOST"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
