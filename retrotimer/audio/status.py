"""Whether sound can be heard; by itself, for screens that only show it."""

from __future__ import annotations

from enum import StrEnum


class SoundStatus(StrEnum):
    """Whether cues can be heard."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    LOST = "lost"
