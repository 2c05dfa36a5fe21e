"""Kilometres or miles: speeds are km/h and distances metres everywhere else."""

from __future__ import annotations

from enum import StrEnum

_KMH_PER_MPH = 1.609344


class Units(StrEnum):
    """The unit of every speed in a config file, and of what is shown."""

    KMH = "km/h"
    MPH = "mph"

    def to_kmh(self, speed: float) -> float:
        """A speed in this unit as km/h."""
        return speed * _KMH_PER_MPH if self is Units.MPH else speed

    def from_kmh(self, speed: float) -> float:
        """A speed in km/h as this unit."""
        return speed / _KMH_PER_MPH if self is Units.MPH else speed

    @property
    def distance(self) -> str:
        """The unit of distances that goes with it."""
        return "mi" if self is Units.MPH else "km"

    def to_metres(self, distance: float) -> float:
        """A distance in that unit as metres."""
        return self.to_kmh(distance) * 1000

    def from_metres(self, metres: float) -> float:
        """Metres as that unit."""
        return self.from_kmh(metres) / 1000
