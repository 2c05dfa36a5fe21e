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
from tests.support.app_steps import unseen
from tests.support.frames import paint
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


class Paints:
    """Writes down every refresh of every widget."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.widgets: list[Widget] = []
        plain = Widget.refresh

        def refresh(widget: Widget, *regions: Region, **options: Any) -> Widget:
            self.widgets.append(widget)
            return plain(widget, *regions, **options)

        monkeypatch.setattr(Widget, "refresh", refresh)


# One workout, from its start page to a pause ----------------------------------------------------


async def the_start_says_to_clip_the_cord_and_what_comes(play: Play) -> None:
    assert looks(play) == {"-start"}
    assert play.text("#start-cord") == "Clip the cord on. This program cannot stop the belt."
    assert play.text("#start-first") == ("first   GET READY 10 s, then ▲ FORWARD 5:00 at 3.5 km/h")
    assert "enter starts" in play.text("#start-key")
    assert play.text("#start-state") == "sound a recording player · the screen stays awake"
    assert play.seen("#start-cord")
    assert not play.seen("#time")
    assert not play.seen("#treadmill")
    # However long one waits, nothing begins by itself.
    await play.run(60_000)
    assert play.view.state is State.READY


async def a_forward_block_says_all_about_itself(play: Play) -> None:
    assert looks(play) == {"-forward"}
    assert play.text("#banner") == "▲ ▲ ▲    FORWARD    ▲ ▲ ▲"
    assert play.text("#time") == "3:20"
    assert play.text("#speed BigDigits") == "3.5"
    assert play.text("#speed Line") == "km/h"
    assert play.text("#incline BigDigits") == "0.0"
    assert play.text("#about") == "Warm up"
    assert play.text("#next") == "next   TURN 20 s, then ▼ BACKWARD 0:30 at 1.6 km/h"
    assert play.text("#top") == "First steps  block 1 of 12  ends 07:30"
    assert play.text("#progress") == "1:50 done · 17:10 to go"
    assert not play.seen("#order")
    assert not play.screen.has_class("-warn")


def an_equal_view_paints_nothing(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        paints = Paints(patched)
        for _ in range(20):
            play.screen.poll()
        play.world.clock.advance(100)
        play.screen.poll()
        assert paints.widgets == []


def a_second_paints_only_what_shows_it(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        paints = Paints(patched)
        play.world.clock.advance(1_000)
        play.screen.poll()
        assert {widget.id for widget in paints.widgets} <= {"time", "bar", "strip", "progress"}
        assert "time" in {widget.id for widget in paints.widgets}


async def the_keys_are_looked_up_only_when_they_change(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        asked: list[None] = []
        patched.setattr(play.screen, "refresh_bindings", lambda: asked.append(None))
        await play.run(30_000)
        assert asked == []
        await play.press("space")
        assert asked == [None]


async def small_screens_have_big_digits_and_nothing_needless(play: Play) -> None:
    await play.pilot.resize_terminal(40, 12)
    await play.pilot.pause()
    assert play.screen.query_one("#time").size.height >= 7
    assert play.text("#small") == "▲ FORWARD  block 1/12  3.5 km/h  0.0 %"
    assert play.text("#next") == "next TURN 20 s, ▼ 0:30 at 1.6 km/h"
    assert not any(play.seen(name) for name in ("#banner", "#side", "#note", "#top"))
    assert play.seen("Footer")
    await play.pilot.resize_terminal(80, 24)
    await play.pilot.pause()


async def the_time_of_the_end_moves_with_what_is_added(play: Play) -> None:
    before = play.text("#top")
    for _ in range(6):
        await play.press("+")
    assert before.endswith("ends 07:30")
    assert play.text("#top").endswith("ends 07:31")
    assert Command.MORE in play.view.allows


async def a_replaced_back_end_is_noted_once(play: Play) -> None:
    play.world.player.note = "[b] instead of [i]"
    await play.run(250)
    assert play.text("#note").startswith("[b] instead of [i]")
    await play.press("o")
    await play.run(250)
    assert "instead" not in play.text("#note")


async def a_turn_tells_its_stages_one_by_one(play: Play) -> None:
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
        # The picture leaves four figures of the time the largest size that the height allows.
        assert play.seen("#treadmill")
        assert play.screen.query_one("#time").size.width >= 57
    assert play.text("#stages").split() == (
        ["✓", "SLOW", "✓", "RAILS", "✓", "TURN", "▶", "3-2-1", "GO"]
    )
    assert play.text("#time") == "3"


def digits(play: Play) -> str:
    """The time as it is drawn."""
    time = play.screen.query_one("#time", BigDigits)
    rows = [time.render_line(y) for y in range(time.size.height)]
    return "".join(segment.text for row in rows for segment in row)


async def paused_looks_like_nothing_else(play: Play) -> None:
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


async def test_from_the_start_page_to_a_pause(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(world) as play:
        await the_start_says_to_clip_the_cord_and_what_comes(play)
        await play.start()
        await play.run_to(lambda view: view.state is State.BLOCK and view.left == 200)
        await a_forward_block_says_all_about_itself(play)
        assert "▾" not in digits(play)
        field = play.screen.styles.background
        an_equal_view_paints_nothing(play, monkeypatch)
        a_second_paints_only_what_shows_it(play, monkeypatch)
        await small_screens_have_big_digits_and_nothing_needless(play)
        await the_time_of_the_end_moves_with_what_is_added(play)
        await a_replaced_back_end_is_noted_once(play)
        await play.run_to(lambda view: view.left == 10)
        assert play.screen.has_class("-warn")
        await play.run_to(lambda view: view.state is State.TURN)
        await a_turn_tells_its_stages_one_by_one(play)
        await play.run_to(backward)
        assert looks(play) == {"-backward"}
        assert play.text("#banner") == "▼ ▼ ▼    BACKWARD    ▼ ▼ ▼"
        assert play.text("#time") == "0:30"
        assert "round 1 of 5 · block 2 of 12" in play.text("#top")
        assert play.text("#speed BigDigits") == "1.6"
        # Another pattern and another background.
        assert "▾" in digits(play)
        assert play.screen.styles.background != field
        await play.run_to(lambda view: view.left == 13)
        await paused_looks_like_nothing_else(play)
        await play.press("space")
        await play.run_to(lambda view: view.state is State.BLOCK and view.number == 3)
        await the_keys_are_looked_up_only_when_they_change(play, monkeypatch)


# Where a turn waits ----------------------------------------------------------------------------


async def enter_while_the_sound_opens_says_what_it_waits_for(play: Play) -> None:
    await play.press("enter")
    assert "starting with the sound" in play.text("#start-key")
    assert play.text("#note") == STARTS_WITH_SOUND
    await play.run(1_000)
    await play.press("space")
    assert "enter starts" in play.text("#start-key")
    await play.press("enter")
    play.world.player.status = SoundStatus.READY
    await play.run(1_000)
    assert play.view.state is State.TURN


async def a_confirm_given_ahead_is_marked(play: Play) -> None:
    await play.press("enter")
    assert play.view.armed
    assert "confirmed in advance" in play.text("#note")
    await play.run_to(lambda view: view.current_stage.id is StageId.TURN)  # type: ignore[union-attr]
    assert "confirmed" not in play.text("#note")
    await play.run_to(backward, 30_000)


async def where_there_is_little_room_the_digits_have_it(play: Play) -> None:
    for size in ((40, 12), (40, 40), (79, 24), (80, 23), (200, 12)):
        await play.pilot.resize_terminal(*size)
        await play.pilot.pause()
        assert play.seen("#order"), size
        assert not play.seen("#treadmill"), size
    await play.pilot.resize_terminal(80, 24)
    await play.pilot.pause()
    assert play.seen("#treadmill")


async def a_waiting_turn_asks_for_its_key(play: Play) -> None:
    await play.run(4_000)
    assert looks(play) == {"-waiting"}
    assert play.text("#order") == "PRESS ENTER WHEN READY"
    assert play.text("#body").startswith("waiting 0:04")
    assert play.text("#time") == "?"
    await play.press("enter")
    assert play.view.state is State.TURN
    # It was waited for, so it is none ahead.
    assert "confirmed" not in play.text("#note")


async def test_a_turn_that_waits_and_one_that_was_confirmed_ahead(world: World) -> None:
    world.player.status = SoundStatus.STARTING
    async with playing(world, plan_of(confirm=Confirm.ALWAYS)) as play:
        await enter_while_the_sound_opens_says_what_it_waits_for(play)
        await play.run_to(lambda view: view.block.kind is Kind.BACKWARD)
        await a_confirm_given_ahead_is_marked(play)
        await play.run_to(lambda view: view.state is State.TURN)
        await where_there_is_little_room_the_digits_have_it(play)
        await play.run_to(lambda view: view.state is State.WAITING)
        await a_waiting_turn_asks_for_its_key(play)


async def test_a_turn_shows_how_one_stands(world: World) -> None:
    def now(view: View) -> tuple[object, ...]:
        return view.state, view.number, view.current_stage and view.current_stage.id

    async with playing(world, plan_of(confirm=Confirm.ALWAYS)) as play:
        await play.start()
        drawn: set[str] = set()
        turned: set[int] = set()
        end = world.clock.ms + 420_000
        while world.clock.ms < end:
            state, _, stage = before = now(play.view)
            # While one walks there is nothing to show.
            assert play.seen("#treadmill") is (state in (State.TURN, State.WAITING))
            if play.seen("#treadmill"):
                assert play.screen.query_one("#treadmill").size.height >= HEIGHT + 2
                rows = play.text("#treadmill").splitlines()[:HEIGHT]
                drawing = "\n".join(rows)
                assert drawing.count("▮") == 2
                if "↻" in drawing:
                    assert stage is StageId.TURN
                    turned.add(play.view.number)
                drawn.add(drawing)
            if state is State.WAITING:
                await play.press("enter")
            await play.run_to(lambda view, before=before: now(view) != before)  # type: ignore[misc]
        # Once to walk backward, and once to walk forward again.
        assert turned == {2, 3}
        assert len(drawn) == 9


# Sound, sleep and gaps in time -----------------------------------------------------------------


async def without_sound_it_pauses_where_one_is_blind_and_says_so(play: Play) -> None:
    player, bells = play.world.player, play.app.bells
    player.status, player.detail = SoundStatus.LOST, "the device is gone"
    await play.run(250)
    assert play.view.state is State.PAUSED
    assert looks(play) == {"-paused"}
    assert play.text("#pause-why").startswith("the sound was lost")
    assert play.text("#alert") == "no sound: the device is gone"
    assert play.seen("#alert")
    assert play.screen.has_class("-lost")
    assert play.app.bells > bells
    player.status = SoundStatus.READY
    await play.run(250)
    assert not play.seen("#alert")
    assert play.view.state is State.PAUSED


async def forward_without_sound_goes_on_and_the_turn_waits(play: Play) -> None:
    play.world.player.status = SoundStatus.LOST
    await play.run(250)
    assert looks(play) == {"-forward"}
    assert play.seen("#alert")
    await play.run_to(lambda view: view.state is State.WAITING)
    assert play.text("#order") == "NO SOUND: ENTER GOES ON WITHOUT SOUND"


async def test_what_the_loss_of_sound_does(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        await play.run_to(backward)
        await without_sound_it_pauses_where_one_is_blind_and_says_so(play)
        await play.run(1_400)
        await play.press("space")
        await play.run_to(lambda view: view.state is State.BLOCK and view.number == 3)
        await forward_without_sound_goes_on_and_the_turn_waits(play)


async def test_what_is_lacking_is_told_before_the_start_and_noted_after_it(world: World) -> None:
    world.awake.able = False
    async with playing(world, size=(120, 40)) as play:
        assert play.text("#start-state").endswith("the screen may go to sleep")
        world.player.note = "[b] instead of [i]"
        await play.run(250)
        assert "[b] instead of [i]" in play.text("#start-state")
        await play.start()
        # What was read is not told again; what may happen is.
        assert "instead" not in play.text("#note")
        assert "the screen may go to sleep" in play.text("#note")


async def test_a_gap_in_time_pauses_and_says_why(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        for gap, words in (
            (world.clock.sleep, "the computer was asleep"),
            (world.clock.advance, "the program froze"),
        ):
            await play.run(3_000)
            assert play.view.state is State.TURN
            gap(5_000)
            play.screen.poll()
            await play.pilot.pause()
            assert play.text("#pause-why").startswith(words)
            await play.run(1_400)
            await play.press("space")


# Other workouts --------------------------------------------------------------------------------


@pytest.mark.usefixtures("collecting")
async def test_no_text_of_a_whole_workout_is_out_of_date_and_its_record_is_saved(
    world: World,
) -> None:
    frozen = gc.get_freeze_count()
    async with playing(world, plan_of(EVERYTHING)) as play:
        # Names are no markup.
        assert play.text("#start-name") == "[/] everything [b"
        await play.start()
        told: list[tuple[str, str]] = []
        to_go: list[int] = []
        abouts: set[str] = set()
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
                abouts.add(play.text("#about"))
                assert play.text("#top").startswith("[/] everything [b")
        assert "[red]drink" in abouts
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
        # The open block counts up until enter.
        await play.run_to(lambda view: view.left is None)
        await play.run(65_000)
        assert play.text("#time") == "1:05"
        assert "FORWARD · open" in play.text("#banner")
        assert gc.get_freeze_count() > frozen
        await play.press("enter")
        assert play.runner.over
        (record,) = play.app.results
        assert record is not None
        assert record.status is Status.COMPLETED
        assert list(world.history.newest()) == [record]
        assert not world.awake.active
        assert gc.get_freeze_count() == 0


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
        with unseen(play.screen):
            assert any(backward(view) for view in play.steps(340_000))
            # Not a moment has passed for the loop since the GO.
            assert play.screen.has_class("-flash") is wanted


async def test_every_state_fits_every_size(world: World) -> None:
    plan = plan_of(EVERYTHING, confirm=Confirm.BACKWARD)
    found: set[Appearance] = set()
    async with playing(world, plan, size=SIZES[0]) as play:

        async def each_size() -> AsyncIterator[tuple[int, int]]:
            for size in ((1, 1), (10, 4), *SIZES):
                await play.pilot.resize_terminal(*size)
                await play.pilot.pause()
                if size == SIZES[len(found)]:
                    # Every look is drawn in one of the sizes, and every size for one of the looks.
                    paint(play.app)
                if size in SIZES:
                    yield size

        async for size in each_size():
            assert play.seen("#start-cord"), size
        await play.start()
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
        found.add(Appearance.PAUSED)
        lines = ("#pause-word", "#pause-belt", "#pause-why", "#pause-where", "#pause-resume")
        async for size in each_size():
            for line in lines:
                assert play.seen(line), (line, size)
                assert play.screen.query_one(line).region.bottom <= size[1], (line, size)


async def test_the_strip_follows_the_workout(world: World) -> None:
    async with playing(world) as play:
        await play.start()
        strip = play.screen.query_one(PlanStrip)
        done = [strip._done()]
        while not play.runner.over:
            with unseen(play.screen):
                for _ in play.steps(7_000):
                    pass
            done.append(strip._done())
        assert done == sorted(done)
        assert done[0] == 0
        assert done[-1] >= strip.size.width - 1


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
