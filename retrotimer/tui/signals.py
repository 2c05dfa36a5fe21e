"""Signals that end the program in good order, and those that stop it and let it go on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from types import FrameType

from textual.driver import Driver

from retrotimer.keyboard import let_go, terminals

INTERRUPTED = 130
CODES = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": INTERRUPTED}
"""The exit code of every signal that is caught, by its name."""
LOOK = 2.0
"""How often it is looked whether the terminal is still there, in seconds."""


def catch(leave: Callable[[int], None], driver: Driver | None = None) -> Callable[[], None]:
    """From now on the running loop calls `leave` with the exit code of a signal that comes.

    A terminal that is gone counts as a hangup: not every parent passes that on, and Textual would
    read from nothing for ever. Going on after a stop, `driver` enters the screen anew. Returns
    what undoes it. Where signals cannot be caught (in a thread) nothing happens.
    """
    loop = asyncio.get_running_loop()
    open_ones = terminals()
    before: dict[int, signal._HANDLER] = {}

    def take(number: int, _frame: FrameType | None) -> None:
        let_go(open_ones)
        loop.call_soon_threadsafe(leave, codes[number])

    def look() -> None:
        if all(os.isatty(fd) for fd in open_ones):
            looks[:] = [loop.call_later(LOOK, look)]
        else:
            let_go(open_ones)
            leave(CODES["SIGHUP"])

    looks = [loop.call_later(LOOK, look)]
    codes = {getattr(signal, name): code for name, code in CODES.items() if hasattr(signal, name)}
    for number in codes:
        with contextlib.suppress(ValueError):
            before[number] = signal.signal(number, take)
    if driver is not None and driver.can_suspend:
        with contextlib.suppress(ValueError):
            before |= _stops(driver)

    def undo() -> None:
        looks[0].cancel()
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    return undo


def _stops(driver: Driver) -> dict[int, signal._HANDLER]:
    """Let Textual's own handlers see nothing but stops for which it has left the screen.

    It enters the screen at every SIGCONT. After a SIGSTOP, which nobody can catch, it is still in
    it: two threads would read the keys, the end would wait for one of them, and leave the terminal
    as the program had it.
    """
    stop, go_on = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
    left = False

    def leave(number: int, frame: FrameType | None) -> None:
        nonlocal left
        left = True
        if callable(stop):
            stop(number, frame)

    def enter(number: int, frame: FrameType | None) -> None:
        nonlocal left
        if not left and getattr(driver, "_auto_restart", True):
            driver.suspend_application_mode()
        left = False
        if callable(go_on):
            go_on(number, frame)

    signal.signal(signal.SIGTSTP, leave)
    signal.signal(signal.SIGCONT, enter)
    return {signal.SIGTSTP: stop, signal.SIGCONT: go_on}
