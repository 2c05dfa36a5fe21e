"""The user's own sounds on the home screen: what to say about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content
from textual.message import Message

from retrotimer.config.model import Config
from retrotimer.core.plan import Plan


@dataclass
class OwnSoundNotes(Message):
    """The user's own sounds were decoded.

    `wrong` describes those that cannot be played, `long` those too long for a set, by its name.
    """

    wrong: tuple[str, ...] = ()
    long: Mapping[str, tuple[str, ...]] | None = None

    def notes(self, set_name: str) -> list[Content]:
        """What to say beside a set."""
        lines = [
            Content.assemble(("! ", "$warning"), f"{one}; the built-in sound is played instead")
            for one in self.wrong
        ]
        return lines + [Content(f"· {one}") for one in (self.long or {}).get(set_name, ())]


def listen(config: Config, plans: Mapping[str, Plan]) -> OwnSoundNotes:
    """Decode the user's own sounds and check them against every set; this may take a while."""
    from retrotimer.run.own_sound_check import examine

    sounds = examine(config)
    long = {name: tuple(one.text for one in sounds.notes(plan)) for name, plan in plans.items()}
    return OwnSoundNotes(tuple(map(str, sounds.mistakes)), long)
