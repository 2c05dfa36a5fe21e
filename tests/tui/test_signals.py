"""Signals of the screen: caught once, given back, and a terminal that is gone is let go of."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import pytest

from retrotimer.keyboard import let_go
from retrotimer.tui import signals
from retrotimer.tui.signals import CODES, catch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")


async def test_every_signal_leaves_with_its_code_and_all_are_given_back() -> None:
    before = {name: signal.getsignal(getattr(signal, name)) for name in CODES}
    came: asyncio.Queue[int] = asyncio.Queue()
    undo = catch(came.put_nowait)
    try:
        for name, code in CODES.items():
            os.kill(os.getpid(), getattr(signal, name))
            assert await asyncio.wait_for(came.get(), 10) == code
    finally:
        undo()
    assert {name: signal.getsignal(getattr(signal, name)) for name in CODES} == before


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
    monkeypatch.setattr(signals, "terminals", lambda: [slave])
    monkeypatch.setattr(signals, "LOOK", 0.01)
    undo = catch(came.put_nowait)
    try:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(came.get(), 0.1)
        os.close(master)
        assert await asyncio.wait_for(came.get(), 10) == CODES["SIGHUP"]
    finally:
        undo()
        os.close(slave)
