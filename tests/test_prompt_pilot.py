"""What the pilots of the tests wait for, and what not."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import WaitForScreenTimeout
from textual.screen import ModalScreen
from textual.widgets import Static

from tests.support import prompt_pilot
from tests.support.app_steps import PATIENCE, seen

assert PATIENCE > prompt_pilot.PATIENCE


class Far(Message):
    """Comes from a widget to its app."""


class Sender(Static):
    """Tells the app after everything else, and after a frame."""

    def send(self) -> None:
        self.call_later(self.call_after_refresh, self.post_message, Far())


class Chain(App[None]):
    """A key does something that does something, by every way that Textual has."""

    BINDINGS = [("a", "begin", "begin"), ("b", "cover", "cover")]  # noqa: RUF012 - Textual's name

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []

    def compose(self) -> ComposeResult:
        yield Sender("before", id="sender")
        yield Static("before", id="behind")

    async def action_begin(self) -> None:
        self.steps.append("key")
        self.set_timer(3_600, lambda: self.steps.append("an hour later"))
        self.call_next(self.next)

    def next(self) -> None:
        self.steps.append("next")
        self.set_timer(0.01, self.soon)

    async def soon(self) -> None:
        self.steps.append("soon")
        for _ in range(100):
            await asyncio.sleep(0)
        await self.mount(Static("one more"))
        self.query_one(Sender).send()

    def on_far(self) -> None:
        self.steps.append("message")
        self.query_one(Sender).update("after")

    def action_cover(self) -> None:
        self.push_screen(Cover())


class Cover(ModalScreen[None]):
    """Lets the screen below shine through, and changes it."""

    def compose(self) -> ComposeResult:
        yield Static("cover")

    def on_mount(self) -> None:
        self.app.screen_stack[0].query_one("#behind", Static).update("after")


ALL = ["key", "next", "soon", "message"]


@pytest.mark.parametrize("pause", [False, True], ids=["after the key", "after a pause"])
async def test_everything_that_follows_from_a_key_is_done_and_painted(pause: bool) -> None:
    app = Chain()
    async with app.run_test() as pilot:
        if pause:
            app.call_later(app.action_begin)
            await pilot.pause()
        else:
            await pilot.press("a")
        assert app.steps == ALL
        assert "after" in seen(pilot)


async def test_keys_act_one_after_the_other() -> None:
    app = Chain()
    async with app.run_test() as pilot:
        await pilot.press("a", "a")
        assert app.steps == ALL + ALL


async def test_what_lies_below_is_painted_too() -> None:
    app = Chain()
    async with app.run_test() as pilot:
        await pilot.press("b")
        assert isinstance(app.screen, Cover)
        assert not any(screen._dirty_widgets for screen in app.screen_stack)
        assert not prompt_pilot.unpainted(app.screen)


async def test_every_new_size_is_passed_on() -> None:
    app = Chain()
    async with app.run_test(size=(80, 24)) as pilot:
        for size in ((40, 12), (41, 13), (60, 20)):
            await pilot.resize_terminal(*size)
            assert app.screen.size == size
            assert app.query_one(Sender).size.width == size[0]


async def test_a_screen_that_looks_again_and_again_is_not_waited_for() -> None:
    app = Chain()
    looks = 0

    def look() -> None:
        nonlocal looks
        looks += 1
        app.set_timer(0.001, look)

    async with app.run_test() as pilot:
        look()
        await pilot.pause()
        assert looks > 1


async def test_a_pause_can_be_long() -> None:
    app = Chain()
    async with app.run_test() as pilot:
        app.set_timer(0.03, lambda: app.steps.append("later"))
        await pilot.pause(0.05)
        assert app.steps == ["later"]


async def test_a_fault_of_the_app_ends_the_wait() -> None:
    app = Chain()
    app.next = lambda: 1 / 0  # type: ignore[method-assign,assignment]
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            await pilot.press("a")


async def test_what_never_rests_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt_pilot, "PATIENCE", 0.05)
    app = Chain()

    tired = False

    def again() -> None:
        if not tired:
            asyncio.get_running_loop().call_soon(again)

    async with app.run_test() as pilot:
        monkeypatch.setattr(prompt_pilot, "PATIENCE", 0.05)
        again()
        with pytest.raises(WaitForScreenTimeout):
            await pilot.pause()
        tired = True
