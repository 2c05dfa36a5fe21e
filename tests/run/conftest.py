"""Fixtures of the screen tests, for the tests that run a workout on both faces."""

from tests.tui.conftest import _painted_soon, frames

__all__ = ["_painted_soon", "frames"]
