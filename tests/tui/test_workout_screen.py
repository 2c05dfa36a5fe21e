"""The workout screen shows what the machine says, at every size, and paints only what changed."""

from __future__ import annotations

import gc
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from textual.geometry import Region
from textual.widget import Widget

from retrotimer.audio.status import SoundStatus
from retrotimer.config.model import CueSettings, DisplaySettings
from retrotimer.core.sets import Confirm, Kind
from retrotimer.core.stage_guide import StageId
from retrotimer.core.states import Command, State
from retrotimer.core.units import Units
from retrotimer.core.view import View
from retrotimer.history.record import Record, Status
from retrotimer.run.actions import STARTS_WITH_SOUND
from retrotimer.text import phrases
from retrotimer.text.phrases import Appearance
from retrotimer.text.treadmill import HEIGHT
from retrotimer.tui.widgets.digits import BigDigits
from retrotimer.tui.widgets.timeline import PlanStrip
from tests.support.runner_world import EVERYTHING, World, config_of, plan_of
from tests.support.workout_stage import Play, playing

SIZES = [(40, 12), (40, 40), (60, 16), (80, 24), (120, 40), (200, 12), (300, 80)]


def backward(view: View) -> bool:
    return view.state is State.BLOCK and view.block.kind is Kind.BACKWARD


def looks(play: Play) -> set[str]:
    """The state classes that the screen wears."""
    return {
        name for name in play.screen.classes if name in {f"-{look.value}" for look in Appearance}
    }


async def test_before_the_start_it_says_to_clip_the_cord_and_what_comes(world: World) -> None:
    async with playing(world) as play:
        assert looks(play) == {"-start"}
        assert play.text("#start-cord") == "Clip the cord on. This program cannot stop the belt."
        assert play.text("#start-first") == (
            "first   GET READY 10 s, then ▲ FORWARD 5:00 at 3.5 km/h"
        )
        assert "enter starts" in play.text("#start-key")
        assert play.text("#start-state") == "sound a recording player · the screen stays awake"
        assert play.seen("#start-cord")
        assert not play.seen("#time")
        # However long one waits, nothing begins by itself.
        await play.run(60_000)
        assert play.view.state is State.READY


async def test_enter_while_the_sound_opens_says_what_it_waits_for(world: World) -> None:
    world.player.status = SoundStatus.STARTING
    async with playing(world) as play:
        await play.press("enter")
        assert "starting with the sound" in play.text("#start-key")
        assert play.text("#note") == STARTS_WITH_SOUND
        await play.run(1_000)
        await play.press("space")
        assert "enter starts" in play.text("#start-key")
        await play.press("enter")
        world.player.status = SoundStatus.READY
        await play.run(1_000)
        assert play.view.state is State.TURN


async def test_forward_then_turn_then_backward(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK and view.left == 200)
        assert looks(play) == {"-forward"}
        assert play.text("#banner") == "▲ ▲ ▲    FORWARD    ▲ ▲ ▲"
        assert play.text("#time") == "3:20"
        assert play.text("#speed BigDigits") == "3.5"
        assert play.text("#speed Line") == "km/h"
        assert play.text("#incline BigDigits") == "0.0"
        assert play.text("#about") == "Warm up"
        assert play.text("#next") == "next   TURN 20 s, then ▼ BACKWARD 0:30 at 1.6 km/h"
        assert play.text("#top") == "First steps  block 1 of 12  ends 07:29"
        assert play.text("#progress") == "1:50 done · 17:10 to go"
        assert not play.seen("#order")
        assert not play.screen.has_class("-warn")

        await play.run_to(lambda view: view.left == 10)
        assert play.screen.has_class("-warn")

        await play.run_to(lambda view: view.state is State.TURN)
        assert looks(play) == {"-turn"}
        assert play.text("#banner") == "↻ ↻ ↻    TURN · into BACKWARD    ▼ ▼ ▼"
        for title, stage in (
            ("SLOW THE BELT: 1.6 km/h, 0.0 %", StageId.SLOW),
            ("STEP ON THE RAILS", StageId.RAILS),
            ("TURN ROUND NOW", StageId.TURN),
            ("STEP ON AT GO", StageId.COUNT),
        ):
            await play.run_to(
                lambda view, stage=stage: (  # type: ignore[misc]
                    view.current_stage is not None and view.current_stage.id is stage
                )
            )
            assert play.text("#order").startswith(title)
            assert play.seen("#order")
            assert play.text("#body").startswith("feet ")
        assert play.text("#stages").split() == (
            ["✓", "SLOW", "✓", "RAILS", "✓", "TURN", "▶", "3-2-1", "GO"]
        )
        assert play.text("#time") == "3"

        await play.run_to(backward)
        assert looks(play) == {"-backward"}
        assert play.text("#banner") == "▼ ▼ ▼    BACKWARD    ▼ ▼ ▼"
        assert play.text("#time") == "0:30"
        assert "round 1 of 5 · block 2 of 12" in play.text("#top")
        assert play.text("#speed BigDigits") == "1.6"


