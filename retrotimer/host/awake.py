"""Keeps the screen on and the machine awake."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wakepy import Mode


class Awake:
    """Keeps the screen on and the machine awake from `start` to `stop`, if the system allows.

    Neither raises nor prints; both may take some hundredths of a second.
    """

    def __init__(self) -> None:
        self._mode: Mode | None = None
        self._context: contextvars.Context | None = None

    @property
    def active(self) -> bool:
        """Whether the system has agreed."""
        return self._mode is not None and bool(self._mode.active)

    def start(self) -> None:
        """Ask the system; asking twice is the same as once."""
        if self._mode is not None:
            return
        # Without its own handler a warning of the library would be printed on the screen.
        logging.getLogger("wakepy").addHandler(logging.NullHandler())
        with _quiet():
            from wakepy import keep

            mode = keep.presenting(on_fail="pass")
            # The library resets a context variable at the end, so both ends need one context.
            context = contextvars.copy_context()
            context.run(mode.__enter__)
            self._mode, self._context = mode, context

    def stop(self) -> None:
        """Let the screen go to sleep again."""
        mode, context = self._mode, self._context
        self._mode = self._context = None
        if mode is not None and context is not None:
            with _quiet():
                context.run(mode.__exit__, None, None, None)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """A sleeping screen is a nuisance, never a reason to end a workout."""
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        yield
