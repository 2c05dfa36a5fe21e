"""The cues: their ids, meanings and importance."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class CueId(StrEnum):
    """Every sound the program makes, most important first (`IMPORTANCE` follows this order)."""

    ALARM = "alarm"
    PAUSE = "pause"
    BACKWARD = "backward"
    FORWARD = "forward"
    TURN = "turn"
    RAILS = "rails"
    SLOW = "slow"
    SET = "set"
    WARN = "warn"
    COUNT = "count"
    READY = "ready"
    STOP = "stop"
    DONE = "done"
    RESUME = "resume"
    REST = "rest"
    CHANGE = "change"
    WAIT = "wait"
    HALF = "half"
    LAST = "last"
    HEARTBEAT = "heartbeat"


CHANGE_BEFORE = 5_000
"""How long before a speed or incline change its cue comes, in ms (S46)."""
GO_ROOM = 1_500
"""How long a GO must sound before the next cue, in ms (NS)."""

MEANING = {
    CueId.ALARM: "something is wrong: step onto the side rails",
    CueId.PAUSE: "paused; the belt is still moving",
    CueId.BACKWARD: "GO backward",
    CueId.FORWARD: "GO forward",
    CueId.TURN: "turn round now",
    CueId.RAILS: "feet on the side rails, hold on",
    CueId.SLOW: "slow the belt to the next speed",
    CueId.SET: "set speed and incline",
    CueId.WARN: "a turn is coming",
    CueId.COUNT: "three, two, one",
    CueId.READY: "get ready",
    CueId.STOP: "stopped",
    CueId.DONE: "the workout is done",
    CueId.RESUME: "going on",
    CueId.REST: "rest",
    CueId.CHANGE: "speed or incline changes in five seconds",
    CueId.WAIT: "waiting for your key",
    CueId.HALF: "half of this block is done",
    CueId.LAST: "the last seconds of this block",
    CueId.HEARTBEAT: "the program is running (backward blocks)",
}

IMPORTANCE: dict[CueId, int] = {cue: rank for rank, cue in enumerate(CueId)}


class Cue(NamedTuple):
    """A sound with its exact due instant in milliseconds; `sound` is a file of the step's own."""

    due: int
    id: CueId
    sound: str = ""
