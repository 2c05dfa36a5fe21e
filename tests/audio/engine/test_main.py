"""The player process: its state, device keeper and stream, and the real one on a null device."""

from __future__ import annotations

import signal
import subprocess
import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from retrotimer.audio.bank import Bank, builtin
from retrotimer.audio.engine import device_keeper as output_module
from retrotimer.audio.engine import miniaudio as miniaudio_module
from retrotimer.audio.engine.device_keeper import (
    LOOK,
    DeviceKeeper,
    HungError,
    OutputError,
    RefusedError,
)
from retrotimer.audio.engine.main import PlayerState
from retrotimer.audio.engine.miniaudio import (
    BUFFER_MS,
    LOST_BUFFERS,
    START_PATIENCE,
    MiniaudioOutput,
)
from retrotimer.audio.engine.mixer import ALARM_SECONDS
from retrotimer.audio.players.process_handle import player_command
from retrotimer.audio.protocol import (
    Alarm,
    Alive,
    Error,
    Goodbye,
    Lease,
    Lost,
    Mute,
    Opened,
    Played,
    PlayerCommand,
    PlayerReport,
    Prepare,
    ProtocolError,
    Ready,
    Track,
    Volume,
    decode_report,
    encode,
)
from retrotimer.audio.samples import RATE
from retrotimer.audio.schedule import Entry, Scheduler, Score
from retrotimer.core.cue_ids import CueId
from retrotimer.host.clock import MILLISECOND, SECOND, boot_ns, now_ns


class TestPlayerState:
    def state(self) -> PlayerState:
        return PlayerState(lambda _: None, clock=lambda: 500)

    def test_commands_make_the_score(self) -> None:
        wanted: list[Track] = []
        state = PlayerState(wanted.append)
        track = Track((Entry(1, "count"),))
        for command in (track, Lease(7), Volume(30), Mute(True)):
            state.take(encode(command))
        assert state.score == Score(track.cues, lease=7, percent=30, mute=True)
        assert wanted == [track]

    def test_files_to_prepare_are_loaded_but_not_played(self) -> None:
        wanted: list[Track] = []
        state = PlayerState(wanted.append)
        state.take(encode(Prepare(("a.wav", "b.mp3"))))
        assert [cue.sound for track in wanted for cue in track.cues] == ["a.wav", "b.mp3"]
        assert state.score == Score()

    def test_an_invalid_command_changes_nothing(self) -> None:
        state = self.state()
        state.take(encode(Lease(7)))
        before = state.score
        with pytest.raises(ProtocolError):
            state.take(b'{"is":"lease","until":"never"}')
        assert state.score is before

    def test_goodbye_ends_without_an_alarm(self) -> None:
        state = self.state()
        state.take(encode(Track((Entry(1, "count"),))))
        state.take(encode(Lease(400)))
        state.take(encode(Goodbye()))
        state.hang_up()
        assert state.score == Score()
        assert state.over(500)

    def test_a_broken_pipe_without_a_lease_ends_quietly(self) -> None:
        state = self.state()
        state.hang_up()
        assert state.over(500)
        assert state.score.lease is None

    def test_a_broken_pipe_with_a_lease_means_the_alarm_now(self) -> None:
        state = self.state()
        state.take(encode(Lease(10**12)))
        state.hang_up()
        assert state.score.lease == 500
        assert not state.over(500)
        assert not state.over(500 + ALARM_SECONDS * SECOND)
        assert state.over(501 + ALARM_SECONDS * SECOND)

    def test_a_renewal_during_the_alarm_keeps_the_process_alive(self) -> None:
        state = self.state()
        state.take(encode(Lease(1000)))
        late = 1001 + ALARM_SECONDS * SECOND
        assert not state.over(1000)
        state.take(encode(Lease(late + 1)))
        assert not state.over(late)
        assert not state.over(late + 1)
        assert state.over(late + late)

    def test_a_long_sleep_of_the_machine_does_not_use_up_the_alarm(self) -> None:
        state = self.state()
        state.take(encode(Lease(1000)))
        assert not state.over(3600 * SECOND)


