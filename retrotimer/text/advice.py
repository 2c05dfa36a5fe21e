"""Who should not walk backward on a treadmill, how to begin, when to stop; and all sources.

`retrotimer safety`, the help and docs/safety.md all use this text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from retrotimer.terminal import cells


class Advice(NamedTuple):
    """One piece of advice, with the numbers of its sources."""

    text: str
    sources: tuple[str, ...]


class Part(NamedTuple):
    """Advice that belongs together."""

    title: str
    lines: tuple[Advice, ...]


OPENING = (
    "retrotimer is no emergency stop and cannot stop the belt. Clip the safety cord on, every time."
)

PARTS = (
    Part(
        "Only with a clinician's consent",
        (
            Advice(
                "after a recent knee injury or operation, with acute inflammation, "
                "or with knee pain of unknown cause",
                ("S14", "S36", "S42"),
            ),
            Advice(
                "with problems of balance, sensation or nerves, or with dizziness",
                ("S36", "S42", "S43"),
            ),
            Advice(
                "with heart disease that is not under control, unstable angina, "
                "or blood pressure above 200/100",
                ("S36", "S42"),
            ),
            Advice("in pregnancy", ("NS",)),
            Advice("if you cannot follow the cues", ("S36", "S42")),
        ),
    ),
    Part(
        "Before you start",
        (
            Advice("Never after drinking alcohol.", ("NS",)),
            Advice(
                "Test the cord, standing backward on the still belt: it must pull out "
                "well before you reach the belt's end.",
                ("S50",),
            ),
            Advice("Keep 2 m x 1 m clear behind the machine.", ("S40",)),
            Advice(
                "Have both handrails in reach, and at first somebody beside you.", ("S12", "S41")
            ),
        ),
    ),
    Part(
        "How to begin",
        (
            Advice(
                "Stand on the side rails, hold on, start the belt slowly, turn round, "
                "and only then step on.",
                ("S13",),
            ),
            Advice(
                "Level, at 1.6 km/h (1 mph), hands on the handrails: 30 s backward, "
                "a minute forward, three to five times.",
                ("S11", "S12", "S13", "S16"),
            ),
            Advice(
                "One speed for a whole backward block: the console is behind you.",
                ("S14",),
            ),
            Advice(
                "Each week a little faster (at most 0.8 km/h, 0.5 mph), later longer, "
                "then steeper; never two of them at once.",
                ("S13", "S17", "S19"),
            ),
            Advice(
                "At most 10 min backward a session in the first two weeks.", ("S14", "S18", "NS")
            ),
        ),
    ),
    Part(
        "When to stop",
        (
            Advice(
                "At pain, dizziness, unsteadiness, tightness or tiredness: hold the handrails, "
                "step onto the side rails, then stop the belt.",
                ("S14", "NS"),
            ),
            Advice(
                "A pause stops only the timer: the belt goes on. "
                "Even a treadmill's own STOP may take a moment.",
                ("S47", "S48"),
            ),
        ),
    ),
)

SOURCES = {
    "S1": "Hreljac 2005, Journal of Sports Science and Medicine, jssm-04-446",
    "S2": "Hooper 2004, PMID 15029939",
    "S8": "Sterzing 2016, Gait & Posture 46:135",
    "S9": "Ordway 2016, JSCR 30(3):763",
    "S10": "doi 10.55905/cuadv16n3-001 (backward running in recreational runners)",
    "S11": "myfamilyexercise.com/?p=1710",
    "S12": "scarysymptoms.com, August 2014",
    "S13": "infofit.ca/treadmill-training-walking-backwards",
    "S14": "SELF, with the physiotherapists Haas and Agnew, copied at diethealthliving.com",
    "S16": "cardioworkouts.github.io",
    "S17": "fasthealthcares.com",
    "S18": "Access Sports Medicine, through Health Digest",
    "S19": "bodybuildingestore.com",
    "S20": "Kachanathu 2014, PMID 25540487",
    "S21": "discovery.researcher.life, 6c284385",
    "S30": "Alghadir 2019, PMC6456984",
    "S33": "Lin 2025, PMID 40924430",
    "S36": "strokecenter.org, trial of backward treadmill training",
    "S40": "ukactive, note on EN 957-6:2010",
    "S41": "simpelin.my.id",
    "S42": "ptji.org, article 277",
    "S43": "rjpbr.com, 41664",
    "S44": "ESP32_treadmill_tacho (one home treadmill, measured)",
    "S45": "github.com/cagnulein/qdomyos-zwift, issue 3152",
    "S46": '"Pace lag analysis 2026-08-01", a public document',
    "S47": "Woodway Desmo manual, page 42",
    "S48": "nugai.blogspot.com, 2007",
    "S50": "ISO 20957-6:2021, 6.5.3, in an excerpt",
    "S53": "Precor P30 and P80 manual",
    "S55": "biologyinsights.com",
    "NS": "no source was found: a cautious choice of ours",
}
"""The sources behind the numbers in advice, safety notes, defaults, sets and docs/turning.md."""
READ = "Sources (read as excerpts, mostly abstracts; many are coaches' advice, not studies)"


def plain(width: int, *, sources: bool = False) -> Iterator[str]:
    """The advice as lines of at most `width` columns, with or without its sources."""
    yield from cells.wrap(OPENING, width)
    for part in PARTS:
        yield ""
        yield part.title
        for line in part.lines:
            told = f"{line.text} [{', '.join(line.sources)}]" if sources else line.text
            yield from cells.wrap(told, width, "  - ", "    ")
    if sources:
        yield ""
        yield from cells.wrap(READ, width)
        for number, source in SOURCES.items():
            indent = " " * 7
            yield from cells.wrap(source, width, f"  {number:5}", indent)
