"""Configs that nobody would write: `python -m benchmarks.robustness.configs --count 20000`.

First mutated configs: each must be read, or refused with mistakes and their places. A failure is
repeated with `--seed SEED --first N --count 1`. Then texts of up to 1 MB with a mistake: the time
until it is reported, compared with that of the bare TOML reader for a plain text of the same size.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import tomli

from benchmarks.report import Figure, tell
from retrotimer.config.limits import MOST_BYTES
from retrotimer.config.mistakes import ConfigError, render_all
from retrotimer.config.read import load
from tests.support.odd_configs import SHAPES, a_set, faults_of, mutated

MOST_SECONDS = 2.0
"""The limit for reading any config, on two slow cores."""


def faults(seed: str, first: int, count: int) -> int:
    """Try this many mutated configs; returns how many were handled wrongly."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        for number in range(first, first + count):
            path.write_bytes(mutated(random.Random(f"{seed}/{number}")))
            try:
                found = list(faults_of(lambda: load(path)))
            except Exception:
                found = [traceback.format_exc()]
            for one in found:
                wrong += 1
                print(f"--seed {seed} --first {number}: {one}")
    print(f"seed {seed}: {count} mutated configs, {wrong} wrong", flush=True)
    return wrong


def seconds(path: Path) -> float:
    """Processor time until a config's mistakes are reported."""
    began = time.process_time()
    try:
        load(path)
    except ConfigError as error:
        render_all(error)
    return time.process_time() - began


def figures(size: int) -> Iterator[list[Figure]]:
    """A figure for each shape of text, of this many bytes."""
    plain = a_set("A", "{ forward = 90, speed = 3.5 }, " * 10)
    plain *= size // len(plain)
    began = time.process_time()
    tomli.loads(plain)
    floor = time.process_time() - began
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        for name, shape in SHAPES.items():
            # A part of the text may stay just within the limits, which costs more.
            for part in (1, 3, 20):
                path.write_text(shape(size // part)[:MOST_BYTES], encoding="utf-8")
                took = seconds(path)
                detail = f"{took:.2f} s for {path.stat().st_size} bytes; floor {floor:.2f} s"
                yield [Figure(f"config: {name}", took / floor, MOST_SECONDS / floor, detail)]


def main() -> int:
    """Run both parts; returns 1 if anything was wrong or took too long."""
    parser = argparse.ArgumentParser(description="Configs that nobody would write.")
    parser.add_argument("--count", type=int, default=20_000, help="mutated configs")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="the number of the first")
    parser.add_argument("--seed", default=str(time.time_ns()), help="any word; repeats a run")
    parser.add_argument("--size", type=int, default=MOST_BYTES, help="bytes of the large ones")
    args = parser.parse_args()
    wrong = faults(args.seed, args.first, args.count)
    return max(tell(figures(args.size)), int(wrong > 0))


if __name__ == "__main__":
    raise SystemExit(main())
