"""The checklist before the day's first workout: what to check, and what its keys do.

Both faces draw it and pass keys on. S-numbers are sources, listed by `retrotimer safety --sources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from retrotimer.config.keys import DEFAULT_KEYS, keys_left
from retrotimer.config.model import Config
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Laptop
from retrotimer.run.soundcheck import Hearing, SoundCheck

if TYPE_CHECKING:
    from retrotimer.run.environment import Environment
    from retrotimer.session.remembered import Remembered

TITLE = "Before you start"


class Item(NamedTuple):
    """One thing to check: its name, a few words for narrow screens, and the full text."""

    name: str
    short: str
    text: str


_CORD = Item(
    "cord",
    "clipped on, tested once",
    "Clipped on, tested facing backward: pull it out and the belt stops.",
)
# EN 957-6 asks for this much free space behind a treadmill (S40).
_SPACE = Item(
    "space",
    "2 m x 1 m clear behind",
    "2 m x 1 m behind the belt is clear: no wall, no furniture, nobody.",
)
# One straddles the belt and holds on while turning round (S13).
_RAILS = Item(
    "rails",
    "free, in reach both ways",
    "Both side rails are free and within reach, facing backward too.",
)
_LAPTOP = {
    Laptop.FRONT: Item(
        "laptop",
        "in front, keys in reach",
        "In front, keys in reach. Walking backward, you cannot see it: listen.",
    ),
    Laptop.SIDE: Item(
        "laptop",
        "at the side, keys in reach",
        "At the side, keys in reach. Walking backward, do not look: listen.",
    ),
    Laptop.BEHIND: Item(
        "laptop",
        "behind, a clicker at hand",
        "Behind the space, a clicker in reach. Walking forward, only listen.",
    ),
}


def items(laptop: Laptop) -> tuple[Item, ...]:
    """What to check; the sound comes after it."""
    return (_CORD, _SPACE, _RAILS, _LAPTOP[laptop])


def due(plan: Plan, checked: date | None, today: date, *, rate: int = 1) -> bool:
    """Whether the list comes before a new workout; `checked` is the day it was last completed.

    It comes on any other day, even an earlier one after a change of zone or clock. It is not for a
    rehearsal (`rate` above 1), in which no belt moves, nor for a lesson with the belt off, which
    could not show how loud the belt is.
    """
    wanted = plan.rules.safety.checklist and rate == 1 and not plan.rules.dry
    return wanted and checked != today


# Keys -----------------------------------------------------------------------------------------


class Does(StrEnum):
    """What a key does; HELP is left to the face, and QUIT means BACK if there is nothing else."""

    CONFIRM = "confirm"
    LOUDER = "louder"
    SOFTER = "softer"
    AGAIN = "again"
    BACK = "back"
    HELP = "help"
    QUIT = "quit"


_SOUNDED = frozenset({Hearing.PLAYING, Hearing.ASKING})


@dataclass(frozen=True, slots=True)
class CheckAction:
    """One thing that keys do.

    `own` are its fixed keys, `bound` the id of those in `[keys]`, `clicker` those of a clicker.
    `now` are its words in states where they differ. `hint`: the states in which it is shown beside
    the sound, `spare`: only if there is room. `why_not` says why it changes nothing in a state.
    """

    does: Does
    words: str
    own: str = ""
    bound: str = ""
    clicker: str = ""
    now: Mapping[Hearing, str] = field(default_factory=dict)
    hint: frozenset[Hearing] = frozenset()
    spare: bool = False
    footer: bool = True
    why_not: Mapping[Hearing, str] = field(default_factory=dict)

    def label(self, hearing: Hearing) -> str:
        """What it does now, "" if nothing."""
        return self.now.get(hearing, "") if self.now else self.words

    def keys(self, keys: Mapping[str, str]) -> tuple[str, ...]:
        """Its keys, those of a clicker last; `keys` are those of the config."""
        found = keys_left(self.own, self.own, _BOUND, keys)
        if self.bound:
            found += keys_left(keys[self.bound], DEFAULT_KEYS[self.bound], _BOUND, keys)
        return found + keys_left(self.clicker, self.clicker, _BOUND, keys)


_WITHOUT = "go on without sound"
_OPENS = "GO backward plays as soon as the sound is open"
_SILENT = dict.fromkeys((Hearing.LOST, Hearing.OFF), "there is no sound to play")
_CONFIRM = CheckAction(
    Does.CONFIRM,
    "play it, then say yes",
    bound="confirm",
    clicker="pagedown",
    now={
        Hearing.READY: "play GO backward",
        Hearing.ASKING: "yes, go on",
        Hearing.LOST: _WITHOUT,
        Hearing.OFF: _WITHOUT,
    },
    why_not={Hearing.OPENING: _OPENS, Hearing.PLAYING: "not yet: listen first"},
)
CHECK_ACTIONS: tuple[CheckAction, ...] = (
    _CONFIRM,
    CheckAction(Does.LOUDER, "louder", own="up", bound="volume_up", hint=_SOUNDED),
    CheckAction(
        Does.SOFTER,
        "softer",
        own="down",
        bound="volume_down",
        hint=_SOUNDED,
        spare=True,
        footer=False,
    ),
    CheckAction(
        Does.AGAIN,
        "again",
        own="r",
        clicker="pageup",
        hint=_SOUNDED,
        why_not={Hearing.OPENING: _OPENS, **_SILENT},
    ),
    CheckAction(Does.BACK, "back", own="escape", hint=frozenset(Hearing)),
    CheckAction(Does.QUIT, "quit", bound="quit"),
    CheckAction(Does.HELP, "help", bound="help"),
    # Unlike "quit", whose key the config may change, this one stays.
    CheckAction(Does.QUIT, "leave", own="ctrl+q", footer=False),
)
"""All actions, in the order in which they are offered."""
_WHY_NOT = {one.does: one.why_not for one in CHECK_ACTIONS}
_BOUND = frozenset(one.bound for one in CHECK_ACTIONS)


def by_key(keys: Mapping[str, str]) -> dict[str, CheckAction]:
    """The action of every key; `keys` are those of the config."""
    return {key: action for action in CHECK_ACTIONS for key in action.keys(keys)}


def main_key(action: CheckAction, keys: Mapping[str, str]) -> str | None:
    """The key shown for an action, None if it has only those of a clicker."""
    first = next(iter(action.keys(keys)), None)
    return None if first in action.clicker.split(",") else first


def hints(
    keys: Mapping[str, str], hearing: Hearing, *, short: bool = False
) -> list[tuple[str, str]]:
    """(key, what it does) of the actions to show; `short`: without the dispensable ones."""
    found = [(main_key(one, keys), one) for one in CHECK_ACTIONS if hearing in one.hint]
    return [(key, one.label(hearing)) for key, one in found if key and not (short and one.spare)]


class Checklist:
    """The checklist in progress; the volume heard, and the day, go to `memory`."""

    def __init__(self, config: Config, environment: Environment, memory: Remembered) -> None:
        self.items = items(config.belt.laptop)
        self.check = SoundCheck(environment.player, memory.volume(config), environment.sound_ns)
        self.passed: bool | None = None
        """Whether it ended by going on; None: it has not ended."""
        self._config = config
        self._environment = environment
        self._memory = memory
        self._opened = False

    @property
    def confirm_label(self) -> str:
        """What the confirm key does now, "" if nothing."""
        return _CONFIRM.label(self.check.hearing)

    def open(self) -> None:
        """Start opening the sound: the list is shown."""
        self._opened = True
        self.check.open()

    def do(self, does: Does, *, held: bool) -> str:
        """Do what a key does, and say why it changes nothing; a merely `held` one does nothing."""
        if self.passed is not None:
            return ""
        before = self._state
        if does in (Does.BACK, Does.QUIT):
            self.passed = None if held else False
        elif self._opened and does is Does.CONFIRM:
            # The sound check tracks this key itself, held or not.
            if self.check.confirm(held=held):
                self.passed = True
                self._memory.check(self._environment.wall().date(), self.check.volume, self._config)
        elif self._opened and not held:
            self._sound(does)
        if self._opened:
            self.check.poll()
        same = self._state == before and not held
        return _WHY_NOT[does].get(self.check.hearing, "") if same else ""

    @property
    def _state(self) -> tuple[object, ...]:
        return self.check.hearing, self.check.wanted, self.check.volume, self.passed

    def _sound(self, does: Does) -> None:
        match does:
            case Does.LOUDER:
                self.check.nudge(1)
            case Does.SOFTER:
                self.check.nudge(-1)
            case Does.AGAIN:
                self.check.play()
