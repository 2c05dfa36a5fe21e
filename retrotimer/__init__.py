"""A terminal interval timer for running and walking backwards on a treadmill."""

__version__ = "0.1.0"
