"""`python -m benchmarks`: all figures, as ratios or residuals measured in one run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from benchmarks import news
from benchmarks.cost import cpu, start
from benchmarks.report import Figure, tell
from benchmarks.sound import faults
from benchmarks.sound import figures as sound
from benchmarks.sound.recorded import missing


def figures(args: argparse.Namespace) -> Iterator[list[Figure]]:
    """Sound, sound faults, running, starting, and `watch`."""
    yield from sound.figures(args.minutes, args.presses)
    if not missing():
        yield faults.figures()
        with sound.serving() as server:
            yield cpu.idle(server.env)
            yield cpu.running(server.env)
    yield start.figures(args.runs)
    if sys.platform != "win32":
        yield news.figures()


def main() -> int:
    """Print them; returns 1 if a target was missed."""
    parser = argparse.ArgumentParser(description="What retrotimer costs and how exact it is.")
    parser.add_argument("--runs", type=int, default=start.RUNS, help="starts of each program")
    sound.add_arguments(parser)
    return tell(figures(parser.parse_args()))


if __name__ == "__main__":
    raise SystemExit(main())
