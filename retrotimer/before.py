"""Before the first workout of a day: what to see to, whether it is time for it, and how it is said.

S-numbers are sources, listed by `retrotimer safety --sources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from retrotimer.config.model import Backend, Config
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Laptop
from retrotimer.soundcheck import Hearing, SoundCheck

TITLE = "Before the start"


class Item(NamedTuple):
    """One thing to see to: its name, a few words for narrow screens, and the whole of it."""

    name: str
    short: str
    text: str


_CORD = Item(
    "cord",
    "clipped on, tested once",
    "Clipped on and tested facing backward: pull it off, the belt stops.",
)
# EN 957-6 asks for so much free space behind a treadmill (S40).
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
        "In front, keys in reach. Walking backward you do not see it: listen.",
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
    """What to see to; the sound comes after it."""
    return (_CORD, _SPACE, _RAILS, _LAPTOP[laptop])


def due(plan: Plan, checked: date | None, today: date, *, rate: int = 1) -> bool:
    """Whether the list comes before a new workout; `checked` is the day it was last gone through.

    It does so on every other day than that one, be it earlier by a change of zone or clock. A
    rehearsal (`rate` above 1) moves no belt, and neither does a lesson with the belt off, which
    could not tell how loud the belt is.
    """
    wanted = plan.rules.safety.checklist and rate == 1 and not plan.rules.dry
    return wanted and checked != today


class Words(NamedTuple):
    """What is said about the sound: a call, and what to do; `confirm` is what that key does now."""

    call: str
    text: str
    confirm: str = ""


def words(check: SoundCheck, config: Config, *, short: bool = False) -> Words:
    """What there is to say of the sound check as it stands; `short` for narrow screens."""

    def one(long: str, few: str) -> str:
        return few if short else long

    match check.hearing:
        case Hearing.OPENING:
            text = "GO backward plays as soon as it is open." if check.wanted else "One moment."
            return Words("OPENING SOUND", text)
        case Hearing.READY:
            text = one(
                "Start the belt at the speed of your warm-up, and stand on the rails.",
                "Run the belt, stand on the rails.",
            )
            return Words("THE SOUND OVER THE BELT", text, "play GO backward")
        case Hearing.PLAYING:
            return Words("LISTEN", one("GO backward: a long fall, then a low note.", "GO backward"))
        case Hearing.ASKING:
            text = one(*_loudness(check, config))
            return Words("HEARD IT OVER THE BELT?", text, "yes, go on")
        case Hearing.LOST:
            text = "Nothing will call you: turns into backward wait, for sound or for your key."
            call = one(f"NO SOUND: {check.detail}", "NO SOUND")
            return Words(call, one(text, "Nothing will call you."), "go on without sound")
    text = "Switched off in the config: nothing will call you while you face away."
    return Words("THE SOUND IS OFF", one(text, "Nothing will call you."), "go on without sound")


def others(keys: Mapping[str, str], *, short: bool = False) -> list[tuple[str, str]]:
    """(key, what it does) of the keys that the list has by itself, where `keys` leave them.

    `short`: without what most can do without.
    """
    taken = {
        key for name in ("confirm", "volume_up", "volume_down") for key in keys[name].split(",")
    }
    own = (("up", "louder"), ("down", "softer"), ("r", "again"), ("esc", "back"))
    return [(key, does) for key, does in own if key not in taken and not (short and key == "down")]


def _loudness(check: SoundCheck, config: Config) -> tuple[str, str]:
    """How it gets louder, in full and in few words."""
    if config.cues.backend is Backend.BELL:
        text = "The terminal's bell: only terminal and computer can make it louder."
        return text, "Louder only at the computer."
    if check.volume >= 100:
        text = "It gets no louder here: turn up the computer or its speaker, then again."
        return text, "Turn up the computer, then again."
    if config.gives("cues.volume") and check.volume != config.cues.volume:
        text = "The next start uses the config's volume again: put this one there."
        return text, "Write it into the config."
    return "If not, make it louder: this is the cue you must not miss.", "If not, louder."
