"""Big digits: what they look like, how big they get, and that little is painted again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.geometry import Region

from retrotimer.tui.widgets import glyphs
from retrotimer.tui.widgets.digits import BigDigits, changed
from retrotimer.tui.widgets.glyphs import Scale, rows, scale

TIMES = st.from_regex(
    r"[0-9]{0,2}:?[0-9]{1,2}:[0-9]{2}|[0-9]\.[0-9]|[1-3]|\?|-0\.5", fullmatch=True
)
WIDTHS = st.integers(0, 300)
HEIGHTS = st.integers(0, 80)


@pytest.fixture(autouse=True)
def frames() -> None:
    """Here every frame is painted."""


@given(TIMES, WIDTHS, HEIGHTS, st.booleans())
def test_they_fit_and_are_even(text: str, width: int, height: int, mirror: bool) -> None:
    found = rows(text, width, height, mirror)
    assert len(found) <= height
    assert len({len(row) for row in found}) <= 1
    assert all(len(row) <= width for row in found)
    assert bool(found) is (width > 0 and height > 0)


@given(TIMES, WIDTHS, HEIGHTS)
def test_a_mirror_image_has_the_same_size_and_mirrors_back(
    text: str, width: int, height: int
) -> None:
    plain, mirrored = rows(text, width, height), rows(text, width, height, mirror=True)
    if scale(text, width, height) is not None:
        assert mirrored == [row[::-1] for row in plain]
    assert [len(row) for row in mirrored] == [len(row) for row in plain]


@given(TIMES, st.integers(1, 300), st.integers(1, 80))
def test_more_room_never_makes_them_smaller(text: str, width: int, height: int) -> None:
    def area(width: int, height: int) -> int:
        found = scale(text, width, height)
        return found.x * found.y if found else 0

    assert area(width, height) <= area(width + 1, height)
    assert area(width, height) <= area(width, height + 1)


@given(TIMES, TIMES, WIDTHS, HEIGHTS, st.booleans())
def test_what_is_painted_again_is_what_differs(
    one: str, other: str, width: int, height: int, mirror: bool
) -> None:
    before, after = rows(one, width, height, mirror), rows(other, width, height, mirror)
    if [len(row) for row in before] != [len(row) for row in after]:
        return
    screen = [list(row) for row in before]
    for region in changed(before, after):
        for y in region.line_range:
            first, last = region.column_span
            screen[y][first:last] = after[y][first:last]
            # Nothing that is the same at its ends, and no gap that could be left out.
            assert before[y][first] != after[y][first]
            assert before[y][last - 1] != after[y][last - 1]
    assert ["".join(row) for row in screen] == after
    assert changed(after, after) == []


def test_at_three_times_the_size_half_blocks_make_the_odd_rows() -> None:
    found = rows("0:42", 57, 11)
    assert scale("0:42", 57, 11) == Scale(3, 3)
    assert [len(row) for row in found] == [57] * 11
    assert found[0] == "   █████████                     ███         █████████   "
    assert found[1].startswith("▄▄▄▀▀▀▀▀▀▀▀▀▄▄▄")
    assert found[-1].startswith("   ▀▀▀▀▀▀▀▀▀   ")


def test_in_40_columns_the_time_still_fills_the_width() -> None:
    assert scale("0:42", 40, 7) == Scale(2, 2)


def test_on_a_huge_screen_they_are_huge() -> None:
    assert len(rows("0:42", 200, 60)[0]) >= 150


def test_with_little_room_they_are_three_rows_then_one() -> None:
    assert rows("1:07", 12, 3) == ["╶╮  ╭─╮╶─╮", " │ :│ │  │", "╶┴╴ ╰─╯  ╵"]
    assert rows("1:07", 12, 2) == ["1:07"]
    assert rows("1:07", 3, 2) == ["1:0"]
    assert rows("12.6", 12, 3, mirror=True) == ["╶─╮ ╭─╴ ╭╴", "╭─┤ ╰─╮ │ ", "╰─╯.╶─╯╶┴╴"]


def test_three_rows_are_of_blocks_where_they_fit() -> None:
    assert rows("1.6", 9, 3) == ["▄█    █▀▀", " █    █▀█", "▀▀▀ ▀ ▀▀▀"]
    assert rows("1.6", 9, 3, mirror=True) == [row[::-1] for row in rows("1.6", 9, 3)]
    assert rows("1.6", 8, 3)[0].startswith("╶╮")


def test_the_word_for_a_mirror_has_two_sizes() -> None:
    for height, width in ((4, 47), (3, 33)):
        plain = rows("BACKWARD", 80, height)
        assert len(plain) == height
        assert {len(row) for row in plain} == {width}
        assert rows("BACKWARD", 80, height, mirror=True) == [row[::-1] for row in plain]


def test_every_character_differs_from_every_other() -> None:
    for height in (3, 7):
        seen = {tuple(rows(char, 5, height)) for char in glyphs._BITMAPS if char != " "}
        assert len(seen) == len(glyphs._BITMAPS) - 1


@pytest.mark.parametrize("width", [57, 60, 80, 200])
async def test_a_backdrop_is_as_wide_as_the_digits_and_centred(width: int) -> None:
    app = Host()
    async with app.run_test(size=(width, 24)) as pilot:
        digits = app.query_one(Watched)
        digits.show("0:42", pattern="down")
        await pilot.pause()
        left, right = digits._box.x, digits._box.right
        assert abs(left - (width - right)) <= 1
        seen = 0
        for y in [*range(digits._box.y), *range(digits._box.bottom, 24)]:
            row = digits.render_line(y).text
            at = [column for column, sign in enumerate(row) if sign != " "]
            seen += len(at)
            assert left <= at[0] <= at[-1] < right
            assert abs(at[0] - left - (right - 1 - at[-1])) <= 1
        assert seen


class Host(App[None]):
    """Shows one figure."""

    CSS = "Screen { layers: base; }"

    def compose(self) -> ComposeResult:
        yield Watched("0:42")


class Watched(BigDigits):
    """Writes down which regions are painted again."""

    painted: list[tuple[Region, ...]]

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Watched:
        if not hasattr(self, "painted"):
            self.painted = []
        self.painted.append(regions)
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self


async def test_only_the_glyph_that_changed_is_painted_again() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        digits = app.query_one(Watched)
        digits.painted.clear()
        digits.show("0:41")
        (regions,) = digits.painted
        # Of 19 pixels in a row the last glyph has 5, the two last ones with their gap 11.
        pixel = digits._box.width // 19
        assert all(one.x >= digits._box.right - 5 * pixel for one in regions)
        digits.painted.clear()
        digits.show("0:41")
        assert digits.painted == []
        digits.show("0:39")
        (regions,) = digits.painted
        assert digits._box.right - 11 * pixel <= min(one.x for one in regions)
        assert min(one.x for one in regions) < digits._box.right - 6 * pixel


async def test_what_is_on_the_screen_is_what_rows_gives() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        digits = app.query_one(Watched)
        for text, pattern in (("0:42", ""), ("0:41", "down"), ("10:00", "down"), ("3", "")):
            digits.show(text, pattern=pattern)
            await pilot.pause()
            shown = ["".join(seg.text for seg in digits.render_line(y)) for y in range(24)]
            assert all(len(row) == 80 for row in shown)
            inner = [row[digits._box.x : digits._box.right] for row in shown]
            assert inner[digits._box.y : digits._box.bottom] == rows(text, 80, 22)
            assert ("▾" in "".join(shown)) is bool(pattern)


@pytest.mark.parametrize("size", [(1, 1), (5, 2), (12, 3), (40, 12), (300, 80)])
async def test_any_size_can_be_drawn(size: tuple[int, int]) -> None:
    app = Host()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        digits = app.query_one(Watched)
        digits.show("0:41", mirror=True, pattern="down")
        digits.show("0:40", mirror=True, pattern="down")
        await pilot.pause()
        assert len([digits.render_line(y) for y in range(size[1])]) == size[1]
