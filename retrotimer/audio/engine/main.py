"""The player process: reads commands from stdin, plays, writes reports to stdout.

It runs in its own session, so that stopping or killing the program does not silence the alarm: when
the lease runs out, or the pipe breaks while one is held, it sounds the alarm and then ends.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from dataclasses import replace
from functools import partial
from threading import Event
from typing import IO, TYPE_CHECKING

from retrotimer.audio.bank import Bank, SoundError
from retrotimer.audio.engine.device_keeper import DeviceKeeper, HungError, Output, RefusedError
from retrotimer.audio.engine.inbox import Inbox, inbox
from retrotimer.audio.engine.mixer import ALARM_SECONDS
from retrotimer.audio.engine.thread_priority import run_in_real_time, take_short_turns
from retrotimer.audio.line_writer import LineWriter
from retrotimer.audio.protocol import (
    Alive,
    Error,
    Goodbye,
    Lease,
    Mute,
    PlayerReport,
    Prepare,
    ProtocolError,
    Track,
    Volume,
    decode_command,
    encode,
)
from retrotimer.audio.schedule import Entry, Scheduler, Score
from retrotimer.host.clock import MILLISECOND, SECOND, apart, boot_ns, now_ns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

HEARTBEAT = 500 * MILLISECOND
_EARLY = 150 * MILLISECOND
"""A sign of life may come so much earlier, with something else that is to be done."""
_FADE_OUT = 0.06
_CLOSE = 0.5

EXIT_HUNG = 3
EXIT_REFUSED = 4


class PlayerState:
    """The program's current wishes, and when to leave.

    Leases run on `clock`, which counts sleep, so that none survives it: no GO on waking.
    """

    def __init__(self, want: Callable[[Track], None], clock: Callable[[], int] = boot_ns) -> None:
        self.score = Score()
        self.done = Event()
        self._want = want
        self._clock = clock
        self._expired_at: int | None = None
        self._shifted = (self.score, 0, self.score)

    def take(self, line: bytes) -> None:
        """Carry out a command; ProtocolError leaves everything as it was."""
        match decode_command(line):
            case Track(cues) as track:
                self._want(track)
                self.score = replace(self.score, track=cues)
            case Prepare(files):
                self._want(Track(tuple(Entry(0, file) for file in files)))
            case Lease(until):
                # The most frequent one, so it takes no detour.
                score = self.score
                self.score = Score(score.track, until, score.percent, score.mute)
            case Volume(percent):
                self.score = replace(self.score, percent=percent)
            case Mute(on):
                self.score = replace(self.score, mute=on)
            case Goodbye():
                self.score = replace(self.score, track=(), lease=None)
                self.done.set()

    def score_by(self, ahead: int) -> Score:
        """The score with its lease on the sound clock, which is `ahead` ns behind.

        The same one again while nothing changes but the error of reading two clocks.
        """
        score = self.score
        if score.lease is None:
            return score
        told, before, shifted = self._shifted
        if score is not told or abs(ahead - before) > MILLISECOND:
            shifted = replace(score, lease=score.lease - ahead)
            self._shifted = score, ahead, shifted
        return shifted

    def hang_up(self) -> None:
        """The pipe is closed: without a goodbye and with a lease held, that means the alarm."""
        lease = self.score.lease
        if lease is None:
            self.done.set()
        else:
            self.score = replace(self.score, lease=min(lease, self._clock()))

    def over(self, now: int) -> bool:
        """Whether to leave: after a goodbye, or if nobody has come back while the alarm sounded."""
        lease = self.score.lease
        if lease is None or lease > now:
            self._expired_at = None
        elif self._expired_at is None:
            self._expired_at = now
        elif now - self._expired_at > ALARM_SECONDS * SECOND:
            return True
        return self.done.is_set()


def output_maker(
    backend: str,
    driver: str,
    state: PlayerState,
    bank: Bank,
    report: Callable[[PlayerReport], None],
) -> Callable[[], Output]:
    """A factory for the output of a back end; RefusedError if it cannot even be loaded."""
    scheduler = Scheduler()

    def score() -> Score:
        return state.score_by(apart())

    if backend == "simpleaudio":
        from retrotimer.audio.engine.simpleaudio import SimpleaudioOutput

        opened = Event()
        return lambda: SimpleaudioOutput(score, bank, scheduler, report, opened)
    try:
        from retrotimer.audio.engine.miniaudio import MiniaudioOutput
    except (ImportError, OSError) as error:
        raise RefusedError(f"miniaudio cannot be loaded: {error}") from error
    return lambda: MiniaudioOutput(
        score,
        bank,
        scheduler,
        report,
        driver,
        told=partial(getattr, state, "score"),
        in_audio_thread=run_in_real_time,
    )


def run(backend: str, driver: str, commands: IO[bytes], out: LineWriter) -> int:
    """Play until the program says goodbye or is gone; returns the exit code."""
    box = inbox(commands)
    bank = Bank(lambda reason: box.report(Error(reason)))

    def want(track: Track) -> None:
        for cue in track.cues:
            bank.want(cue)

    state = PlayerState(want)
    code = 0
    device_keeper: DeviceKeeper | None = None
    try:
        device_keeper = DeviceKeeper(
            output_maker(backend, driver, state, bank, box.report), box.report
        )
        gc.freeze()
        _watch(state, device_keeper, box, out)
    except HungError as error:
        box.report(Error(str(error)))
        code = EXIT_HUNG
    except (RefusedError, SoundError) as error:
        box.report(Error(str(error), fatal=True))
        code = EXIT_REFUSED
    if code == 0 and device_keeper is not None:
        Event().wait(_FADE_OUT)
        device_keeper.stop(_CLOSE)
    _send(box, out)
    return code


def _watch(state: PlayerState, device_keeper: DeviceKeeper, box: Inbox, out: LineWriter) -> None:
    """Take commands and send reports as they come, and sleep until something is due."""
    beat = 0
    alive = encode(Alive())
    while not state.over(boot_ns()):
        now = now_ns()
        due = device_keeper.tick(now)
        if now >= beat - _EARLY:
            beat = now + HEARTBEAT
            out.put(alive)
        ended = box.ended
        for line in box.wait(max(0, min(due, beat) - now) / SECOND):
            try:
                state.take(line)
            except ProtocolError as error:
                box.report(Error(f"not understood: {error}"))
        if box.ended is not ended:
            state.hang_up()
        _send(box, out)


def _send(box: Inbox, out: LineWriter) -> None:
    for report in box.reports():
        out.put(encode(report))


def main(argv: Sequence[str]) -> None:
    """Be the player: `argv` is the back end and, for tests, a miniaudio driver. Never returns."""
    for name in ("SIGINT", "SIGTSTP", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)
    # The audio thread must not wait long for its turn.
    sys.setswitchinterval(0.001)
    take_short_turns()
    # Reports have their own descriptor; what libraries print goes to stderr.
    reports = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    out = LineWriter(reports, "write")
    backend, driver, *_ = [*argv, "", ""]
    code = run(backend or "miniaudio", driver, sys.stdin.buffer, out)
    out.close(0.2)
    # An open device may keep the interpreter from ending.
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