class FakeOutput:
    def __init__(self, *, fail: Exception | None = None, hang: Event | None = None) -> None:
        self.fail = fail
        self.hang = hang
        self.lost: str | None = None
        self.closed = False
        self.look_at = 0

    def open(self) -> Opened:
        if self.hang:
            self.hang.wait(20)
        if self.fail:
            raise self.fail
        return Opened("fake", "ear", 48_000, 50)

    def trouble(self, _now: int) -> str | None:
        return self.lost

    def close(self) -> None:
        self.closed = True


class TestDeviceKeeper:
    def keeper(self, *outputs: FakeOutput) -> tuple[DeviceKeeper, list[PlayerReport]]:
        reports: list[PlayerReport] = []
        queue = list(outputs)
        return DeviceKeeper(lambda: queue.pop(0), reports.append), reports

    def settle(self, keeper: DeviceKeeper, now: int) -> None:
        keeper.tick(now)
        job = keeper._job
        if job is not None:
            job.join(5)

    def test_a_lost_device_is_closed_and_reopened(self) -> None:
        first, second = FakeOutput(), FakeOutput()
        keeper, reports = self.keeper(first, second)
        opened = first.open()
        self.settle(keeper, 0)
        self.settle(keeper, SECOND)
        assert reports == [opened]
        first.lost = "gone"
        self.settle(keeper, 2 * SECOND)
        assert first.closed
        self.settle(keeper, 2 * SECOND + output_module.RETRY - 1)
        assert reports == [opened, Lost("gone")]
        self.settle(keeper, 2 * SECOND + output_module.RETRY)
        assert reports == [opened, Lost("gone"), opened]

    def test_the_same_reason_is_reported_once(self) -> None:
        keeper, reports = self.keeper(
            FakeOutput(fail=OutputError("none")),
            FakeOutput(fail=OutputError("none")),
            FakeOutput(fail=OutputError("busy")),
        )
        for second in range(3):
            self.settle(keeper, second * SECOND)
        assert reports == [Lost("none"), Lost("busy")]

    def test_after_an_unexpected_error_opening_is_tried_again(self) -> None:
        odd, good = FakeOutput(fail=UnicodeError("odd name")), FakeOutput()
        keeper, reports = self.keeper(odd, good)
        self.settle(keeper, 0)
        assert odd.closed
        assert isinstance(reports[0], Lost)
        assert "odd name" in reports[0].reason
        self.settle(keeper, SECOND)
        assert reports[1:] == [good.open()]

    def test_a_refusal_is_final(self) -> None:
        keeper, _ = self.keeper(FakeOutput(fail=RefusedError("never")))
        self.settle(keeper, 0)
        with pytest.raises(RefusedError, match="never"):
            keeper.tick(SECOND)

    def test_an_open_that_hangs_is_reported_and_then_given_up(self) -> None:
        let_go = Event()
        keeper, reports = self.keeper(FakeOutput(hang=let_go))
        keeper.tick(0)
        keeper.tick(output_module.SLOW_OPEN)
        assert reports == []
        keeper.tick(output_module.SLOW_OPEN + 1)
        assert isinstance(reports[0], Lost)
        with pytest.raises(HungError):
            keeper.tick(output_module.HUNG_OPEN + 1)
        keeper.stop(0)
        let_go.set()
        assert keeper._job
        keeper._job.join(5)

    def test_stop_closes_the_device(self) -> None:
        output = FakeOutput()
        keeper, _ = self.keeper(output)
        self.settle(keeper, 0)
        keeper.stop(5)
        assert output.closed


