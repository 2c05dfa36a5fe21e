"""Signals at every moment of the first second: `python -m benchmarks.robustness.early_signals`.

Each start of the real program gets a signal at a different moment. Afterwards the terminal must be
as before, with no traceback, and the exit code must be that of the signal. `--end` does the same
after the key that quits. The work is done in `tests/support/early_signals.py`.
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
"""Seconds after which the program has started, unless the machine is very busy."""
QUIT = b"q"
WITH_A_QUIT_KEY = ((), ("watch",))
COMMANDS = ((), ("run", "easy"), ("watch",), ("run", "easy", "--plain"))


def main() -> int:
    """Send the signals; returns 1 if something was wrong."""
    parser = argparse.ArgumentParser(description="End the real program while it starts.")
    parser.add_argument("--moments", type=int, default=40, help="how many moments to try")
    parser.add_argument("--from", dest="begin", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--to", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--second", type=float, metavar="SECONDS",
                        help="send a SIGTERM so many seconds after the first signal")  # fmt: skip
    parser.add_argument(
        "--end", action="store_true", help="try the moments after the key that quits"
    )
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
                shown = " ".join(command) or "home"
                moment = f"{after * 1000:4.0f} ms"
                print(f"{shown}, signal {number:2} after {moment}: {wrong}", flush=True)

        with ThreadPoolExecutor(args.at_once) as pool:
            commands = WITH_A_QUIT_KEY if args.end else COMMANDS
            list(pool.map(play, product(commands, moments, SIGNALS)))
    wrong = found.total() - sum(found[text] for text in fine)
    print(f"{found.total()} starts, {wrong} wrong")
    for text, count in found.most_common():
        print(f"{count:6}  {text or 'as it should be'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
