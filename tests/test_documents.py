"""The documents agree with the program."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from retrotimer.config.keys import WORKOUT_KEYS, key_text
from retrotimer.core.stage_guide import TABLES, Way
from retrotimer.run.actions import OWN

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import made  # noqa: E402

from retrotimer.text.advice import OPENING, PARTS, SOURCES  # noqa: E402

TURNING = made.TURNING.read_text(encoding="utf-8")
README = made.README.read_text(encoding="utf-8")
ADVICE = made.SAFETY.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", [TURNING, ADVICE, README], ids=["turning.md", "safety.md", "README.md"]
)
def test_generated_parts_are_up_to_date(text: str) -> None:
    assert "<!-- made: " in text
    assert made.made(text) == text, "run python docs/made.py"


@pytest.mark.parametrize("way", Way)
def test_every_stage_of_a_turn_is_described_with_its_reason(way: Way) -> None:
    part = re.search(rf"<!-- made: {way} -->(.*?)<!-- /made -->", TURNING, re.DOTALL)
    assert part is not None
    rows = [row for row in part[1].splitlines() if row.startswith("| ")][2:]
    assert len(rows) == len(TABLES[way]) == len(made.REASONS[way])
    for row, (stage, guide) in zip(rows, TABLES[way], strict=True):
        assert f"| {guide.feet} | {guide.hands} | {guide.eyes} | " in row
        assert f"| {guide.title} | `{stage}`" in row
        assert "“" in row  # the voice has words for every stage
    assert part[1].count("CONSOLE") >= len(rows)


def test_the_readme_has_every_key_of_a_workout() -> None:
    for action in OWN:
        assert f"| `{key_text(action.default)}` | {action.words}" in README
    assert {action.id for action in OWN} == set(WORKOUT_KEYS)


def test_every_documented_sound_fault_has_a_test_and_the_other_way_round() -> None:
    text = (ROOT / "docs" / "sound-faults.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\btest_\w+", text)) - {"test_sound_faults"}
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    }
    assert named <= there
    rows = re.findall(r"^\|.*", text.partition("<!-- faults -->")[2], re.MULTILINE)[2:]
    assert rows
    assert all("`test_" in row.split("|")[5] for row in rows)
    faults = ROOT / "tests" / "e2e" / "test_sound_faults.py"
    assert set(re.findall(r"def (test_\w+)", faults.read_text(encoding="utf-8"))) <= named


def test_all_advice_is_one_link_away_from_the_readme() -> None:
    assert OPENING in README
    assert "](docs/safety.md)" in README
    for part in PARTS:
        assert part.title in ADVICE
        assert all(line.text in ADVICE for line in part.lines)


@pytest.mark.parametrize(
    "document", [made.README, *sorted(made.HERE.glob("*.md"))], ids=lambda path: path.name
)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_the_sources_named_are_exactly_those_listed() -> None:
    files = [
        made.TURNING,
        ROOT / "config.example.toml",
        *(ROOT / "retrotimer").rglob("*.py"),
    ]
    named = {
        number
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith('    "S')  # the list itself
        for number in re.findall(r"\bS[0-9]{1,2}\b", line)
    }
    assert named == set(SOURCES) - {"NS"}
