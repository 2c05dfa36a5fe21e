"""Signals that end the program cleanly, and those that stop and resume it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Sequence

from textual.driver import Driver

from retrotimer.terminal.signals import HANGUP, SIGNALS, Signals, restore
from retrotimer.tui.textual_private import takes_stops

LOOK = 0.5
"""How often to check whether the terminal is still there, in seconds."""


def catch(
    leave: Callable[[int], None],
    open_ones: Sequence[int],
    driver: Driver | None = None,
    signals: Signals = SIGNALS,
) -> Callable[[], None]:
    """From now on the running loop calls `leave` with the exit code of the first signal that comes.

    A terminal that is gone counts as a hangup: not every parent passes that on, and Textual would
    read from nothing forever. `open_ones` are the descriptors that were terminals before the app
    began: one may be gone by now. Resumed after a stop, `driver` enters the screen again. Returns a
    function that undoes it.
    """
    loop = asyncio.get_running_loop()
    before: dict[int, signal._HANDLER] = {}

    def take(number: int) -> None:
        if not signals.decided:
            loop.call_soon_threadsafe(leave, signals.decide(number))

    def there() -> bool:
        return all(os.isatty(fd) for fd in open_ones)

    def look() -> None:
        if there():
            looks[:] = [loop.call_later(LOOK, look)]
        else:
            signals.came(HANGUP)

    looks = [loop.call_later(LOOK, look)]
    signals.hand_to(take, terminals=open_ones)
    if driver is not None and driver.can_suspend:
        with contextlib.suppress(ValueError):
            before = _stops(driver, there)

    def undo() -> None:
        looks[0].cancel()
        for number, handler in before.items():
            restore(number, handler)
        signals.release()

    return undo


def _stops(driver: Driver, there: Callable[[], bool]) -> dict[int, signal._HANDLER]:
    """Let Textual's own handlers see only those stops for which it has left the screen.

    It enters the screen at every SIGCONT. After a SIGSTOP, which nobody can catch, it is still in
    it: two threads would read the keys, the end would wait for one of them, and the terminal would
    stay as the program had it. After a hangup there is no screen to enter. The loop calls them, not
    the signal: they write to the terminal through a queue whose lock the interrupted code may hold.
    """
    loop = asyncio.get_running_loop()
    stop, go_on = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
    left = False

    def leave() -> None:
        nonlocal left
        left = True
        if callable(stop):
            stop(signal.SIGTSTP, None)

    def enter() -> None:
        nonlocal left
        if not there():
            return
        if not left and takes_stops(driver):
            driver.suspend_application_mode()
        left = False
        if callable(go_on):
            go_on(signal.SIGCONT, None)

    signal.signal(signal.SIGTSTP, lambda *_: loop.call_soon_threadsafe(leave))
    signal.signal(signal.SIGCONT, lambda *_: loop.call_soon_threadsafe(enter))
    return {signal.SIGTSTP: stop, signal.SIGCONT: go_on}
