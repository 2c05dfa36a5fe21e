"""The states of a workout, its commands, and why it pauses or waits."""

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
        """Whether the workout has ended."""
        return self in (State.FINISHED, State.STOPPED)

    @property
    def running(self) -> bool:
        """Whether time alone leads on to the next phase."""
        return self in (State.BLOCK, State.TURN)


class Command(StrEnum):
    """The commands to a workout."""

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
        """Whether it was the person's own key, so that no alarm is needed."""
        return self in (Reason.USER, Reason.HELP, Reason.COVERED)


class WaitFor(StrEnum):
    """What a waiting turn waits for."""

    CONFIRM = "confirm"
    SOUND = "sound"
