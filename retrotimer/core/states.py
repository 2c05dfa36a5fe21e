"""The states of a workout, the commands to it, and why it pauses or waits."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a workout is. READY: not started; TURN: in any countdown."""

    READY = "ready"
    BLOCK = "block"
    TURN = "turn"
    WAITING = "waiting"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"

    @property
    def over(self) -> bool:
        """Whether nothing can follow."""
        return self in (State.FINISHED, State.STOPPED)

    @property
    def running(self) -> bool:
        """Whether time leads to the next phase by itself."""
        return self in (State.BLOCK, State.TURN)


class Command(StrEnum):
    """What can be told to a workout."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CONFIRM = "confirm"
    SKIP = "skip"
    BACK = "back"
    MORE = "more"
    LESS = "less"
    COOL_DOWN = "cool_down"
    STUMBLE = "stumble"
    NOTE_SPEED = "note_speed"
    SOUND_LOST = "sound_lost"
    SOUND_BACK = "sound_back"
    STOP = "stop"


class Reason(StrEnum):
    """Why a workout is paused; COVERED: another screen was opened over it."""

    USER = "user"
    HELP = "help"
    COVERED = "covered"
    STALLED = "stalled"
    SUSPENDED = "suspended"
    TERMINAL = "terminal"
    SOUND = "sound"
    SIGNAL = "signal"
    RESTORED = "restored"

    @property
    def chosen(self) -> bool:
        """Whether the person's own key led to it, so that it needs no alarm."""
        return self in (Reason.USER, Reason.HELP, Reason.COVERED)


class WaitFor(StrEnum):
    """What a waiting turn waits for."""

    CONFIRM = "confirm"
    SOUND = "sound"
