"""The keys of the sound in the real program: heard at once, and remembered, but mute never."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import tomli

from retrotimer.audio.bank import builtin
from retrotimer.audio.engine.mixer import gain_of
from retrotimer.core.cue_ids import CueId
from tests.support.program import Home
from tests.support.sound_server import RATE, PulseServer, Recorder

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.support.joint_cases import sound
from tests.support.terminal_user import Terminal, opened

pytestmark = [pytest.mark.pty, pytest.mark.sound]

# A tick each second, soon.
TICKING = """
[cues]
heartbeat = true
flash = false
[safety]
get_ready = "3s"
turn = "10s"
allow_short_turns = true
checklist = false
[[set]]
name = "Out"
steps = [{ backward = "5m", speed = 1.0 }]
"""
LOUDEST = max(map(abs, builtin(CueId.HEARTBEAT)))
ONE_TICK = RATE * 6 // 5
"""So many frames have a whole tick."""


class Ear:
    """Knows at which volume the ticks are, by steps of the keys.

    A tick that the server tore, as it got no time, is softer than it was played: the next one is
    waited for. By how much the volume changes is proved by tests/audio/engine/test_mixer.py.
    """

    def __init__(self, recorder: Recorder, terminal: Terminal) -> None:
        self._recorder = recorder
        self._terminal = terminal

    def hears(self, percent: int) -> None:
        """Wait until a tick is nearer to this volume than to the next ones above and below."""
        softer, louder = (LOUDEST * gain_of(percent + half) >> 15 for half in (-5, 5))
        samples = self._recorder.recording.samples

        def right() -> bool:
            return softer < max(map(abs, samples[-ONE_TICK:]), default=0) < louder

        self._terminal.until(right, f"a tick at {percent} percent")

    def hears_nothing(self) -> None:
        """Wait until nothing has been heard for longer than from one tick to the next."""
        self._recorder.until_quiet(2.2)


def remembered(home: Home) -> dict[str, object]:
    return tomli.loads(home.session.with_name("state.toml").read_text(encoding="utf-8"))


def test_volume_mute_and_voice_act_at_once_and_are_remembered_but_mute_never(
    pulse: PulseServer, tmp_path: Path
) -> None:
    """Line by line; the same keys on the full screen: tests/tui/test_workout_keys.py."""
    home = Home.make(tmp_path, TICKING)

    @contextmanager
    def backward() -> Iterator[tuple[Terminal, Ear]]:
        with opened(home, "run", "out", "--plain", env=sound(pulse)) as terminal:
            terminal.read("enter starts")
            terminal.insist(b"\r", "TURN 10 s, then")
            terminal.read("GO  ▼ BACKWARD")
            yield terminal, Ear(recorder, terminal)
            terminal.interrupt_twice()
            assert terminal.end() == 130

    with pulse.recorder() as recorder:
        with backward() as (terminal, ear):
            # Nothing speaks into the ticks.
            terminal.press(b"v")
            terminal.read("voice off")
            ear.hears(80)
            terminal.press(b"]")
            ear.hears(90)
            terminal.press(b"m")
            terminal.read("! muted")
            ear.hears_nothing()
        assert remembered(home) == {"last_set": "Out", "volume": 90, "voice": False}
        with backward() as (terminal, ear):
            ear.hears(90)
            terminal.press(b"[[")
            terminal.read("volume 70 %")
            ear.hears(70)
            terminal.press(b"v")
            terminal.read("voice on")
            terminal.press(b"m")
            terminal.read("! muted")
    assert remembered(home) == {"last_set": "Out", "volume": 70, "voice": True}


@pytest.mark.parametrize("face", ["screen", pytest.param("lines", marks=pytest.mark.nightly)])
def test_enter_pressed_as_soon_as_the_start_page_is_there_is_taken(
    pulse: PulseServer, tmp_path: Path, face: str
) -> None:
    home = Home.make(tmp_path, TICKING)
    more = ("--plain",) if face == "lines" else ()
    with opened(home, "run", "out", *more, env=sound(pulse)) as terminal:
        terminal.read("enter starts")
        terminal.press(b"\r")
        if face == "lines":
            terminal.read("TURN 10 s, then")
        else:
            terminal.see("TURN · into BACKWARD")
        terminal.interrupt_twice()
        assert terminal.end() == 130
