"""What waits for the first frame, and who may be gone by then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import Screen

from retrotimer.tui.first_frame import once_painted


class Late(Screen[Any]):
    """A screen whose first frame is painted when `paint` is called."""

    there = True

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], None]] = []

    @property
    def is_attached(self) -> bool:
        return self.there

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **_kw: Any) -> bool:
        self.waiting.append(lambda: callback(*args))
        return True

    def set_timer(self, delay: float, callback: Any = None, **_kw: Any) -> Any:
        assert delay > 0
        self.waiting.append(callback)

    def paint(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


@pytest.mark.parametrize("there", [True, False])
def test_what_was_closed_before_its_first_frame_begins_nothing(there: bool) -> None:
    """With ctrl+c as a screen opens, the footer was mounted on a screen that was gone."""
    screen = Late()
    done: list[bool] = []
    once_painted(screen, lambda: done.append(True))
    assert not done
    screen.there = there
    screen.paint()
    assert bool(done) is there
