"""Session files damaged as a disk, an editor or an older program might, and how they are used."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import tomli_w

from retrotimer.core.plan import make_plan
from retrotimer.core.sets import Belt, Confirm, IntervalSet, Laptop, Power, Repeat, Safety, Step
from retrotimer.core.speech import Manner
from retrotimer.core.states import Command, Reason, State
from retrotimer.core.units import Units
from retrotimer.core.vocabulary import WORDS, Lexicon
from retrotimer.core.workout import Workout
from retrotimer.history.errors import HistoryError
from retrotimer.history.record import to_toml
from retrotimer.session.file import SessionFile
from retrotimer.session.recovery import SavedWorkout, WorkoutInfo
from retrotimer.text.pause import going_on, where
from retrotimer.watch.reader import Watch
from tests.support.interval_sets import backward, forward, rest

BOOT = "this boot"
SAVED = datetime(2026, 11, 23, 7, 10, tzinfo=UTC)
ODD: list[Any] = [
    -1, -5, 0, 1, 2**31, 2**53, 2**63 - 1, 253402300800000, 10**30, 10**400, -(10**20),
    0.0, -0.5, 1e-300, 1e300, float("nan"), float("inf"), float("-inf"),
    True, False, "", " ", "x" * 20_000, "\x1b[2J", "a\nb", "forward", "turn", "ready", "paused",
    "block", "waiting", "finished", "never", "always", "\u202e",
    [], [[]], [1, 2], [["x"]], {}, {"x": 1}, {"kind": "rest"},
    date(2026, 1, 1), datetime(1, 1, 1), datetime(9999, 12, 31, tzinfo=UTC),  # noqa: DTZ001
    datetime(1, 1, 1, tzinfo=UTC),
]  # fmt: skip
"""Values to replace others with."""


def workout(rng: Random) -> tuple[Workout, int]:
    """A workout somewhere on its way, and the instant it has reached (ms)."""
    level: dict[str, Any] = {"speed": rng.choice([None, 0.8, 1.6, 3.0])}
    steps: list[Step | Repeat] = [
        rng.choice([forward, backward])(rng.choice([1, 4, 20, 90]), **level),
        rest(rng.choice([4, 15, None])),
        forward(rng.choice([3, 30, None]), rng.choice([None, 3.0, 5.0])),
        Repeat(rng.randint(1, 3), (backward(rng.choice([6, 20])), forward(20)), rng.random() < 0.3),
        rest(rng.choice([3, 12])),
        forward(rng.choice([10, 60]), label="Cool down"),
    ]
    rng.shuffle(steps)
    one = IntervalSet(
        "Any",
        tuple(steps[: rng.randint(1, 6)]),
        confirm_turns=rng.choice(list(Confirm)),
        belt=rng.choice([Power.ON, Power.ON, Power.OFF]),
    )
    safety = Safety(
        turn=rng.choice([None, 15_000, 20_500]),
        get_ready=rng.choice([3_000, 10_000]),
    )
    made = Workout(make_plan(one, Belt(laptop=rng.choice(list(Laptop))), safety))
    now = 5_000_000
    made.send(Command.START, now)
    for _ in range(rng.randint(0, 40)):
        now += rng.choice([0, 1, 250, 1_500, 7_000, 20_000])
        made.advance(now)
        allowed = [one for one in Command if made.allows(one) and one is not Command.STOP]
        if allowed and rng.random() < 0.5:
            made.send(rng.choice(allowed), now, reason=rng.choice(list(Reason)), speed=2.5)
    if made.allows(Command.STOP) and rng.random() < 0.1:
        made.send(Command.STOP, now)
    return made, now


def table(rng: Random) -> dict[str, Any]:
    """The contents of a session file as the program would write it."""
    made, _ = workout(rng)
    info = WorkoutInfo.new(
        SAVED - timedelta(milliseconds=made.totals.elapsed), made.plan.total, rng
    )
    return SavedWorkout(info, made, SAVED, BOOT).table()


def mutated(rng: Random, whole: dict[str, Any]) -> bytes:
    """The session's bytes with one to three things damaged."""
    spoiled = copy.deepcopy(whole)
    if rng.random() < 0.7:
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            _spoil_value(rng, spoiled)
        return tomli_w.dumps(spoiled).encode()
    data = tomli_w.dumps(spoiled).encode()
    for _ in range(rng.randint(1, 3)):
        data = _spoil_bytes(rng, data)
    return data


def _spoil_value(rng: Random, spoiled: dict[str, Any]) -> None:
    places: list[tuple[Any, Any]] = []
    todo: list[Any] = [spoiled]
    while todo:
        one = todo.pop()
        inner = list(one) if isinstance(one, dict) else list(range(len(one)))
        places += [(one, key) for key in inner]
        todo += [one[key] for key in inner if isinstance(one[key], dict | list)]
    holder, key = rng.choice(places)
    value = holder[key]
    match rng.randint(0, 9):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.insert(key, copy.deepcopy(value))
        case 2:
            other, name = rng.choice(places)
            holder[key] = copy.deepcopy(other[name])
        case 3 if isinstance(holder, dict):
            holder[rng.choice(["unknown", "kind", "length", "ready", "reason"])] = copy.deepcopy(
                rng.choice(ODD)
            )
        case 4 | 5 | 6 if type(value) in (int, float):
            holder[key] = value * rng.choice([-1, 0, 1, 1, 2, 1000]) + rng.choice([-1, 0, 1])
        case 4 | 5 | 6 if isinstance(value, bool):
            holder[key] = not value
        case 4 | 5 if isinstance(value, str):
            other, name = rng.choice(places)
            holder[key] = copy.deepcopy(other[name])
        case _:
            holder[key] = copy.deepcopy(rng.choice(ODD))


