"""The audition under a fake clock: what is said when, and what is played."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotimer.audio.bank import SoundError
from retrotimer.audio.players.bell import BellPlayer
from retrotimer.audio.players.silent import SilentPlayer
from retrotimer.audio.protocol import Opened, Played, Ready
from retrotimer.audio.status import SoundStatus
from retrotimer.core.cue_ids import MEANING, CueId
from retrotimer.plain.sound_demo import OPENING, PAUSE, SoundDemo, lines
from tests.support.runner_world import MS, FakeClock, RecordingPlayer
from tests.support.sound_files import write_wav


class Stage:
    """An audition with all that it said, and when (ms)."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.said: list[tuple[int, str]] = []
        self.complaints: list[str] = []
        self.check = SoundDemo(self._say, self.complaints.append, self.clock.sound_ns, self._wait)
        self.loses_at = 10**9

    def _say(self, text: str) -> None:
        self.said.append((self.clock.ms, text))

    def _wait(self, seconds: float) -> None:
        self.clock.advance(round(seconds * 1000))

    def device(self) -> None:
        """What a process reports when it opens its device."""
        self.check.hear(Opened("PulseAudio", "Speaker", 48_000, 50))
        self.check.hear(Ready(50.0, 0.1))


class Device(RecordingPlayer):
    """A player whose device reports each cue as played, but those in `deaf_to`."""

    def __init__(self, stage: Stage, deaf_to: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._stage = stage
        self._deaf_to = deaf_to
        self.lost_from = 10**9

    def poll(self) -> None:
        if self._stage.clock.ms >= self.lost_from:
            self.status, self.detail = SoundStatus.LOST, "the device has gone"
        for due, sound, *_ in self.tracks[-1] if self.tracks else []:
            if due <= self._stage.clock.sound_ns() and sound not in self._deaf_to:
                self._stage.check.hear(Played(sound, due, due))


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_line_tells_name_length_meaning_and_file(tmp_path: Path) -> None:
    own = write_wav(tmp_path / "horn.wav", seconds=0.25)
    both = lines([CueId.FORWARD, CueId.COUNT], {CueId.FORWARD: own})
    assert [str(line).split() for line in both] == [
        ["forward", "250", "ms", "GO", "forward", str(own)],
        ["count", "150", "ms", "three,", "two,", "one", "built-in"],
    ]
    assert max(len(str(line)) for line in lines(list(CueId), {})) < 80


def test_a_file_that_cannot_be_played_is_named(tmp_path: Path) -> None:
    with pytest.raises(SoundError, match=r"none\.wav"):
        lines([CueId.FORWARD], {CueId.FORWARD: tmp_path / "none.wav"})


def test_every_cue_is_told_when_it_is_heard(stage: Stage) -> None:
    stage.device()
    player = Device(stage)
    shown = lines(list(CueId), {})
    assert stage.check.run(player, shown, 70)
    head, told = stage.said[:5], stage.said[5:]
    assert [text.split()[0] for _, text in head] == [
        "back", "device", "buffer", "latency", "volume",
    ]  # fmt: skip
    assert "Speaker" in head[1][1]
    assert head[2][1].endswith(" 50 ms")
    assert head[4][1].endswith(" 70 %")
    track = player.tracks[0]
    assert [cue for _, cue, *_ in track] == list(CueId)
    for (at, text), (due, cue, *_) in zip(told, track, strict=True):
        assert text.startswith(cue)
        assert MEANING[CueId(cue)] in text
        # The buffer's 50 ms later, to one look.
        assert 50 <= at - due // MS < 80
    for line, (due, *_), (after, *_) in zip(shown, track, track[1:], strict=False):
        assert after - due == line.ms * MS + PAUSE
    # The last one was heard out, then all is closed.
    assert stage.clock.ms - track[-1][0] // MS > shown[-1].ms
    assert player.closed
    assert not stage.complaints


def test_a_lost_device_is_told_and_nothing_more(stage: Stage) -> None:
    player = Device(stage)
    player.lost_from = stage.clock.ms + 3_000
    assert not stage.check.run(player, lines(list(CueId), {}), 80)
    assert [text.split()[0] for _, text in stage.said if "built-in" in text] == ["alarm"]
    assert stage.complaints == ["no sound: the device has gone"]
    assert player.closed


def test_a_device_that_never_opens_is_given_up(stage: Stage) -> None:
    player = RecordingPlayer(status=SoundStatus.STARTING, detail="it opens and opens")
    began = stage.clock.ms
    assert not stage.check.run(player, lines([CueId.COUNT], {}), 80)
    assert stage.complaints == ["no sound: it opens and opens"]
    assert OPENING // MS <= stage.clock.ms - began < OPENING // MS + 100
    assert player.tracks == [[]]


def test_a_cue_that_the_device_never_played_is_told(stage: Stage) -> None:
    stage.device()
    shown = lines([CueId.COUNT, CueId.TURN, CueId.LAST], {})
    assert not stage.check.run(Device(stage, deaf_to=("turn",)), shown, 80)
    assert stage.complaints == ["not played: turn"]


def test_at_volume_0_it_says_why_nothing_is_heard(stage: Stage) -> None:
    stage.check.run(Device(stage), lines([CueId.COUNT], {}), 0)
    assert any("nothing will be heard" in text for _, text in stage.said)


def test_the_bell_rings_as_often_as_is_said(stage: Stage) -> None:
    rings: list[int] = []
    player = BellPlayer(lambda: rings.append(stage.clock.ms), stage.clock.sound_ns)
    assert stage.check.run(player, lines([CueId.BACKWARD, CueId.COUNT, CueId.TURN], {}), 80)
    told = [(at, text) for at, text in stage.said if " ms " in text]
    assert [text.rpartition("  ")[2] for _, text in told] == ["3 rings", "no ring", "1 ring"]
    assert max(len(text) for _, text in told) < 80
    assert len(rings) == 4
    assert rings[2] < told[1][0] < told[2][0] <= rings[3]


def test_sound_that_is_off_is_said_to_be(stage: Stage) -> None:
    assert stage.check.run(SilentPlayer(), lines([CueId.COUNT], {}), 80)
    assert "off" in stage.said[0][1]
    assert stage.said[1][1].startswith("count")


def test_ctrl_c_silences_at_once(stage: Stage) -> None:
    player = Device(stage)

    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    check = SoundDemo(lambda _: None, lambda _: None, stage.clock.sound_ns, interrupted)
    with pytest.raises(KeyboardInterrupt):
        check.run(player, lines([CueId.REST], {}), 80)
    assert [cue for _, cue, *_ in player.tracks[0]] == ["rest"]
    assert player.tracks[1:] == [[]]
    assert player.closed


def test_a_replaced_back_end_is_told(stage: Stage) -> None:
    stage.device()
    player = Device(stage)
    player.note = "using miniaudio instead of simpleaudio"
    assert stage.check.run(player, lines([CueId.COUNT], {}), 80)
    assert stage.complaints == ["using miniaudio instead of simpleaudio"]
