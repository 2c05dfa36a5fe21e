"""The program's side of the sound: a player is told what to play when, and never waits for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from retrotimer.audio.players.bell import Bell
from retrotimer.audio.players.bell import BellPlayer as BellPlayer
from retrotimer.audio.players.process_handle import ProcessHandle, player_command
from retrotimer.audio.players.silent import SilentPlayer as SilentPlayer
from retrotimer.audio.protocol import (
    Alarm,
    Command,
    Error,
    Lease,
    Lost,
    Mute,
    Opened,
    Prepare,
    Ready,
    Report,
    Track,
    Volume,
)
from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus as SoundStatus
from retrotimer.host.clock import SECOND, boot_ns, now_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STUCK = 3 * SECOND
"""A player that has said nothing for so long is replaced; it reports every half second."""
_LONG_POLL = SECOND
_APART = SECOND * 3 // 2
"""From one start of a player to the next at least: again and again, but not ever faster."""

Cue: TypeAlias = "tuple[int, str] | tuple[int, str, str] | tuple[int, str, str, tuple[str, ...]]"
"""Due instant (ns), cue id or file, the cue id to play where the file cannot be; or a sentence: due
instant, name, nothing, and the files of its words."""


class Player(Protocol):
    """Plays tracks; only `close` may block, for 1 s at most.

    Instants are ns of `clock.now_ns`, those of leases of `clock.boot_ns`.
    """

    @property
    def status(self) -> SoundStatus:
        """Whether cues can be heard, as of the last `poll`."""

    @property
    def detail(self) -> str:
        """For people, after the word "sound": back end and device, or why it is lost."""

    @property
    def note(self) -> str:
        """What is to be told once about the sound; mostly nothing."""

    @property
    def apart(self) -> bool:
        """Whether it is heard even when the terminal stands still."""

    def alarmed(self) -> bool:
        """Whether it has sounded the alarm by itself since this was asked last."""

    def start(self) -> None:
        """Begin opening the device."""

    def play(self, track: Sequence[Cue]) -> None:
        """Replace the whole track; sounds under way go on only if they stand in the new one too."""

    def lease(self, until_ns: int | None) -> None:
        """Play until then unless renewed, then sound the alarm; None: no renewal is needed."""

    def set_volume(self, percent: int) -> None:
        """0 to 100."""

    def set_mute(self, on: bool) -> None:
        """Silence everything but the alarm of a lease that ran out."""

    def poll(self) -> None:
        """Take in what the device reports, and mend what can be mended; call it often."""

    def close(self) -> None:
        """End in good order, without an alarm."""


class ProcessPlayer:
    """A player in a process of its own, replaced when it dies or hangs.

    `sounds` maps cue ids to files of the user's own; `listen` is given every report. `command`
    starts another player than ours.
    """

    apart = True

    def __init__(
        self,
        backend: str = "miniaudio",
        *,
        volume: int = 80,
        sounds: Mapping[str, str | Path] | None = None,
        listen: Callable[[Report], None] | None = None,
        clock: Callable[[], int] = now_ns,
        command: Sequence[str] | None = None,
    ) -> None:
        self.status = SoundStatus.OFF
        self.detail = f"{backend}: not started"
        self.note = ""
        self._backend = backend
        self._command = command or player_command(backend)
        self._own = {cue: str(Path(path).expanduser()) for cue, path in (sounds or {}).items()}
        self._listen = listen
        self._clock = clock
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
        self._born = 0
        self._start_at: int | None = None
        self._polled = 0
        self._patient_until = 0

    @property
    def pid(self) -> int | None:
        """The player's process id, while there is one."""
        return self._child.pid if self._child else None

    def alarmed(self) -> bool:
        """Whether its lease ran out since this was asked last."""
        alarmed, self._alarmed = self._alarmed, False
        return alarmed

    def start(self) -> None:
        """Start the process; the device opens while the program goes on."""
        if self._start_at is None:
            self._start_at = self._polled = self._clock()
            self.status = SoundStatus.STARTING
            self.detail = f"{self._backend}: starting"
            self._spawn()

    def play(self, track: Sequence[Cue]) -> None:
        """Replace the whole track."""
        self._track = Track(tuple(self._entry(*cue) for cue in track))
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
        """Silence everything but the alarm of a lease that ran out."""
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
            if not self._refused and now >= self._start_at:
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

    def _entry(
        self, due: int, sound: str, fallback: str = "", words: tuple[str, ...] = ()
    ) -> Entry:
        own = None if words else self._own.get(sound)
        return Entry(due, own, sound) if own else Entry(due, sound, fallback, words)

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
        if self._own:
            # A pause or an alarm cannot wait until its sound is decoded.
            self._send(Prepare(tuple(dict.fromkeys(self._own.values()))))
        until = self._lease.until
        if until is None or until > boot_ns():
            # Otherwise the program itself has not spoken in time; it has to speak first.
            self._send(self._lease)
            self._send(self._track)

    def _send(self, command: Command) -> None:
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
        self._start_at = max(now, self._born + _APART)

    def _take(self, report: Report) -> None:
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


class AutoPlayer(ProcessPlayer):
    """The process player; while its sound is lost, the bell rings instead."""

    def __init__(
        self,
        ring: Callable[[], None],
        *,
        backend: str = "miniaudio",
        volume: int = 80,
        sounds: Mapping[str, str | Path] | None = None,
        listen: Callable[[Report], None] | None = None,
        clock: Callable[[], int] = now_ns,
        command: Sequence[str] | None = None,
    ) -> None:
        super().__init__(
            backend, volume=volume, sounds=sounds, listen=listen, clock=clock, command=command
        )
        self._bell = Bell(ring, clock)

    def play(self, track: Sequence[Cue]) -> None:
        """Replace the whole track, the bell's too."""
        super().play(track)
        self._bell.play(self._track.cues)

    def lease(self, until_ns: int | None) -> None:
        """Play until then unless renewed."""
        super().lease(until_ns)
        self._bell.lease = until_ns

    def set_mute(self, on: bool) -> None:
        """Silence everything but the alarm of a lease that ran out."""
        super().set_mute(on)
        self._bell.mute = on

    def poll(self) -> None:
        """Read reports; replace a dead or stuck child; ring while the sound is lost."""
        super().poll()
        self._bell.poll(silent=self.status is not SoundStatus.LOST)


def create(
    backend: str,
    *,
    ring: Callable[[], None],
    volume: int = 80,
    sounds: Mapping[str, str | Path] | None = None,
    listen: Callable[[Report], None] | None = None,
) -> Player:
    """The player for a configured back end; ValueError for one that does not exist."""
    match backend:
        case "auto" | "miniaudio":
            return AutoPlayer(ring, volume=volume, sounds=sounds, listen=listen)
        case "simpleaudio":
            from retrotimer.audio.players.fallback import FallbackPlayer

            return FallbackPlayer(backend, ring, volume=volume, sounds=sounds, listen=listen)
        case "bell":
            return BellPlayer(ring)
        case "off":
            return SilentPlayer()
    raise ValueError(f"no such back end: {backend!r}")


def _reaped(child: ProcessHandle) -> bool:
    if child.exit_code() is None:
        return False
    child.close()
    return True
