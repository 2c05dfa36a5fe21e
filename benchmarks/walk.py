"""A million random steps over the real runner: `python -m benchmarks.walk --steps 1000000`.

The walk is `tests/support/random_walk`: journeys, each with a seed of its own, so that
what goes wrong in one comes again with `--seed SEED --journey N` alone.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

from tests.support.random_walk.invariants import Violation
from tests.support.random_walk.walk import LAST, Journey

LENGTH = 400
"""How many steps a journey has."""


def main() -> int:
    """Walk and tell; 1 at the first step behind which something was wrong."""
    parser = argparse.ArgumentParser(description="Random steps over the real runner.")
    parser.add_argument("--steps", type=int, default=20_000, help="how many, at least")
    parser.add_argument("--seed", default=str(time.time_ns()), help="a word; the same walk again")
    parser.add_argument("--journey", type=int, metavar="N", help="only this one of the walk")
    args = parser.parse_args()
    journeys = range(-(-args.steps // LENGTH))
    if args.journey is not None:
        journeys = range(args.journey, args.journey + 1)
    counts: Counter[str] = Counter()
    began = time.perf_counter()
    for number in journeys:
        journey = Journey(f"{args.seed}/{number}", counts)
        try:
            journey.walk(LENGTH)
        except Violation as violation:
            print(f"the last {LAST} steps:", *journey.last, sep="\n")
            print(f"\n{violation}\nagain: --seed {args.seed} --journey {number}")
            return 1
    steps = len(journeys) * LENGTH
    pace = steps / (time.perf_counter() - began)
    print(f"seed {args.seed}: {steps} steps, {pace:.0f} a second, nothing wrong")
    for name, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        print(f"{count:9}  {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
