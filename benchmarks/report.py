"""How a figure is printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio or residual with its target (None: only for comparison) and how it came about."""

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
