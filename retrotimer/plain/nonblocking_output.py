"""Lines to standard output that never hold up the program, whoever does not read them."""

from __future__ import annotations

import os
from typing import TextIO

from retrotimer.audio.line_writer import LineWriter
from retrotimer.run.terminal_health import Patience, TerminalHealth
from retrotimer.terminal.streams import OUTPUT
from retrotimer.terminal.visible import visible

LAST_WORDS = 1.0
"""How long the end waits for its lines to be taken, in seconds."""


class LineOutput:
    """Writes lines, in a thread of its own: output that is held stops that thread alone."""

    def __init__(self, out: TextIO) -> None:
        out.flush()
        self._encoding, self._errors = out.encoding, out.errors or "strict"
        # A descriptor of its own: at the end nobody waits for a lock that the thread holds.
        self._writer = LineWriter(os.fdopen(os.dup(out.fileno()), "wb"), "lines")
        self._patience = Patience()
        self._seen = 0

    @property
    def error(self) -> OSError | None:
        """Why lines can no longer be written, if that is so."""
        error = self._writer.error
        if error is not None and error.filename is None:
            error.filename = OUTPUT
        return error

    def write(self, text: str) -> None:
        """Write a line, soon; OSError: no more of them can be, BrokenPipeError: nobody reads."""
        if self.error is not None:
            raise self.error
        self._writer.put((visible(text) + os.linesep).encode(self._encoding, self._errors))

    def look(self, now: int) -> TerminalHealth:
        """Whether the lines are taken; at `now`, in ms."""
        late = self._writer.behind
        if not late:
            self._seen = now
        return TerminalHealth(self._seen, self._patience.exhausted(now, late=late))

    def settle(self) -> None:
        """Wait until the lines are taken, but not for ever."""
        self._writer.settle(LAST_WORDS)

    def close(self) -> None:
        """The same, for the last time."""
        self._writer.close(LAST_WORDS)
