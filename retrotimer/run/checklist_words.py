"""The words of the sound check before the day's first workout."""

from __future__ import annotations

from typing import NamedTuple

from retrotimer.config.model import Backend, Config
from retrotimer.run.soundcheck import Hearing, SoundCheck


class SoundCheckWords(NamedTuple):
    """What is said about the sound: a headline, and what to do."""

    call: str
    text: str


def words(check: SoundCheck, config: Config, *, short: bool = False) -> SoundCheckWords:
    """The words for the sound check in its present state; `short` for narrow screens."""

    def one(long: str, few: str) -> str:
        return few if short else long

    match check.hearing:
        case Hearing.OPENING:
            text = "GO backward plays as soon as it is open." if check.wanted else "One moment."
            return SoundCheckWords("OPENING SOUND", text)
        case Hearing.READY:
            text = one(
                "Start the belt at the speed of your warm-up, and stand on the rails.",
                "Run the belt, stand on the rails.",
            )
            return SoundCheckWords("SOUND CHECK", text)
        case Hearing.PLAYING:
            return SoundCheckWords(
                "LISTEN", one("GO backward: a long falling tone, then a low note.", "GO backward")
            )
        case Hearing.ASKING:
            text = one(*_loudness(check, config))
            return SoundCheckWords("HEARD IT OVER THE BELT?", text)
        case Hearing.LOST:
            text = "You will hear no cues: turns into backward wait for sound or for your key."
            call = one(f"NO SOUND: {check.detail}", "NO SOUND")
            return SoundCheckWords(call, one(text, "You will hear no cues."))
    text = "Switched off in the config: you will hear no cues while you face away."
    return SoundCheckWords("THE SOUND IS OFF", one(text, "You will hear no cues."))


def _loudness(check: SoundCheck, config: Config) -> tuple[str, str]:
    """How to make it louder, in full and in few words."""
    if config.cues.backend is Backend.BELL:
        text = "The terminal's bell: only the terminal or computer can make it louder."
        return text, "Louder only at the computer."
    if check.volume >= 100:
        text = "It gets no louder here: turn up the computer or speaker, then try again."
        return text, "Turn up the computer, try again."
    if config.gives("cues.volume") and check.volume != config.cues.volume:
        text = "The next start uses the config's volume again: write this one there."
        return text, "Write it into the config."
    return "If not, make it louder: this is the cue you must not miss.", "If not, louder."
