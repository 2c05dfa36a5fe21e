"""What the user writes: interval sets, and the belt and safety settings they run with.

Lengths are whole milliseconds, speeds km/h, inclines percent, whatever the units of the config.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a phase is: a block in one direction, a rest, or a countdown (turn, ready)."""

    FORWARD = "forward"
    BACKWARD = "backward"
    REST = "rest"
    TURN = "turn"
    READY = "ready"

    @property
    def moving(self) -> bool:
        """Whether the person moves on the belt."""
        return self in (Kind.FORWARD, Kind.BACKWARD)

    @property
    def countdown(self) -> bool:
        """Whether this leads into a block instead of being one."""
        return self in (Kind.TURN, Kind.READY)


class Confirm(StrEnum):
    """Which turns wait for a key."""

    NEVER = "never"
    BACKWARD = "backward"
    ALWAYS = "always"

    @property
    def strictness(self) -> int:
        """0 (never) to 2 (always): a set may be stricter than the config, never laxer."""
        return list(Confirm).index(self)


class Power(StrEnum):
    """Whether the belt runs in a set; OFF: a lesson on a stopped belt, no speed or distance."""

    ON = "on"
    OFF = "off"


class Laptop(StrEnum):
    """Where the laptop is, seen from a person walking forward."""

    FRONT = "front"
    SIDE = "side"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a set: `kind` is forward, backward or rest; `length` None means open."""

    kind: Kind
    length: int | None
    speed: float | None = None
    incline: float | None = None
    label: str = ""
    note: str = ""
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Steps done `times` times; `skip_last` drops the last step of the last round."""

    times: int
    steps: tuple[Step | Repeat, ...]
    skip_last: bool = False


@dataclass(frozen=True, slots=True)
class IntervalSet:
    """A named interval set.

    `confirm_turns` None: as the config says. `acknowledged` are codes of safety findings not to
    show for this set.
    """

    name: str
    steps: tuple[Step | Repeat, ...]
    about: str = ""
    confirm_turns: Confirm | None = None
    after: str = ""
    acknowledged: tuple[str, ...] = ()
    belt: Power = Power.ON


@dataclass(frozen=True, slots=True)
class Belt:
    """What the treadmill does: km/h and percent, each per second for the rates.

    Where the defaults come from: `acceleration` (S44), `deceleration` (S44), `incline_rate` (NS),
    `min_speed` (S19, S55: belts start at 0.8 to 1.6), `max_speed` (NS), `max_incline` (NS). The one
    belt that was measured stops at 0.86 km/h per second or more, but slows at 0.29 by its keys.
    """

    acceleration: float = 0.4
    deceleration: float = 0.8
    incline_rate: float = 0.4
    min_speed: float = 0.8
    max_speed: float = 16.0
    max_incline: float = 15.0
    laptop: Laptop = Laptop.FRONT


@dataclass(frozen=True, slots=True)
class Safety:
    """The user's safety settings; `turn` None means "auto", worked out from the belt.

    `acknowledged` are codes of safety findings not to show. `checklist`: whether a checklist comes
    before the day's first workout. Where the defaults come from: `warn_before_turn` (NS, as long as
    the warning of S53), `get_ready` (NS), `max_backward_speed` (S1: faster, backward walking
    becomes running).
    """

    turn: int | None = None
    allow_short_turns: bool = False
    confirm_turns: Confirm = Confirm.NEVER
    warn_before_turn: int = 10_000
    get_ready: int = 10_000
    max_backward_speed: float = 6.0
    backward_running: bool = False
    acknowledged: tuple[str, ...] = ()
    checklist: bool = True
