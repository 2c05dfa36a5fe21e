"""Prints figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio or residual with its target (None: for comparison only) and details."""

    name: str
    value: float
    target: float | None
    detail: str
    unit: str = "x"

    def __str__(self) -> str:
        text = f"{self.name:44} {self.value:8.3f} {self.unit:2}"
        if self.target is not None:
            verdict = "ok" if self.value <= self.target else "MISSED"
            text += f"  target {self.target:g}  {verdict:6}"
        else:
            text += " " * (18 if self.unit else 20)
        return f"{text}  {self.detail}"


def tell(parts: Iterable[list[Figure]]) -> int:
    """Print figures as they come, and how many missed their target; returns 1 if any did."""
    count, missed = 0, 0
    for figure in chain.from_iterable(parts):
        print(figure, flush=True)
        count += 1
        # NaN has missed its target too.
        missed += figure.target is not None and not figure.value <= figure.target
    print(f"{count} figures, {missed} targets missed")
    return 1 if missed else 0
