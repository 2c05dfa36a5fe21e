"""What a turn asks for is possible at that moment, and words and picture agree."""

from __future__ import annotations

import pytest

from retrotimer.core.stage_guide import (
    SETTING,
    TABLES,
    WAITING,
    Facing,
    Feet,
    Guide,
    Hands,
    StageId,
    Way,
)

BEGINS_BACKWARD = (Way.TO_FORWARD, Way.AGAIN)
ENDS_FORWARD = (Way.TO_FORWARD, Way.READY)
BEGINS_ON_RAILS = (Way.STANDING, Way.READY)
GUIDES = [guide for table in TABLES.values() for _, guide in table]


def facing(back: bool) -> Facing:
    return Facing.BACK if back else Facing.FRONT


def test_every_kind_of_turn_has_its_stages() -> None:
    assert set(TABLES) == set(Way)
    assert {stage for table in TABLES.values() for stage, _ in table} == set(StageId)


@pytest.mark.parametrize("way", Way)
def test_nobody_has_to_reach_the_console_behind_them(way: Way) -> None:
    faces = facing(way in BEGINS_BACKWARD)
    for stage, guide in TABLES[way]:
        pose = guide.pose
        assert pose is not None
        assert pose.turning is (stage is StageId.TURN)
        if pose.turning:
            assert pose.faces is not faces
            faces = pose.faces
        assert pose.faces is faces
        if stage in SETTING or guide.eyes == "on the console" or pose.hands is Hands.CONSOLE:
            assert faces is Facing.FRONT
    assert faces is facing(way not in ENDS_FORWARD)


@pytest.mark.parametrize("way", Way)
def test_the_feet_leave_the_belt_once_and_return_at_go(way: Way) -> None:
    feet = [guide.pose.feet for _, guide in TABLES[way] if guide.pose is not None]
    assert feet[-1] is Feet.ON
    if way in BEGINS_ON_RAILS:
        assert set(feet[:-1]) == {Feet.RAILS}
    else:
        off = feet.index(Feet.OFF)
        assert set(feet[:off]) <= {Feet.BELT}
        assert set(feet[off + 1 : -1]) == {Feet.RAILS}


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.READY])
def test_the_belt_is_set_once_in_a_turn(way: Way) -> None:
    assert [stage in SETTING for stage, _ in TABLES[way]].count(True) == 1


@pytest.mark.parametrize("guide", [*GUIDES, WAITING], ids=lambda guide: guide.title or "waiting")
def test_the_words_agree_with_the_pose(guide: Guide) -> None:
    pose = guide.pose
    assert pose is not None
    assert (
        guide.feet
        == {
            Feet.BELT: "keep walking",
            Feet.OFF: "onto the side rails",
            Feet.RAILS: "round on the side rails" if pose.turning else "on the side rails",
            Feet.ON: "on the side rails until GO",
        }[pose.feet]
    )
    assert (
        guide.hands
        == {
            Hands.BOTH: "on both handrails",
            Hands.CONSOLE: "one holds, one sets",
            Hands.ONE: "one always holds",
        }[pose.hands]
    )
    if guide.eyes in ("to the front", "to the back"):
        assert guide.eyes == f"to the {pose.faces}"
    if pose.hands is Hands.CONSOLE:
        assert guide.eyes == "on the console"
