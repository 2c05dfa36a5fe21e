"""Fixtures of the screen tests; what they give is in `tui_fakes`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui_fakes import FakeClock, RecordingPlayer, World, make_world

from retrotimer.kit import Kit
from retrotimer.tui import painted


@pytest.fixture(autouse=True)
def _painted_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    # No terminal has to be painted here.
    monkeypatch.setattr(painted, "_FRAMES", 0.001)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A kit with everything behind it within reach."""
    return make_world(tmp_path)


@pytest.fixture
def clock(world: World) -> FakeClock:
    return world.clock


@pytest.fixture
def player(world: World) -> RecordingPlayer:
    return world.player


@pytest.fixture
def kit(world: World) -> Kit:
    return world.kit
