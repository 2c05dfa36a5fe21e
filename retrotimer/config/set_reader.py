"""Reads the interval sets: their steps, their names, and whether they can be run at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from retrotimer.config import limits, value_rules
from retrotimer.config.durations import told
from retrotimer.config.mistakes import quoted
from retrotimer.config.table_reader import MistakeReport, TableReader
from retrotimer.config.value_rules import Rule, Rules, ValueRefused
from retrotimer.core.plan import MAX_LENGTH, MAX_PHASES, make_plan
from retrotimer.core.plural import counted
from retrotimer.core.sets import Belt, Confirm, IntervalSet, Kind, Power, Repeat, Safety, Step
from retrotimer.core.units import Units

DEEPEST = 50
"""How deep repeats may be nested (NS)."""

_REPEAT = "repeat"
_COUNTLESS = 10**15
KINDS = (Kind.FORWARD.value, Kind.BACKWARD.value, Kind.REST.value, _REPEAT)
_STEP_KEYS = ("speed", "incline", "label", "note", "cue")
_REPEAT_KEYS = ("steps", "skip_last")


class Around(NamedTuple):
    """How to read a step: the rules for its level and its words, and whether the belt is on."""

    level: Rules
    words: Rules
    belt: Power


def read_sets(
    root: TableReader, units: Units, folder: Path
) -> list[tuple[TableReader, IntervalSet]]:
    """All `[[set]]` with their tables; sets with mistakes may be incomplete."""
    found = []
    level, words = level_rules(units), word_rules(folder)
    for table in root.tables("set", "one or more [[set]]", limits.MOST_SETS):
        name = table.need("name", SET["name"], "a [[set]]") or ""
        about = table.get("about", SET["about"], "")
        confirm = table.get("confirm_turns", SET["confirm_turns"], None)
        after = table.get("after", SET["after"], "")
        known = table.items("acknowledged", value_rules.finding, value_rules.FINDINGS)
        belt = table.get("belt", SET["belt"], Power.ON)
        steps = _steps(table, "a [[set]]", Around(level, words, belt), 0)
        table.close("[[set]]")
        found.append((table, IntervalSet(name, steps, about, confirm, after, known, belt)))
    return found


def check_names(
    report: MistakeReport, found: list[tuple[TableReader, IntervalSet]], names: Iterable[str]
) -> list[IntervalSet]:
    """The sets, if each name is used once and each `after` is the `name` of another set."""
    first: dict[str, TableReader] = {}
    known = known_set(names)
    checked = []
    for table, one in found:
        folded = one.name.casefold()
        if one.name and folded in first:
            text = f"found a second set named {quoted(one.name)}, expected every name once"
            note = (first[folded].at("name"), False, "first used here")
            report.add(table.at("name"), text, notes=(note,))
        first.setdefault(folded, table)
        if one.after and one.after.casefold() == folded:
            report.add(table.at("after"), "found the set itself, expected another set's name")
        elif one.after:
            one = replace(one, after=table.get("after", known, one.after))
        checked.append(one)
    return checked


def known_set(names: Iterable[str]) -> Rule[str]:
    """The name of one of the sets, in any case; it is converted to the set's own spelling."""
    spelled: dict[str, str] = {}
    for name in names:
        spelled.setdefault(name.casefold(), name)

    def rule(value: object) -> str:
        found = value_rules.text()(value)
        if found.casefold() not in spelled:
            raise ValueRefused("the name of a set in this file", (found, spelled.values()))
        return spelled[found.casefold()]

    return Rule(rule, value_rules.text().schema)


def check_extent(
    report: MistakeReport,
    table: TableReader,
    one: IntervalSet,
    belt: Belt,
    safety: Safety,
    *,
    exact: bool,
) -> None:
    """Report a set with too many phases or hours, and where all sets together have too many blocks.

    Not `exact`: without countdowns.
    """
    each = _extents(one.steps)
    phases, length = sum(blocks for blocks, _ in each), sum(ms for _, ms in each)
    before, report.blocks = report.blocks, report.blocks + min(phases, MAX_PHASES)
    if report.blocks > limits.MOST_BLOCKS:
        if before <= limits.MOST_BLOCKS:
            found = f"found more than {limits.MOST_BLOCKS} blocks in the sets up to this one"
            report.add(table.path, f"{found}, expected fewer in all")
        return
    if exact and phases <= MAX_PHASES and length <= MAX_LENGTH:
        # Only the plan itself knows the countdowns between the blocks.
        plan = make_plan(one, belt, safety)
        phases, length = len(plan.phases), plan.total
    if phases > MAX_PHASES:
        shown = counted(phases, "phase") if phases < _COUNTLESS else "countless phases"
        report.add(table.path, f"found a set of {shown}, expected at most {MAX_PHASES}")
    elif length > MAX_LENGTH:
        shown = told(length) if length < _COUNTLESS else "ages"
        expected = f"expected at most {told(MAX_LENGTH)}"
        report.add(table.path, f"found a set that takes {shown}, {expected}")


def _extents(steps: tuple[Step | Repeat, ...]) -> list[tuple[int, int]]:
    """For every step, how many blocks and milliseconds it has once repeats are unrolled."""
    found = []
    for step in steps:
        if isinstance(step, Repeat):
            inner = _extents(step.steps)
            skipped = inner[-1] if step.skip_last else (0, 0)
            blocks = sum(blocks for blocks, _ in inner) * step.times - skipped[0]
            length = sum(ms for _, ms in inner) * step.times - skipped[1]
            found.append((blocks, length))
        else:
            found.append((1, step.length or 0))
    return found