class TestStream:
    def stream(self, score: Score) -> tuple[MiniaudioOutput, list[PlayerReport]]:
        reports: list[PlayerReport] = []
        bank = Bank(lambda reason: reports.append(Error(reason)))
        return MiniaudioOutput(lambda: score, bank, Scheduler(), reports.append), reports

    def test_an_error_in_a_buffer_becomes_silence_and_a_report(self) -> None:
        broken = Score((Entry(now_ns(), "count"),), percent="loud")  # type: ignore[arg-type]
        stream, reports = self.stream(broken)
        feed = stream._feed()
        next(feed)
        for _ in range(3):
            assert feed.send(480) == array("h", bytes(960))
        assert len(reports) == 1
        assert isinstance(reports[0], Error)
        assert stream._mixer.position == 3 * 480

    def test_silence_of_the_device_is_noticed_but_not_our_own(self) -> None:
        stream, _ = self.stream(Score())
        feed = stream._feed()
        next(feed)
        feed.send(2400)
        late = stream._last_request + START_PATIENCE + 1
        assert stream.trouble(late) is None
        for _ in range(4):
            late += LOOK
            assert stream.trouble(late) is None
        assert stream.trouble(late + LOOK)
        feed.send(2400)
        assert stream.trouble(late + LOOK) is None

    def test_looking_only_when_it_is_due_notices_a_silence_just_as_soon(self) -> None:
        stream, _ = self.stream(Score())
        feed = stream._feed()
        next(feed)
        stream._ready = True
        for _ in range(3):
            feed.send(2400)
            now = stream._last_request
            assert stream.trouble(now) is None
        patience = LOST_BUFFERS * BUFFER_MS * MILLISECOND
        looks = 0
        while not stream.trouble(now):
            assert stream.look_at > now
            now = stream.look_at
            looks += 1
        assert looks == 2
        assert patience < now - stream._last_request <= patience + LOOK

    def test_a_process_that_was_stopped_looks_again_before_it_calls_a_device_lost(self) -> None:
        stream, _ = self.stream(Score())
        feed = stream._feed()
        next(feed)
        stream._ready = True
        feed.send(2400)
        now = stream._last_request
        assert stream.trouble(now) is None
        now += 3600 * SECOND
        for _ in range(LOST_BUFFERS - 1):
            assert stream.trouble(now) is None
            assert stream.trouble(now + 1) is None
            now = stream.look_at
        assert stream.trouble(now)

    @pytest.mark.parametrize("silent", [0, 1, 19, 20, 21, 50])
    def test_a_cue_after_any_length_of_silence_is_exact(
        self, silent: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Silent buffers take little work, but the place of the stream must not be lost."""
        clock = [3600 * SECOND]
        monkeypatch.setattr(miniaudio_module, "now_ns", lambda: clock[0])
        monkeypatch.setattr(miniaudio_module, "boot_ns", lambda: clock[0])
        reports: list[PlayerReport] = []
        bank = Bank(lambda reason: reports.append(Error(reason)))
        score = [Score()]
        stream = MiniaudioOutput(lambda: score[0], bank, Scheduler(), reports.append)
        feed = stream._feed()
        next(feed)

        def play(buffers: int) -> int:
            """How many of the next buffers are not silent."""
            loud = 0
            for _ in range(buffers):
                clock[0] += BUFFER_MS * MILLISECOND
                loud += any(feed.send(BUFFER_MS * RATE // 1000))
            return loud

        length = -(-len(builtin(CueId.COUNT)) * 1000 // (RATE * BUFFER_MS))
        assert play(60 + silent) == 0
        assert [type(report) for report in reports] == [Ready]
        due = clock[0] + 333 * MILLISECOND
        score[0] = Score((Entry(due, "count"),), lease=clock[0] + 5 * SECOND)
        assert 0 < play(90) <= length + 1
        (played,) = [report for report in reports if isinstance(report, Played)]
        assert abs(played.actual - due) <= SECOND // RATE
        assert play(40) > 20
        assert [type(report) for report in reports] == [Ready, Played, Alarm]

    def test_a_stall_after_the_start_is_borne(self) -> None:
        stream, _ = self.stream(Score())
        feed = stream._feed()
        next(feed)
        feed.send(2400)
        now = stream._last_request + START_PATIENCE
        assert not any(stream.trouble(now) for _ in range(20))


@contextmanager
def real_child() -> Iterator[tuple[subprocess.Popen[bytes], list[PlayerReport]]]:
    """A player process on miniaudio's null device; the list collects its reports."""
    reports: list[PlayerReport] = []
    with subprocess.Popen(
        player_command("miniaudio", "null"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as child:
        try:
            yield child, reports
        finally:
            child.kill()


def tell(child: subprocess.Popen[bytes], *commands: PlayerCommand) -> None:
    assert child.stdin is not None
    for command in commands:
        child.stdin.write(encode(command))
    child.stdin.flush()


def hear(
    child: subprocess.Popen[bytes], reports: list[PlayerReport], kind: type[PlayerReport]
) -> PlayerReport:
    """Read reports up to the next of a kind."""
    assert child.stdout is not None
    for line in child.stdout:
        report = decode_report(line)
        if not isinstance(report, Alive):
            reports.append(report)
        if isinstance(report, kind):
            return report
    raise EOFError(f"no {kind.__name__}")


class TestRealProcess:
    def test_it_opens_becomes_ready_plays_on_time_and_exits(self) -> None:
        with real_child() as (child, reports):
            hear(child, reports, Ready)
            due = now_ns() + 400 * MILLISECOND
            tell(child, Track((Entry(due, "count"),)))
            played = hear(child, reports, Played)
            assert isinstance(played, Played)
            assert abs(played.actual - due) < MILLISECOND
            tell(child, Goodbye())
            assert child.wait(5) == 0
            assert child.stderr is not None
            assert child.stderr.read() == b""
        assert [type(report) for report in reports] == [Opened, Ready, Played]

    def test_it_survives_invalid_commands_and_the_terminals_signals(self) -> None:
        with real_child() as (child, reports):
            hear(child, reports, Opened)
            for name in ("SIGINT", "SIGTSTP", "SIGHUP"):
                if hasattr(signal, name):
                    child.send_signal(getattr(signal, name))
            assert child.stdin is not None
            child.stdin.write(b"\xff\n{}\n" + encode(Volume(50)))
            child.stdin.flush()
            for _ in range(2):
                error = hear(child, reports, Error)
                assert isinstance(error, Error)
                assert not error.fatal
            hear(child, reports, Ready)
            assert child.poll() is None

    def test_when_the_lease_runs_out_there_is_an_alarm_and_no_go(self) -> None:
        with real_child() as (child, reports):
            hear(child, reports, Ready)
            now = now_ns()
            go = Entry(now + 600 * MILLISECOND, "backward")
            tell(child, Track((go,)), Lease(boot_ns() + 300 * MILLISECOND))
            hear(child, reports, Alarm)
            assert now_ns() >= now + 200 * MILLISECOND
            tell(child, Lease(None), Track((Entry(now_ns() + 400 * MILLISECOND, "pause"),)))
            hear(child, reports, Played)
            assert [report.sound for report in reports if isinstance(report, Played)] == ["pause"]

    def test_a_broken_pipe_with_a_lease_sounds_the_alarm_at_once(self) -> None:
        with real_child() as (child, reports):
            hear(child, reports, Ready)
            tell(child, Lease(boot_ns() + 3600 * SECOND))
            assert child.stdin is not None
            child.stdin.close()
            hear(child, reports, Alarm)
            assert child.poll() is None

    def test_a_broken_pipe_without_a_lease_ends_it(self) -> None:
        with real_child() as (child, reports):
            hear(child, reports, Opened)
            assert child.stdin is not None
            child.stdin.close()
            assert child.wait(5) == 0

    def test_it_keeps_playing_when_nobody_reads_its_reports(self) -> None:
        with real_child() as (child, reports):
            hear(child, reports, Opened)
            assert child.stdout is not None
            child.stdout.close()
            tell(child, Lease(None), Goodbye())
            assert child.wait(5) == 0

    def test_modules_in_the_current_folder_are_not_imported(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        for name in ("json", "wave", "queue"):
            (tmp_path / f"{name}.py").write_text("raise SystemExit('hijacked')")
        with real_child() as (child, reports):
            hear(child, reports, Opened)

    def test_the_module_can_be_started_by_name(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "retrotimer.audio.engine.main", "miniaudio", "null"],
            input=encode(Goodbye()),
            capture_output=True,
            timeout=20,
            check=True,
        )
        assert done.stderr == b""

    def test_it_loads_neither_textual_nor_rich(self) -> None:
        code = (
            "import sys; import retrotimer.audio.engine.main, retrotimer.audio.engine.miniaudio, "
            "retrotimer.audio.engine.simpleaudio, retrotimer.audio.players.process; "
            "sys.exit(bool({'textual', 'rich', 'asyncio'} & set(sys.modules)))"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
