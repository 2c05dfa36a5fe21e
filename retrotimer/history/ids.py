"""The ids of workouts."""

from __future__ import annotations

from datetime import datetime
from random import Random


def new_id(started: datetime, rng: Random) -> str:
    """A new id: the local start and four hex digits, such as `20261123T071000-7f3a`."""
    return f"{started:%Y%m%dT%H%M%S}-{rng.randrange(0x10000):04x}"
