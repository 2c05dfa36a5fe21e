"""Apps in tests paint few frames: nobody looks at the others.

Styles and layout are worked out as ever. Only the cells are not drawn each time something changes:
what has changed is remembered, and painted when a test looks, when a screen gets a size that it has
not had yet, and when the app ends. A widget that cannot be drawn is found then.
"""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import pytest
from rich.console import RenderableType
from textual._compositor import Compositor
from textual.app import App
from textual.geometry import Size

_paint = Compositor.render_update
_close = App._close_all


def paint(app: App[Any]) -> None:
    """Paint what has changed on the screen on top since it was painted last."""
    _paint(app.screen._compositor, screen_stack=app._background_screens)


class Frames:
    """Frames wait while it is in force; `failed` tells of last ones that could not be painted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failed: list[Exception] = []
        self._sizes: WeakKeyDictionary[Compositor, set[Size]] = WeakKeyDictionary()
        frames = self

        def render_update(
            compositor: Compositor, full: bool = False, **more: Any
        ) -> RenderableType | None:
            had = frames._sizes.setdefault(compositor, {compositor.size})
            if full or compositor.size not in had:
                had.add(compositor.size)
                return _paint(compositor, full=True, **more)
            # What has changed stays marked, and waits.
            return None

        async def close_all(app: App[Any]) -> None:
            frames._paint_last(app)
            await _close(app)

        monkeypatch.setattr(Compositor, "render_update", render_update)
        monkeypatch.setattr(App, "_close_all", close_all)

    def _paint_last(self, app: App[Any]) -> None:
        """Paint what an app shows at its end, unless it never showed anything."""
        if not app.screen_stack or app._exception is not None:
            return
        try:
            app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
        except Exception as error:  # Told when the test is over.
            self.failed.append(error)
