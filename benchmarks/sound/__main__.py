"""`python -m benchmarks.sound`: only the figures about sound."""

from __future__ import annotations

import argparse

from benchmarks.report import tell
from benchmarks.sound.figures import add_arguments, figures


def main() -> int:
    """Print them; 1 when a target was missed."""
    parser = argparse.ArgumentParser(description="Can the sound be trusted?")
    add_arguments(parser)
    args = parser.parse_args()
    return tell(figures(args.minutes, args.presses))


if __name__ == "__main__":
    raise SystemExit(main())
