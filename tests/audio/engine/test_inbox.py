"""What the player's main thread waits for, with and without a thread that reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import IO

import pytest

from retrotimer.audio.engine.inbox import Inbox, PollingInbox, ThreadedInbox
from retrotimer.audio.protocol import Alarm, Alive

KINDS = [ThreadedInbox] if sys.platform == "win32" else [PollingInbox, ThreadedInbox]
LONG = 30.0


@contextmanager
def opened(kind: type[PollingInbox | ThreadedInbox]) -> Iterator[tuple[Inbox, IO[bytes]]]:
    """An inbox, and the end of its pipe that commands are written to, unbuffered."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as commands, os.fdopen(writer, "wb", 0) as end:
        yield kind(commands), end
        end.close()


def lines(box: Inbox, count: int) -> list[bytes]:
    """So many commands, or all there are."""
    found: list[bytes] = []
    while len(found) < count and not box.ended:
        found += box.wait(LONG)
    return found


@pytest.mark.parametrize("kind", KINDS)
class TestInbox:
    def test_commands_come_line_by_line_however_they_were_written(
        self, kind: type[PollingInbox]
    ) -> None:
        with opened(kind) as (box, end):
            end.write(b"one\ntwo\nthr")
            assert lines(box, 2) == [b"one", b"two"]
            end.write(b"ee\n")
            assert lines(box, 1) == [b"three"]
            long = b"x" * 200_000
            writer = Timer(0, end.write, [long + b"\n"])
            writer.start()
            assert lines(box, 1) == [long]
            writer.join()

    def test_a_report_ends_the_wait(self, kind: type[PollingInbox]) -> None:
        with opened(kind) as (box, _):
            other = Timer(0.01, box.report, [Alarm()])
            other.start()
            assert box.wait(LONG) == []
            other.join()
            assert box.reports() == [Alarm()]
            assert box.reports() == []

    def test_without_anything_the_wait_ends_in_time(self, kind: type[PollingInbox]) -> None:
        with opened(kind) as (box, _):
            for _ in range(3):
                assert box.wait(0.01) == []
            assert not box.ended

    def test_the_end_of_the_pipe_is_told_once_and_reports_go_on(
        self, kind: type[PollingInbox]
    ) -> None:
        with opened(kind) as (box, end):
            end.write(b"last\n")
            end.close()
            assert lines(box, 2) == [b"last"]
            assert box.ended
            assert box.wait(0.01) == []
            box.report(Alive())
            assert box.wait(LONG) == []
            assert box.reports() == [Alive()]
