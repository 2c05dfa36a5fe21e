"""What feet, hands and eyes do in each stage of a countdown, as words and as a pose to draw.

The console is in reach only of somebody who faces it, so speed and incline are always set before
one turns away from it, and never asked for behind one's back. The belt is not stopped: it runs at
the coming speed while one stands on the side rails, because nobody could start it from behind
(S13, S14). The stages are explained in docs/turning.md, which is made from these tables.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class StageId(StrEnum):
    """The stages of a countdown, `COUNT` being the 3-2-1 of all of them."""

    SLOW = "slow"
    RAILS = "rails"
    SET = "set"
    TURN = "turn"
    COUNT = "count"
    READY = "ready"


class Facing(StrEnum):
    """Which way the body faces: to the console in front, or to the back of the treadmill."""

    FRONT = "front"
    BACK = "back"


class Footing(StrEnum):
    """Where somebody stands, as far as the program led there.

    BELT: walking on it; RAILS: on the side rails in a countdown; FREE: where one likes, at the
    start, in a rest or a pause. Going on from there takes the console, so one faces it.
    """

    BELT = "belt"
    RAILS = "rails"
    FREE = "free"


class Feet(StrEnum):
    """Where the feet are: on the belt, going off it, on the side rails, or going on it at GO."""

    BELT = "belt"
    OFF = "off"
    RAILS = "rails"
    ON = "on"


class Hands(StrEnum):
    """What the hands do: both hold, one holds and one sets the console, one holds in a turn."""

    BOTH = "both"
    CONSOLE = "console"
    ONE = "one"


class Pose(NamedTuple):
    """How somebody stands, enough to draw it; `turning` towards `faces`, else facing there."""

    faces: Facing
    feet: Feet
    hands: Hands
    turning: bool = False


class Guide(NamedTuple):
    """What one does in a stage: a headline, feet, hands and eyes, and the pose.

    Without a pose it is from the session file of an older version.
    """

    title: str
    feet: str
    hands: str
    eyes: str
    pose: Pose | None = None


class Way(StrEnum):
    """The ways into a block that have stages of their own.

    `SLOWER` and `FASTER` lead from forward to backward: to a lower speed (or one that is not
    known), and to the same or a higher one. `AGAIN` leads from backward to backward at another
    speed or incline, `STANDING` from the side rails to backward.
    """

    SLOWER = "slower"
    FASTER = "faster"
    TO_FORWARD = "to-forward"
    STANDING = "standing"
    AGAIN = "again"
    READY = "ready"


Table = tuple[tuple[StageId, Guide], ...]

_HOLD, _SETS, _MOVES = "on both handrails", "one holds, one sets", "one always holds"
_STAND, _UNTIL_GO = "on the side rails", "on the side rails until GO"
_CONSOLE, _FEET, _FRONT, _BACK = (
    "on the console",
    "on the side rails",
    "to the front",
    "to the back",
)


def _off(faces: Facing) -> tuple[StageId, Guide]:
    pose = Pose(faces, Feet.OFF, Hands.BOTH)
    return StageId.RAILS, Guide("STEP ON THE RAILS", "onto the side rails", _HOLD, _FEET, pose)


def _turn(title: str, faces: Facing) -> tuple[StageId, Guide]:
    eyes = _FRONT if faces is Facing.FRONT else _BACK
    pose = Pose(faces, Feet.RAILS, Hands.ONE, turning=True)
    return StageId.TURN, Guide(title, "round on the side rails", _MOVES, eyes, pose)


def _count(faces: Facing) -> tuple[StageId, Guide]:
    eyes = _FRONT if faces is Facing.FRONT else _BACK
    pose = Pose(faces, Feet.ON, Hands.BOTH)
    return StageId.COUNT, Guide("STEP ON AT GO", _UNTIL_GO, _HOLD, eyes, pose)


_SETTING = Pose(Facing.FRONT, Feet.RAILS, Hands.CONSOLE)
_SET = (StageId.SET, Guide("SET THE BELT", _STAND, _SETS, _CONSOLE, _SETTING))
_WALKING = Pose(Facing.FRONT, Feet.BELT, Hands.CONSOLE)
_SLOW = (StageId.SLOW, Guide("SLOW THE BELT", "keep walking", _SETS, _CONSOLE, _WALKING))
_HOLDING = Pose(Facing.FRONT, Feet.RAILS, Hands.BOTH)
_ON_THE_RAILS = (StageId.RAILS, Guide("HOLD THE RAILS", _STAND, _HOLD, _FEET, _HOLDING))

TABLES: dict[Way, Table] = {
    # Of both speeds one steps off the belt at the lower one. Here it is the coming one ...
    Way.SLOWER: (
        _SLOW,
        _off(Facing.FRONT),
        _turn("TURN ROUND NOW", Facing.BACK),
        _count(Facing.BACK),
    ),
    # ... and here the one that is over, so that the belt gets faster only without anybody on it.
    Way.FASTER: (
        _off(Facing.FRONT),
        _SET,
        _turn("TURN ROUND NOW", Facing.BACK),
        _count(Facing.BACK),
    ),
    # Backward the console is out of reach: speed and incline wait until one faces it again.
    Way.TO_FORWARD: (
        _off(Facing.BACK),
        _turn("TURN TO THE CONSOLE", Facing.FRONT),
        _SET,
        _count(Facing.FRONT),
    ),
    Way.STANDING: (
        _SET,
        _ON_THE_RAILS,
        _turn("TURN ROUND NOW", Facing.BACK),
        _count(Facing.BACK),
    ),
    # Another speed backward needs the console in between: two turns, each with its own sound.
    Way.AGAIN: (
        _off(Facing.BACK),
        _turn("TURN TO THE CONSOLE", Facing.FRONT),
        _SET,
        _turn("TURN ROUND AGAIN", Facing.BACK),
        _count(Facing.BACK),
    ),
    Way.READY: (
        (StageId.READY, Guide("GET READY", _STAND, _SETS, _CONSOLE, _SETTING)),
        _count(Facing.FRONT),
    ),
}
"""The stages of every countdown, in their order."""

WAITING = Guide("", _STAND, _HOLD, _CONSOLE, _HOLDING)
"""What one does while a turn waits: into either direction one faces the console then."""
SETTING = (StageId.SLOW, StageId.SET, StageId.READY)
"""The stages in which the belt is set, and the speed belongs to the headline."""
