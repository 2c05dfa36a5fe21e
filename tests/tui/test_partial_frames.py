"""Frames of what has changed: in a terminal they leave what a whole frame would show."""

from __future__ import annotations

import inspect
import random
from typing import Any

import pyte
import pytest
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import Compositor, CompositorUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from retrotimer.tui.terminal.partial_frames import Piece, PiecesUpdate, draw_parts, written
from tests.support.app_steps import until

SIZE = (40, 12)
CONSOLE = Console(color_system="truecolor", force_terminal=True)


@pytest.fixture(autouse=True)
def frames() -> None:
    """Here every frame is painted."""


class Boxes(Screen[None]):
    CSS = """
    Screen { layers: below above; }
    #above { layer: above; offset: 5 2; width: 20; height: 4; background: blue; }
    .box { border: round red; width: 1fr; height: 5; }
    VerticalScroll { height: 6; }
    """

    def __init__(self) -> None:
        super().__init__()
        draw_parts(self)
        self.frames: list[str] = []

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("one", classes="box")
            yield Static("two", classes="box")
        with VerticalScroll():
            for number in range(9):
                yield Static(f"line {number}", classes="line")
        yield Static("above all", id="above")


class Terminal:
    """What a terminal shows of the frames of an app: signs with their colours."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(*SIZE)
        self._stream = pyte.Stream(self.screen)

    def show(self, update: CompositorUpdate | None) -> None:
        if update is not None:
            # A real terminal is told to go to the beginning of a line as well.
            self._stream.feed(update.render_segments(CONSOLE).replace("\n", "\r\n"))

    @property
    def cells(self) -> list[list[tuple[Any, ...]]]:
        width, height = SIZE
        return [[tuple(self.screen.buffer[y][x]) for x in range(width)] for y in range(height)]


@pytest.mark.parametrize("seed", range(5))
async def test_parts_leave_what_a_whole_frame_shows(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Borders, what scrolls, and what covers something else included."""
    chance = random.Random(seed)
    app: App[None] = App()
    terminal, parts = Terminal(), 0

    def display(_app: object, _screen: object, update: CompositorUpdate | None) -> None:
        nonlocal parts
        terminal.show(update)
        parts += type(update).__name__ == "PiecesUpdate"

    async with app.run_test(size=SIZE) as pilot:
        screen = Boxes()
        monkeypatch.setattr(App, "_display", display)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.size.width > 0, "the screen is laid out")
        screen.refresh()
        await pilot.pause()
        texts = list(screen.query(Static))
        for _ in range(12):
            for one in chance.sample(texts, chance.randint(1, 4)):
                word = "".join(chance.choices("ab ●", k=chance.randint(1, 12)))
                one.update(f"[bold]{word}[/] {word}", layout=False)
            await pilot.pause()
            await until(pilot, lambda: not screen._dirty_widgets, "the frame is drawn")
            shown = terminal.cells
            whole = Terminal()
            whole.show(screen._compositor.render_full_update())
            assert shown == whole.cells
    assert parts


def test_colours_are_written_once_for_what_follows_in_them() -> None:
    red, bold = Style.parse("red"), Style.parse("bold red")
    pieces = [
        Piece(0, 0, Strip([Segment("a", red), Segment("b", red)])),
        Piece(4, 2, Strip([Segment("c", red), Segment("d", bold), Segment("e")])),
        Piece(0, 3, Strip([Segment("f", red)])),
    ]
    assert written(pieces, ColorSystem.STANDARD) == (
        "\x1b[1;1H\x1b[31mab\x1b[3;5Hc\x1b[0m\x1b[1;31md\x1b[0me\x1b[4;1H\x1b[31mf\x1b[0m"
    )
    assert written([], ColorSystem.STANDARD) == ""


def test_blanks_need_no_colour_but_their_background() -> None:
    red, ground = Style.parse("red on blue"), Style.parse("on blue")
    under = Style.parse("underline on blue")
    row = [Segment("a", red), Segment("  ", ground), Segment("b", red), Segment(" ", under)]
    assert written([Piece(0, 0, Strip(row))], ColorSystem.STANDARD) == (
        "\x1b[1;1H\x1b[31;44ma  b\x1b[0m\x1b[4;44m \x1b[0m"
    )


def test_the_next_piece_in_a_row_is_told_by_how_far_it_is() -> None:
    pieces = [Piece(x, 30, Strip([Segment("ab")])) for x in (100, 110, 112)]
    assert written(pieces, ColorSystem.STANDARD) == "\x1b[31;101Hab\x1b[8Cab\x1b[31;113Hab"


def test_digits_stay_text_that_can_be_copied() -> None:
    text = "██ ███████ █████▀"
    frame = written(
        [Piece(3, 1, Strip([Segment(text, Style.parse("red on blue"))]))], ColorSystem.STANDARD
    )
    screen = pyte.Screen(30, 3)
    pyte.Stream(screen).feed(frame)
    assert screen.display[1].strip() == text


def test_what_is_adapted_is_still_there() -> None:
    assert "self._compositor.render_update(" in inspect.getsource(Screen._compositor_refresh)
    assert "self._compositor = Compositor()" in inspect.getsource(Screen.__init__)
    assert "self.render_partial_update()" in inspect.getsource(Compositor.render_update)
    for name in ("_dirty_regions", "_regions_to_spans", "layers_visible"):
        assert name in inspect.getsource(Compositor), name
    shown = inspect.getsource(App._display)
    assert "renderable.render_segments(console)" in shown


@pytest.mark.parametrize("depth", [None, *COLOR_SYSTEMS])
def test_a_frame_is_written_in_as_many_colours_as_the_terminal_has(depth: str | None) -> None:
    piece = Piece(0, 0, Strip([Segment("FORWARD", Style(color="#12ab9f"))]))
    console = Console(color_system=depth)  # type: ignore[arg-type]
    expected = written([piece], COLOR_SYSTEMS.get(depth or "truecolor", ColorSystem.TRUECOLOR))
    assert PiecesUpdate([piece]).render_segments(console) == expected
    assert "FORWARD" in expected
