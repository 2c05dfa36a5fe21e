"""Random keys, pastes, mouse reports, bytes that are no text and sizes, over every screen.

`python -m benchmarks.fuzz_keys --count 20000`. The storm is `tests/support/key_storm.py`; what
goes wrong in an episode comes again with `--seed SEED --episode N` alone.
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
"""Each so-manieth episode is one of `watch`."""


def main() -> int:
    """Blow and tell; 1 at the first episode in which something was wrong."""
    parser = argparse.ArgumentParser(description="Random keys and more, over every screen.")
    parser.add_argument("--count", type=int, default=2_000, help="how many keys and more, at least")
    parser.add_argument("--seed", default=str(time.time_ns()), help="a word; the same storm again")
    parser.add_argument("--episode", type=int, metavar="N", help="only this one of the storm")
    args = parser.parse_args()
    counts: Counter[str] = Counter()
    happened, number = 0, args.episode or 0
    began = time.perf_counter()
    while happened < args.count:
        episode = Episode(f"{args.seed}/{number}", counts)
        try:
            with tempfile.TemporaryDirectory(prefix="retro-") as folder:
                watch = number % WATCHED == WATCHED - 1
                happened += asyncio.run(episode.blow(Path(folder), LENGTH, watch=watch))
        except BaseException as error:
            print("the last that happened:", *episode.last, sep="\n")
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
