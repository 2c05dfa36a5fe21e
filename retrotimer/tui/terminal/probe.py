"""Whether the terminal still shows what it gets: it is asked, and must answer.

A terminal answers in the order in which it is written to, so an answer means that everything
written before is done. The question is where the cursor is (CPR): every terminal knows it, and
Textual does not take the answer for a key.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from textual.app import App

from retrotimer.run.terminal_health import Patience, Probe, TerminalHealth, takes
from retrotimer.tui.textual_private import driver_of, output_of

ASK_EVERY = 500
"""How long after the last question the next one follows, in ms."""
ASK_AGAIN = 1_000
"""After this long without an answer it is asked again, in ms: answers may get lost."""
_QUESTION = "\x1b[6n"


class Answers:
    """Looks at a terminal; one that has never answered is late only when it accepts nothing."""

    def __init__(self, write: Callable[[str], object], ready: Callable[[], bool]) -> None:
        self._write = write
        self._ready = ready
        self._patience = Patience()
        self._knows = False
        self._seen: int | None = None
        self._asked: int | None = None
        self._asked_last: int | None = None
        self.frozen = False
        """Whether it was frozen at the last look."""

    def answered(self) -> None:
        """An answer came. It is not known to which question: at least to the oldest."""
        if self._asked is not None:
            self._knows, self._seen, self._asked = True, self._asked, None

    def look(self, now: int) -> TerminalHealth:
        """Until when everything is seen, and whether it is frozen; at `now`, in ms."""
        ready = self._ready()
        late = not ready or (self._knows and self._asked is not None)
        self.frozen = self._patience.exhausted(now, late=late)
        if ready:
            self._ask(now)
        if self._seen is None or (ready and not self._knows):
            self._seen = now
        return TerminalHealth(self._seen, self.frozen)

    def _ask(self, now: int) -> None:
        since = ASK_EVERY if self._asked is None else ASK_AGAIN
        if self._asked_last is None or now - self._asked_last >= since:
            self._asked_last = now
            self._asked = now if self._asked is None else self._asked
            self._write(_QUESTION)


class Answering:
    """An app whose driver passes on the terminal's answers, in the thread that reads them."""

    answers: Answers | None = None


def answered(app: App[Any]) -> bool:
    """Note that the terminal of an app has answered; False if nothing was asked. In any thread."""
    if not isinstance(app, Answering) or app.answers is None:
        return False
    app.answers.answered()
    return True


def look_of(app: App[Any]) -> Probe | None:
    """The probe of an app's terminal; None if it cannot be asked."""
    driver = driver_of(app)
    usual = sys.platform != "win32" and not app.is_headless and not app.is_web
    if driver is None or not usual or not isinstance(app, Answering):
        return None
    app.answers = Answers(driver.write, lambda: takes(output_of(driver)))
    return app.answers.look


def frozen(app: App[Any]) -> bool:
    """Whether the terminal of an app was frozen at the last look."""
    return isinstance(app, Answering) and app.answers is not None and app.answers.frozen
