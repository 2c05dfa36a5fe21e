"""The chosen back end fails and the default one takes over; both are fake processes."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from retrotimer.audio.players.bell import RingingPlayer
from retrotimer.audio.players.create import create
from retrotimer.audio.players.fallback import FallbackPlayer
from retrotimer.audio.players.lazy import LazyPlayer
from retrotimer.audio.players.own_sounds import OwnSoundsPlayer
from retrotimer.audio.players.process import ProcessPlayer
from retrotimer.audio.players.process_handle import player_command
from retrotimer.audio.protocol import Alarm, Error, Lost, Opened, Played, Ready, encode
from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus
from retrotimer.host.clock import SECOND, boot_ns, now_ns
from tests.support.waiting import wait_until

# Prints its lines, then writes the commands it gets into its own file.
CHILD = """
import sys
with open(sys.argv[1], "ab", buffering=0) as log:
    sys.stdout.write(sys.argv[2]); sys.stdout.flush()
    for line in sys.stdin.buffer:
        log.write(line)
"""
DYING = "import sys; sys.stdout.write(sys.argv[2]); sys.stdout.flush(); sys.exit('out of breath')"
DEAF = "import sys, time; sys.stdout.write(sys.argv[2]); sys.stdout.flush(); time.sleep(60)"
OPENED = encode(Opened("simpleaudio", "default device", 48_000, 0)).decode()
READY = encode(Ready(0.0, 0.0)).decode()
REFUSED = encode(Error("it would crash", fatal=True)).decode()
GONE = encode(Lost("no device can be opened")).decode()
INSTEAD = encode(Opened("PulseAudio", "ear", 48_000, 50)).decode() + READY


HORN = str(Path("/own/horn.wav"))


def both(chosen: list[str], default: list[str]) -> tuple[ProcessPlayer, ProcessPlayer]:
    """The players of two back ends, as `create` makes them."""
    return (
        ProcessPlayer("simpleaudio", volume=70, files=[HORN], command=chosen, restarted=False),
        ProcessPlayer("miniaudio", volume=70, files=[HORN], command=default),
    )


class Bench:
    """A player whose chosen and default back ends are fake processes."""

    def __init__(self, folder: Path, script: str, says: str, instead: str) -> None:
        self._logs = folder / "chosen", folder / "default"
        self.rings = 0
        self.states: list[SoundStatus] = []
        self.losses: list[str] = []
        """The reasons shown while sound was lost."""
        self.chosen, self.default = both(
            [sys.executable, "-c", script, str(self._logs[0]), says],
            [sys.executable, "-c", CHILD, str(self._logs[1]), instead],
        )
        fallback = FallbackPlayer(self.chosen, self.default, "miniaudio plays instead")
        self.player = RingingPlayer(OwnSoundsPlayer(fallback, {"forward": HORN}), self.ring)

    def ring(self) -> None:
        self.rings += 1

    def commands(self, which: int) -> list[dict[str, object]]:
        """The commands that the chosen one (0) or the default (1) got."""
        log = self._logs[which]
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def step(self) -> None:
        self.player.poll()
        if self.states[-1:] != [self.player.status]:
            self.states.append(self.player.status)
        if self.player.status is SoundStatus.LOST and self.player.detail not in self.losses:
            self.losses.append(self.player.detail)

    def until(self, status: SoundStatus) -> None:
        wait_until(lambda: self.player.status is status, self.step)

    def replaced(self) -> None:
        wait_until(lambda: self.player.note and self.player.status is SoundStatus.READY, self.step)


@contextmanager
def bench(
    folder: Path, script: str = CHILD, says: str = OPENED + READY, instead: str = INSTEAD
) -> Iterator[Bench]:
    one = Bench(folder, script, says, instead)
    one.player.start()
    try:
        yield one
    finally:
        one.player.close()


def test_a_refused_back_end_is_replaced_without_a_loss(tmp_path: Path) -> None:
    with bench(tmp_path, DYING, REFUSED) as one:
        one.replaced()
        assert one.player.note == "miniaudio plays instead: it would crash"
        assert one.player.detail == "miniaudio, PulseAudio: ear, 48 kHz, buffer 50 ms"
        assert SoundStatus.LOST not in one.states


def test_when_it_dies_sound_is_lost_and_the_default_plays_what_was_not_heard(
    tmp_path: Path,
) -> None:
    now = now_ns()
    heard, coming = now - SECOND // 10, now + 3600 * SECOND
    played = encode(Played("count", heard, heard)) + encode(Played(HORN, heard, heard))
    with bench(tmp_path, says=OPENED + READY + played.decode()) as one:
        one.until(SoundStatus.READY)
        lease = boot_ns() + 3600 * SECOND
        track = [Entry(at, cue) for at in (heard, coming) for cue in ("count", "forward")]
        one.player.play(track)
        one.player.lease(lease)
        one.player.set_volume(40)
        one.player.set_mute(True)
        wait_until(lambda: len(one.commands(0)) == 9, one.step)
        assert one.commands(0)[5] == {
            "is": "track",
            "cues": [
                [heard, "count", "", []],
                [heard, HORN, "forward", []],
                [coming, "count", "", []],
                [coming, HORN, "forward", []],
            ],
        }
        chosen = one.chosen.pid
        assert chosen
        os.kill(chosen, signal.SIGTERM)
        one.replaced()
        assert SoundStatus.LOST in one.states
        (loss,) = one.losses
        assert loss.startswith("simpleaudio: the player ended")
        assert one.player.note.startswith("miniaudio plays instead: the player end")
        assert one.chosen.pid is None
        assert one.default.pid
        left = [[coming, "count", "", []], [coming, HORN, "forward", []]]
        wait_until(lambda: len(one.commands(1)) == 5, one.step)
        assert one.commands(1) == [
            {"is": "volume", "percent": 40},
            {"is": "mute", "on": True},
            {"is": "prepare", "files": [HORN]},
            {"is": "lease", "until": lease},
            {"is": "track", "cues": left},
        ]
        # What was heard is not played again when the track is sent again, as after every key.
        one.player.play(track)
        wait_until(lambda: len(one.commands(1)) == 6, one.step)
        assert one.commands(1)[5] == {"is": "track", "cues": left}


def test_what_the_default_itself_has_played_stays_in_the_track(tmp_path: Path) -> None:
    """Otherwise the next track would cut it off in the middle."""
    now = now_ns()
    played = INSTEAD + encode(Played("count", now, now)).decode()
    with bench(tmp_path, DYING, REFUSED, played) as one:
        one.replaced()
        wait_until(lambda: one.default.has_played(Entry(now, "count")), one.step)
        one.player.play([Entry(now, "count")])
        wait_until(lambda: len(one.commands(1)) == 6, one.step)
        assert one.commands(1)[5] == {"is": "track", "cues": [[now, "count", "", []]]}


def test_an_alarm_of_the_chosen_one_is_reported_once(tmp_path: Path) -> None:
    with bench(tmp_path, DYING, encode(Alarm()).decode() + REFUSED) as one:
        one.replaced()
        assert one.player.alarmed()
        assert not one.player.alarmed()


def test_a_hanging_back_end_is_replaced(tmp_path: Path) -> None:
    with bench(tmp_path, DEAF) as one:
        one.until(SoundStatus.READY)
        # Until its pipe is full, which takes no time.
        long = [Entry(number, "count") for number in range(300)]
        while not one.player.note:
            one.player.play(long)
        one.replaced()
        assert "the player hangs" in one.player.note


def test_once_replaced_it_stays_replaced_and_the_first_note_stays(tmp_path: Path) -> None:
    with bench(tmp_path, DYING, REFUSED) as one:
        one.replaced()
        note, second = one.player.note, one.default.pid
        assert second
        os.kill(second, signal.SIGTERM)
        one.until(SoundStatus.LOST)
        assert one.player.detail.startswith("miniaudio: the player ended")
        one.until(SoundStatus.READY)
        assert one.player.detail.startswith("miniaudio, PulseAudio")
        assert one.player.note == note
        assert one.commands(0) == []


def test_a_lost_device_is_waited_for_without_replacing_the_back_end(tmp_path: Path) -> None:
    with bench(tmp_path, says=OPENED + READY + GONE + OPENED + READY) as one:
        one.until(SoundStatus.READY)
        wait_until(lambda: len(one.commands(0)) == 5, one.step)
        assert one.player.note == ""
        assert one.player.detail.startswith("simpleaudio: default device")
    assert one.player.status is SoundStatus.OFF
    assert one.chosen.pid is None
    assert one.commands(1) == []


def test_the_bell_rings_while_sound_is_lost(tmp_path: Path) -> None:
    with bench(tmp_path, says=OPENED + READY + GONE) as one:
        one.until(SoundStatus.LOST)
        one.player.play([Entry(now_ns(), "turn")])
        one.step()
        assert one.rings == 1


def test_if_neither_can_be_started_sound_is_lost(tmp_path: Path) -> None:
    nothing = [str(tmp_path / "no such program")]
    player = FallbackPlayer(*both(nothing, nothing), "miniaudio plays instead")
    player.start()
    try:
        assert player.status is SoundStatus.LOST
        assert "does not start" in player.detail
        assert "does not start" in player.note
    finally:
        player.close()


def test_a_lazy_player_passes_the_note_on(tmp_path: Path) -> None:
    late = LazyPlayer(lambda: Bench(tmp_path, DYING, REFUSED, INSTEAD).player)
    assert late.note == ""
    late.start()
    try:
        wait_until(lambda: late.note, late.poll)
        assert "it would crash" in late.note
    finally:
        late.close()


def test_other_players_have_no_note() -> None:
    for backend in ("auto", "miniaudio", "bell", "off"):
        assert create(backend, ring=lambda: None).note == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows needs no null device")
def test_a_real_refused_back_end_is_replaced(tmp_path: Path) -> None:
    """The real player, with a back end that cannot be loaded, and then without any device."""
    # The package is installed, but its module cannot be loaded.
    broken = tmp_path / "simpleaudio.py"
    broken.write_text("raise ImportError('half installed')\n")
    info = tmp_path / "simpleaudio_patched-1.0.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: simpleaudio-patched\n")
    first = player_command("simpleaudio")
    start = first.index("-c") + 1
    first[start] = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {first[start]}"
    player = FallbackPlayer(
        *both(first, player_command("miniaudio", "null")), "miniaudio plays instead"
    )
    player.start()
    try:
        wait_until(lambda: player.status is SoundStatus.READY, player.poll)
        assert player.detail.startswith("miniaudio, Null")
        # If the unpatched package is installed too, that one is refused.
        assert "half installed" in player.note or "crashes Python" in player.note
    finally:
        player.close()
