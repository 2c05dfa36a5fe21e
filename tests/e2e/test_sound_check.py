"""The sound check of the real program, recorded at a sound server."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from program import CONFIG, Home
from pulse import PulseServer

from retrotimer.soundcheck import HOLD_OFF

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

from cases import sound
from terminal import opened

pytestmark = [pytest.mark.pty, pytest.mark.sound]

WITH_SOUND = CONFIG.replace("checklist = false", "").replace('backend = "off"', "volume = 50")
ASKED = "HEARD IT OVER THE BELT?"
LINES = "enter: yes, go on"


@pytest.mark.parametrize("plain", [False, True], ids=["screen", "lines"])
def test_it_plays_go_backward_and_louder_is_louder(
    pulse: PulseServer, tmp_path: Path, plain: bool
) -> None:
    home = Home.make(tmp_path, WITH_SOUND)
    args = ("run", "Eager", *(["--plain"] if plain else []))
    with pulse.recorder() as recorder, opened(home, *args, env=sound(pulse)) as terminal:
        terminal.read("THE SOUND OVER THE BELT")
        # What was just shown takes no key; one press has to do, as a second would say yes.
        terminal.wait(HOLD_OFF / 1000)
        terminal.press(b"\r")
        terminal.see(ASKED)
        terminal.press(b"\x1b[A")
        terminal.see("volume 60 %")
        # Asked anew, once it has sounded again.
        if plain:
            terminal.until(lambda: terminal.whole.count(LINES) == 2, "the question again")
        else:
            terminal.until(lambda: ASKED not in terminal.text, "the cue again")
            terminal.see(ASKED)
        terminal.press(b"\r")
        terminal.see("enter starts")
        terminal.press(b"\x03")
        assert terminal.end() == 130
        recording = recorder.stop()
    first, second = recording.onsets(gap_ms=300)
    level = {}
    for name, begin in (("soft", first), ("loud", second)):
        part = recording.samples[int(begin * 48_000) : int((begin + 1.3) * 48_000)]
        level[name] = max(abs(sample) for sample in part)
    # A volume of n percent is a factor of n squared.
    assert level["loud"] / level["soft"] == pytest.approx(0.6**2 / 0.5**2, rel=0.03)
    state = home.session.with_name("state.toml").read_text(encoding="utf-8")
    assert "checked = 20" in state
    assert "volume = 60" in state
