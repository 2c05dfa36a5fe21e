"""Lines, three-part rows, bars and the terminal title: right in any width, quiet when equal."""

from __future__ import annotations

from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.geometry import Region

from retrotimer.tui.terminal.title import TerminalTitle
from retrotimer.tui.widgets.lines import (
    Bar,
    Line,
    Parts,
    Spread,
    bar,
    flowed,
    halves,
    spread,
)

TEXT = st.text("ab ·▲", max_size=30).map(str.strip)


@given(TEXT, TEXT, st.text("xyz", max_size=10), st.integers(12, 120))
def test_three_parts_fill_the_width_exactly(left: str, middle: str, right: str, width: int) -> None:
    row = spread(left, middle, right, width)
    assert len(row) == width
    assert row.endswith(right)
    assert left in row or "…" in row


def test_without_room_the_middle_goes_first_and_then_the_left_is_cut() -> None:
    assert spread("name", "round 2", "ends", 24) == "name    round 2     ends"
    assert spread("name", "round 2", "ends", 14) == "name      ends"
    assert spread("a long name", "round 2", "ends", 12) == "a long… ends"


@given(st.lists(st.text("ab ", min_size=1).map(str.strip), max_size=8), st.integers(1, 60))
def test_parts_flow_whole_where_they_can_and_nothing_is_lost(parts: list[str], width: int) -> None:
    text = " · ".join(parts)
    rows = flowed(text, width, " · ")
    assert " ".join(rows).replace("·", " ").split() == text.replace("·", " ").split()
    fitting = [" ".join(part.split()) for part in parts if len(part) <= width]
    whole = [" ".join(piece.split()) for row in rows for piece in row.split(" · ")]
    assert all(part in whole for part in fitting if part)
    assert all(len(row) <= width or " " not in row for row in rows)


async def test_parts_take_as_many_rows_as_they_need() -> None:
    class Flow(App[None]):
        def compose(self) -> ComposeResult:
            yield Parts("forward 13:00   backward 2:30   turns 3:30", id="parts")
            yield Line("below", id="below")

    app = Flow()
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        parts = app.query_one("#parts", Parts)
        assert parts.size.height == 2
        assert str(parts.render()) == "forward 13:00   backward 2:30\nturns 3:30"
        parts.show("total 19:00")
        await pilot.pause()
        assert parts.size.height == 1
        assert app.query_one("#below").region.y == 1
        parts.show("forward 13:00   backward 2:30   turns 3:30")
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        assert parts.size.height == 1


@given(st.floats(0, 1), st.integers(0, 300))
def test_a_bar_has_its_width_and_no_more_halves_than_done(fraction: float, width: int) -> None:
    line = bar(fraction, width)
    assert len(line) == width
    assert 2 * line.count("━") + line.count("╸") == halves(fraction, width) <= 2 * width * fraction


def test_a_bar_goes_from_empty_to_full() -> None:
    assert bar(0, 4) == "────"
    assert bar(0.4, 4) == "━╸──"
    assert bar(1, 4) == "━━━━"
    assert bar(0.4, 4, mirror=True) == "──╺━"


class Host(App[None]):
    """One of each."""

    def compose(self) -> ComposeResult:
        yield WatchedLine("[b]not bold[/] [/]")
        yield Spread()
        yield WatchedBar()


class WatchedLine(Line):
    """Counts its updates."""

    updates = 0

    def update(self, content: object = "", *, layout: bool = True) -> None:
        self.updates += 1
        super().update(content, layout=layout)  # type: ignore[arg-type]


class WatchedBar(Bar):
    """Writes down what is painted again."""

    painted: list[tuple[Region, ...]]

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> WatchedBar:
        self.painted = [*getattr(self, "painted", []), regions]
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self


async def test_what_looks_equal_is_not_painted_again() -> None:
    app = Host()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        line, progress = app.query_one(WatchedLine), app.query_one(WatchedBar)
        line.show("[b]not bold[/] [/]")
        assert line.updates == 0
        line.show("[/]")
        assert (line.updates, line.text) == (1, "[/]")
        progress.painted.clear()
        progress.show(0.5)
        progress.show(0.5001)
        assert progress.painted == [(Region(0, 0, 20, 1),)]
        progress.show(0.53)
        assert progress.painted[-1] == (Region(20, 0, 1, 1),)


async def test_text_is_no_markup() -> None:
    app = Host()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        assert "[b]not bold[/] [/]" in "".join(
            segment.text for segment in app.query_one(WatchedLine).render_line(0)
        )


def test_the_title_is_written_once_for_each_change_and_restored() -> None:
    written: list[str] = []
    title = TerminalTitle(written.append)
    title.restore()
    assert written == []
    title.show("▼ 0:30 backward – retrotimer")
    title.show("▼ 0:30 backward – retrotimer")
    title.show("▼ 0:29 backward – retrotimer")
    title.restore()
    title.restore()
    assert written == [
        "\x1b[22;2t\x1b]2;▼ 0:30 backward – retrotimer\x07",
        "\x1b]2;▼ 0:29 backward – retrotimer\x07",
        "\x1b]2;\x07\x1b[23;2t",
    ]


@given(st.text())
def test_no_text_can_end_the_title_early(text: str) -> None:
    written: list[str] = []
    TerminalTitle(written.append).show(text)
    inside = written[0].removeprefix("\x1b[22;2t\x1b]2;").removesuffix("\x07")
    assert not any(category(char) in ("Cc", "Zl", "Zp") for char in inside)
