"""The player in the program, with fake player processes that behave, die, hang or say nothing."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from retrotimer.audio.players.base import Player, PlayerWrapper
from retrotimer.audio.players.bell import BellPlayer, RingingPlayer
from retrotimer.audio.players.create import create
from retrotimer.audio.players.fallback import FallbackPlayer
from retrotimer.audio.players.own_sounds import OwnSoundsPlayer
from retrotimer.audio.players.process import STUCK, ProcessPlayer
from retrotimer.audio.players.process_handle import player_command
from retrotimer.audio.players.silent import SilentPlayer
from retrotimer.audio.protocol import Error, Lost, Opened, Played, Ready, encode
from retrotimer.audio.schedule import Entry
from retrotimer.audio.status import SoundStatus
from retrotimer.host.clock import MILLISECOND, SECOND, boot_ns, now_ns
from tests.support.waiting import wait_until

OPENED = encode(Opened("fake", "ear", 48_000, 50)).decode()
READY = encode(Ready(50.0, 0.0)).decode()
LOST = encode(Lost("pulled out")).decode()
REFUSED = encode(Error("it would crash", fatal=True)).decode()

# Writes the commands it gets into a log. It opens the log before it prints its lines, so that the
# log exists once they were read.
ECHO = """
import sys
with open(sys.argv[1], "ab", buffering=0) as log:
    log.write(b'"born"\\n')
    sys.stdout.write(sys.argv[2]); sys.stdout.flush()
    for line in sys.stdin.buffer:
        log.write(line)
"""
DEAF = "import sys, time; sys.stdout.write(sys.argv[2]); sys.stdout.flush(); time.sleep(60)"
DYING = "import sys; sys.stdout.write(sys.argv[2]); sys.exit('out of breath')"


HORN = str(Path("/own/horn.wav"))


class Clock:
    """The real clock, plus as much as a test adds."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return now_ns() + self.ahead


class Bench:
    """A player with a fake process, and the log of the commands that each process got."""

    def __init__(self, folder: Path, script: str, says: str) -> None:
        self.log = folder / "log"
        self.clock = Clock()
        self.rings = 0
        self.process = ProcessPlayer(
            volume=70,
            files=[HORN],
            clock=self.clock,
            command=[sys.executable, "-c", script, str(self.log), says],
        )
        own = OwnSoundsPlayer(self.process, {"forward": HORN})
        self.player = RingingPlayer(own, self.ring, self.clock)

    def ring(self) -> None:
        self.rings += 1

    def commands(self) -> list[object]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def lives(self) -> list[list[object]]:
        """The commands that each process got."""
        lives: list[list[object]] = []
        for line in self.commands() if self.log.exists() else []:
            if line == "born":
                lives.append([])
            else:
                lives[-1].append(line)
        return lives

    def until_told(self, count: int) -> None:
        """Wait until the newest process has got this many commands."""
        wait_until(lambda: self.lives() and len(self.lives()[-1]) == count)

    def until(self, status: SoundStatus) -> None:
        if self.player.status is not status:
            wait_until(lambda: self.player.status is status, self.player.poll)


PREPARE = {"is": "prepare", "files": [HORN]}
"""The command to load files in advance, which every process gets."""


@contextmanager
def bench(folder: Path, script: str = ECHO, says: str = OPENED + READY) -> Iterator[Bench]:
    one = Bench(folder, script, says)
    one.player.start()
    try:
        yield one
    finally:
        one.player.close()


