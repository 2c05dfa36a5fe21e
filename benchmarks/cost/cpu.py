"""What the idle player and a running workout cost, against the least that could do the same.

The floor of the player is a bare silent stream in a bare Python process; that of a running workout
is a bare Textual app beside such a stream. A subject and its floor run side by side, so that
whatever else the machine does disturbs both.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.cost import bare_stream
from benchmarks.report import Figure
from benchmarks.sound.onsets import Program, ready_player
from benchmarks.terminal import cpu_seconds, read_all, terminal, usual_env
from retrotimer.assemble import built_in_words
from retrotimer.audio.engine.miniaudio import BUFFER_MS
from retrotimer.audio.samples import RATE
from retrotimer.audio.schedule import Entry
from retrotimer.host.clock import SECOND, now_ns

IDLE_TARGET = 1.3
RUNNING_TARGET = 1.5
WRITTEN_TARGET = 2.0
SIZES = ((80, 24), (200, 60))
SECONDS = 60.0
WARM_UP = 10.0
"""Seconds until the workout runs and everything has been loaded."""
CONFIG = """
[safety]
get_ready = "3s"
checklist = false
[[set]]
name = "One"
steps = [{ forward = "10m", speed = 3.0 }]
"""


@contextmanager
def bare(env: dict[str, str]) -> Iterator[int]:
    """A bare silent stream on the sound server that `env` leads to; gives its process id."""
    assert (bare_stream.BUFFER_MS, bare_stream.RATE) == (BUFFER_MS, RATE)
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.cost.bare_stream"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=usual_env() | env,
    )
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise SystemExit("no sound: the bare stream does not start")
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def idle(env: dict[str, str], seconds: float = SECONDS) -> list[Figure]:
    """A player that plays nothing, all words of the voice at hand, its lease renewed."""
    player = ready_player()
    try:
        with bare(env) as stream:
            words = tuple(str(path) for path in built_in_words().values())
            player.play([Entry(now_ns() + 3600 * SECOND, "all words", words=words)])
            program = Program(player, int)
            program.wait(WARM_UP)
            pids = (player.pid or 0, stream)
            before = [cpu_seconds(pid) for pid in pids]
            program.wait(seconds)
            ours, floor = (
                (cpu_seconds(pid) - was) * 60 / seconds
                for pid, was in zip(pids, before, strict=True)
            )
    finally:
        player.close()
    detail = f"{ours:.2f} / {floor:.2f} s CPU a minute"
    return [Figure("idle player / bare silent stream", ours / floor, IDLE_TARGET, detail)]


def running(env: dict[str, str], seconds: float = SECONDS) -> list[Figure]:
    """CPU time and output of a running workout, at each size."""
    found = []
    with tempfile.TemporaryDirectory() as name, bare(env) as stream:
        config = Path(name) / "config.toml"
        config.write_text(CONFIG, encoding="utf-8")
        for size in SIZES:
            # Folders of its own: a workout that was killed is asked about at the next start.
            homes = {
                f"XDG_{part}_HOME": str(Path(name) / f"{size[0]}" / part)
                for part in ("CONFIG", "DATA", "STATE")
            }
            found += _running(config, size, env | homes, stream, seconds)
    return found


def _running(
    config: Path, size: tuple[int, int], env: dict[str, str], stream: int, seconds: float
) -> list[Figure]:
    python = [sys.executable, "-m"]
    run = [*python, "retrotimer", "run", "one", "--config", str(config)]
    with (
        terminal(run, size, env) as ours,
        terminal([*python, "benchmarks.cost.bare_app"], size) as app,
    ):
        both = (ours, app)
        ours.until(b"Clip the cord")
        app.until("╶".encode())
        read_all(both, 2.0)
        ours.press(b"\r")
        read_all(both, WARM_UP)
        before = [one.cpu() for one in both], [one.bytes for one in both], cpu_seconds(stream)
        read_all(both, seconds)
        minute = 60 / seconds
        high, low = ((one.cpu() - was) * minute for one, was in zip(both, before[0], strict=True))
        silent = (cpu_seconds(stream) - before[2]) * minute
        wrote, least = (
            (one.bytes - was) * minute / 1000 for one, was in zip(both, before[1], strict=True)
        )
    at = f"{size[0]}x{size[1]}"
    cost = f"{high:.2f} / ({low:.2f} + {silent:.2f}) s CPU a minute"
    written = f"{wrote:.0f} / {least:.0f} kB a minute"
    return [
        Figure(f"running workout / bare app and stream, {at}", high / (low + silent),
               RUNNING_TARGET, cost),
        Figure(f"written to the terminal / bare app, {at}", wrote / least, WRITTEN_TARGET, written),
    ]  # fmt: skip
