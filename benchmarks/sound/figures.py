"""All figures about sound.

A sound server of its own (PulseAudio with a null sink) is recorded: how exactly cues are heard
under load (`onsets`), how soon the pause key silences them (`pausing`), whether every phase can be
told from them (`phases`); and, simulated, what a device clock that is off does (`drift`).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.report import Figure
from benchmarks.sound import drift, onsets, pausing, phases
from benchmarks.sound.recorded import PulseServer, missing

MINUTES = 2.0
PRESSES = 7


def figures(minutes: float, presses: int) -> Iterator[list[Figure]]:
    """All figures about sound, part by part; only simulated ones where there can be no server."""
    yield drift.figures()
    if reason := missing():
        print(f"no recorded figures about sound: {reason}")
        return
    parts: tuple[Callable[[PulseServer], list[Figure]], ...] = (
        lambda server: onsets.figures(server, minutes),
        lambda server: pausing.figures(server, presses),
        phases.figures,
    )
    for part in parts:
        with serving() as server:
            yield part(server)


@contextmanager
def serving() -> Iterator[PulseServer]:
    """A fresh sound server, found by this process as well."""
    with tempfile.TemporaryDirectory(prefix="retro-") as folder:
        server = PulseServer(Path(folder))
        server.start()
        try:
            # simpleaudio runs in this very process, and finds the server by that.
            os.environ.update(server.env)
            yield server
        finally:
            server.kill()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said about these figures on a command line."""
    parser.add_argument(
        "--minutes", type=float, default=MINUTES, help="of cues (from 10 on the slope has a target)"
    )
    parser.add_argument("--presses", type=int, default=PRESSES, help="of the pause key, each kind")
