"""Lines to a pipe whose reader takes its time, or is gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import enumerate as threads

import pytest

from retrotimer.audio.line_writer import LineWriter

LINE = b"x" * 99 + b"\n"


@contextmanager
def writing(name: str) -> Iterator[tuple[LineWriter, int]]:
    """A writer, and the descriptor from which its lines are read."""
    reader, end = os.pipe()
    writer = LineWriter(os.fdopen(end, "wb"), name)
    try:
        yield writer, reader
    finally:
        with suppress(OSError):
            os.close(reader)
        writer.close(5)
        assert name not in [thread.name for thread in threads()]


@pytest.mark.skipif(sys.platform == "win32", reason="there a thread writes every line")
def test_a_line_is_in_the_pipe_when_put_returns() -> None:
    with writing("at once") as (writer, reader):
        os.set_blocking(reader, False)
        for number in range(10):
            assert writer.put(b"%d\n" % number)
            assert os.read(reader, 100) == b"%d\n" % number
            assert not writer.behind


def test_lines_keep_their_order_however_full_the_pipe_is() -> None:
    with writing("in order") as (writer, reader):
        lines = [b"%d " % number + LINE for number in range(900)]
        count = 0
        while not writer.behind:
            assert writer.put(lines[count])
            count += 1
        while writer.put(lines[count]):
            count += 1
        sent = b"".join(lines[:count])
        got = b""
        while len(got) < len(sent):
            got += os.read(reader, 65536)
        assert got == sent
        assert writer.settle(5)
        assert writer.put(LINE)


def test_a_reader_that_is_gone_is_an_error_but_takes_no_time() -> None:
    with writing("gone") as (writer, reader):
        os.close(reader)
        for _ in range(3):
            assert writer.put(LINE)
        assert writer.settle(5)
        assert isinstance(writer.error, OSError)
