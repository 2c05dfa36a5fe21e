"""The sound check of the real program, recorded at a sound server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from retrotimer.audio.bank import builtin
from retrotimer.core.cue_ids import CueId
from retrotimer.run.soundcheck import HOLD_OFF
from tests.support.program import CONFIG, Home
from tests.support.sound_server import PulseServer

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from tests.support.joint_cases import sound
from tests.support.terminal_user import opened

pytestmark = [pytest.mark.pty, pytest.mark.sound]

WITH_SOUND = CONFIG.replace("checklist = false", "").replace('backend = "off"', "volume = 50")
ASKED = "HEARD IT OVER THE BELT?"
LINES = "enter: yes, go on"


@pytest.mark.parametrize(
    "plain",
    [
        # By day tests/tui/test_checklist.py goes through it, without a terminal.
        pytest.param(False, id="screen", marks=pytest.mark.nightly),
        pytest.param(True, id="lines"),
    ],
)
def test_it_plays_go_backward_and_again_when_it_is_made_louder(
    pulse: PulseServer, tmp_path: Path, plain: bool
) -> None:
    home = Home.make(tmp_path, WITH_SOUND)
    args = ("run", "Eager", *(["--plain"] if plain else []))
    with pulse.recorder() as recorder, opened(home, *args, env=sound(pulse)) as terminal:
        terminal.read("SOUND CHECK")
        # What was just shown takes no key; one press has to do, as a second would say yes.
        terminal.wait(HOLD_OFF / 1000)
        terminal.press(b"\r")
        terminal.see(ASKED)
        recorder.until_loud()
        recorder.until_quiet(0.5)
        once = len(recorder.recording.samples)
        terminal.press(b"\x1b[A")
        terminal.see("volume 60 %")
        # Asked anew, once it has sounded again.
        if plain:
            terminal.until(lambda: terminal.whole.count(LINES) == 2, "the question again")
        else:
            terminal.until(lambda: ASKED not in terminal.text, "the cue again")
            terminal.see(ASKED)
        recorder.until_loud(since=once)
        terminal.press(b"\r")
        terminal.see("enter starts")
        terminal.press(b"\x03")
        assert terminal.end() == 130
        recording = recorder.stop()
    # How much louder it is: test_sound_keys, to the sample tests/audio/engine/test_mixer.py.
    assert recording.holds(builtin(CueId.BACKWARD)) > recording.holds(builtin(CueId.FORWARD))
    state = home.session.with_name("state.toml").read_text(encoding="utf-8")
    assert "checked = 20" in state
    assert "volume = 60" in state
