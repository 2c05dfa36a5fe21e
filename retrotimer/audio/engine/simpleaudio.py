"""The simpleaudio back end: a thread starts every sound at its time.

It is less exact than the stream (p95 about 20 ms), and it cannot fade; for those who choose it.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from retrotimer.audio.engine.device_keeper import LOOK, OutputError, RefusedError
from retrotimer.audio.engine.mixer import ALARM_SECONDS, alarm_gain, gain_of, scaled
from retrotimer.audio.protocol import Alarm, Dropped, Opened, Played, PlayerReport, Ready
from retrotimer.audio.samples import RATE, Samples
from retrotimer.host.clock import MILLISECOND, SECOND, now_ns

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrotimer.audio.bank import Bank
    from retrotimer.audio.schedule import Entry, Scheduler, Score, Slice

_LOOK = 20 * MILLISECOND
_LEAD_IN = bytes(2 * RATE // 2)
_PROBE = bytes(2 * RATE // 20)
_PROBE_EVERY = SECOND
_PROBE_ROOM = SECOND // 2
"""A device lost in silence is detected by playing more silence, but never just before a cue."""


def installed(name: str) -> bool:
    """Whether a distribution of this name is installed."""
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def refusal(
    version: tuple[int, int] = sys.version_info[:2], has: Callable[[str], bool] = installed
) -> str | None:
    """Why simpleaudio must not be used here; None: it may."""
    python = ".".join(map(str, version))
    original, patched = has("simpleaudio"), has("simpleaudio-patched")
    if not original and not patched:
        return "simpleaudio is not installed: pip install 'retrotimer[simpleaudio]'"
    if version >= (3, 12) and original:
        mend = (
            "pip uninstall simpleaudio, then pip install --force-reinstall simpleaudio-patched"
            if patched
            else "pip uninstall simpleaudio, then pip install simpleaudio-patched"
        )
        return f"simpleaudio 1.0.4 crashes Python {python} after the first sound: {mend}"
    return None


class SimpleaudioOutput:
    """Plays the score through `simpleaudio.play_buffer`.

    `opened` is set once a device was opened in this process.
    """

    def __init__(
        self,
        score: Callable[[], Score],
        bank: Bank,
        scheduler: Scheduler,
        report: Callable[[PlayerReport], None],
        opened: Event | None = None,
    ) -> None:
        self._score = score
        self._bank = bank
        self._scheduler = scheduler
        self._report = report
        self._simpleaudio: Any = None
        self._playing: dict[Entry, Any] = {}
        self._alarm: Any = None
        self._failed = ""
        self._looked = self._probed = 0
        self._opened = opened or Event()
        self._end = Event()
        self._thread = Thread(target=self._run, name="trigger", daemon=True)

    def open(self) -> Opened:
        """Play half a second of silence, which wakes the device up and shows that there is one.

        ALSA looks for devices only once: a process that has found none never finds one.
        """
        if reason := refusal():
            raise RefusedError(reason)
        try:
            simpleaudio: Any = import_module("simpleaudio")
        except ImportError as error:
            raise RefusedError(f"simpleaudio cannot be loaded: {error}") from error
        self._simpleaudio = simpleaudio
        try:
            simpleaudio.play_buffer(_LEAD_IN, 1, 2, RATE)
        except Exception as error:  # its internal modules are not public
            reason = f"no device can be opened ({_text(error)})"
            raise (OutputError if self._opened.is_set() else RefusedError)(reason) from error
        self._opened.set()
        self._looked = self._probed = now_ns()
        self._thread.start()
        self._report(Ready(0.0, 0.0))
        return Opened("simpleaudio", "default device", RATE, 0)

    def trouble(self, now: int) -> str | None:
        """Why the device is lost: playing failed, or a call into it does not return."""
        if self._failed:
            return self._failed
        return "the device has stopped" if now - self._looked > 2 * SECOND else None

    @property
    def look_at(self) -> int:
        """When to look next: playing may fail at any moment."""
        return now_ns() + LOOK

    def close(self) -> None:
        """Stop all sounds and the thread."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join(1)
        if self._simpleaudio is not None:
            self._simpleaudio.stop_all()

    def _run(self) -> None:
        try:
            while not self._end.is_set():
                self._looked = now = now_ns()
                score = self._score()
                self._apply(score, self._scheduler.step(score, now, now + 1), now)
                due = self._scheduler.next_due()
                self._probe(now, due)
                wait = _LOOK if due is None else min(max(due - now_ns(), 0), _LOOK)
                self._end.wait(wait / SECOND)
        except Exception as error:
            self._failed = f"a sound could not be played ({type(error).__name__}: {_text(error)})"

    def _apply(self, score: Score, step: Slice, now: int) -> None:
        for entry in step.dropped:
            self._report(Dropped(entry.sound, entry.due, (now - entry.due) // MILLISECOND))
        gone = set(self._playing) if score.mute or step.silence_at else set(step.cuts)
        for entry in gone & set(self._playing):
            self._playing.pop(entry).stop()
        factor = gain_of(score.percent, mute=score.mute)
        for start in step.starts:
            samples = self._bank.samples(start.entry)
            if samples:
                # One of the user's own may be of any length, but it masks no later cue.
                for entry in [entry for entry in self._playing if entry.own]:
                    self._playing.pop(entry).stop()
                actual = now_ns()
                self._playing[start.entry] = self._play(samples, factor)
                self._report(Played(start.entry.sound, start.entry.due, actual))
        if step.silence_at is None:
            if self._alarm is not None:
                self._alarm.stop()
                self._alarm = None
        elif self._alarm is None:
            alarm = self._bank.alarm
            rounds = ALARM_SECONDS * RATE // len(alarm)
            self._alarm = self._play(alarm * rounds, alarm_gain(score.percent))
            self._report(Alarm())
        for entry in [entry for entry, sound in self._playing.items() if not sound.is_playing()]:
            del self._playing[entry]

    def _probe(self, now: int, due: int | None) -> None:
        """Play a moment of silence when nothing sounds, because only playing reveals a loss."""
        busy = self._playing or self._alarm is not None
        soon = due is not None and due - now < _PROBE_ROOM
        if not busy and not soon and now - self._probed >= _PROBE_EVERY:
            self._probed = now
            self._simpleaudio.play_buffer(_PROBE, 1, 2, RATE)

    def _play(self, samples: Samples, factor: int) -> Any:
        return self._simpleaudio.play_buffer(scaled(samples, factor).tobytes(), 1, 2, RATE)


def _text(error: Exception) -> str:
    """The sound system's message, without location and number."""
    return str(error).rpartition("-- MSG: ")[2]