async def test_a_turn_shows_how_one_stands(world: World) -> None:
    async with playing(world, plan_of(confirm=Confirm.ALWAYS)) as play:
        assert not play.seen("#treadmill")
        await play.start()
        drawn: set[str] = set()
        turned: set[int] = set()
        before = None
        for view in play.steps(420_000):
            stage = view.current_stage and view.current_stage.id
            if (view.state, view.number, stage) == before:
                continue
            before = view.state, view.number, stage
            await play.pilot.pause()
            # While one walks there is nothing to show.
            assert play.seen("#treadmill") is (view.state in (State.TURN, State.WAITING))
            if play.seen("#treadmill"):
                assert play.screen.query_one("#treadmill").size.height >= HEIGHT + 2
                rows = play.text("#treadmill").splitlines()[:HEIGHT]
                drawing = "\n".join(rows)
                assert drawing.count("▮") == 2
                if "↻" in drawing:
                    assert stage is StageId.TURN
                    turned.add(view.number)
                drawn.add(drawing)
            if view.state is State.WAITING:
                await play.press("enter")
        # Once to walk backward, and once to walk forward again.
        assert turned == {2, 3}
        assert len(drawn) == 9


@pytest.mark.parametrize("size", [(40, 12), (40, 40), (79, 24), (80, 23), (200, 12)])
async def test_where_there_is_little_room_the_digits_have_it(
    world: World, size: tuple[int, int]
) -> None:
    async with playing(world, size=size) as play:
        await play.start()
        await play.run_to(lambda view: view.block.kind is Kind.BACKWARD)
        assert play.seen("#order")
        assert not play.seen("#treadmill")


async def test_the_picture_leaves_the_digits_their_size(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(lambda view: view.block.kind is Kind.BACKWARD)
        assert play.seen("#treadmill")
        # Four figures of the largest size that the height allows.
        assert play.screen.query_one("#time").size.width >= 57


async def test_backward_has_another_pattern_and_another_background(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK)
        time = play.screen.query_one("#time", BigDigits)

        def drawn() -> str:
            rows = [time.render_line(y) for y in range(time.size.height)]
            return "".join(segment.text for row in rows for segment in row)

        assert "▾" not in drawn()
        field = play.screen.styles.background
        await play.run_to(backward)
        assert "▾" in drawn()
        assert play.screen.styles.background != field


async def test_a_waiting_turn_asks_for_its_key(world: World) -> None:
    async with playing(world, plan_of(confirm=Confirm.ALWAYS)) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.WAITING)
        await play.run(4_000)
        assert looks(play) == {"-waiting"}
        assert play.text("#order") == "PRESS ENTER WHEN READY"
        assert play.text("#body").startswith("waiting 0:04")
        assert play.text("#time") == "?"


async def test_a_confirm_given_ahead_is_marked(world: World) -> None:
    async with playing(world, plan_of(confirm=Confirm.ALWAYS)) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.TURN and view.block.kind.moving)
        await play.run_to(lambda view: view.block.kind is Kind.BACKWARD)
        await play.press("enter")
        assert play.view.armed
        assert "confirmed in advance" in play.text("#note")
        await play.run_to(lambda view: view.current_stage.id is StageId.TURN)  # type: ignore[union-attr]
        assert "confirmed" not in play.text("#note")
        await play.run_to(backward, 30_000)


async def test_a_confirm_that_was_waited_for_is_none_ahead(world: World) -> None:
    async with playing(world, plan_of(confirm=Confirm.ALWAYS)) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.WAITING)
        await play.press("enter")
        assert play.view.state is State.TURN
        assert "confirmed" not in play.text("#note")