def _steps(table: TableReader, what: str, around: Around, depth: int) -> tuple[Step | Repeat, ...]:
    expected = 'a list of steps such as [{ forward = "5m" }]'
    if "steps" not in table:
        table.need("steps", value_rules.flag, what)
        return ()
    if table.content["steps"] == []:
        table.tables("steps", expected)
        table.report.add(table.at("steps"), "found no steps, expected at least one")
        return ()
    if depth > DEEPEST:
        table.tables("steps", expected)
        table.report.add(
            table.at("steps"),
            f"found repeats nested deeper than {DEEPEST}, expected fewer",
            at_key=True,
        )
        return ()
    written = table.tables("steps", expected, limits.MOST_STEPS)
    before, table.report.steps = table.report.steps, table.report.steps + len(written)
    if table.report.steps > limits.MOST_STEPS:
        if before <= limits.MOST_STEPS:
            found = f"found more than {limits.MOST_STEPS} steps in all sets together"
            table.report.add(table.at("steps"), f"{found}, expected fewer", at_key=True)
        return ()
    read = [_step(step, around, depth) for step in written]
    return tuple(step for step in read if step is not None)


def _step(table: TableReader, around: Around, depth: int) -> Step | Repeat | None:
    table.knows(*KINDS)
    kinds = [key for key in table.content if key in KINDS]
    if len(kinds) > 1:
        first, *more = kinds
        for key in more:
            table.report.add(
                table.at(key),
                f"found {quoted(key)} beside {quoted(first)}, expected only one of them in a step",
                at_key=True,
                notes=((table.at(first), True, "the step begins here"),),
            )
    if not kinds:
        kind = None
    elif kinds[0] == _REPEAT:
        return _repeat(table, around, depth)
    else:
        kind = Kind(kinds[0])
    return _block(table, kind, around)


def _repeat(table: TableReader, around: Around, depth: int) -> Repeat:
    times = table.get(_REPEAT, REPEAT[_REPEAT], 1)
    steps = _steps(table, "a repeat", around, depth + 1)
    skip_last = table.get("skip_last", REPEAT["skip_last"], default=False)
    if skip_last and times == 1 and len(steps) == 1:
        text = "found a repeat that skips its only step, expected something to be left"
        table.report.add(table.at("skip_last"), text)
    table.close("a repeat", dict.fromkeys(_STEP_KEYS, "it in a step of the repeat"))
    return Repeat(times, steps, skip_last)


def _block(table: TableReader, kind: Kind | None, around: Around) -> Step | None:
    length = _length(table, kind) if kind else None
    moving = (kind is None or kind.moving) and around.belt is Power.ON
    speed = incline = None
    if moving:
        speed = table.get("speed", around.level["speed"], None)
        incline = table.get("incline", around.level["incline"], None)
    label, note, cue = (table.get(key, rule, "") for key, rule in around.words.items())
    misplaced = dict.fromkeys(_REPEAT_KEYS, 'it beside "repeat"')
    if not moving:
        off = around.belt is Power.OFF
        why = "the belt of this set is off" if off else "nobody moves in a rest"
        misplaced |= dict.fromkeys(("speed", "incline"), f"none: {why}")
    meant = table.close("a rest" if kind is Kind.REST else "a step", misplaced)
    if kind is None:
        if meant.isdisjoint(KINDS):
            expected = "exactly one of forward, backward, rest and repeat"
            table.report.add(table.path, f"found a step without a kind, expected {expected}")
        return None
    return Step(kind, length, speed, incline, label, note, str(cue))


def _length(table: TableReader, kind: Kind) -> int | None:
    return table.get(kind.value, LENGTHS[kind], None)


def _open_or_length(value: object) -> int | None:
    return None if value == "open" else value_rules.duration()(value)


def _backward(value: object) -> int | None:
    if value == "open":
        raise ValueRefused("a duration: only forward blocks and rests can be open")
    return value_rules.duration()(value)


SET: Rules = {
    "name": value_rules.name,
    "about": value_rules.text(lines=True, empty=True),
    "confirm_turns": value_rules.choice(Confirm),
    "after": value_rules.text(),
    "belt": value_rules.choice(Power),
}
"""What the keys of a `[[set]]` may be."""
REPEAT: Rules = {_REPEAT: value_rules.whole(1), "skip_last": value_rules.flag}
"""What the keys of a repeat may be; it is done at least once (NS)."""
_OPEN = Rule(_open_or_length, value_rules.duration_or("open").schema)
LENGTHS: Mapping[Kind, Rule[int | None]] = {
    Kind.FORWARD: _OPEN,
    Kind.BACKWARD: Rule(_backward, value_rules.duration().schema),
    Kind.REST: _OPEN,
}
"""What the length of a block may be."""


def level_rules(units: Units) -> Rules:
    """What the speed and incline of a block may be."""
    return {
        "speed": value_rules.speed(units),
        "incline": value_rules.number(0, 100, "percent"),
    }


def word_rules(folder: Path) -> Rules:
    """What the words and the sound of a block may be; relative paths start at `folder`."""
    return {
        "label": value_rules.text(empty=True),
        "note": value_rules.text(lines=True, empty=True),
        "cue": value_rules.path_to(folder),
    }
