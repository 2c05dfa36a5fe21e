"""The program's side of the sound: a player that is told what to play when, and never blocks."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from retrotimer.audio.players.process_handle import ProcessHandle, player_command
from retrotimer.audio.protocol import (
    Alarm,
    Error,
    Lease,
    Lost,
    Mute,
    Opened,
    Played,
    PlayerCommand,
    PlayerReport,
    Prepare,
    Ready,
    Track,
    Volume,
)
from retrotimer.audio.status import SoundStatus
from retrotimer.host.clock import SECOND, boot_ns, now_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrotimer.audio.schedule import Entry

STUCK = 3 * SECOND
"""A player silent for this long is replaced; it reports every half second."""
_LONG_POLL = SECOND
_APART = SECOND * 3 // 2
"""The least time between two starts of the player, however often it fails."""
_REMEMBERED = 64
"""How many played sounds are remembered: more than can begin within the quarter of a second in
which a late one is still played."""


class ProcessPlayer:
    """A player in its own process, restarted when that dies or hangs.

    `files` are those that a track may ask for at once; `listen` gets every report. `command` starts
    another player than ours. If it is not `restarted`, its first death is final.
    """

    apart = True

    def __init__(
        self,
        backend: str = "miniaudio",
        *,
        volume: int = 80,
        files: Sequence[str] = (),
        listen: Callable[[PlayerReport], None] | None = None,
        clock: Callable[[], int] = now_ns,
        command: Sequence[str] | None = None,
        restarted: bool = True,
    ) -> None:
        self.status = SoundStatus.OFF
        self.detail = f"{backend}: not started"
        self.note = ""
        self.failure = ""
        self._backend = backend
        self._command = command or player_command(backend)
        self._files = tuple(dict.fromkeys(files))
        self._listen = listen
        self._clock = clock
        self._restarted = restarted
        self._child: ProcessHandle | None = None
        self._killed: list[ProcessHandle] = []
        self._track = Track(())
        self._lease = Lease(None)
        self._volume = Volume(volume)
        self._mute = Mute(False)
        self._device = ""
        self._problem = ""
        self._alarmed = False
        self._refused = False
        self._played: deque[tuple[int, str]] = deque(maxlen=_REMEMBERED)
        self._born = 0
        self._start_at: int | None = None
        self._polled = 0
        self._patient_until = 0

    @property
    def pid(self) -> int | None:
        """The player's process id, while there is one."""
        return self._child.pid if self._child else None

    def alarmed(self) -> bool:
        """Whether its lease ran out since the last call."""
        alarmed, self._alarmed = self._alarmed, False
        return alarmed

    def has_played(self, entry: Entry) -> bool:
        """Whether it has recently played this entry of its track."""
        return (entry.due, entry.sound) in self._played

    def start(self) -> None:
        """Start the process; the device opens while the program goes on."""
        if self._start_at is None:
            self._start_at = self._polled = self._clock()
            self.status = SoundStatus.STARTING
            self.detail = f"{self._backend}: starting"
            self._spawn()

    def play(self, track: Sequence[Entry]) -> None:
        """Replace the whole track."""
        self._track = Track(tuple(track))
        self._send(self._track)

    def lease(self, until_ns: int | None) -> None:
        """Play until then unless renewed."""
        self._lease = Lease(until_ns)
        self._send(self._lease)

    def set_volume(self, percent: int) -> None:
        """0 to 100."""
        self._volume = Volume(min(max(percent, 0), 100))
        self._send(self._volume)

    def set_mute(self, on: bool) -> None:
        """Silence everything but the alarm of an expired lease."""
        self._mute = Mute(on)
        self._send(self._mute)

    def poll(self) -> None:
        """Read reports; replace a dead or stuck child."""
        if self._start_at is None:
            return
        now = self._clock()
        if now - self._polled > _LONG_POLL:
            # We were stopped ourselves, so the child could not be heard.
            self._patient_until = now + STUCK
        self._polled = now
        self._killed = [child for child in self._killed if not _reaped(child)]
        child = self._child
        if child is None:
            if not self.failure and now >= self._start_at:
                self._spawn()
            return
        code = child.exit_code()
        if code is not None:
            # It is gone, so this takes no time; its last words are then complete.
            child.close()
        for report in child.reports():
            self._take(report)
        if code is not None:
            reason = self._problem or child.noise or f"exit code {code}"
            self._lose(f"the player ended ({reason})", now)
        elif now - child.heard > STUCK and now >= self._patient_until:
            self._kill("the player hangs", now)

    def close(self) -> None:
        """Say goodbye and wait a moment; kill it if it does not go."""
        self._start_at = None
        self.status = SoundStatus.OFF
        self.detail = f"{self._backend}: closed"
        child, self._child = self._child, None
        if child is not None:
            child.close()
        for killed in self._killed:
            killed.close(0.2)
        self._killed.clear()

    def _spawn(self) -> None:
        self._born = self._clock()
        self._problem = ""
        try:
            self._child = ProcessHandle(self._command, self._clock)
        except OSError as error:
            self._lose(f"the player does not start ({error})", self._born)
            return
        self._send(self._volume)
        self._send(self._mute)
        if self._files:
            # A pause or an alarm cannot wait until its sound is decoded.
            self._send(Prepare(self._files))
        until = self._lease.until
        if until is None or until > boot_ns():
            # Otherwise the program itself has been silent too long; it has to renew first.
            self._send(self._lease)
            self._send(self._track)

    def _send(self, command: PlayerCommand) -> None:
        if self._child is not None and not self._child.send(command):
            self._kill("the player hangs", self._clock())

    def _kill(self, reason: str, now: int) -> None:
        if self._child is not None:
            self._child.kill()
            self._killed.append(self._child)
        self._lose(reason, now)

    def _lose(self, reason: str, now: int) -> None:
        self._child = None
        self.status = SoundStatus.LOST
        self.detail = f"{self._backend}: {reason}"
        if self._refused:
            self.failure = self._problem
        elif not self._restarted:
            self.failure = reason
        self._start_at = max(now, self._born + _APART)

    def _take(self, report: PlayerReport) -> None:
        if self._listen is not None:
            self._listen(report)
        match report:
            case Opened(backend, device, rate, buffer_ms):
                how = f"{rate // 1000} kHz" + (f", buffer {buffer_ms} ms" if buffer_ms else "")
                name = backend if backend == self._backend else f"{self._backend}, {backend}"
                self._device = f"{name}: {device}, {how}"
                if self.status is SoundStatus.STARTING:
                    self.detail = self._device
                self._describe()
            case Alarm():
                self._alarmed = True
            case Played(sound, due):
                self._played.append((due, sound))
            case Ready():
                self.status = SoundStatus.READY
                self._describe()
            case Lost(reason):
                self.status = SoundStatus.LOST
                self.detail = f"{self._backend}: {reason}"
            case Error(reason, fatal):
                self._problem = reason
                self._refused = self._refused or fatal
                self._describe()

    def _describe(self) -> None:
        if self.status is SoundStatus.READY:
            self.detail = self._device + (f" ({self._problem})" if self._problem else "")


def _reaped(child: ProcessHandle) -> bool:
    if child.exit_code() is None:
        return False
    child.close()
    return True