async def test_without_sound_it_pauses_where_one_is_blind_and_says_so(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(backward)
        bells = play.app.bells
        world.player.status, world.player.detail = SoundStatus.LOST, "the device is gone"
        await play.run(250)
        assert play.view.state is State.PAUSED
        assert looks(play) == {"-paused"}
        assert play.text("#pause-why").startswith("the sound was lost")
        assert play.text("#alert") == "no sound: the device is gone"
        assert play.seen("#alert")
        assert play.screen.has_class("-lost")
        assert play.app.bells > bells
        world.player.status = SoundStatus.READY
        await play.run(250)
        assert not play.seen("#alert")
        assert play.view.state is State.PAUSED


async def test_a_replaced_back_end_is_noted_once(world: World) -> None:
    async with playing(world, size=(120, 40)) as play:
        world.player.note = "[b] instead of [i]"
        await play.run(250)
        assert "[b] instead of [i]" in play.text("#start-state")
        await play.start()
        assert "instead" not in play.text("#note")
    world.player.note = ""
    async with playing(world) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK)
        world.player.note = "[b] instead of [i]"
        await play.run(250)
        assert play.text("#note").startswith("[b] instead of [i]")
        await play.press("o")
        await play.run(250)
        assert "instead" not in play.text("#note")


async def test_forward_without_sound_goes_on_and_the_turn_waits(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK)
        world.player.status = SoundStatus.LOST
        await play.run(250)
        assert looks(play) == {"-forward"}
        assert play.seen("#alert")
        await play.run_to(lambda view: view.state is State.WAITING)
        assert play.text("#order") == "NO SOUND: ENTER GOES ON WITHOUT SOUND"


async def test_paused_looks_like_nothing_else(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(backward)
        await play.run(17_000)
        await play.press("space")
        await play.run(72_000)
        assert looks(play) == {"-paused"}
        assert play.text("#pause-belt") == "The belt is still moving."
        assert play.text("#pause-why") == "you paused · 1:12 ago"
        assert play.text("#pause-where").startswith("▼ BACKWARD, 0:13 left of 0:30 at 1.6 km/h")
        assert play.text("#pause-resume") == "goes on with the whole turn (20 s)"
        assert play.text("#pause-keys").split() == (["space", "go", "on", "b", "back", "s", "stop"])
        assert len(play.screen.query(".pause-bar")) == 2
        assert play.seen(".pause-bar")
        assert not play.seen("#time")
        fields = {
            str(play.app.theme_variables[f"{look}-field"])
            for look in ("forward", "backward", "turn", "rest", "waiting")
        }
        assert play.app.theme_variables["paused-field"] not in fields


@pytest.mark.parametrize(
    ("slept", "words"), [(True, "the computer was asleep"), (False, "the program froze")]
)
async def test_a_gap_in_time_pauses_and_says_why(world: World, slept: bool, words: str) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run(20_000)
        if slept:
            world.clock.sleep(5_000)
        else:
            world.clock.advance(5_000)
        play.screen.poll()
        await play.pilot.pause()
        assert play.text("#pause-why").startswith(words)


async def test_an_open_block_counts_up_until_enter(world: World) -> None:
    async with playing(world, plan_of(EVERYTHING)) as play:
        await play.start()
        await play.run_to(lambda view: view.left is None)
        await play.run(65_000)
        assert play.text("#time") == "1:05"
        assert "FORWARD · open" in play.text("#banner")
        await play.press("enter")
        assert play.runner.over


async def test_names_are_no_markup(world: World) -> None:
    async with playing(world, plan_of(EVERYTHING)) as play:
        assert play.text("#start-name") == "[/] everything [b"
        await play.start()
        await play.run_to(lambda view: view.block.kind is Kind.REST)
        assert play.text("#about") == "[red]drink"
        assert play.text("#top").startswith("[/] everything [b")


async def test_a_rehearsal_says_that_nothing_is_saved(world: World) -> None:
    async with playing(world, rate=20) as play:
        assert play.text("#start-name") == "REHEARSAL 20x, not saved · First steps"
        await play.start()
        await play.run(1_000)
        assert play.text("#top").startswith("REHEARSAL 20x, not saved")
        await play.run(3_600_000)
        assert len(play.app.results) == 1
        assert isinstance(play.app.results[0], Record)
        assert list(world.history.newest()) == []


async def test_units_and_mirror_come_from_the_config(world: World) -> None:
    config = config_of(units=Units.MPH, display=DisplaySettings(mirror=True))
    async with playing(world, config=config) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK)

        def mirrored() -> bool:
            return play.screen.query_one("#time", BigDigits).mirrored

        assert play.text("#speed BigDigits") == "2.2"
        assert play.text("#speed Line") == "mph"
        assert not mirrored()
        await play.run_to(backward)
        assert mirrored()
        await play.press("x")
        assert not mirrored()


