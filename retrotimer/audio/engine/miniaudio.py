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
from retrotimer.host.clock import MILLISECOND, SECOND, now_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from retrotimer.audio.bank import Bank
    from retrotimer.audio.schedule import Scheduler, Score

BUFFER_MS = 50
LOST_BUFFERS = 5
START_PATIENCE = 4 * SECOND
"""Sound servers may stall for nearly two seconds after the first buffer."""
STEADY_PATIENCE = 5 * SECOND
"""A device that never becomes regular is still better than none."""


class MiniaudioOutput:
    """Plays the score on the system's default device, or on none at all (`driver` "null")."""

    def __init__(
        self,
        score: Callable[[], Score],
        bank: Bank,
        scheduler: Scheduler,
        report: Callable[[PlayerReport], None],
        driver: str = "",
    ) -> None:
        self._score = score
        self._mixer = Mixer(bank.samples, bank.alarm, scheduler)
        self._report = report
        self._backends = [miniaudio.Backend[driver.upper()]] if driver else None
        self._origin = StreamClock(RATE)
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
            self.look_at = self._last_request + patience - LOOK
            # If that look is on time, this process was running, and one more is enough.
            self._worth = LOST_BUFFERS - 1
        else:
            # If it was stopped instead, the silence was ours: then many looks are needed.
            self._misses += self._worth if now - self.look_at <= LOOK else 1
            self._worth = 1
        if self.look_at <= now:
            self._worth = 1
            self.look_at = now + LOOK
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
        while True:
            try:
                samples = self._render(frames)
            except Exception as error:
                samples = array("h", bytes(2 * frames))
                self._mixer.position += frames
                self._broke(error)
            frames = yield samples

    def _render(self, frames: int) -> array[int]:
        now = now_ns()
        mixer, report = self._mixer, self._report
        origin = self._origin.update(now, mixer.position)
        self._requests += 1
        self._last_request = now
        self._longest = max(self._longest, frames)
        rendered = mixer.render(self._score(), frames, origin)
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
