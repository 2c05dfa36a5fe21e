"""The signals that end the program, for both faces: all are caught, and the first decides the exit
code.

The same handlers are installed from the start to the end of the process; what changes is who
receives the signals: first the entry point, which ends at once, then a face, which ends cleanly,
and after it nobody, because the program is on its way out.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType
from typing import TypeAlias

from retrotimer.terminal import exit_codes, modes

Take: TypeAlias = Callable[[int], object]
"""Receives the number of a signal, in its handler: it may neither wait nor take locks."""

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""The numbers of the signals that end the program."""
STOPS = tuple(getattr(signal, name) for name in ("SIGTSTP",) if hasattr(signal, name))
"""Those that stop it and let it go on later, as ctrl+z does."""
HANGUP: int = getattr(signal, "SIGHUP", signal.SIGTERM)
"""The signal that a lost terminal counts as: not every parent process passes SIGHUP on."""


class Signals:
    """The signals of this process. Where they cannot be caught (in a thread) nothing happens."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._take: Take = self.note
        self._before: dict[int, signal._HANDLER] = {}
        self._terminals: Sequence[int] = ()
        self._begun = False

    def begin(self, take: Take) -> None:
        """From now to the end of the process they are caught; `take` receives them at first."""
        self._begun = True
        self.hand_to(take)

    def hand_to(
        self, take: Take, also: Iterable[int] = (), *, terminals: Sequence[int] = ()
    ) -> None:
        """From now on `take` receives every signal, and those of `also` too, until `release`.

        Those of `terminals` (descriptors) that hung up are let go first.
        """
        self._take, self._terminals = take, terminals
        for number in (*ENDING, *also):
            if number not in self._before:
                with contextlib.suppress(ValueError):
                    self._before[number] = signal.signal(number, self._handle)

    def release(self) -> None:
        """The receiver has done its part; further signals are only noted.

        If `begin` was never called, signals get their previous handlers back.
        """
        self._take, self._terminals = self.note, ()
        for number in list(self._before):
            if not self._begun or number not in ENDING:
                restore(number, self._before.pop(number))
        if not self._begun:
            self._first = None

    def decide(self, number: int) -> int:
        """This one ends the program; returns the exit code, which is that of the first."""
        if self._first is None:
            self._first = number
        return exit_codes.signalled(self._first)

    def note(self, number: int) -> None:
        """On the way out, where nothing may be cut short: it counts if it is the first."""
        if number in ENDING:
            self.decide(number)

    @property
    def decided(self) -> bool:
        """Whether a signal is ending the program."""
        return self._first is not None

    def exit_code(self, code: int) -> int:
        """The exit code of the first signal that ended the program, else `code`."""
        return code if self._first is None else exit_codes.signalled(self._first)

    @contextlib.contextmanager
    def interrupting(self) -> Iterator[None]:
        """The first signal raises KeyboardInterrupt, whichever it is; later ones do nothing."""

        def take(number: int) -> None:
            if not self.decided:
                self.decide(number)
                raise KeyboardInterrupt

        self.hand_to(take)
        try:
            yield
        finally:
            self.release()

    def came(self, number: int) -> None:
        """A signal came, or what counts as one."""
        modes.let_go(self._terminals)
        self._take(number)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        self.came(number)


SIGNALS = Signals()
"""Those of this process."""


def restore(number: int, handler: signal._HANDLER) -> None:
    """Give a signal its previous handler back."""
    signal.signal(number, signal.SIG_DFL if handler is None else handler)


def end_at_once(number: int) -> None:
    """Restore the terminal and leave: nothing was begun that could be lost."""
    modes.TERMINAL.give_back()
    os._exit(SIGNALS.decide(number))