def test_commands_are_passed_on_in_order(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        one.until(SoundStatus.STARTING)
        one.until(SoundStatus.READY)
        assert one.player.detail == "miniaudio, fake: ear, 48 kHz, buffer 50 ms"
        one.player.set_volume(130)
        one.player.set_mute(True)
        said = Entry(8, "forward", words=("/words/forward.flac", ","))
        one.player.play(
            [Entry(5, "count"), Entry(6, "forward"), Entry(7, "/step.wav", "rest"), said]
        )
        one.player.lease(99)
        one.until_told(9)
        one.player.close()
        assert one.player.status is SoundStatus.OFF
    assert one.lives() == [
        [
            {"is": "volume", "percent": 70},
            {"is": "mute", "on": False},
            PREPARE,
            {"is": "lease", "until": None},
            {"is": "track", "cues": []},
            {"is": "volume", "percent": 100},
            {"is": "mute", "on": True},
            {
                "is": "track",
                "cues": [
                    [5, "count", "", []],
                    [6, HORN, "forward", []],
                    [7, "/step.wav", "rest", []],
                    [8, "forward", "", ["/words/forward.flac", ","]],
                ],
            },
            {"is": "lease", "until": 99},
            {"is": "goodbye"},
        ]
    ]


def test_when_the_process_is_killed_its_successor_gets_everything_again(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        one.until(SoundStatus.READY)
        until = boot_ns() + 3600 * SECOND
        one.player.play([Entry(5, "count")])
        one.player.lease(until)
        one.player.set_mute(True)
        one.player.set_volume(40)
        first = one.process.pid
        assert first
        os.kill(first, signal.SIGTERM)
        one.until(SoundStatus.LOST)
        assert "ended" in one.player.detail
        one.until(SoundStatus.READY)
        assert one.process.pid != first
        one.until_told(5)
        assert one.lives()[1] == [
            {"is": "volume", "percent": 40},
            {"is": "mute", "on": True},
            PREPARE,
            {"is": "lease", "until": until},
            {"is": "track", "cues": [[5, "count", "", []]]},
        ]


def test_a_lease_that_ran_out_is_not_passed_to_the_successor(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        one.until(SoundStatus.READY)
        one.player.play([Entry(5, "backward")])
        one.player.lease(boot_ns() - 1)
        assert one.process.pid
        os.kill(one.process.pid, signal.SIGTERM)
        one.until(SoundStatus.LOST)
        one.until(SoundStatus.READY)
        one.player.set_volume(5)
        one.until_told(4)
        assert one.lives()[1] == [
            {"is": "volume", "percent": 70},
            {"is": "mute", "on": False},
            PREPARE,
            {"is": "volume", "percent": 5},
        ]


def test_a_process_that_dies_says_why(tmp_path: Path) -> None:
    with bench(tmp_path, DYING, "") as one:
        one.until(SoundStatus.LOST)
        wait_until(lambda: "out of breath" in one.player.detail, one.player.poll)


def test_if_the_process_cannot_be_started_sound_is_lost(tmp_path: Path) -> None:
    player = ProcessPlayer(command=[str(tmp_path / "no such program")])
    player.start()
    assert player.status is SoundStatus.LOST
    player.poll()
    player.close()


def test_a_refusal_is_reported_and_not_tried_again(tmp_path: Path) -> None:
    with bench(tmp_path, ECHO + "\n", REFUSED) as one:
        one.until_told(5)
        assert one.process.pid
        os.kill(one.process.pid, signal.SIGTERM)
        one.until(SoundStatus.LOST)
        assert "it would crash" in one.player.detail
        one.clock.ahead += 60 * SECOND
        one.player.poll()
        assert one.process.pid is None


def test_the_device_is_named_even_if_reported_late(tmp_path: Path) -> None:
    with bench(tmp_path, ECHO, READY + OPENED) as one:
        wait_until(lambda: "fake: ear" in one.player.detail, one.player.poll)
        assert one.player.status is SoundStatus.READY


def test_a_process_that_keeps_dying_is_restarted_with_pauses() -> None:
    now = 10 * SECOND
    command = [sys.executable, "-c", DYING, "", ""]
    player = ProcessPlayer(clock=lambda: now, command=command)

    def pids() -> tuple[int | None, int | None]:
        """After the current process has died: its successor at once, and a little later."""
        nonlocal now
        wait_until(lambda: player.pid is None, player.poll)
        player.poll()
        soon = player.pid
        now += 2 * SECOND
        player.poll()
        return soon, player.pid

    player.start()
    try:
        soon, later = pids()
        assert soon is None
        assert later is not None
        # This one lives long.
        now += 60 * SECOND
        soon, _ = pids()
        assert soon is not None
    finally:
        player.close()


def test_a_lost_device_is_reported_and_ready_again_when_reopened(tmp_path: Path) -> None:
    with bench(tmp_path, ECHO, OPENED + READY + LOST) as one:
        one.until(SoundStatus.LOST)
        assert "pulled out" in one.player.detail
    with bench(tmp_path, ECHO, OPENED + READY + LOST + OPENED + READY) as one:
        wait_until(lambda: one.player.status is SoundStatus.READY, one.player.poll)


def test_a_silent_process_is_replaced(tmp_path: Path) -> None:
    with bench(tmp_path, DEAF) as one:
        one.until(SoundStatus.READY)
        first = one.process.pid
        for _ in range(STUCK // SECOND * 2 + 1):
            one.clock.ahead += SECOND // 2
            one.player.poll()
        assert one.player.status is SoundStatus.LOST
        assert "hangs" in one.player.detail
        one.clock.ahead += SECOND
        one.until(SoundStatus.READY)
        assert one.process.pid != first


def test_our_own_stall_is_not_taken_for_the_processs(tmp_path: Path) -> None:
    with bench(tmp_path, DEAF) as one:
        one.until(SoundStatus.READY)
        first = one.process.pid
        one.clock.ahead += 60 * SECOND
        one.player.poll()
        assert one.player.status is SoundStatus.READY
        assert one.process.pid == first


def test_a_full_pipe_never_blocks(tmp_path: Path) -> None:
    with bench(tmp_path, DEAF) as one:
        one.until(SoundStatus.READY)
        track = [Entry(number, "count") for number in range(300)]
        longest = 0.0
        for _ in range(600):
            began = monotonic()
            one.player.play(track)
            longest = max(longest, monotonic() - began)
            if one.player.status is SoundStatus.LOST:
                break
        assert one.player.status is SoundStatus.LOST
        assert longest < 1.0
        began = monotonic()
    assert monotonic() - began < 1.5


def test_closing_a_process_that_does_not_exit_takes_limited_time(tmp_path: Path) -> None:
    with bench(tmp_path, DEAF) as one:
        one.until(SoundStatus.READY)
        pid = one.process.pid
        assert pid
        began = monotonic()
        one.player.close()
        assert monotonic() - began < 1.5
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_the_bell_rings_only_while_sound_is_lost(tmp_path: Path) -> None:
    with bench(tmp_path, ECHO, OPENED + READY) as one:
        one.until(SoundStatus.READY)
        one.player.play([Entry(one.clock(), "turn")])
        one.player.poll()
        assert one.rings == 0
    with bench(tmp_path, ECHO, LOST) as one:
        one.until(SoundStatus.LOST)
        one.player.play([Entry(one.clock(), "turn")])
        one.player.poll()
        assert one.rings == 1


def test_unknown_output_is_shown_beside_the_device(tmp_path: Path) -> None:
    with bench(tmp_path, ECHO, OPENED + "gibberish\n" + READY) as one:
        one.until(SoundStatus.READY)
        assert one.player.detail.startswith("miniaudio, fake: ear")
        assert "gibberish" in one.player.detail


def test_the_real_player_plays_on_time_without_a_device() -> None:
    played: list[Played] = []
    player = ProcessPlayer(
        command=player_command("miniaudio", "null"),
        listen=lambda report: played.append(report) if isinstance(report, Played) else None,
    )
    player.start()
    try:
        wait_until(lambda: player.status is SoundStatus.READY, player.poll)
        assert player.detail.startswith("miniaudio, Null: ")
        first = now_ns() + 300 * MILLISECOND
        dues = [first + number * 100 * MILLISECOND for number in range(5)]
        player.play([Entry(due, "count") for due in dues])
        wait_until(lambda: len(played) == 5, player.poll)
        assert [report.due for report in played] == dues
        assert all(abs(report.actual - report.due) < MILLISECOND for report in played)
    finally:
        player.close()


class Ringing:
    """A bell player with its own clock, which notes when it rings (ms)."""

    def __init__(self) -> None:
        self.now = 0
        self.rings: list[int] = []
        self.player = BellPlayer(
            lambda: self.rings.append(self.now // MILLISECOND), lambda: self.now
        )
        self.player.start()

    def run(self, milliseconds: int, step: int = 50) -> list[int]:
        for _ in range(0, milliseconds, step):
            self.player.poll()
            self.now += step * MILLISECOND
        return self.rings


def at(milliseconds: int) -> int:
    return milliseconds * MILLISECOND


def test_directions_differ_in_their_rings() -> None:
    assert Ringing().player.status is SoundStatus.READY
    one = Ringing()
    one.player.play(
        [Entry(at(100), "backward"), Entry(at(2000), "forward"), Entry(at(3000), "/s.wav", "turn")]
    )
    assert one.run(4000) == [100, 400, 700, 2000, 2300, 3000]


@pytest.mark.parametrize("cue", ["count", "last", "heartbeat", "half", "/own.wav"])
def test_small_cues_do_not_ring(cue: str) -> None:
    one = Ringing()
    one.player.play([Entry(at(100), cue)])
    assert one.run(1000) == []


def test_a_sentence_does_not_ring_even_with_the_name_of_a_cue() -> None:
    one = Ringing()
    one.player.play([Entry(at(100), "backward", words=("/words/backward.flac",))])
    assert one.run(1000) == []


def test_a_late_cue_does_not_ring() -> None:
    one = Ringing()
    one.player.play([Entry(at(100), "turn"), Entry(at(5000), "turn")])
    one.now = at(501)
    assert one.run(1000) == []
    one.now = at(5100)
    assert one.run(1000) == [5100]


def test_mute_volume_lease_and_close_silence_the_bell() -> None:
    track = [Entry(at(100), "turn"), Entry(at(1100), "turn")]
    silences: list[Callable[[BellPlayer], None]] = [
        lambda player: player.set_mute(True),
        lambda player: player.set_volume(0),
        lambda player: player.lease(at(1050)),
        lambda player: player.play([]),
        lambda player: player.close(),
    ]
    for silence in silences:
        one = Ringing()
        one.player.play(track)
        one.run(1000)
        silence(one.player)
        assert one.run(1000) == [100]


def test_the_silent_player_accepts_everything() -> None:
    player: Player = SilentPlayer()
    player.start()
    player.play([Entry(0, "alarm")])
    player.lease(0)
    player.set_volume(100)
    player.set_mute(False)
    player.poll()
    assert player.status is SoundStatus.OFF
    player.close()


def test_every_back_end_in_the_config_has_its_player() -> None:
    def layers(player: Player) -> list[type]:
        inner = layers(player.player) if isinstance(player, PlayerWrapper) else []
        return [type(player), *inner]

    kinds = {
        name: layers(create(name, ring=lambda: None))
        for name in ("auto", "miniaudio", "simpleaudio", "bell", "off")
    }
    assert kinds == {
        "auto": [RingingPlayer, OwnSoundsPlayer, ProcessPlayer],
        "miniaudio": [RingingPlayer, OwnSoundsPlayer, ProcessPlayer],
        "simpleaudio": [RingingPlayer, OwnSoundsPlayer, FallbackPlayer, ProcessPlayer],
        "bell": [BellPlayer],
        "off": [SilentPlayer],
    }
    with pytest.raises(ValueError, match="'drum'"):
        create("drum", ring=lambda: None)
