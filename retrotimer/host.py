"""What the machine gives: clocks, places for files, and a screen that stays awake."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from retrotimer.audio.clock import boot_ns, now_ns

if TYPE_CHECKING:
    from wakepy import Mode

_NAME = "retrotimer"

# Clocks ------------------------------------------------------------------------------------------

monotonic_ns = now_ns
"""Nanoseconds on the clock that sound is scheduled on, the same for all processes."""


def boot_ms() -> int:
    """Milliseconds on a clock that goes on while the machine sleeps and never jumps.

    It is the same for all processes until the next boot, whatever happens to the wall clock.
    """
    return boot_ns() // 1_000_000


def wall() -> datetime:
    """The local time with its offset from UTC."""
    return datetime.now().astimezone()


def boot_id() -> str:
    """A word for this run of the machine, "" where the system has none: `boot_ms` starts anew."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


# Places ------------------------------------------------------------------------------------------


class Paths(NamedTuple):
    """Where the files of a user are; none of them needs to exist."""

    config: Path
    history: Path
    session: Path
    state: Path

    @classmethod
    def find(
        cls,
        config: str | Path | None = None,
        history: str | Path | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> Paths:
        """The paths given, else those of RETROTIMER_CONFIG and RETROTIMER_HISTORY, else usual."""
        from platformdirs import PlatformDirs

        usual = PlatformDirs(_NAME, appauthor=False)
        given_config = config or environ.get("RETROTIMER_CONFIG")
        given_history = history or environ.get("RETROTIMER_HISTORY")
        return cls(
            config=_expanded(given_config) or usual.user_config_path / "config.toml",
            history=_expanded(given_history) or usual.user_data_path / "history.toml",
            session=usual.user_state_path / "session.toml",
            state=usual.user_state_path / "state.toml",
        )


def _expanded(path: str | Path | None) -> Path | None:
    """An absolute path: the program may change its folder later."""
    if not path:
        return None
    with contextlib.suppress(RuntimeError):  # a home that is not known stays as written
        path = Path(path).expanduser()
    return Path(path).absolute()


# The screen --------------------------------------------------------------------------------------


class Awake:
    """Keeps the screen on and the machine awake from `start` to `stop`, where the system lets it.

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
        """Ask the system; asking twice is asking once."""
        if self._mode is not None:
            return
        # Without a handler of its own a warning of the library would go to the screen.
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
