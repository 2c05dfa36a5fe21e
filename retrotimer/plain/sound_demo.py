"""The sound demo: every cue with its name and meaning, listed and played one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from retrotimer.audio.bank import builtin, length_ms, load
from retrotimer.audio.players.base import Player
from retrotimer.audio.players.bell import GAP, RINGS, BellPlayer, RingingPlayer
from retrotimer.audio.protocol import Opened, Played, PlayerReport, Ready
from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus, sound_text
from retrotimer.core.cue_ids import MEANING, CueId
from retrotimer.core.plural import counted
from retrotimer.host.clock import MILLISECOND, SECOND, now_ns

OPENING = 10 * SECOND
"""A device that is not open after this time counts as lost: as long as the player itself waits."""
LEAD = SECOND
"""From the order to play to the first cue: a file of the user's must be decoded."""
PAUSE = 600 * MILLISECOND
"""Between two cues, so that each stands alone."""
_LOOK = 0.02
_ID, _MEANING = max(map(len, CueId)), max(map(len, MEANING.values()))


@dataclass(frozen=True, slots=True)
class DemoLine:
    """A cue as it is listed: how long it sounds, and the user's own file, if any."""

    cue: CueId
    ms: int
    own: Path | None = None

    def __str__(self) -> str:
        return self.with_end(str(self.own) if self.own else "built-in")

    def with_end(self, end: str) -> str:
        """The line, with something else in place of the file."""
        return f"{self.cue:{_ID}} {self.ms:6} ms  {MEANING[self.cue]:{_MEANING}}  {end}"


def lines(cues: Sequence[CueId], own: Mapping[CueId, Path]) -> list[DemoLine]:
    """The cues to list; SoundError if one of the user's files cannot be played."""
    found = []
    for cue in cues:
        path = own.get(cue)
        found.append(DemoLine(cue, length_ms(load(path) if path else builtin(cue)), path))
    return found


class SoundDemo:
    """Plays cues and says which one is playing, in time with it.

    `say` takes lines of text, `complain` those about problems, `wait` seconds.
    """

    def __init__(
        self,
        say: Callable[[str], None],
        complain: Callable[[str], None],
        clock: Callable[[], int] = now_ns,
        wait: Callable[[float], object] = sleep,
    ) -> None:
        self._say = say
        self._complain = complain
        self._clock = clock
        self._wait = wait
        self._opened: Opened | None = None
        self._latency: float | None = None
        self._played: set[int] = set()

    def hear(self, report: PlayerReport) -> None:
        """Read what the player's process reports."""
        match report:
            case Opened():
                self._opened = report
            case Ready(latency_ms):
                self._latency = latency_ms
            case Played(due=due):
                self._played.add(due)

    def run(self, player: Player, shown: Sequence[DemoLine], volume: int) -> bool:
        """Open the device, describe it, play; False if something could not be heard.

        `volume` (percent) is what the player has been told.
        """
        player.start()
        try:
            return self._play(player, shown, volume)
        finally:
            # On ctrl+c too, the sound stops here.
            player.play([])
            player.close()

    def _play(self, player: Player, shown: Sequence[DemoLine], volume: int) -> bool:
        if player.status is SoundStatus.OFF:
            self._say('the sound is off: backend = "off" under [cues]; nothing is played')
            for line in shown:
                self._say(str(line))
            return True
        limit = self._clock() + OPENING
        while player.status is SoundStatus.STARTING and self._clock() < limit:
            self._look(player)
        if player.status is not SoundStatus.READY:
            return self._lost(player)
        if player.note:
            self._complain(player.note)
        rings = isinstance(player, BellPlayer)
        for text in self._device(player):
            self._say(text)
        self._say(f"volume    {volume} %" + (": nothing will be heard" if volume == 0 else ""))
        track, due = [], self._clock() + LEAD
        for line in shown:
            track.append((due, line))
            length = RINGS.get(line.cue, 0) * GAP if rings else line.ms * MILLISECOND
            due += length + PAUSE
        player.play([Entry(at, line.cue.value) for at, line in track])
        late = int((self._latency or 0) * MILLISECOND)
        for at, line in track:
            if not self._until(at + late, player):
                return self._lost(player)
            self._say(line.with_end(_rings(line.cue)) if rings else str(line))
        if not self._until(due + late - PAUSE // 2, player):
            return self._lost(player)
        silent = [line.cue.value for at, line in track if at not in self._played]
        if silent and self._opened is not None:
            self._complain(f"not played: {', '.join(silent)}")
            return False
        return True

    def _device(self, player: Player) -> list[str]:
        found = self._opened
        if found is None:
            return [f"back end  {player.detail}"]
        buffer = f"{found.buffer_ms} ms" if found.buffer_ms else "the device's own"
        latency = (
            f"{self._latency:.0f} ms, the same for every cue" if self._latency else "not known"
        )
        return [
            f"back end  {found.backend}",
            f"device    {found.device}, {found.rate // 1000} kHz",
            f"buffer    {buffer}",
            f"latency   {latency} (Bluetooth adds its own)",
        ]

    def _until(self, at: int, player: Player) -> bool:
        """Wait for an instant; False: the sound was lost meanwhile."""
        while self._clock() < at:
            self._look(player)
            if player.status is not SoundStatus.READY:
                return False
        return True

    def _look(self, player: Player) -> None:
        player.poll()
        self._wait(_LOOK)

    def _lost(self, player: Player) -> bool:
        bell = isinstance(player, RingingPlayer)
        instead = "; in a workout the terminal's bell rings instead" if bell else ""
        self._complain(f"{sound_text(SoundStatus.LOST, player.detail)}{instead}")
        return False


def _rings(cue: CueId) -> str:
    count = RINGS.get(cue, 0)
    return counted(count, "ring") if count else "no ring"
