"""Signals of the screen: caught once, given back, and a terminal that is gone is let go of."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from threading import Lock
from typing import cast

import pytest
from textual.driver import Driver

from retrotimer.terminal.modes import let_go, terminals
from retrotimer.terminal.signals import ENDING
from retrotimer.tui.terminal import signals
from retrotimer.tui.terminal.signals import catch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


@pytest.mark.parametrize("number", ENDING)
async def test_every_signal_leaves_with_its_code_and_all_are_given_back(number: int) -> None:
    before = [signal.getsignal(one) for one in ENDING]
    came: asyncio.Queue[int] = asyncio.Queue()
    undo = catch(came.put_nowait, terminals())
    try:
        for one in (number, *ENDING):
            os.kill(os.getpid(), one)
        assert await asyncio.wait_for(came.get(), 10) == 128 + number
        await asyncio.sleep(0)
        assert came.empty()  # the first decides
    finally:
        undo()
    assert [signal.getsignal(one) for one in ENDING] == before


def test_only_a_terminal_that_hung_up_is_let_go_of() -> None:
    import pty

    gone_master, gone = pty.openpty()
    master, alive = pty.openpty()
    try:
        os.close(gone_master)
        with pytest.raises(OSError, match="Input/output error"):
            os.write(gone, b"x")
        let_go([gone, alive])
        assert os.write(gone, b"x") == 1
        os.write(alive, b"seen")
        assert os.read(master, 4) == b"seen"
        assert os.isatty(alive)
    finally:
        for fd in (gone, master, alive):
            os.close(fd)


async def test_a_terminal_that_is_gone_is_a_hangup_though_no_signal_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import pty

    came: asyncio.Queue[int] = asyncio.Queue()
    master, slave = pty.openpty()
    monkeypatch.setattr(signals, "LOOK", 0.01)
    undo = catch(came.put_nowait, [slave])
    try:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(came.get(), 0.1)
        os.close(master)
        assert await asyncio.wait_for(came.get(), 10) == 129
    finally:
        undo()
        os.close(slave)


async def test_a_terminal_that_was_gone_before_is_a_hangup_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its window was closed while the app began: it is no terminal by now."""
    import pty

    came: asyncio.Queue[int] = asyncio.Queue()
    master, slave = pty.openpty()
    os.close(master)
    monkeypatch.setattr(signals, "LOOK", 0.01)
    undo = catch(came.put_nowait, [slave])
    try:
        assert await asyncio.wait_for(came.get(), 10) == 129
    finally:
        undo()
        os.close(slave)


class Writing:
    """A driver whose lock is held by what a signal interrupts, as a queue's is."""

    can_suspend = True
    _auto_restart = True

    def __init__(self) -> None:
        self.lock = Lock()
        self.done: list[str] = []

    def suspend_application_mode(self) -> None:
        assert self.lock.acquire(blocking=False), "for ever"
        self.done.append("left")
        self.lock.release()

    def go_on(self, *_: object) -> None:
        assert self.lock.acquire(blocking=False), "for ever"
        self.done.append("entered")
        self.lock.release()


@pytest.mark.parametrize("hung_up", [False, True])
async def test_going_on_enters_the_screen_once_nothing_is_being_written(hung_up: bool) -> None:
    """With the terminal a SIGCONT comes too as it hangs up: then there is no screen to enter."""
    import pty

    driver = Writing()
    master, slave = pty.openpty()
    before = signal.signal(signal.SIGCONT, driver.go_on)
    undo = catch(lambda _code: None, [slave], cast("Driver", driver))
    try:
        if hung_up:
            os.close(master)
        with driver.lock:
            os.kill(os.getpid(), signal.SIGCONT)
            assert not driver.done
        for _ in range(3):
            await asyncio.sleep(0)
        assert driver.done == ([] if hung_up else ["left", "entered"])
    finally:
        undo()
        assert signal.signal(signal.SIGCONT, before) == driver.go_on
        os.close(slave)
        if not hung_up:
            os.close(master)
