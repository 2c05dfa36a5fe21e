"""Kills the real program in the middle of a workout, and checks what it leaves on the disk.

What was printed a second or more before the kill must be there afterwards (invariant 7), so every
line gets the time of its arrival.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic

from retrotimer.config.read import load
from retrotimer.core.plan import Plan, make_plan
from retrotimer.core.states import State
from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record, Status
from retrotimer.session.recovery import SavedWorkout
from tests.support.program import Home, conserved

CONFIG = """
cues.backend = "off"
safety.get_ready = "3s"
safety.checklist = false
[[set]]
name = "Short"
steps = [{ rest = "0.3s" }, { repeat = 30, steps = [
  { forward = "0.2s", speed = 3.0 }, { forward = "0.35s", speed = 4.0, label = "[/]" },
  { rest = "0.1s" },
] }]
[[set]]
name = "Long"
steps = [{ rest = "0.3s" }, { forward = "0.2s", speed = 3.0 }, { forward = "5m", speed = 4.0 }]
[[set]]
name = "Ends"
steps = [{ rest = "0.3s" }, { forward = "0.2s" }, { forward = "1s", speed = 3.0 }]
[[set]]
name = "Next"
steps = [{ rest = "0.1s" }]
"""
"""Sets that need no key and little time: a get ready is part of the rest before it."""
SPANS = {"Short": (0.0, 4.0), "Long": (5.5, 8.0), "Ends": (1.4, 1.6)}
"""When each set is killed, in seconds from its first block; "Ends" while it is being saved."""
WEIGHTS = (6, 1, 3)
SYNCED = 1.0
"""What was printed this many seconds ago must be on the disk (invariant 7)."""
LOST = 5.0
PACE = 0.3
"""If lines come later than this, in seconds, the machine is too slow to judge the program."""
PATIENCE = 60.0
INTERRUPTED = "interrupted"
"""What became of a workout that was under way."""

_BEGAN = re.compile(r"block (\d+)$")


@dataclass
class Kill:
    """What was printed before a kill; `began` has (instant, number) of each block."""

    set: str
    began: list[tuple[float, int]] = field(default_factory=list)
    done: float | None = None
    saved: str = ""
    at: float = 0.0
    lines: list[str] = field(default_factory=list)


def kill(home: Home, name: str, after: float) -> Kill:
    """Run a set and kill it `after` seconds from its first block, if it still runs."""
    killed = Kill(name)
    with subprocess.Popen(
        home.command("run", name, "--plain"),
        env=home.env,
        cwd=home.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as program:
        assert program.stdout is not None
        out = program.stdout.fileno()
        try:
            until = monotonic() + PATIENCE
            left = b""
            while (now := monotonic()) < until:
                if not select.select([out], [], [], until - now)[0]:
                    continue
                data = os.read(out, 65536)
                if not data:
                    break
                *whole, left = (left + data).split(b"\n")
                for line in whole:
                    _hear(killed, line.decode(), monotonic())
                if killed.began and until > killed.began[0][0] + after:
                    until = killed.began[0][0] + after
            killed.at = monotonic()
        finally:
            program.kill()
    assert killed.began, f"no block began: {killed.lines}"
    return killed


def _hear(killed: Kill, line: str, at: float) -> None:
    killed.lines.append(line)
    if found := _BEGAN.search(line):
        killed.began.append((at, int(found[1])))
    elif line.endswith("DONE"):
        killed.done = at
    elif line.startswith("saved: "):
        killed.saved = line.removeprefix("saved: ")


def plan_of(home: Home, name: str) -> Plan:
    """The plan of a set in the home's config."""
    config = load(home.config)
    one = next(one for one in config.sets if one.name == name)
    return make_plan(one, config.belt, config.safety, config.cues.rules)


def by_id(home: Home) -> dict[str, Record]:
    """The history by id; no id may be there twice."""
    records = home.records()
    found = {record.id: record for record in records}
    assert len(found) == len(records)
    return found


