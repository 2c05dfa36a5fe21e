"""The lines between the program and its player: one JSON object each, checked both ways.

Commands go in, reports come out. Instants are nanoseconds of `clock.now_ns`, those of leases of
`clock.boot_ns`. An unknown or broken line is a ProtocolError, which the reader reports and
survives.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeVar

from retrotimer.audio.schedule import Entry
from retrotimer.core.codec import Codec


class ProtocolError(ValueError):
    """A line without a meaning; the text quotes its beginning."""


@dataclass(frozen=True, slots=True)
class Track:
    """Command: this is the whole track from now on."""

    cues: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Prepare:
    """Command: these files will be needed; a track may ask for them at once."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lease:
    """Command: the track may be played until then (`clock.boot_ns`); None: indefinitely."""

    until: int | None


@dataclass(frozen=True, slots=True)
class Volume:
    """Command: 0 to 100."""

    percent: int


@dataclass(frozen=True, slots=True)
class Mute:
    """Command: no sound but the lease's alarm."""

    on: bool


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Command: end cleanly."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Report: the device is open, but not reliable yet."""

    backend: str
    device: str
    rate: int
    buffer_ms: int


@dataclass(frozen=True, slots=True)
class Ready:
    """Report: cues are exact from now on; `latency_ms` of buffering is the same for all."""

    latency_ms: float
    spread_ms: float


@dataclass(frozen=True, slots=True)
class Lost:
    """Report: the device is gone and is being reopened."""

    reason: str


@dataclass(frozen=True, slots=True)
class Played:
    """Report: a sound was placed; `actual` is the instant of its first sample."""

    sound: str
    due: int
    actual: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """Report: a cue came too late to be played."""

    sound: str
    due: int
    late_ms: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """Report: the lease ran out or the pipe broke; the alarm sounds."""


@dataclass(frozen=True, slots=True)
class Alive:
    """Report: nothing new."""


@dataclass(frozen=True, slots=True)
class Error:
    """Report: something went wrong; `fatal`: restarting would not help."""

    reason: str
    fatal: bool = False


PlayerCommand = Track | Prepare | Lease | Volume | Mute | Goodbye
PlayerReport = Opened | Ready | Lost | Played | Dropped | Alarm | Alive | Error

COMMANDS: dict[str, type[PlayerCommand]] = {
    kind.__name__.lower(): kind for kind in (Track, Prepare, Lease, Volume, Mute, Goodbye)
}
REPORTS: dict[str, type[PlayerReport]] = {
    kind.__name__.lower(): kind
    for kind in (Opened, Ready, Lost, Played, Dropped, Alarm, Alive, Error)
}


_CODEC = Codec()


def encode(message: PlayerCommand | PlayerReport) -> bytes:
    """The line of a message, its newline included."""
    body = {"is": type(message).__name__.lower(), **_CODEC.plain(message)}
    return json.dumps(body, separators=(",", ":")).encode() + b"\n"


def decode_command(line: bytes) -> PlayerCommand:
    """The command in a line; ProtocolError if there is none."""
    return _decode(line, COMMANDS)


def decode_report(line: bytes) -> PlayerReport:
    """The report in a line; ProtocolError if there is none."""
    return _decode(line, REPORTS)


_Message = TypeVar("_Message", PlayerCommand, PlayerReport)


def _decode(line: bytes, kinds: dict[str, type[_Message]]) -> _Message:
    try:
        body = json.loads(line.decode())
        return _CODEC.read(kinds[body.pop("is")], body)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ProtocolError(f"{line[:80]!r}: {error}") from error
