"""Pilots that go on as soon as an app has done all it can, not when the processor is quiet.

Textual's own pause watches the processor for 20 ms or more, three times for a key, and looks again
while anything else in the process runs (seen in 8.2.8).
"""

from __future__ import annotations

import asyncio
from typing import Any

import textual.app
import textual.pilot
from textual.app import App
from textual.pilot import Pilot, WaitForScreenTimeout
from textual.screen import Screen

PATIENCE = 30.0
"""Seconds after which an app that always has something to do is given up."""
MOMENT = 0.02
"""What comes within so many seconds is waited for: Textual's own pause takes as long."""
_STEP = 0.001


async def all_wait(*_: float) -> None:
    """Until every task waits: for a message, a later time, or another thread."""
    loop: Any = asyncio.get_running_loop()
    deadline = loop.time() + PATIENCE

    def due() -> bool:
        return bool(loop._ready or (loop._scheduled and loop._scheduled[0]._when <= loop.time()))

    # At least once, as a pause that lets nobody else go on would not be one.
    await asyncio.sleep(0)
    while due():
        if loop.time() > deadline:
            raise WaitForScreenTimeout("there is always something to do")
        await asyncio.sleep(0)


def unpainted(screen: Screen[Any]) -> bool:
    """Whether a screen has something to do at the next frame."""
    frame = (
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
    )
    return bool(screen._callbacks or (frame and screen.is_current and not screen.app._batch_count))


def _soon(app: App[Any]) -> bool:
    """Whether the app or one of its screens is about to do something once."""
    return any(
        timer._repeat == 0 and timer._interval <= MOMENT and timer._task and not timer._task.done()
        for pump in (app, *app.screen_stack)
        for timer in pump._timers
    )


async def all_done(app: App[Any]) -> None:
    """Until no task can go on and all is painted, ahead of the next frame's time.

    A new size, which Textual passes on a moment later, is passed on at once.
    """
    await all_wait()
    # Behind the top screen once: painting there makes the top one paint what shines through.
    for screen in [one for one in app.screen_stack[:-1] if unpainted(one)]:
        screen._on_timer_update()
    # A screen may set itself another timer each time; no pause waits for them for ever.
    waits = round(MOMENT / _STEP)
    for _ in range(1_000):
        await all_wait()
        if not app.screen_stack:
            return
        if app._resize_event is not None:
            app._check_resize()
        elif unpainted(app.screen):
            app.screen._on_timer_update()
        elif waits and _soon(app):
            waits -= 1
            await asyncio.sleep(_STEP)
        else:
            return
    raise WaitForScreenTimeout("there is always something to paint")


async def _wait_for_screen(pilot: Pilot[Any], timeout: float = PATIENCE) -> bool:  # noqa: ARG001, ASYNC109 - Textual's signature
    await all_done(pilot.app)
    return pilot.app._exception is None


async def _press(pilot: Pilot[Any], *keys: str) -> None:
    for key in keys:
        await pilot.app._press_keys([key])
        await all_done(pilot.app)


async def _pause(pilot: Pilot[Any], delay: float | None = None) -> None:
    await all_done(pilot.app)
    if delay is not None:
        await asyncio.sleep(delay)
        await all_done(pilot.app)


def install() -> None:
    """Let all pilots of this process do so from now on."""
    for module in (textual.app, textual.pilot):
        module.wait_for_idle = all_wait  # type: ignore[attr-defined]
    for name, method in (
        ("_wait_for_screen", _wait_for_screen),
        ("press", _press),
        ("pause", _pause),
    ):
        assert hasattr(Pilot, name)
        setattr(Pilot, name, method)