@pytest.mark.parametrize("wanted", [True, False])
async def test_it_flashes_only_if_wanted(world: World, wanted: bool) -> None:
    config = config_of(cues=CueSettings(flash=wanted))
    async with playing(world, config=config) as play:
        await play.start()
        for view in play.steps(320_000):
            if backward(view):
                break
        # Not a moment has passed for the loop since the GO.
        assert play.screen.has_class("-flash") is wanted


async def test_a_whole_workout_ends_with_its_record_saved(world: World) -> None:
    async with playing(world, plan_of(EVERYTHING)) as play:
        await play.start()
        await play.run_to(lambda view: view.left is None)
        assert gc.get_freeze_count() > 0
        await play.press("enter")
        (record,) = play.app.results
        assert record is not None
        assert record.status is Status.COMPLETED
        assert list(world.history.newest()) == [record]
        assert not world.awake.active
        assert gc.get_freeze_count() == 0


async def test_no_text_of_a_whole_workout_is_out_of_date(world: World) -> None:
    async with playing(world, plan_of(EVERYTHING)) as play:
        await play.start()
        told: list[tuple[str, str]] = []
        to_go: list[int] = []
        for view in play.steps(300_000):
            if view.left is None:
                break
            (look,) = looks(play)
            stage = view.current_stage and view.current_stage.id
            counts = stage is StageId.COUNT
            clock = f"{view.left // 60}:{view.left % 60:02}"
            assert play.text("#time") == (str(view.left) if counts else clock)
            minutes, seconds = re.findall(r"(\d+):(\d+)\+ to go", play.text("#progress"))[0]
            to_go.append(60 * int(minutes) + int(seconds))
            if told[-1:] != [(look, play.text("#next"))]:
                told.append((look, play.text("#next")))
        # No second is left out.
        assert [*dict.fromkeys(to_go)] == [*range(304, 4, -1)]
        forth = [
            ("-backward", "next   TURN 25 s, then ▲ FORWARD 0:20"),
            ("-turn", "then   ▲ FORWARD 0:20"),
            ("-forward", "next   – REST 0:15"),
        ]
        back = ("-turn", "then   ▼ BACKWARD 0:40 at 2.0 km/h, 4.0 %")
        assert told == [
            ("-turn", "then   ▲ FORWARD 0:20 at 4.0 km/h, 2.0 %"),
            ("-forward", "next   – REST 0:30"),
            ("-rest", "next   TURN 20 s, then ▼ BACKWARD 0:40 at 2.0 km/h, 4.0 %"),
            back,
            *forth,
            ("-rest", "next   TURN 25 s, then ▼ BACKWARD 0:40 at 2.0 km/h, 4.0 %"),
            back,
            *forth,
            ("-rest", "next   ▲ FORWARD open at 3.0 km/h"),
            ("-turn", "then   ▲ FORWARD open at 3.0 km/h"),
        ]


