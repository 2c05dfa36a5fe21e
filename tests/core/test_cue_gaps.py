from hypothesis import given

from retrotimer.core.cue_gaps import Room, rooms
from retrotimer.core.cue_ids import CueId
from retrotimer.core.plan import CueRules, Plan
from retrotimer.core.sets import Confirm, Repeat
from tests.support.interval_sets import S, backward, forward, plan_of, plans, rest


def found(plan: Plan) -> dict[str, tuple[float, str]]:
    """(seconds, next cue) for each cue that is not a step's own sound."""
    return {one.cue: (one.ms / S, one.until) for one in rooms(plan) if not one.sound}


def test_every_cue_has_room_until_the_next_one() -> None:
    assert found(plan_of(forward(40), backward(30), forward(25))) == {
        "ready": (7, "count"),
        "count": (1, "count"),
        "forward": (12.5, "half"),
        "half": (5, "warn"),
        "warn": (7, "last"),
        "last": (1, "last"),
        "slow": (9, "rails"),
        "rails": (3, "turn"),
        "turn": (5, "count"),
        "backward": (15, "half"),
        "set": (9, "count"),
    }


def test_the_heartbeat_leaves_less_room() -> None:
    plan = plan_of(forward(40), backward(30), cues=CueRules(heartbeat=True))
    assert found(plan)["backward"] == (2, "heartbeat")
    assert found(plan)["heartbeat"] == (1, "heartbeat")


def test_a_steps_own_sound_has_its_place() -> None:
    plan = plan_of(
        forward(40),
        Repeat(2, (backward(30, cue="/a.wav"), forward(15, cue="/b.wav"), rest(20))),
    )
    own = {one.sound: one for one in rooms(plan) if one.sound}
    assert own["/a.wav"] == Room(CueId.BACKWARD, "/a.wav", 15 * S, CueId.HALF, (1, 0))
    # the second time a turn follows, after a rest; its warning comes later than the ticks
    assert own["/b.wav"].path == (1, 1)
    assert own["/b.wav"].ms == 12 * S


def test_a_wait_for_a_key_ends() -> None:
    plan = plan_of(forward(None), backward(30), forward(None), confirm_turns=Confirm.ALWAYS)
    assert found(plan)["forward"] == (3600 + 3, "slow")
    assert found(plan)["wait"] == (3, "wait")
    assert found(plan)["rails"] == (3, "wait")


def test_nothing_cuts_off_the_last_cue() -> None:
    assert "done" not in found(plan_of(forward(40)))


@given(plans)
def test_every_plan_is_walked_to_its_end(plan: Plan) -> None:
    found = rooms(plan)
    assert all(one.ms > 0 for one in found)
    begins = {one.cue for one in found}
    # Something always follows the GO of a block: one of its cues, the next block's, or the end. (In
    # a block of a few ms this is at the same instant.)
    longer = [block for block in plan.blocks if block.length is None or block.length >= 1_000]
    assert {block.kind.value for block in longer} <= begins
