"""Lends the terminal to another program, and gets it back whatever that one does."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from typing import Any

from textual.app import App

from retrotimer.terminal.modes import Modes


@contextlib.contextmanager
def lent(app: App[Any]) -> Iterator[None]:
    """Within the block the terminal belongs to another program. SuspendNotSupported if it cannot be
    lent.

    What its keys send (ctrl+c, ctrl+z) is meant for the other program, but reaches both.
    """
    failed: BaseException | None = None
    with app.suspend():
        # Textual takes the screen back only if nothing is raised in here.
        try:
            with _modes_kept(), _keys_of_the_other():
                yield
        except BaseException as error:
            failed = error
    if failed is not None:
        raise failed


@contextlib.contextmanager
def _modes_kept() -> Iterator[None]:
    """A killed program leaves its modes behind, which would be taken for ours."""
    modes = Modes()
    modes.save()
    try:
        yield
    finally:
        modes.give_back()


@contextlib.contextmanager
def _keys_of_the_other() -> Iterator[None]:
    def nothing(*_: object) -> None:
        """Not SIG_IGN, which the other program would inherit."""

    if sys.platform == "win32":
        yield
        return
    # Stopped, both stop, and the shell has the terminal; both go on, and the other one has it.
    lending: dict[int, signal._HANDLER] = {
        signal.SIGINT: nothing,
        signal.SIGQUIT: nothing,
        signal.SIGTSTP: signal.SIG_DFL,
        signal.SIGCONT: signal.SIG_DFL,
    }
    before: dict[int, signal._HANDLER] = {}
    try:
        for number, handler in lending.items():
            with contextlib.suppress(ValueError):
                before[number] = signal.signal(number, handler)
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, signal.SIG_DFL if usual is None else usual)