class Paints:
    """Writes down every refresh of every widget."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.widgets: list[Widget] = []
        plain = Widget.refresh

        def refresh(widget: Widget, *regions: Region, **options: Any) -> Widget:
            self.widgets.append(widget)
            return plain(widget, *regions, **options)

        monkeypatch.setattr(Widget, "refresh", refresh)


async def test_an_equal_view_paints_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing(world, config=config_of(cues=CueSettings(flash=False))) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK and view.left == 200)
        paints = Paints(monkeypatch)
        for _ in range(20):
            play.screen.poll()
        world.clock.advance(100)
        play.screen.poll()
        assert paints.widgets == []


async def test_a_second_paints_only_what_shows_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(world, config=config_of(cues=CueSettings(flash=False))) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK and view.left == 200)
        paints = Paints(monkeypatch)
        world.clock.advance(1_000)
        play.screen.poll()
        assert {widget.id for widget in paints.widgets} <= {"time", "bar", "strip", "progress"}
        assert "time" in {widget.id for widget in paints.widgets}


async def test_the_keys_are_looked_up_only_when_they_change(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK)
        asked: list[None] = []
        monkeypatch.setattr(play.screen, "refresh_bindings", lambda: asked.append(None))
        await play.run(60_000)
        assert asked == []
        await play.press("space")
        assert asked == [None]


async def test_every_state_fits_every_size(world: World) -> None:
    plan = plan_of(EVERYTHING, confirm=Confirm.BACKWARD)
    async with playing(world, plan, size=SIZES[0]) as play:

        async def each_size() -> AsyncIterator[tuple[int, int]]:
            for size in ((1, 1), (10, 4), *SIZES):
                await play.pilot.resize_terminal(*size)
                await play.pilot.pause()
                if size in SIZES:
                    yield size

        async for size in each_size():
            assert play.seen("#start-cord"), size
        await play.start()
        found: set[Appearance] = set()
        while len(found) < 5:
            look = phrases.look(play.view)
            found.add(look)
            async for size in each_size():
                assert play.seen("#time"), (look, size)
                assert play.seen("#next"), (look, size)
                # Direction and speed are on the screen at any size.
                assert play.seen("#banner") or play.seen("#small"), (look, size)
                if look in (Appearance.TURN, Appearance.WAITING):
                    assert play.seen("#order"), size
            if look is Appearance.WAITING:
                await play.press("enter")
            await play.run_to(lambda view, look=look: phrases.look(view) is not look)  # type: ignore[misc]
        await play.press("space")
        lines = ("#pause-word", "#pause-belt", "#pause-why", "#pause-where", "#pause-resume")
        async for size in each_size():
            for line in lines:
                assert play.seen(line), (line, size)
                assert play.screen.query_one(line).region.bottom <= size[1], (line, size)


async def test_small_screens_have_big_digits_and_nothing_needless(world: World) -> None:
    async with playing(world, size=(40, 12)) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK and view.left == 162)
        assert play.screen.query_one("#time").size.height >= 7
        assert play.text("#small") == "▲ FORWARD  block 1/12  3.5 km/h  0.0 %"
        assert play.text("#next") == "next TURN 20 s, ▼ 0:30 at 1.6 km/h"
        assert not any(play.seen(name) for name in ("#banner", "#side", "#note", "#top"))
        assert play.seen("Footer")


async def test_the_strip_follows_the_workout(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        strip = play.screen.query_one(PlanStrip)
        done = [strip._done() for _ in play.steps(1_200_000)]
        assert done == sorted(done)
        assert done[0] == 0
        assert done[-1] >= strip.size.width - 1


async def test_the_time_of_the_end_moves_with_what_is_added(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK)
        before = play.text("#top")
        for _ in range(6):
            await play.press("+")
        assert before.endswith("ends 07:29")
        assert play.text("#top").endswith("ends 07:30")
        assert Command.MORE in play.view.allows


async def test_one_is_told_when_the_screen_may_go_to_sleep(world: World) -> None:
    world.awake.able = False
    async with playing(world) as play:
        assert play.text("#start-state").endswith("the screen may go to sleep")
        await play.start()
        assert "the screen may go to sleep" in play.text("#note")


async def test_it_can_be_seen_in_every_theme(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(backward)
        for name in play.app.available_themes:
            play.app.theme = name
            await play.pilot.pause()
            time = play.screen.query_one("#time", BigDigits)
            style = time.render_line(time.size.height // 2)._segments[1].style
            assert style is not None, name
            assert style.color != style.bgcolor, name


async def test_without_colours_the_digits_still_stand_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with playing(world) as play:
        await play.start()
        await play.run_to(backward)
        picture = play.app.export_screenshot()
        found = set(re.findall(r"-r\d+ \{ fill: (#\w{6})", picture.lower()))
        greys = {c for c in found if c[1:3] == c[3:5] == c[5:7]}
        # The one other colour is the exporter's own, for text without any.
        assert found - greys <= {"#c5c8c6"}
        assert max(greys) > "#a0a0a0"
        assert "BACKWARD" in picture
