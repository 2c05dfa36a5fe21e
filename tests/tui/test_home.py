"""Home: sets, locks, notes, search, edit and reload."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from retrotimer.audio.status import SoundStatus
from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.config.model import Config
from retrotimer.config.read import load
from retrotimer.core.rows import Totals
from retrotimer.core.sets import IntervalSet, Kind, Step
from retrotimer.core.workout import COOLED
from retrotimer.history.record import Record, Status
from retrotimer.tui.app import RetroTimer
from retrotimer.tui.screens.home import HomeScreen, SetList
from retrotimer.tui.set_history import look_back
from retrotimer.tui.terminal.editor import NoEditor, command
from tests.support.app_steps import (
    APP_CSS,
    app_of,
    at_the_start,
    notices,
    screen,
    seen,
    settled,
    shown,
    until,
)
from tests.support.runner_world import EVERYTHING, FIRST_STEPS, World, config_of
from tests.support.sound_files import write_wav

TOO_FAST = IntervalSet("Too fast", (Step(Kind.BACKWARD, 60_000, speed=9.0),))
LATER = IntervalSet("Later", FIRST_STEPS.steps, after="First steps")


def done(world: World, name: str = "First steps", number: int = 0, **changes: object) -> Record:
    started = world.clock.wall() - timedelta(days=100 - number)
    made = Record(
        id=f"{started:%Y%m%dT%H%M%S}-{number:04x}",
        started=started,
        ended=started + timedelta(minutes=10),
        set=name,
        status=Status.COMPLETED,
        totals=Totals(forward=300_000, backward=60_000),
        rows=(),
        rpe=4,
        pain=0,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def make_folder(world: World) -> None:
    """Where the history should be there is a folder."""
    world.history.path.mkdir()


def lines(app: RetroTimer) -> list[str]:
    return [str(option.prompt) for option in app.screen.query_one(SetList).options]


async def test_home_lists_the_sets_again_first_and_marks_what_is_locked(world: World) -> None:
    app = app_of(
        world,
        config_of(FIRST_STEPS, EVERYTHING, TOO_FAST, LATER),
        remembered={"last_set": "[/] everything [b"},
    )
    async with app.run_test() as pilot:
        await settled(pilot)
        assert lines(app) == [
            "again  [/] everything [b",
            "First steps",
            "[/] everything [b",
            "Too fast    locked ",
            "Later   after First steps",
        ]
        assert shown(pilot, "name") == "[/] everything [b"
        assert "[/] everything [b" in seen(pilot)
        # The keys are on the screen before any is pressed.
        await until(pilot, lambda: "rehearse" in seen(pilot), "the keys")


async def test_a_locked_set_tells_why_and_is_not_opened(world: World) -> None:
    app = app_of(world, config_of(TOO_FAST))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "✗ locked 9.0 km/h backward is above" in shown(pilot, "notes")
        for key in ("enter", "r"):
            await pilot.press(key)
            await pilot.pause()
            assert screen(pilot) == "HomeScreen"
        assert any("safety.max_backward_speed" in text for text in notices(pilot))


async def test_a_note_that_was_acknowledged_is_not_told_again(world: World) -> None:
    backward_only = IntervalSet("Back", (Step(Kind.BACKWARD, 60_000, speed=2.0),))
    known = replace(backward_only, name="Known", acknowledged=("no-warm-up",))
    app = app_of(world, config_of(backward_only, known))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "without a forward warm-up" in shown(pilot, "notes")
        await pilot.press("down")
        await pilot.pause()
        assert shown(pilot, "name") == "Known"
        assert "the set ends backward" in shown(pilot, "notes")
        assert "without a forward warm-up" not in shown(pilot, "notes")


async def test_a_set_shows_its_plan_in_numbers_and_its_past(world: World) -> None:
    world.history.append(done(world, number=1, rpe=7))
    world.history.append(done(world, number=2, status=Status.STOPPED, pain=3))
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        totals = shown(pilot, "totals").replace("\N{NO-BREAK SPACE}", " ")
        assert "forward 13:00" in totals
        assert "backward 2:30" in totals
        assert "about 0.76 km" in totals
        assert "last done  Mon 17 Aug 2026, stopped, RPE 4, pain 3" in shown(pilot, "notes")
        await pilot.press("down")
        await pilot.pause()
        assert shown(pilot, "notes").endswith("not done yet")


async def test_a_set_that_comes_after_another_says_so_until_that_was_completed(
    world: World,
) -> None:
    world.history.append(done(world, status=Status.STOPPED))
    # Its end was reached, but it was another one.
    world.history.append(done(world, number=2, reason=COOLED))
    app = app_of(world, config_of(LATER, FIRST_STEPS))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "finish First steps first" in shown(pilot, "notes")
        world.history.append(done(world, number=5))
        await pilot.press("h")
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert "finish First steps first" not in shown(pilot, "notes")


def test_looking_back_stops_when_nothing_more_is_wanted(world: World) -> None:
    for number in range(30):
        world.history.append(done(world, number=number))
    steps = list(look_back(world.history, {"First steps"}, {"First steps"}))
    assert len(steps) == 2
    assert steps[-1] is not None
    assert steps[-1].whole
    assert steps[-1].newest["First steps"].id.endswith("001d")
    everything = list(look_back(world.history, {"First steps", "never"}, set()))
    assert len(everything) == 31


async def test_the_history_that_cannot_be_read_is_said(world: World) -> None:
    make_folder(world)
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        assert str(world.history.path) in shown(pilot, "notes")


async def test_search_filters_as_one_types_and_letters_are_no_keys(world: World) -> None:
    app = app_of(world, config_of(*BUILTIN_SETS), remembered={"last_set": "Tabata"})
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("slash", *"rE")
        await pilot.pause()
        assert screen(pilot) == "HomeScreen"
        assert [line.split("   ")[0] for line in lines(app)] == ["Knee rehab", "Uphill retro"]
        await pilot.press("down", "enter", "enter")
        assert (await at_the_start(pilot)).runner.plan.name == "Uphill retro"
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert len(lines(app)) == len(BUILTIN_SETS) + 1


async def test_a_search_that_fits_nothing_can_start_nothing(world: World) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("slash", *"zzz", "enter", "enter", "r")
        await pilot.pause()
        assert screen(pilot) == "HomeScreen"
        assert lines(app) == []


async def test_a_replaced_back_end_is_noted_once(world: World) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        world.player.note = "[b] instead of [i]"
        assert isinstance(app.screen, HomeScreen)
        app.screen._look_after()
        app.screen._look_after()
        await until(pilot, lambda: notices(pilot) != [], "the note")
        await settled(pilot)
        assert notices(pilot) == ["[b] instead of [i]"]


async def test_home_opens_the_sound_and_tells_its_state(world: World) -> None:
    app = app_of(world, config_of())
    async with app.run_test() as pilot:
        await settled(pilot)
        assert world.player.started == 1
        assert shown(pilot, "state") == "sound ok · awake ok"
        assert not world.awake.active
        world.player.status, world.player.detail = SoundStatus.LOST, "no device [/]"
        world.awake.able = False
        assert isinstance(app.screen, HomeScreen)
        app.screen._open()
        assert shown(pilot, "state") == "no sound: no device [/] · screen may go to sleep"


async def test_home_fits_every_size(world: World) -> None:
    many = [replace(FIRST_STEPS, name=f"set {n}") for n in range(200)]
    app = app_of(world, config_of(*many))
    async with app.run_test(size=(40, 12)) as pilot:
        await settled(pilot)
        for size in ((40, 12), (80, 24), (300, 80)):
            await pilot.press("home")
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert app.screen.query_one("#right").display is (size[0] >= 70), size
            await pilot.press("end")
            await pilot.pause()
            assert "set 199" in seen(pilot), size


# The config -------------------------------------------------------------------------------------

GOOD = """
[display]
theme = "retro-green"
[keys]
history = "g"
[[set]]
name = "Mine [/]"
steps = [{ forward = "1m", speed = 3 }]
"""


class Lent(RetroTimer):
    """An app whose terminal can be lent, which the one of the tests cannot."""

    CSS_PATH = APP_CSS

    @contextmanager
    def suspend(self) -> Iterator[None]:
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(GOOD.replace("Mine", "Old"))
    return path


def say(file: Path, text: str) -> None:
    file.write_text(text)


def lent(world: World, file: Path) -> Lent:
    return Lent(load(file), world.environment, reload=lambda: load(file))


async def test_reload_takes_sets_keys_and_theme(world: World, file: Path) -> None:
    app = lent(world, file)
    async with app.run_test() as pilot:
        await settled(pilot)
        say(
            file, GOOD.replace("retro-green", "night").replace('"g"', '"j"') + "[hooks]\non_end='x'"
        )
        await pilot.press("f5")
        await settled(pilot)
        # What does nothing yet is told.
        line = GOOD.count("\n") + 1
        assert any(f"{file.name}:{line}:1: note: [hooks]" in one for one in notices(pilot))
        assert lines(app) == ["Mine [/]"]
        assert app.theme == "night"
        await pilot.press("j")
        await settled(pilot)
        assert screen(pilot) == "HistoryScreen"


async def test_reload_with_mistakes_shows_all_of_them_and_keeps_the_config(
    world: World, file: Path
) -> None:
    app = lent(world, file)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        say(file, 'units = "knots"\n[cues]\nvolume = 300\n')
        await pilot.press("f5")
        await settled(pilot)
        assert screen(pilot) == "Reading"
        text = seen(pilot)
        assert "2 mistakes; the previous config stays active" in text
        assert "knots" in text
        assert "volume = 300" in text
        await pilot.press("escape")
        await pilot.pause()
        assert lines(app) == ["Old [/]"]
        assert app.config.sets[0].name == "Old [/]"


async def test_edit_runs_the_editor_and_reads_again(
    world: World, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "my editor.py"
    script.write_text(
        "import sys, pathlib\n"
        "path = pathlib.Path(sys.argv[-1])\n"
        "path.write_text(path.read_text().replace('Old', 'New'))\n"
    )
    monkeypatch.setenv("VISUAL", f"'{sys.executable}' '{script}'")
    app = lent(world, file)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        assert lines(app) == ["New [/]"]


async def test_a_config_that_comes_changes_and_goes_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VISUAL", f"'{sys.executable}' -c pass")
    path = tmp_path / "config" / "config.toml"

    def reload() -> Config:
        return load(path if path.exists() else None)

    app = Lent(reload(), world.environment, reload=reload, config_path=path)
    async with app.run_test() as pilot:
        await settled(pilot)
        home = app.screen
        assert isinstance(home, HomeScreen)
        # Where there is none, `e` asks; no is no.
        await pilot.press("e")
        await until(pilot, lambda: screen(pilot) == "Question", "the question")
        assert "There is no config file yet." in seen(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert not path.exists()
        await pilot.press("e")
        await until(pilot, lambda: screen(pilot) == "Question", "the question again")
        await pilot.press("y")
        await until(pilot, lambda: app.config.path == path, "the config is read")
        await settled(pilot)
        assert screen(pilot) == "HomeScreen"
        # Gone, and there again from another terminal.
        path.unlink()
        home._look_after()
        await settled(pilot)
        assert app.config.path is None
        say(path, GOOD)
        home._look_after()
        await settled(pilot)
        assert lines(app) == ["Mine [/]"]
        # With mistakes the old one stays, and nothing gets in the way.
        say(path, "units = 3")
        home._look_after()
        await settled(pilot)
        assert screen(pilot) == "HomeScreen"
        assert lines(app) == ["Mine [/]"]
        told = "The config has changed and has mistakes; f5 shows them."
        assert notices(pilot).count(told) == 1
        home._look_after()
        await settled(pilot)
        assert notices(pilot).count(told) == 1


@pytest.mark.parametrize(
    ("editor", "told"),
    [
        ("/no/such/editor", "/no/such/editor: No such file"),
        (f"'{sys.executable}' -c 'raise SystemExit(3)'", "ended with 3"),
        ("vi 'unfinished", "cannot make sense"),
    ],
)
async def test_an_editor_that_fails_is_told(
    world: World, file: Path, monkeypatch: pytest.MonkeyPatch, editor: str, told: str
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    app = lent(world, file)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        assert any(told in text for text in notices(pilot))
        assert lines(app) == ["Old [/]"]


async def test_a_terminal_that_cannot_be_lent_and_no_file_are_told(
    world: World, file: Path
) -> None:
    app = app_of(world, load(file))
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.press("e")
        await until(pilot, lambda: bool(notices(pilot)), "a word about the terminal")
        assert "cannot be lent" in notices(pilot)[0]
    bare = app_of(world, config_of())
    async with bare.run_test() as pilot:
        await settled(pilot)
        await pilot.press("e")
        await until(pilot, lambda: bool(notices(pilot)), "a word about the file")
        assert "retrotimer init" in notices(pilot)[0]


def test_the_editor_is_visual_then_editor_then_what_is_there() -> None:
    assert command({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert command({"VISUAL": "", "EDITOR": "nano"}) == ["nano"]
    assert command({}) in (["vi"], ["notepad"])
    with pytest.raises(NoEditor):
        command({"EDITOR": '"'})


# Sounds of the user's own ------------------------------------------------------------------------


def own_sounds(folder: Path, seconds: float = 20, level: int = 12_000) -> Path:
    write_wav(folder / "[b]horn.wav", seconds=seconds, level=level)
    path = folder / "config.toml"
    path.write_text(
        """
        cues.sounds = { warn = "[b]horn.wav" }
        [[set]]
        name = "Turn"
        steps = [{ forward = "1m" }, { backward = "1m" }, { forward = "1m" }]
        [[set]]
        name = "No turn"
        steps = [{ forward = "1m" }]
        """,
        encoding="utf-8",
    )
    return path


async def test_a_sound_that_is_cut_off_is_told_beside_its_set(world: World, tmp_path: Path) -> None:
    async with app_of(world, load(own_sounds(tmp_path))).run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert '· [b]horn.wav for "warn" lasts 20.0 s: "last" cuts it off' in shown(pilot, "notes")
        await pilot.press("down")
        assert "horn" not in shown(pilot, "notes")


async def test_a_sound_that_cannot_be_played_is_told_at_home_until_it_is_mended(
    world: World, tmp_path: Path
) -> None:
    path = own_sounds(tmp_path, level=1)
    app = app_of(world, load(path), reload=lambda: load(path))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        notes = shown(pilot, "notes")
        assert f'! {path}:2:32: found "[b]horn.wav"' in notes
        assert "silent throughout; the built-in sound is played instead" in notes
        own_sounds(tmp_path, seconds=0.5)
        await pilot.press("f5")
        await settled(pilot)
        assert "horn" not in shown(pilot, "notes")
