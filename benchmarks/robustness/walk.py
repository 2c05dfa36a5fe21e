"""A long random walk over the real runner: `python -m benchmarks.robustness.walk --steps 1000000`.

The walk is in `tests/support/random_walk`. It consists of journeys, each with its own seed, so a
failing one is repeated with `--seed SEED --journey N`.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

from tests.support.random_walk.invariants import Violation
from tests.support.random_walk.walk import LAST, Journey

LENGTH = 400
"""The number of steps in a journey."""


def main() -> int:
    """Walk; returns 1 at the first step after which something was wrong."""
    parser = argparse.ArgumentParser(description="A random walk over the real runner.")
    parser.add_argument("--steps", type=int, default=20_000, help="how many to take, at least")
    parser.add_argument("--seed", default=str(time.time_ns()), help="any word; repeats a walk")
    parser.add_argument("--journey", type=int, metavar="N", help="walk only this journey")
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
