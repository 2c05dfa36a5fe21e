"""A sound server for the end-to-end tests, where one can be had."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulse import PulseServer, missing


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
