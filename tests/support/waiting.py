"""Waiting for a condition in another thread or process, with a limit."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic


def wait_until(
    condition: Callable[[], object],
    step: Callable[[], object] = lambda: None,
    seconds: float = 20.0,
) -> None:
    """Repeat `step` until the condition holds; TimeoutError after `seconds`."""
    deadline = monotonic() + seconds
    step()
    while not condition():
        if monotonic() > deadline:
            raise TimeoutError
        Event().wait(0.01)
        step()
