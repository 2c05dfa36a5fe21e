"""Damaged session and state files are set aside with a note, and the program starts."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
import tomli_w

from retrotimer.assemble import _broken, last_set
from retrotimer.core.snapshot import load
from retrotimer.host.paths import Paths
from retrotimer.session import state_file
from retrotimer.session.file import SessionFile
from retrotimer.session.recovery import SavedWorkout
from retrotimer.session.remembered import Remembered
from retrotimer.watch.reader import Unreadable, Watch
from tests.support.runner_world import make_world
from tests.support.session_mutations import BOOT, fuzz, table

AFTER = 253402300800000
"""An instant in ms beyond the last possible date."""
DEEP = "[" * 400 + "]" * 400


def at_a_turn() -> dict[str, Any]:
    """A session during a countdown, after one block."""
    for number in range(1000):
        one = table(Random(number))
        if one["workout"]["state"] == "turn" and one["workout"]["rows"]:
            return one
    raise AssertionError


WHOLE = at_a_turn()


def spoiled(path: str, value: object) -> dict[str, Any]:
    """The session with `value` at a path such as `workout.plan.blocks.0.length`."""
    made: Any = copy.deepcopy(WHOLE)
    holder = made
    *steps, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for step in steps:
        holder = holder[step]
    holder[last] = value
    return made  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("workout.plan.blocks.0.length", -5, r"plan.blocks\[0\].length: found -5, expected 1 to"),
        ("workout.plan.blocks.0.speed", float("nan"), "speed: found nan, expected 0.001 to 100"),
        ("workout.plan.blocks.0.kind", "sideways", "found 'sideways', expected one of forward"),
        ("workout.plan.blocks.0.kind", "turn", "an impossible block"),
        ("workout.plan.blocks.0.label", "\x1b[2J", "expected a text without control characters"),
        ("workout.plan.blocks", [], "expected 1 to 10000 blocks"),
        ("workout.plan.rules.belt.acceleration", 0.0, "acceleration: found 0.0, expected 0.01 to"),
        ("workout.plan.rules.safety.get_ready", 10**30, "found an absurdly large number"),
        ("workout.waiting", 253402300800000, "waiting: found 253402300800000, expected 0 to"),
        ("workout.paused", 1, "a time other than the sum of its parts"),
        ("workout.now", 10**15, "now: found 1000000000000000"),
        ("workout.cursor", 99, "a block that is not in the plan"),
        ("workout.state", "block", "a countdown that is not running"),
        ("workout.reason", "user", "a reason without a pause"),
        ("workout.lead.stages", [], "no stages"),
        ("workout.lead.hold", 10**6, "hold: found more than the whole countdown"),
        ("workout.lead.stages.0.length", 0, r"stages\[0\].length: found 0, expected 1 to"),
        ("workout.rows.0.done", 10**9, r"rows\[0\]: found more than all the time"),
        ("workout.rows.0", {"kind": "rest"}, r"rows\[0\].label: found nothing"),
        ("workout.rows.0.unknown", 1, "the unknown key 'unknown'"),
        ("workout.armed", 1, "armed: found 1, expected true or false"),
        ("workout", [], "workout: found a list, expected a table"),
        ("format", True, "format true, expected 1"),
        ("id", "../../x", "id: found '../../x', expected letters"),
        ("started", datetime(1, 1, 1, tzinfo=UTC), "expected a year from 1970 to 2999"),
        ("saved", datetime(9999, 12, 31, tzinfo=UTC), "expected a year from 1970 to 2999"),
        ("started", date(2026, 1, 1), "started: found a date or time, expected a date and time"),
        ("planned_ms", -1, "planned_ms: found -1"),
        ("boot_id", [[["x"]]], "boot_id: found a list, expected a text"),
    ],
    ids=str,
)
def test_an_impossible_value_is_reported_with_its_place(
    path: str, value: object, message: str
) -> None:
    SavedWorkout.read(WHOLE)
    with pytest.raises(ValueError, match=message):
        SavedWorkout.read(spoiled(path, value))


@pytest.mark.parametrize("missing", ["workout", "id", "started", "saved", "planned_ms", "format"])
def test_a_session_without_one_of_its_keys_is_refused(missing: str) -> None:
    with pytest.raises(ValueError, match=f"{missing}.*found nothing|format nothing"):
        SavedWorkout.read({key: value for key, value in WHOLE.items() if key != missing})


def test_a_workout_can_only_be_restored_from_a_table() -> None:
    nothing: list[object] = [None, 1, [], "x"]
    for other in nothing:
        with pytest.raises(ValueError, match="expected a table"):
            load(other, 0)


TEXTS: dict[str, Callable[[str], str]] = {
    "brackets": lambda text: f"deep = {DEEP}\n{text}",
    "endless brackets": lambda text: f"deep = {'[' * 100_000}\n{text}",
    "a dotted key": lambda text: f"{'.'.join(['a'] * 30_000)} = 1\n{text}",
    "an endless number": lambda text: text.replace("format = 1", f"format = {'9' * 9_000}"),
    "a negative length": lambda text: text.replace("length = ", "length = -", 1),
    "an impossible instant": lambda text: re.sub("waiting = .*", f"waiting = {AFTER}", text),
    "cut off": lambda text: text[: len(text) // 2],
    "zeros": lambda text: "\0" * len(text),
}  # fmt: skip


@pytest.mark.parametrize("fault", TEXTS)
def test_a_damaged_session_is_set_aside_and_the_program_starts(
    fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_world(tmp_path)
    data = TEXTS[fault](tomli_w.dumps(WHOLE)).encode()
    file = SessionFile(tmp_path / "session.toml", when=lambda: "NOW")
    file.path.write_bytes(data)
    sight = Watch(file.path, boot_id=BOOT).look()
    assert isinstance(sight, Unreadable)
    assert file.path.read_bytes() == data  # watching changes nothing
    assert _broken(file, world.environment) is None
    (kept,) = tmp_path.glob("session.toml.*-NOW")
    assert kept.read_bytes() == data
    assert not file.path.exists()
    message = capsys.readouterr().err
    assert kept.name in message
    assert message.count("\n") == 1
    assert len(message) < 400
    assert _broken(file, world.environment) is None
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "damage", [f"volume = {DEEP}", "volume = 1\x00", "[" * 100_000, f"{'a.' * 30_000}a = 1"]
)
def test_a_damaged_state_file_is_set_aside_with_a_note(
    damage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = Paths(*(tmp_path / name for name in ("config", "history", "session", "state.toml")))
    places.state.write_text(damage)
    assert last_set(places) is None
    (kept,) = tmp_path.glob("state.toml.damaged-*")
    assert kept.read_text() == damage
    assert kept.name in capsys.readouterr().err
    memory = Remembered(
        state_file.load(places.state), lambda values: state_file.save(places.state, values)
    )
    memory.take(last_set="Easy")
    assert last_set(places) == "Easy"


def test_damaged_sessions_raise_nothing_and_are_used_or_set_aside(tmp_path: Path) -> None:
    counts = fuzz(tmp_path, "ci", range(200))
    assert counts.total() == 200
    assert not [what for what in counts if what.startswith("refused")]
    # Not all are refused: a session that still makes sense is used.
    assert sum(count for what, count in counts.items() if what.startswith("used")) > 10
