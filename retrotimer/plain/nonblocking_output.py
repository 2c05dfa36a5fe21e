"""Lines to standard output that never block the program, even if nobody reads them."""

from __future__ import annotations

import os
from typing import TextIO

from retrotimer.audio.line_writer import LineWriter
from retrotimer.run.terminal_health import Patience, TerminalHealth
from retrotimer.terminal.streams import OUTPUT
from retrotimer.terminal.visible import visible

LAST_WORDS = 1.0
"""How long to wait at the end for the lines to be accepted, in seconds."""


class LineOutput:
    """Writes lines in its own thread: blocked output stops only that thread."""

    def __init__(self, out: TextIO) -> None:
        out.flush()
        self._encoding, self._errors = out.encoding, out.errors or "strict"
        # Its own descriptor: at the end nobody waits for a lock that the thread holds.
        self._writer = LineWriter(os.fdopen(os.dup(out.fileno()), "wb"), "lines")
        self._patience = Patience()
        self._seen = 0

    @property
    def error(self) -> OSError | None:
        """Why lines can no longer be written, if so."""
        error = self._writer.error
        if error is not None and error.filename is None:
            error.filename = OUTPUT
        return error

    def write(self, text: str) -> None:
        """Write a line, soon; OSError: no more can be written, BrokenPipeError: nobody reads."""
        if self.error is not None:
            raise self.error
        self._writer.put((visible(text) + os.linesep).encode(self._encoding, self._errors))

    def look(self, now: int) -> TerminalHealth:
        """Whether the lines are being accepted; at `now`, in ms."""
        late = self._writer.behind
        if not late:
            self._seen = now
        return TerminalHealth(self._seen, self._patience.exhausted(now, late=late))

    def settle(self) -> None:
        """Wait until the lines are accepted, but not forever."""
        self._writer.settle(LAST_WORDS)

    def close(self) -> None:
        """The same, for the last time."""
        self._writer.close(LAST_WORDS)
