"""The miniaudio back end: one endless stream, each cue placed in it at its frame."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import miniaudio  # type: ignore[import-untyped]

from retrotimer.audio.engine.device_keeper import LOOK, OutputError
from retrotimer.audio.engine.mixer import Mixer
from retrotimer.audio.engine.stream_clock import StreamClock
from retrotimer.audio.protocol import Alarm, Dropped, Error, Opened, Played, PlayerReport, Ready
from retrotimer.audio.samples import RATE
from retrotimer.audio.schedule import Score
from retrotimer.host.clock import MILLISECOND, SECOND, boot_ns, now_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from retrotimer.audio.bank import Bank
    from retrotimer.audio.schedule import Scheduler

BUFFER_MS = 50
LOST_BUFFERS = 5
START_PATIENCE = 4 * SECOND
"""Sound servers may stall for nearly two seconds after the first buffer."""
_AHEAD = 500 * MILLISECOND
"""If nothing sounds for so long, the next buffer is silent, wherever the stream is on the clock."""
_NOTED = 20
"""How many silent buffers are noted before the stream's clock is told of them all: one after the
other that takes a tenth of what it takes at twenty wake-ups a second."""
STEADY_PATIENCE = 5 * SECOND
"""A device that never becomes regular is still better than none."""


class MiniaudioOutput:
    """Plays the score on the system's default device, or on none at all (`driver` "null").

    `told` gives the same score with its lease on the clock that counts sleep; it takes less time.
    `in_audio_thread` is called first in the thread that fills the buffers.
    """

    def __init__(
        self,
        score: Callable[[], Score],
        bank: Bank,
        scheduler: Scheduler,
        report: Callable[[PlayerReport], None],
        driver: str = "",
        *,
        told: Callable[[], Score] | None = None,
        in_audio_thread: Callable[[], object] = lambda: None,
    ) -> None:
        self._score = score
        self._told = told or score
        self._mixer = Mixer(bank.samples, bank.alarm, scheduler)
        self._report = report
        self._in_audio_thread = in_audio_thread
        self._backends = [miniaudio.Backend[driver.upper()]] if driver else None
        self._origin = StreamClock(RATE)
        self._noted: list[tuple[int, int]] = []
        self._silence: array[int] = array("h")
        self._idle_by, self._idle_until = Score(), 0
        self._device: miniaudio.PlaybackDevice | None = None
        self._opened_at = now_ns()
        self._ready = False
        self._requests = 0
        self._last_request = 0
        self._longest = BUFFER_MS * RATE // 1000
        self._seen = 0
        self._misses = 0
        self._worth = 1
        self.look_at = 0
        """When to look for trouble next: just before the silence is long enough to mean it."""
        self._broken = ""

    def open(self) -> Opened:
        """Open the default device and start the stream: silence until the score says otherwise."""
        try:
            device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.SIGNED16,
                nchannels=1,
                sample_rate=RATE,
                buffersize_msec=BUFFER_MS,
                backends=self._backends,
                app_name="retrotimer",
            )
        except miniaudio.MiniaudioError as error:
            raise OutputError(f"no device can be opened ({_text(error)})") from error
        self._device = device
        if device.backend == "Null" and self._backends is None:
            self.close()
            raise OutputError("no audio system was found")
        self._opened_at = self._last_request = now_ns()
        feed = self._feed()
        next(feed)
        try:
            device.start(feed)
        except miniaudio.MiniaudioError as error:
            self.close()
            raise OutputError(f"the device does not start ({_text(error)})") from error
        return Opened(device.backend, _device_name(device), RATE, BUFFER_MS)

    def trouble(self, now: int) -> str | None:
        """Why the device is lost: the sound system does not say, the requests just stop."""
        patience = LOST_BUFFERS * self._longest * SECOND // RATE
        if not self._ready:
            patience = max(patience, START_PATIENCE)
        if self._requests != self._seen:
            self._seen = self._requests
            self._misses = 0
            self.look_at = max(self._last_request + patience + LOOK // 2, now + LOOK)
            # Looked at on time, it counts for the looks left out: this process was running.
            self._worth = min((self.look_at - now) // LOOK, LOST_BUFFERS - 1)
        elif now >= self.look_at:
            # If it is late, this process was stopped, and the silence may be its own.
            self._misses += self._worth if now - self.look_at <= LOOK else 1
            self.look_at = now + (LOOK if self._misses < LOST_BUFFERS - 1 else LOOK // 2)
            self._worth = 1
        if self._misses >= LOST_BUFFERS and now - self._last_request > patience:
            return "the device has stopped"
        return None

    def close(self) -> None:
        """Close the device and what it holds open of the sound system."""
        device, self._device = self._device, None
        if device is not None:
            device.close()
            _release(device)

    def _feed(self) -> Generator[array[int], int, None]:
        frames = yield array("h")
        self._in_audio_thread()
        while True:
            try:
                samples = self._silence if self._skips(frames) else self._render(frames)
            except Exception as error:
                samples = array("h", bytes(2 * frames))
                self._mixer.position += frames
                self._broke(error)
            frames = yield samples

    def _skips(self, frames: int) -> bool:
        """Note a request; whether silence meets it: nothing is new, nothing sounds now or soon."""
        now = self._last_request = now_ns()
        self._requests += 1
        noted, told, before = self._noted, self._told(), self._idle_by
        position = self._mixer.position
        noted.append((now, position))
        if (
            now < self._idle_until
            and len(noted) < _NOTED
            and len(self._silence) == frames
            and told.track is before.track
            and told.percent == before.percent
            and told.mute is before.mute
            and (told.lease is None or told.lease > boot_ns() + _AHEAD)
        ):
            self._mixer.position = position + frames
            return True
        return False

    def _render(self, frames: int) -> array[int]:
        mixer, report, now = self._mixer, self._report, self._last_request
        self._longest = max(self._longest, frames)
        for at, position in self._noted:
            origin = self._origin.update(at, position)
        self._noted.clear()
        self._idle_until, self._idle_by = 0, self._told()
        rendered = mixer.render(self._score(), frames, origin)
        if self._ready:
            self._idle_until = mixer.silent_until() - _AHEAD
        if len(self._silence) != frames:
            self._silence = array("h", bytes(2 * frames))
        for start in rendered.played:
            report(Played(start.entry.sound, start.entry.due, start.at))
        for entry, late in rendered.dropped:
            report(Dropped(entry.sound, entry.due, late // MILLISECOND))
        if rendered.alarm:
            report(Alarm())
        if not self._ready and (self._origin.steady or now - self._opened_at > STEADY_PATIENCE):
            self._ready = True
            report(Ready(float(BUFFER_MS), self._origin.spread_ms))
        return rendered.samples

    def _broke(self, error: Exception) -> None:
        reason = f"a buffer could not be filled ({type(error).__name__}: {error})"
        if reason != self._broken:
            self._broken = reason
            self._report(Error(reason))


def _text(error: miniaudio.MiniaudioError) -> str:
    return ", ".join(str(part) for part in error.args)


def _device_name(device: miniaudio.PlaybackDevice) -> str:
    """The name of the device, if certain: the library does not say which one is the default."""
    try:
        devices = miniaudio.Devices([miniaudio.Backend[device.backend.upper()]])
        names = [str(one["name"]) for one in devices.get_playbacks()]
    except (KeyError, UnicodeDecodeError, miniaudio.MiniaudioError):
        return "default device"
    return names[0] if len(names) == 1 else "default device"


def _release(device: Any) -> None:
    """Free the context of a closed device: the library forgets to, four descriptors each time."""
    context = getattr(device, "_context", None)
    if context:
        device._context = None
        miniaudio.lib.ma_context_uninit(context)
