"""Fixtures of the screen tests; what they give is in `tests/support/runner_world`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrotimer.run.environment import Environment
from retrotimer.tui import first_frame
from tests.support.frames import Frames
from tests.support.runner_world import FakeClock, RecordingPlayer, World, make_world


@pytest.fixture(autouse=True)
def _painted_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    # No terminal has to be painted here.
    monkeypatch.setattr(first_frame, "_FRAMES", 0.001)


@pytest.fixture(autouse=True)
def frames(monkeypatch: pytest.MonkeyPatch) -> Iterator[Frames]:
    """Nothing is painted that no test looks at."""
    frames = Frames(monkeypatch)
    yield frames
    for error in frames.failed:
        raise error


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An environment with everything behind it within reach."""
    return make_world(tmp_path)


@pytest.fixture
def clock(world: World) -> FakeClock:
    return world.clock


@pytest.fixture
def player(world: World) -> RecordingPlayer:
    return world.player


@pytest.fixture
def environment(world: World) -> Environment:
    return world.environment