def left_over(home: Home, killed: Kill) -> SavedWorkout | None:
    """The workout that the kill left in the session file, checked for completeness.

    None if it was over and saved already, or if nothing had to be on the disk yet.
    """
    plan = plan_of(home, killed.set)
    on_time = kept_pace(plan, killed)
    data = home.in_progress()
    logged = by_id(home)
    if killed.saved:
        assert logged[killed.saved].status is Status.COMPLETED
    # The record is written before DONE is printed.
    assert logged or killed.done is None, f"done, but not in the history: {killed.lines}"
    if data is None:
        early = killed.at - killed.began[0][0] < SYNCED
        assert logged or early or not on_time, f"nothing was saved: {killed.lines}"
        return None
    broken = SavedWorkout.read(data)
    assert broken.logged(HistoryFile(home.history)) is (broken.info.id in logged)
    if broken.info.id in logged:
        return None
    assert conserved(broken.record())
    if on_time:
        _complete(plan, killed, broken)
    return broken


def kept_pace(plan: Plan, killed: Kill) -> bool:
    """Whether each line came when its block was due to begin, and none was overdue at the kill."""
    first = killed.began[0][0]
    due = [first]
    for block in plan.blocks:
        due.append(due[-1] + (block.length or 0) / 1000)
    late = [at - due[number - 1] for at, number in killed.began]
    if killed.done is None:
        late.append(killed.at - due[killed.began[-1][1]])
    return max(late) <= PACE


def _complete(plan: Plan, killed: Kill, broken: SavedWorkout) -> None:
    rows = [row for row in broken.workout.rows if row.kind not in ("turn", "ready")]
    for at, number in killed.began:
        if at <= killed.at - SYNCED:
            assert len(rows) >= number, f"block {number} is missing: {killed.lines}"
            for row, block in zip(rows[: number - 1], plan.blocks, strict=False):
                assert row.done == row.planned == block.length
    at, number = killed.began[-1]
    begins = sum(block.length or 0 for block in plan.blocks[: number - 1]) / 1000
    passed = begins + killed.at - at
    assert broken.workout.totals.elapsed / 1000 >= passed - LOST


def settle(home: Home, broken: SavedWorkout | None, rng: Random) -> None:
    """Start it again, sometimes with another kill; what was done must be saved exactly once."""
    before = by_id(home)
    if rng.random() < 0.4:
        command = home.command("run", "Next", "--plain")
        with subprocess.Popen(
            command,
            env=home.env,
            cwd=home.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as program:
            try:
                program.wait(rng.uniform(0.1, 1.0))
            except subprocess.TimeoutExpired:
                program.kill()
    done = home.run("run", "Next", "--plain")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    after = by_id(home)
    assert home.in_progress() is None
    assert before.items() <= after.items()
    if broken is not None:
        made = after[broken.info.id]
        assert made == broken.record()
        assert made.status is (Status.COMPLETED if made_whole(broken) else Status.RECOVERED)


def made_whole(broken: SavedWorkout) -> bool:
    """Whether the workout was over and only its record was not written yet."""
    return broken.workout.state is State.FINISHED


def one_kill(folder: Path, seed: str) -> str:
    """Kill and restart the program once, in its own home; returns what became of the workout."""
    rng = Random(seed)
    name = rng.choices(list(SPANS), WEIGHTS)[0]
    folder.mkdir()
    home = Home.make(folder, CONFIG)
    killed = kill(home, name, rng.uniform(*SPANS[name]))
    broken = left_over(home, killed)
    stale = broken is None and home.in_progress() is not None
    settle(home, broken, rng)
    if not kept_pace(plan_of(home, name), killed):
        return "too slow a machine to judge"
    if broken is not None:
        return INTERRUPTED
    return "saved, session file still there" if stale else "saved, or nothing to save yet"
