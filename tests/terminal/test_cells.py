"""How many cells a text takes, and columns that stay aligned with any text."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from retrotimer.terminal import cells
from retrotimer.terminal.cells import cut, left, right, row, table, width
from retrotimer.terminal.visible import visible_line

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e9\U0001f1ea"
HEART = "\u2764\ufe0f"
SIGNS = {
    "": 0,
    "Tabata": 6,
    "▲ FORWARD · 1:30 – 4.0 %…": 25,
    "↻": 1,
    "歩く": 4,
    "한글": 4,
    "Ｆ": 2,
    "e\u0301": 1,
    "a\u20dd": 1,
    "\u0e01\u0e47": 1,
    "\U0001f3c3": 2,
    FAMILY: 2,
    FLAG: 2,
    HEART: 2,
}


@pytest.mark.parametrize(("text", "wide"), SIGNS.items(), ids=ascii)
def test_widths_agree_with_those_on_the_full_screen(text: str, wide: int) -> None:
    assert width(text) == wide
    assert cell_len(text) == wide


def test_characters_that_are_not_looked_up_take_one_cell_each() -> None:
    quick = [chr(code) for code in range(0x10000) if cells._NARROW.fullmatch(chr(code))]
    assert len(quick) > 500
    assert [char for char in quick if wcwidth.wcwidth(char) != 1] == []
    assert [char for char in quick if unicodedata.combining(char)] == []


def test_most_texts_do_not_load_the_library() -> None:
    code = (
        "import sys; from retrotimer.terminal.cells import cut, left, right, table;"
        "print([*table([('▲ forward', '0:30'), ('↻ turn', '0:20')], (1,)), cut('Grüße', 4)]);"
        "assert 'wcwidth' not in sys.modules;"
        "left('日本', 6); assert 'wcwidth' in sys.modules;"
        "assert not {'rich', 'textual'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "['▲ forward  0:30', '↻ turn     0:20', 'Grü…']\n"


def test_padded_texts_have_the_same_width() -> None:
    for text, wide in SIGNS.items():
        assert left(text, 30) == text + " " * (30 - wide)
        assert right(text, 30) == " " * (30 - wide) + text
        assert left(text, wide - 1) == right(text, wide - 1) == text


def test_a_cut_never_splits_a_character() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdef", 5) == "abcd…"
    assert cut("歩く人", 5) == "歩く…"
    assert cut("歩く人", 4) == "歩…"
    assert cut("e\u0301e\u0301e\u0301", 2) == "e\u0301…"
    assert cut(FAMILY * 3, 5) == FAMILY * 2 + "…"
    assert cut(FAMILY * 3, 4) == FAMILY + "…"
    assert [cut("abc", most) for most in (2, 1, 0)] == ["a…", "…", ""]


texts = st.one_of(
    st.text(max_size=12),
    st.lists(st.sampled_from([*SIGNS, "x", " "]), max_size=6).map("".join),
).map(visible_line)


@given(texts, st.integers(0, 20))
def test_a_cut_text_fits(text: str, most: int) -> None:
    short = cut(text, most)
    assert width(short) <= most
    assert short == text or text.startswith(short.removesuffix(cells.ELLIPSIS))


def test_columns_are_aligned() -> None:
    rows = [
        ("set", "time", "note"),
        ("歩く", "1:00:00", "x"),
        (f"{FAMILY} e\u0301", "0:30", "y"),
        (f"{FLAG}{HEART}", "", "z"),
    ]
    lines = list(table(rows, to_right=(1,)))
    for name, line in zip((one[-1] for one in rows), lines, strict=True):
        before = line.removesuffix(name)
        assert width(before) == len("abcd  1:00:00  ")
        # The full screen would draw it the same.
        assert cell_len(before) == width(before)
    assert row(("歩く人", "7"), (5, 3), (1,)) == "歩く…    7"


@given(st.text(alphabet="ab 歩く走る-", max_size=60), st.integers(4, 20))
def test_wrapped_lines_take_no_more_cells_and_lose_no_word(text: str, most: int) -> None:
    lines = cells.wrap(text, most, "", "  ")
    assert all(width(line) <= most for line in lines)
    assert "".join("".join(lines).split(" ")) == "".join(text.split(" "))


@pytest.mark.parametrize("words", [("one", "two three"), ("歩く", "走る 前へ")])
def test_a_line_is_not_broken_at_a_no_break_blank(words: tuple[str, str]) -> None:
    kept = [word.replace(" ", "\N{NO-BREAK SPACE}") for word in words]
    assert cells.wrap(" ".join(kept), width(kept[1]) + 1) == kept
