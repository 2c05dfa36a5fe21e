"""The simpleaudio back end: when it is refused, and how it plays, with a stand-in library."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from retrotimer.audio.bank import Bank, builtin
from retrotimer.audio.engine import simpleaudio
from retrotimer.audio.engine.device_keeper import OutputError, RefusedError
from retrotimer.audio.engine.mixer import alarm_gain, scaled
from retrotimer.audio.engine.simpleaudio import SimpleaudioOutput, refusal
from retrotimer.audio.protocol import Alarm, Opened, Played, PlayerReport, Ready
from retrotimer.audio.schedule import Entry, Scheduler, Score
from retrotimer.core.cue_ids import CueId
from retrotimer.host.clock import MILLISECOND, SECOND, now_ns
from tests.support.waiting import wait_until


@pytest.mark.parametrize(
    ("version", "distributions", "words"),
    [
        ((3, 11), set(), "not installed"),
        ((3, 11), {"simpleaudio"}, None),
        ((3, 11), {"simpleaudio-patched"}, None),
        ((3, 12), {"simpleaudio-patched"}, None),
        ((3, 13), set(), "not installed"),
        ((3, 12), {"simpleaudio"}, "crashes Python 3.12"),
        ((3, 13), {"simpleaudio"}, "install simpleaudio-patched"),
        ((3, 13), {"simpleaudio", "simpleaudio-patched"}, "--force-reinstall"),
    ],
)
def test_the_unpatched_package_is_refused_where_it_crashes(
    version: tuple[int, int], distributions: set[str], words: str | None
) -> None:
    reason = refusal(version, distributions.__contains__)
    if words is None:
        assert reason is None
    else:
        assert reason
        assert words in reason


class Sound:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.playing = True

    def is_playing(self) -> bool:
        return self.playing

    def stop(self) -> None:
        self.playing = False


class StandIn(ModuleType):
    """The part of simpleaudio that is used."""

    class SimpleaudioError(Exception):
        pass

    def __init__(self) -> None:
        super().__init__("simpleaudio")
        self.sounds: list[Sound] = []
        self.broken = False

    def play_buffer(self, data: bytes, channels: int, width: int, rate: int) -> Sound:
        assert (channels, width, rate) == (1, 2, 48_000)
        if self.broken:
            raise self.SimpleaudioError("Error opening it. -- CODE: -2 -- MSG: no such device")
        self.sounds.append(Sound(data))
        return self.sounds[-1]

    def stop_all(self) -> None:
        for sound in self.sounds:
            sound.stop()


class Bench:
    def __init__(self) -> None:
        self.score = Score()
        self.reports: list[PlayerReport] = []
        bank = Bank(lambda reason: pytest.fail(reason))
        self.output = SimpleaudioOutput(lambda: self.score, bank, Scheduler(), self.reports.append)

    def heard(self, kind: type[PlayerReport]) -> int:
        return sum(isinstance(report, kind) for report in self.reports)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setitem(sys.modules, "simpleaudio", stand_in)
    monkeypatch.setattr(simpleaudio, "refusal", lambda: None)
    return stand_in


def test_cues_are_triggered_cut_off_and_replaced_by_the_alarm(library: StandIn) -> None:
    bench = Bench()
    try:
        assert isinstance(bench.output.open(), Opened)
        assert bench.heard(Ready) == 1
        assert not any(library.sounds[0].data)
        due = now_ns() + 30 * MILLISECOND
        bench.score = Score((Entry(due, "rest"),), lease=due + 60 * SECOND)
        wait_until(lambda: bench.heard(Played))
        played = bench.reports[-1]
        assert isinstance(played, Played)
        assert played.actual >= due
        rest = library.sounds[-1]
        assert rest.data == builtin(CueId.REST).tobytes()
        bench.score = Score((), lease=due + 60 * SECOND)
        wait_until(lambda: not rest.playing)
        bench.score = Score((), lease=now_ns(), percent=10)
        wait_until(lambda: bench.heard(Alarm))
        alarm = library.sounds[-1]
        assert alarm.data.startswith(scaled(builtin(CueId.ALARM), alarm_gain(10)).tobytes())
        bench.score = Score()
        wait_until(lambda: not alarm.playing)
        assert bench.output.trouble(now_ns()) is None
    finally:
        bench.output.close()
    assert not any(sound.playing for sound in library.sounds)


def test_a_users_sound_is_cut_off_by_the_next_cue(library: StandIn) -> None:
    bench = Bench()
    try:
        bench.output.open()
        due = now_ns() + 30 * MILLISECOND
        # The file does not exist, so its cue's built-in sound is played.
        horn = Entry(due, "horn.wav", "forward")
        bench.score = Score((horn, Entry(due + 30 * MILLISECOND, "count")))
        wait_until(lambda: bench.heard(Played) == 2)
        first, second = (sound for sound in library.sounds if any(sound.data))
        assert (first.playing, second.playing) == (False, True)
    finally:
        bench.output.close()


def test_a_sound_that_cannot_be_played_means_a_lost_device(library: StandIn) -> None:
    bench = Bench()
    try:
        bench.output.open()
        library.broken = True
        bench.score = Score((Entry(now_ns(), "count"),))
        wait_until(lambda: bench.output.trouble(now_ns()))
        assert "no such device" in (bench.output.trouble(now_ns()) or "")
    finally:
        bench.output.close()


def test_a_device_that_disappears_during_silence_is_noticed(
    library: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simpleaudio, "_PROBE_EVERY", 0)
    monkeypatch.setattr(simpleaudio, "_PROBE_ROOM", 60 * SECOND)
    bench = Bench()
    try:
        bench.score = Score((Entry(now_ns() + SECOND, "count"),))
        bench.output.open()
        wait_until(lambda: bench.heard(Played))
        # Nothing is played as a probe before the cue or during it.
        first, *_ = library.sounds
        count = next(sound for sound in library.sounds if any(sound.data))
        assert library.sounds == [first, count]
        count.stop()
        wait_until(lambda: len(library.sounds) > 2)
        assert not any(library.sounds[-1].data)
        library.broken = True
        wait_until(lambda: bench.output.trouble(now_ns()))
    finally:
        bench.output.close()


def test_a_lost_device_is_waited_for_but_without_one_at_the_start_it_is_refused(
    library: StandIn,
) -> None:
    library.broken = True
    bench = Bench()
    with pytest.raises(RefusedError, match=r"opened \(no such device\)$"):
        bench.output.open()
    bench.output.close()
    library.broken = False
    bench.output.open()
    bench.output.close()
    library.broken = True
    with pytest.raises(OutputError, match=r"opened \(no such device\)$") as caught:
        bench.output.open()
    assert not isinstance(caught.value, RefusedError)


def test_a_refusal_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simpleaudio, "refusal", lambda: "it would crash")
    bench = Bench()
    with pytest.raises(RefusedError, match="it would crash"):
        bench.output.open()
    bench.output.close()
