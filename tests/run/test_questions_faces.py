"""Every question on both faces: the same keys give the same answers, a held one gives none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.core.rows import Totals
from retrotimer.core.units import Units
from retrotimer.core.workout import Workout
from retrotimer.history.record import Record, Status
from retrotimer.plain.ask import asked, lines_of
from retrotimer.run.prompt import Prompt
from retrotimer.run.questions import delete, discard_of, first_config, stop
from retrotimer.run.resume_offer import broken_off
from retrotimer.tui.screens.dialogs import Question
from tests.run.test_questions import Typed, broken
from tests.support.app_steps import app_of, settled, until
from tests.support.runner_world import World, config_of, make_world, plan_of


def questions(world: World) -> dict[str, Prompt]:
    started = world.clock.wall()
    record = Record(
        id="20261123T071000-7f3a",
        started=started,
        ended=started + timedelta(minutes=20),
        set="One",
        status=Status.COMPLETED,
        totals=Totals(forward=780_000, backward=150_000, turn=200_000),
        rows=(),
    )
    stopping = stop(Workout(plan_of()).view(0), DEFAULT_KEYS)
    left = broken(world)
    return {
        "stop": stopping,
        "discard": discard_of(stopping, "One"),
        "broken off": broken_off(left, Units.KMH, DEFAULT_KEYS, may_resume=True, minutes=1),
        "too old": broken_off(left, Units.KMH, DEFAULT_KEYS, may_resume=False, minutes=600),
        "config": first_config("config.toml", DEFAULT_KEYS),
        "delete": delete(record, "it does not come back", DEFAULT_KEYS),
    }


OTHERS = ("f9", "tab", "1")
"""Keys that answer nothing anywhere."""


async def test_every_key_gives_the_same_answer_on_both_faces(tmp_path: Path) -> None:
    world, lines_world = make_world(tmp_path / "stage"), make_world(tmp_path / "lines")
    app = app_of(world, config_of())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for name, prompt in questions(make_world(tmp_path / "left")).items():
            keys = [one.key for one in prompt.answers]
            app.push_screen(shown := Question(prompt))
            await pilot.pause()
            await pilot.press(*OTHERS)
            assert app.screen is shown, name
            shown.dismiss()
            for key in (*keys, keys[0].upper()):
                case = f"{key}: {name}"
                # By lines: no answer, held since before, then pressed anew.
                held = [key, *[key] * 3] if key not in ("escape",) else []
                keyboard = Typed(lines_world, *OTHERS, *held, "f9", key, "")
                lines: list[str] = []
                by_line = asked(prompt, keyboard, lines.append, lines_world.clock.boot_ms)
                assert lines == lines_of(prompt)
                given: list[str | None] = []
                world.clock.advance(900)  # no repeat of the one before; a key has asked for it
                app.push_screen(Question(prompt), given.append)
                await pilot.press(key)
                await until(pilot, lambda given=given: bool(given), case)  # type: ignore[misc]
                wanted = next(one.value for one in prompt.answers if one.key == key.lower())
                assert (by_line, given) == (wanted, [wanted]), case
