"""Random keys, pastes, mouse reports, resizes and bytes that are not text, on every screen.

`python -m benchmarks.robustness.fuzz_keys --count 20000`. The storm is in
`tests/support/key_storm.py`. A failing episode is repeated with `--seed SEED --episode N`.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.support.key_storm import LENGTH, Episode

WATCHED = 6
"""One episode in so many tests `watch`."""


def main() -> int:
    """Run the storm; returns 1 at the first episode in which something goes wrong."""
    parser = argparse.ArgumentParser(description="Random keys and more, on every screen.")
    parser.add_argument(
        "--count", type=int, default=2_000, help="how many keys and more to send, at least"
    )
    parser.add_argument("--seed", default=str(time.time_ns()), help="any word; repeats a storm")
    parser.add_argument("--episode", type=int, metavar="N", help="run only this episode")
    args = parser.parse_args()
    counts: Counter[str] = Counter()
    happened, number = 0, args.episode or 0
    began = time.perf_counter()
    while happened < args.count:
        episode = Episode(f"{args.seed}/{number}", counts)
        try:
            with tempfile.TemporaryDirectory(prefix="retro-") as folder:
                watch = number % WATCHED == WATCHED - 1
                happened += asyncio.run(episode.run(Path(folder), LENGTH, watch=watch))
        except BaseException as error:
            print("what happened last:", *episode.last, sep="\n")
            print(f"\n{error!r}\nagain: --seed {args.seed} --episode {number}")
            if not isinstance(error, Exception):
                raise
            return 1
        number += 1
        if args.episode is not None:
            break
    pace = happened / (time.perf_counter() - began)
    print(f"seed {args.seed}: {happened} keys and more in {number} episodes, {pace:.0f} a second")
    for name, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        print(f"{count:9}  {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
