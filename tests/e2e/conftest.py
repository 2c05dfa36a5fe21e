"""A sound server for the end-to-end tests, where one can be had."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sound_server import PulseServer, missing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What says nothing about the program is done again: it got no time, and paused, rightly."""
    again = pytest.mark.flaky(reruns=2, only_rerun=["StoodStillError"])
    for item in items:
        if item.get_closest_marker("pty"):
            item.add_marker(again)


@pytest.fixture
def pulse() -> Iterator[PulseServer]:
    """A running PulseAudio with a null sink; its `env` leads programs to it."""
    if reason := missing():
        pytest.skip(reason)
    # Not pytest's own folder: the path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="retro-") as folder:
        server = PulseServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()
