"""A bird's-eye view of the treadmill: where feet and hands are and which way the body faces.

The console is at the top, the handrails left and right of the person, inside them the side rails
for the feet, and in the middle the belt, which runs away from the console. Everything is shown by
shape, so it needs no colour.
"""

from __future__ import annotations

from retrotimer.core.stage_guide import Facing, Feet, Hands, Pose

WIDTH, HEIGHT = 15, 9
FOOT, HAND, TURNING = "▮", "◆", "↻"
FACE = {Facing.FRONT: "▲", Facing.BACK: "▼"}
LEGEND = f"{FOOT} foot   {HAND} hand"

_TREADMILL = (
    "┌─────────────┐",
    "│   CONSOLE   │",
    "├──┬───────┬──┤",
    "┃  │       │  ┃",
    "┃  │  ( )  │  ┃",
    "┃  │       │  ┃",
    "│  │   ↓   │  │",
    "│  │   ↓   │  │",
    "└──┴───────┴──┘",
)
_MIDDLE = WIDTH // 2
_BODY, _FEET = 4, 5
_SIDE_RAIL, _EDGE, _BELT = 1, 3, 6
"""Columns on the left; those on the right mirror them."""
_ARM = "──┼──"
"""From a hand to the body, over the edge of the belt."""
_TO_THE_CONSOLE = ((_BODY, 9, "─"), (3, 10, "╱"), (2, 11, "╱"), (1, 12, HAND))
"""The arm that reaches for the console: row, column, sign."""


def picture(pose: Pose) -> tuple[str, ...]:
    """The picture of a pose: `HEIGHT` rows of `WIDTH` columns each."""
    rows = [list(row) for row in _TREADMILL]

    def both(row: int, column: int, left: str, right: str) -> None:
        rows[row][column], rows[row][WIDTH - 1 - column] = left, right

    face_at = _BODY - 1 if pose.faces is Facing.FRONT else _BODY + 1
    rows[face_at][_MIDDLE] = FACE[pose.faces]
    if pose.turning:
        rows[_BODY][_MIDDLE] = TURNING
    # One hand always holds; it is drawn on the left.
    rows[_BODY][: _MIDDLE - 1] = list(HAND + _ARM)
    match pose.hands:
        case Hands.BOTH:
            rows[_BODY][_MIDDLE + 2 :] = list(_ARM + HAND)
        case Hands.CONSOLE:
            for row, column, sign in _TO_THE_CONSOLE:
                rows[row][column] = sign
        case Hands.ONE:
            pass
    both(_FEET, _BELT if pose.feet is Feet.BELT else _SIDE_RAIL, FOOT, FOOT)
    match pose.feet:
        case Feet.OFF:
            both(_FEET, _EDGE, "◂", "▸")
        case Feet.ON:
            both(_FEET, _EDGE, "▸", "◂")
    return tuple("".join(row) for row in rows)
