"""The picture of the treadmill: every pose has its own."""

from __future__ import annotations

from itertools import product

from retrotimer.core.stage_guide import Facing, Feet, Hands, Pose
from retrotimer.text.treadmill import FACE, FOOT, HAND, HEIGHT, TURNING, WIDTH, picture

EVERY = [Pose(*parts) for parts in product(Facing, Feet, Hands, (False, True))]


def test_walking_and_reaching_for_the_console() -> None:
    assert picture(Pose(Facing.FRONT, Feet.BELT, Hands.CONSOLE)) == (
        "┌─────────────┐",
        "│   CONSOLE ◆ │",
        "├──┬───────╱──┤",
        "┃  │   ▲  ╱│  ┃",
        "◆──┼──( )─ │  ┃",
        "┃  │  ▮ ▮  │  ┃",
        "│  │   ↓   │  │",
        "│  │   ↓   │  │",
        "└──┴───────┴──┘",
    )


def test_stepping_off_backward() -> None:
    assert picture(Pose(Facing.BACK, Feet.OFF, Hands.BOTH))[3:6] == (
        "┃  │       │  ┃",
        "◆──┼──( )──┼──◆",
        "┃▮ ◂   ▼   ▸ ▮┃",
    )


def test_turning_to_the_back_with_one_hand() -> None:
    assert picture(Pose(Facing.BACK, Feet.RAILS, Hands.ONE, turning=True))[3:6] == (
        "┃  │       │  ┃",
        "◆──┼──(↻)  │  ┃",
        "┃▮ │   ▼   │ ▮┃",
    )


def test_every_pose_has_its_own_picture_and_all_have_the_same_size() -> None:
    pictures = {pose: picture(pose) for pose in EVERY}
    assert len(set(pictures.values())) == len(EVERY)
    for pose, rows in pictures.items():
        text = "".join(rows)
        assert len(rows) == HEIGHT
        assert {len(row) for row in rows} == {WIDTH}
        assert text.count(FOOT) == 2
        assert text.count(HAND) == (1 if pose.hands is Hands.ONE else 2)
        assert text.count(FACE[pose.faces]) == 1
        assert (TURNING in text) is pose.turning