def _spoil_bytes(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    lines = data.splitlines(keepends=True)
    match rng.randint(0, 8):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        case 2:
            return data[:at] + b"\0" * rng.randint(1, 99) + data[at:]
        case 3:
            del lines[rng.randrange(len(lines)) : at % 7 + 1]
            return b"".join(lines)
        case 4:
            lines.insert(rng.randrange(len(lines)), rng.choice(lines))
            return b"".join(lines)
        case 5:
            deep = rng.choice([40, 400, 5_000])
            return data + b"deep = " + b"[" * deep + b"]" * deep + b"\n"
        case 6:
            return b".".join([b"a"] * rng.choice([40, 5_000])) + b" = 1\n" + data
        case 7:
            digits = rng.choice(["-7", "9" * 17, "9" * 19, "9" * 5_000])
            numbers = list(re.finditer(rb"\d+", data))
            found = rng.choice(numbers)
            return data[: found.start()] + digits.encode() + data[found.end() :]
        case _:
            return data.replace(*rng.choice(_SWAPS), 1)


_SWAPS = [
    (b"forward", b"backward"),
    (b"backward", b"ready"),
    (b"= true", b"= 1"),
    (b"= false", b"= true"),
    (b'"', b"'"),
    (b"length = ", b"length = -"),
    (b"[[workout.plan.blocks]]", b"[workout.plan.blocks]"),
]


class Clocks:
    """The clocks of the program that starts after the crash."""

    def __init__(self, now: int, *, same: bool) -> None:
        self.boot_id = BOOT if same else "another boot"
        self._now = now

    def boot_ms(self) -> int:
        return self._now

    def wall(self) -> datetime:
        return SAVED + timedelta(minutes=1)


def use(file: SessionFile, rng: Random, then: int) -> str:
    """Use the file as a start, a resumption and `watch` do; raises only unexpected exceptions.

    `then` is the instant at which it was saved. Returns what became of the file.
    """
    now, same = rng.choice([then + 500, then + 500, then + 9_000, 7_000, 10**9]), rng.random() < 0.8
    clocks = Clocks(now, same=same)
    watch = Watch(file.path, boot_ms=lambda: now, wall=clocks.wall, boot_id=clocks.boot_id)
    sight = watch.look()
    watch.wait()
    watch.look()
    try:
        data = file.read()
        if data is None:
            return f"set aside as damaged, watched as {type(sight).__name__}"
        try:
            broken = SavedWorkout.read(data)
        except ValueError as error:
            if len(str(error)) > 400:
                raise
            file.set_aside()
            return f"set aside as unusable, watched as {type(sight).__name__}"
        _go_on(broken, clocks, file, rng)
        return f"used, watched as {type(sight).__name__}"
    except HistoryError as error:
        return f"refused: {error.reason}"


def _go_on(broken: SavedWorkout, clocks: Clocks, file: SessionFile, rng: Random) -> None:
    """Save what was done, and resume the workout."""
    to_toml(broken.record())
    broken.resumable(clocks)
    one = broken.resumed(clocks)
    now = max(one.now, clocks.boot_ms())
    manner = Manner(Lexicon(dict.fromkeys(WORDS, 400)), 60_000)
    for _ in range(200):
        view = one.view(now)
        where(view, Units.KMH)
        if view.state is State.PAUSED:
            going_on(view, Units.KMH)
        one.cues(now, now + 5_000)
        one.speech(now, now + 5_000, manner)
        if one.state.over:
            break
        change = one.next_change(now)
        assert change is None or change > now
        now += rng.choice([1_000, 10_000, 60_000])
        one.advance(now)
        wanted = [Command.RESUME, Command.CONFIRM, Command.SKIP, Command.MORE, Command.BACK]
        allowed = [command for command in wanted if one.allows(command)]
        if allowed:
            one.send(rng.choice(allowed), now)
    again = SavedWorkout(broken.info, one, SAVED, BOOT).table()
    file.write(again)
    SavedWorkout.read(file.read() or {})


def fuzz(folder: Path, seed: str, numbers: range) -> Counter[str]:
    """Use a damaged session for each number, which seeds it; counts what became of them."""
    counts: Counter[str] = Counter()
    for number in numbers:
        rng = Random(f"{seed}/{number}")
        whole = table(rng)
        data = mutated(rng, whole)
        file = SessionFile(folder / "session.toml", when=lambda: "NOW")
        file.path.write_bytes(data)
        try:
            counts[use(file, rng, whole["workout"]["now"])] += 1
        except Exception as error:
            error.add_note(f"session {number} of seed {json.dumps(seed)}")
            raise
        for left in folder.iterdir():
            left.unlink()
    return counts
