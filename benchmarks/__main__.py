"""`python -m benchmarks`: all figures, each a ratio or residual of this very run."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks import cpu, onsets, start
from benchmarks.report import Figure

P99_TARGET = 1.0


def main() -> int:
    """Print them; 1 when a target was missed."""
    parser = argparse.ArgumentParser(description="What retrotimer costs and how exact it is.")
    parser.add_argument("--runs", type=int, default=start.RUNS, help="starts of each program")
    parser.add_argument("--count", type=int, default=60, help="cues to record")
    args = parser.parse_args()
    found: list[Figure] = []

    def tell(figures: list[Figure]) -> None:
        for figure in figures:
            print(figure, flush=True)
        found.extend(figures)

    if reason := onsets.missing():
        print(f"no figures about sound: {reason}")
    else:
        with tempfile.TemporaryDirectory(prefix="retro-") as folder:
            server = onsets.PulseServer(Path(folder))
            server.start()
            try:
                os.environ.update(server.env)
                tell(onsets.figures(server, args.count))
                tell(cpu.figures(server.env))
            finally:
                server.kill()
    tell(start.figures(args.runs))
    missed = [f for f in found if f.target is not None and f.value > f.target]
    print(f"{len(found)} figures, {len(missed)} targets missed")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
