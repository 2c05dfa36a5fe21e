"""What feet, hands and eyes do in each stage of a countdown, in words and as a pose to draw.

Only somebody who faces the console can reach it, so speed and incline are always set before turning
away from it, and never behind one's back. The belt is not stopped: it runs at the next speed while
the person stands on the side rails, because nobody could start it with the console behind them
(S13, S14). docs/turning.md explains the stages; its tables are made from these.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class StageId(StrEnum):
    """The stages of a countdown; all of them end with `COUNT`, the 3-2-1."""

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
    """Where somebody stands, as far as the program led them there.

    BELT: walking on it; RAILS: on the side rails in a countdown; FREE: anywhere, at the start, in a
    rest or a pause. Resuming from there takes the console, so they face it.
    """

    BELT = "belt"
    RAILS = "rails"
    FREE = "free"


class Feet(StrEnum):
    """Where the feet are: on the belt, stepping off it, on the rails, or stepping on at GO."""

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
    """How somebody stands, enough to draw it; `turning` towards `faces`, or facing there."""

    faces: Facing
    feet: Feet
    hands: Hands
    turning: bool = False


class Guide(NamedTuple):
    """What to do in a stage: a headline, feet, hands and eyes, and the pose.

    Session files of older versions have no pose.
    """

    title: str
    feet: str
    hands: str
    eyes: str
    pose: Pose | None = None


class Way(StrEnum):
    """The ways into a block that have their own stages.

    `SLOWER` and `FASTER` lead from forward to backward: to a lower speed (or an unknown one), and
    to the same or a higher one. `AGAIN` leads from backward to backward at another speed or
    incline, `STANDING` from the side rails to backward.
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
    # The person steps off the belt at the lower of the two speeds. Here that is the next one ...
    Way.SLOWER: (
        _SLOW,
        _off(Facing.FRONT),
        _turn("TURN ROUND NOW", Facing.BACK),
        _count(Facing.BACK),
    ),
    # ... and here it is the old one, so that the belt speeds up only with nobody on it.
    Way.FASTER: (
        _off(Facing.FRONT),
        _SET,
        _turn("TURN ROUND NOW", Facing.BACK),
        _count(Facing.BACK),
    ),
    # Walking backward, nobody can reach the console: speed and incline wait until they face it.
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
    # A new speed backward needs the console in between: two turns, each with its own sound.
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
"""The stages of every countdown, in order."""

WAITING = Guide("", _STAND, _HOLD, _CONSOLE, _HOLDING)
"""What to do while a turn waits: facing the console, whichever way it leads."""
SETTING = (StageId.SLOW, StageId.SET, StageId.READY)
"""The stages in which the belt is set; their headline has the speed."""
