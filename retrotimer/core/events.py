"""The events of a workout: what the state machine reports."""

from __future__ import annotations

from dataclasses import dataclass

from retrotimer.core.plan import Block
from retrotimer.core.rows import Row
from retrotimer.core.states import Command, Reason, State, WaitFor
from retrotimer.core.turn import Countdown, Stage


class IllegalCommand(Exception):  # noqa: N818 - it names what it is
    """A command that the state does not allow; nothing was changed."""

    def __init__(self, command: Command, state: State) -> None:
        super().__init__(f"{command} is not possible while {state}")
        self.command = command
        self.state = state


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `at` is its exact instant in ms."""

    at: int


@dataclass(frozen=True, slots=True)
class Started(Event):
    """The workout began."""


@dataclass(frozen=True, slots=True)
class CountdownBegan(Event):
    """A turn or a get ready began; it leads into `block`."""

    countdown: Countdown
    block: Block


@dataclass(frozen=True, slots=True)
class StageBegan(Event):
    """The next stage of a countdown into `block` began."""

    stage: Stage
    block: Block


@dataclass(frozen=True, slots=True)
class BlockBegan(Event):
    """A block began (`index` from 0); `left` is what it still has, None when open."""

    block: Block
    index: int
    left: int | None


@dataclass(frozen=True, slots=True)
class ReadyBegan(Event):
    """The last part of a rest began, which is the get ready for `block`."""

    block: Block


@dataclass(frozen=True, slots=True)
class PhaseEnded(Event):
    """A phase, or an attempt at one, ended and left its row."""

    row: Row


@dataclass(frozen=True, slots=True)
class WaitBegan(Event):
    """A turn began to wait."""

    wait_for: WaitFor


@dataclass(frozen=True, slots=True)
class WaitEnded(Event):
    """The wait ended."""


@dataclass(frozen=True, slots=True)
class Armed(Event):
    """A key confirmed the wait in advance."""


@dataclass(frozen=True, slots=True)
class Paused(Event):
    """Paused, and why."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """Resumed."""


@dataclass(frozen=True, slots=True)
class Retimed(Event):
    """The current phase got longer or shorter by `by` ms."""

    by: int


@dataclass(frozen=True, slots=True)
class Moved(Event):
    """While paused, the user chose another block to go on with (`index` from 0)."""

    block: Block
    index: int


@dataclass(frozen=True, slots=True)
class CoolingDown(Event):
    """The rest of the plan was replaced by a cool down."""


@dataclass(frozen=True, slots=True)
class Stumbled(Event):
    """The person stumbled; `kind` and `speed` of the block it happened in."""

    block: Block


@dataclass(frozen=True, slots=True)
class SpeedNoted(Event):
    """The speed the belt is really set to, in km/h."""

    speed: float


@dataclass(frozen=True, slots=True)
class SoundChanged(Event):
    """Sound was lost, or came back."""

    ok: bool


@dataclass(frozen=True, slots=True)
class Finished(Event):
    """The plan was done to its end."""


@dataclass(frozen=True, slots=True)
class Stopped(Event):
    """The user ended it early."""

    why: str
