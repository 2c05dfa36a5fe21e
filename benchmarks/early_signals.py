"""Signals at every moment of the first second: `python -m benchmarks.early_signals`.

Each start of the real program is told to end at another moment; the terminal has to be as before,
without a traceback, and the exit code that of the signal. With `--end` the same for the moments
after the key that quits. How is `tests/support/early_signals.py`.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from tests.support.early_signals import PYTHON_ALONE, SIGNALS, signalled
from tests.support.program import Home

STARTED = 3.0
"""Seconds after which the program has started, on any machine that is not very busy."""
QUIT = b"q"
WITH_A_QUIT_KEY = ((), ("watch",))
COMMANDS = ((), ("run", "easy"), ("watch",), ("run", "easy", "--plain"))


def main() -> int:
    """Send them and tell; 1 when something was wrong."""
    parser = argparse.ArgumentParser(description="End the real program at its very start.")
    parser.add_argument("--moments", type=int, default=40, help="how many in the time")
    parser.add_argument("--from", dest="begin", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--to", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--second", type=float, metavar="SECONDS",
                        help="a SIGTERM so long after the first signal")  # fmt: skip
    parser.add_argument("--end", action="store_true", help="moments after the key that quits")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1, metavar="N")
    args = parser.parse_args()
    step = (args.to - args.begin) / args.moments
    moments = [args.begin + step * number for number in range(args.moments)]
    fine = ("", PYTHON_ALONE)
    found: Counter[str] = Counter()
    more = () if args.second is None else (SIGNALS[1],)
    with tempfile.TemporaryDirectory(prefix="retro-") as name:

        def play(case: tuple[tuple[str, ...], float, int]) -> None:
            command, after, number = case
            folder = Path(name) / f"{'-'.join(command)}-{after:.4f}-{number}"
            folder.mkdir()
            home = Home.make(folder)
            if args.end:
                wrong = signalled(home, command, STARTED, [number], after, QUIT)
            else:
                wrong = signalled(home, command, after, [number, *more], args.second or 0.0)
            found[wrong] += 1
            if wrong not in fine:
                told = " ".join(command) or "home"
                moment = f"{after * 1000:4.0f} ms"
                print(f"{told}, signal {number:2} after {moment}: {wrong}", flush=True)

        with ThreadPoolExecutor(args.at_once) as pool:
            commands = WITH_A_QUIT_KEY if args.end else COMMANDS
            list(pool.map(play, product(commands, moments, SIGNALS)))
    wrong = found.total() - sum(found[text] for text in fine)
    print(f"{found.total()} starts, {wrong} wrong")
    for text, count in found.most_common():
        print(f"{count:6}  {text or 'all well'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
