"""How mistakes are shown."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from retrotimer.config.mistakes import (
    ConfigError,
    Mistake,
    OtherPlace,
    Problem,
    Spot,
    quoted,
    render,
    spot_at,
)
from retrotimer.config.toml_positions import Span, scan
from retrotimer.terminal.cells import width as width_of
from retrotimer.terminal.visible import visible


def at(source: str, part: str) -> Spot:
    return Spot("c.toml", 7, source.index(part) + 1, source, len(part))


def test_a_mistake_shows_its_place_line_and_carets() -> None:
    mistake = Mistake(at("volume = 180", "180"), ("cues", "volume"), "found 180, expected less")
    assert render(mistake).splitlines() == [
        "c.toml:7:10: found 180, expected less",
        "  7 | volume = 180",
        "    |          ^^^",
    ]
    assert str(mistake) == "c.toml:7:10: found 180, expected less"
    assert (mistake.line, mistake.column, mistake.source) == (7, 10, "volume = 180")


def test_notes_come_after_the_mistake() -> None:
    note = OtherPlace(at("b = 1", "b"), "first used here")
    lines = render(Mistake(at("a = 1", "a"), ("a",), "twice", (note,))).splitlines()
    assert lines[3:] == ["c.toml:7:1: note: first used here", "  7 | b = 1", "    | ^"]


def test_wide_and_combining_characters_and_tabs_keep_the_carets_in_place() -> None:
    source = "\t日本 = 'e\u0301' # x"
    lines = render(Mistake(at(source, "x"), (), "x")).splitlines()
    assert lines[2] == "    | \t" + " " * len("xxxx = 'e' # ") + "^"
    assert render(Mistake(at(source, "日本"), (), "x")).splitlines()[2] == "    | \t^^^^"


def test_colour_adds_escapes_and_nothing_else() -> None:
    note = OtherPlace(at("b = 1", "b"), "first used here")
    mistake = Mistake(at("a = 1", "a"), ("a",), "twice", (note,))
    coloured = render(mistake, colour=True)
    assert coloured != render(mistake)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(mistake)
    assert "\x1b[31m^\x1b[0m" in coloured
    assert "\x1b" not in render(mistake)


def test_a_mistake_about_the_whole_file_is_one_line() -> None:
    assert render(Mistake(Spot("c.toml"), (), "no such file")) == "c.toml: no such file"


def test_control_characters_never_reach_the_terminal() -> None:
    source = "a = '\x1b[2J' \u202e b"
    shown = render(Mistake(Spot("c\x07.toml", 1, 1, source, 1), (), "x"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", shown)
    assert quoted('a\x1b"\u202e日') == '"a\\x1b"\\u202e日"'
    assert quoted("x" * 50) == '"' + "x" * 39 + '…"'


def test_long_lines_are_cut_around_the_place() -> None:
    source = "a = [" + "1, " * 500 + "'oops', " + "2, " * 500 + "]"
    lines = render(Mistake(at(source, "'oops'"), (), "x")).splitlines()
    assert len(lines[1]) < 120
    assert lines[2].count("^") == 6
    start = lines[2].index("^")
    assert lines[1][start : start + 6] == "'oops'"


@given(st.text(st.characters(exclude_characters="\n"), max_size=300), st.data())
def test_carets_are_below_what_they_mark(source: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source)))
    width = data.draw(st.integers(1, max(1, len(source) - start)))
    text = render(Mistake(Spot("c.toml", 1, start + 1, source, width), (), "x"))
    _, line, carets = text.split("\n")

    def columns(chars: str) -> int:
        return 8 * chars.count("\t") + sum(map(width_of, chars.split("\t")))

    before = source[:start] if len(source) <= 100 else None
    if before is not None:
        assert columns(carets[: carets.index("^")]) == 6 + columns(visible(before))
    assert carets.count("^") >= 1
    assert not any(unicodedata.category(char) == "Cc" for char in line if char != "\t")


def test_a_span_over_several_lines_is_marked_to_the_end_of_the_first() -> None:
    found = scan('a = """x\ny"""\n')
    spot = spot_at(found, found.find(("a",)).value, "c.toml")
    assert (spot.line, spot.column, spot.width) == (1, 5, 4)


def test_the_end_of_the_text_has_a_spot() -> None:
    spot = spot_at(scan("a = 1\n"), Span(6, 7), "c.toml")
    assert (spot.line, spot.column, spot.source, spot.width) == (2, 1, "", 1)


def test_a_problem_and_its_notes_get_their_places() -> None:
    places = scan("a = 1\n[b]\nc = 2\n")
    problem = Problem(("b", "c"), "bad", notes=((("a",), True, "see here"),))
    mistake = problem.located(places, "c.toml")
    assert str(mistake) == "c.toml:3:5: bad"
    assert mistake.path == ("b", "c")
    assert str(mistake.notes[0].spot) == "c.toml:1:1"


def test_the_error_lists_all_mistakes() -> None:
    error = ConfigError([Mistake(Spot("a"), (), "one"), Mistake(Spot("a"), (), "two")])
    assert str(error) == "a: one\na: two"
