"""How soon a sound fault is noticed, and sound is back: `python -m benchmarks.sound.faults`.

It runs tests/e2e/test_sound_faults.py and judges the times that those tests only print, because
they depend on how busy the machine is.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from benchmarks.report import Figure, tell

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests" / "e2e" / "test_sound_faults.py"
TARGETS = {
    "no device at first, back": 2.0,
    "lost in a cue, noticed": 1.0,
    "lost in a cue, back": 2.0,
    "server restarted, noticed": 1.0,
    "server restarted, back": 2.0,
    "another default device, heard there": 2.0,
    "unplugged, heard here": 2.0,
    "no answer, noticed": 5.0,
    "no answer, back": 4.0,
    "server stands still, noticed": 1.0,
    "server stands still, back": 2.0,
    "player ended, noticed": 2.0,
    "player ended, back": 4.0,
    "player hangs, noticed": 5.0,
    "player hangs, back": 7.0,
    "pipe full, back": 4.0,
    "pipe full, the longest that anybody waited": 1.0,
    "simpleaudio dies, noticed": 5.0,
    "simpleaudio dies, back": 7.0,
    "simpleaudio hangs, noticed": 5.0,
    "simpleaudio hangs, back": 7.0,
    "simpleaudio, loss noticed": 2.0,
    "simpleaudio, back": 2.0,
}
"""The targets, in seconds."""


def figures() -> list[Figure]:
    """Every time that was printed, with its target, and the number of faults that ended badly."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-rA", str(TESTS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = re.findall(r"^([a-z ,]+): (-?[0-9.]+) s$", done.stdout, re.MULTILINE)
    if done.returncode or not found:
        print(done.stdout + done.stderr)
    failed = len(set(re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)))
    failed = max(failed, int(done.returncode != 0))
    figures = [Figure(name, float(span), TARGETS[name], "", "s") for name, span in found]
    missing = "; ".join(name for name in TARGETS if name not in dict(found))
    detail = f"not measured: {missing}" if missing else ""
    return [*figures, Figure("faults that ended badly", failed, 0, detail, "")]


if __name__ == "__main__":
    raise SystemExit(tell([figures()]))
