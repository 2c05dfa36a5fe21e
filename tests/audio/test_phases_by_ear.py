"""Every phase of a workout can be recognised from its sound alone.

What would be played is mixed without a device, and a simulated listener recognises the phases.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.sound.heard import Sound, differences, listen, phases
from benchmarks.sound.rehearsal import rehearsed
from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.core.cue_ids import CueId
from retrotimer.core.plan import Plan, make_plan
from retrotimer.core.sets import Confirm, IntervalSet, Kind, Step
from tests.support.runner_world import plan_of

pytestmark = pytest.mark.once

SHORT = IntervalSet(
    "Short",
    (
        Step(Kind.FORWARD, 26_000, speed=3.0),
        Step(Kind.FORWARD, 26_000, speed=4.0),
        Step(Kind.BACKWARD, 26_000, speed=1.6),
        Step(Kind.REST, 26_000),
        Step(Kind.BACKWARD, 26_000, speed=1.6),
        Step(Kind.FORWARD, 26_000, speed=3.0),
        Step(Kind.REST, 26_000),
        Step(Kind.FORWARD, 26_000, speed=3.0),
    ),
)
"""Every transition from one kind of block to another."""


def built_in(name: str) -> Plan:
    return make_plan(next(one for one in BUILTIN_SETS if one.name == name))


@pytest.mark.parametrize("name", ["Dry turn", "Tabata"])
def test_a_rehearsed_set_is_recognised_from_its_sound_alone(name: str, tmp_path: Path) -> None:
    plan = built_in(name)
    recognised = phases(listen(rehearsed(plan, tmp_path, rate=4)))
    assert differences(plan, recognised, rate=4) == []


@pytest.mark.parametrize("confirm", [Confirm.NEVER, Confirm.ALWAYS])
def test_every_kind_of_phase_is_recognised_at_normal_speed(
    confirm: Confirm, tmp_path: Path
) -> None:
    plan = plan_of(SHORT, confirm=confirm)
    recognised = phases(listen(rehearsed(plan, tmp_path)))
    assert differences(plan, recognised) == []
    blocks = [phase for phase in recognised if phase.name in ("forward", "backward")]
    assert [phase.count(CueId.HALF) for phase in blocks] == [1] * len(blocks)
    assert all(
        phase.count(CueId.COUNT) == 3 for phase in recognised if phase.name.startswith("turn")
    )
    # The second rest leads into forward, so its last seconds are a get ready.
    rests = [phase for phase in recognised if phase.name == "rest"]
    assert [phase.count(CueId.READY) for phase in rests] == [0, 1]
    assert [phase.count(CueId.COUNT) for phase in rests] == [0, 3]


def test_a_missing_phase_is_a_difference(tmp_path: Path) -> None:
    plan = plan_of(SHORT)
    sounds = listen(rehearsed(plan, tmp_path, voice=False))
    assert differences(plan, phases(sounds)) == []
    for gone in (CueId.FORWARD, CueId.BACKWARD, CueId.REST, CueId.DONE):
        first = next(one for one in sounds if one.cue is gone)
        assert differences(plan, phases([one for one in sounds if one is not first])), gone


def test_a_wrong_go_a_late_one_and_a_turn_that_does_not_wait_are_differences() -> None:
    plan = plan_of(IntervalSet("One", (Step(Kind.BACKWARD, 20_000, speed=1.6),)))
    stages = [(0, CueId.SET), (4_000, CueId.RAILS), (8_000, CueId.TURN)]
    lead = plan.leads[0]
    assert lead is not None
    sounds = [Sound(at, cue) for at, cue in stages]
    go, done = Sound(lead.length, CueId.BACKWARD), Sound(lead.length + 20_000, CueId.DONE)
    assert differences(plan, phases([*sounds, go, done])) == []
    late = Sound(go.at + 500, go.cue)
    assert "lasted" in differences(plan, phases([*sounds, late, done]))[0]
    wrong = Sound(go.at, CueId.FORWARD)
    assert "planned" in differences(plan, phases([*sounds, wrong, done]))[0]
    waits = plan_of(IntervalSet("One", (Step(Kind.BACKWARD, 20_000),)), confirm=Confirm.ALWAYS)
    assert "waiting" in differences(waits, phases([*sounds, go, done]))[0]


def test_speech_and_silence_are_not_cues(tmp_path: Path) -> None:
    plan = plan_of(IntervalSet("One", (Step(Kind.FORWARD, 60_000, speed=3.0),)))
    with_voice, without = (
        listen(rehearsed(plan, tmp_path, voice=voice)) for voice in (True, False)
    )
    assert [one.cue for one in with_voice] == [one.cue for one in without]
    assert listen(np.zeros(48_000, np.int16)) == []
