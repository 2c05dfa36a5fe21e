"""Records a rehearsal from a sound server, and recognises its phases from the recording alone.

The real program runs in a terminal, and enter is pressed wherever a turn waits for it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.report import Figure
from benchmarks.sound import heard
from benchmarks.sound.recorded import Recording, taped
from benchmarks.sound.rehearsal import rehearsed
from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.core.plan import Plan, make_plan
from retrotimer.core.turn import Countdown
from tests.support.joint_cases import sound
from tests.support.program import Home
from tests.support.sound_server import PulseServer
from tests.support.terminal_user import Terminal, opened

SET = "First steps"
RATE = 8
"""The highest rate at which the cues of stages and countdowns do not overlap."""
TALKING_RATE = 4
"""The highest rate at which the voice speaks in between."""
CONFIG = 'cues = { backend = "miniaudio", volume = 100 }\nsafety = { checklist = false }\n'
_PONDER = 1.0
"""Seconds to wait before confirming a turn, so that the cue of the wait is heard."""
_SLACK = 120
"""How long the screen and a key may take on a busy machine, in ms."""


def plan_of(name: str) -> Plan:
    """The plan of a built-in set."""
    return make_plan(next(one for one in BUILTIN_SETS if one.name == name))


def walk(terminal: Terminal, plan: Plan) -> None:
    """Go through a whole workout, pressing the keys it asks for, until its summary."""
    terminal.see("Null Output")
    terminal.insist(b"\r", "GET READY · into")
    for phase in plan:
        if isinstance(phase, Countdown) and phase.confirm:
            terminal.see("PRESS ENTER WHEN READY")
            terminal.wait(_PONDER)
            terminal.press(b"\r")
            terminal.until(lambda: "PRESS ENTER WHEN READY" not in terminal.text)
    terminal.see("rehearsal: not saved")
    terminal.wait(2.0)


def recorded(server: PulseServer, name: str, rate: int) -> Recording:
    """A recording of a whole rehearsal of a built-in set."""
    with tempfile.TemporaryDirectory(dir=server.folder) as folder:
        home = Home.make(Path(folder), CONFIG)
        words = ("run", name, "--rehearse", str(rate))
        with (
            taped(server, home.folder / "tape") as tape,
            opened(home, *words, env=sound(server)) as terminal,
        ):
            walk(terminal, plan_of(name))
            return tape.stop()


def retold(recording: Recording, name: str, rate: int) -> Figure:
    """How many phases are not recognised correctly from a recording."""
    plan = plan_of(name)
    sounds = heard.listen(recording.samples)
    found = heard.phases(sounds)
    wrong = heard.differences(plan, found, rate, _SLACK)
    detail = f"of {len(plan.phases)}, from {len(sounds)} cues in a recording, {rate} times as fast"
    for line in wrong:
        print(line)
    return Figure(f"phases not told from the sound, {name}", len(wrong), 0, detail, "")


def mixed() -> Figure:
    """The same for every built-in set, with the voice, but mixed without a sound server."""
    wrong, phases, cues = 0, 0, 0
    for one in BUILTIN_SETS:
        plan = make_plan(one)
        with tempfile.TemporaryDirectory() as folder:
            sounds = heard.listen(rehearsed(plan, Path(folder), rate=TALKING_RATE))
        found = heard.differences(plan, heard.phases(sounds), TALKING_RATE)
        for line in found:
            print(f"{one.name}: {line}")
        wrong, phases, cues = wrong + len(found), phases + len(plan.phases), cues + len(sounds)
    detail = f"of {phases}, from {cues} cues, {TALKING_RATE} times as fast, spoken to; no device"
    return Figure("phases not told from the sound, every set", wrong, 0, detail, "")


def figures(server: PulseServer) -> list[Figure]:
    """Phases not recognised: in a recording, and in what would be played."""
    return [retold(recorded(server, SET, RATE), SET, RATE), mixed()]
