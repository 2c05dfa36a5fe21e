"""Whether sound can be heard; a module of its own for screens that only show it."""

from __future__ import annotations

from enum import StrEnum


class SoundStatus(StrEnum):
    """Whether cues can be heard."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    LOST = "lost"


_BRIEF = {
    SoundStatus.OFF: "sound off",
    SoundStatus.STARTING: "sound opening",
    SoundStatus.READY: "sound ok",
    SoundStatus.LOST: "no sound",
}


def sound_text(status: SoundStatus, detail: str = "") -> str:
    """The state of the sound for people, with or without the `detail` of its player."""
    if not detail:
        return _BRIEF[status]
    return f"no sound: {detail}" if status is SoundStatus.LOST else f"sound {detail}"
