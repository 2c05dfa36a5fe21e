"""What every back end must do, and the keeper that opens it, watches it and reopens it."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Protocol

from retrotimer.audio.protocol import Lost, Opened, PlayerReport
from retrotimer.host.clock import MILLISECOND, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

RETRY = 500 * MILLISECOND
SLOW_OPEN = 3 * SECOND
HUNG_OPEN = 10 * SECOND
LOOK = 50 * MILLISECOND
"""How often to look at what may change at any moment."""


class OutputError(Exception):
    """The device cannot be opened now; it may be later."""


class RefusedError(OutputError):
    """This back end cannot work here, however often it is tried."""


class HungError(Exception):
    """The sound system never returned from a call; only a new process helps."""


class Output(Protocol):
    """A back end: once `open`, it plays what the score says, in its own thread."""

    def open(self) -> Opened:
        """Open the device and start; may take long; OutputError if there is none."""

    def trouble(self, now: int, /) -> str | None:
        """Why the device counts as lost; asked at `look_at`, or earlier."""

    @property
    def look_at(self) -> int:
        """When to ask for trouble next; until then it cannot be known."""

    def close(self) -> None:
        """Release the device; may take long."""


class DeviceKeeper:
    """Keeps an output open. Calls that may hang are made in a thread; `tick` never waits."""

    def __init__(self, make: Callable[[], Output], report: Callable[[PlayerReport], None]) -> None:
        self._make = make
        self._report = report
        self._output: Output | None = None
        self._refused: RefusedError | None = None
        self._job: Thread | None = None
        self._job_since = 0
        self._try_at = 0
        self._told = ""

    def tick(self, now: int) -> int:
        """Go one step: open, watch, close; returns when the next one is due.

        HungError and RefusedError end the process.
        """
        if self._job is not None:
            if self._job.is_alive():
                self._watch_job(now)
                return now + LOOK
            self._job = None
        if self._refused is not None:
            raise self._refused
        if self._output is None:
            if now < self._try_at:
                return self._try_at
            self._try_at = now + RETRY
            self._start(self._open, now)
        elif reason := self._output.trouble(now):
            self._tell(reason)
            self._try_at = now + RETRY
            self._start(self._close, now)
        else:
            return self._output.look_at
        return now + LOOK

    def stop(self, timeout: float) -> None:
        """Close the output, if the sound system allows it within `timeout` seconds."""
        if self._job is not None and self._job.is_alive():
            return
        self._start(self._close, 0)
        if self._job is not None:
            self._job.join(timeout)

    def _start(self, job: Callable[[], None], now: int) -> None:
        self._job = Thread(target=job, name=job.__name__, daemon=True)
        self._job_since = now
        self._job.start()

    def _watch_job(self, now: int) -> None:
        if now - self._job_since > HUNG_OPEN:
            raise HungError("the audio system hangs")
        if now - self._job_since > SLOW_OPEN:
            self._tell("the audio system does not answer")

    def _open(self) -> None:
        output = self._make()
        try:
            opened = output.open()
        except RefusedError as error:
            self._refused = error
        except OutputError as error:
            self._tell(str(error))
        except Exception as error:
            self._tell(f"the device cannot be opened ({type(error).__name__}: {error})")
            output.close()
        else:
            self._told = ""
            self._report(opened)
            self._output = output

    def _close(self) -> None:
        output, self._output = self._output, None
        if output is not None:
            output.close()

    def _tell(self, reason: str) -> None:
        if reason != self._told:
            self._told = reason
            self._report(Lost(reason))
