"""The format of all sound here: 16-bit mono samples at one rate."""

from __future__ import annotations

from array import array
from typing import TypeAlias

RATE = 48_000
"""Samples a second."""
Samples: TypeAlias = "array[int]"
