"""Reads each section of the config except the sets.

S-numbers are sources, listed by `retrotimer safety --sources`; NS means that none was found and the
number is a cautious choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from retrotimer.config import value_rules
from retrotimer.config.keys import DEFAULT_KEYS, share_a_screen
from retrotimer.config.limits import MOST_SETS
from retrotimer.config.mistakes import ConfigError, quoted
from retrotimer.config.model import Backend, CueSettings, DisplaySettings, VoicePack
from retrotimer.config.set_reader import known_set
from retrotimer.config.table_reader import TableReader
from retrotimer.config.value_rules import Rules
from retrotimer.config.voice_packs import read_pack
from retrotimer.core.cue_ids import CueId
from retrotimer.core.sets import Belt, Confirm, Laptop, Safety
from retrotimer.core.turn import MIN_TURN, SHORT_TURN
from retrotimer.core.units import Units

NOT_YET: Mapping[str, str] = {
    "hooks": "[hooks] does nothing yet: no command is run",
    "program": "[[program]] does nothing yet: no week is planned",
}
"""Tables that are checked but not used, with the message about each."""

LONGEST_TURN = 600_000
"""The most that turn may be, in ms (NS)."""
LEADS = (3_000, 60_000)
"""What warn_before_turn and get_ready may be, in ms (NS; S19 and S55 for the 3 s)."""
WALKING = 6.0
"""The most that max_backward_speed may be for walking, in km/h (S1)."""
RUNNING = 10.0
"""The most that max_backward_speed may be at all, in km/h (NS; S9: trained runners in a harness
went up to 9.7)."""
LEAST_RATE = 0.01
"""The least by which a belt changes its speed or incline in a second, in km/h or percent (NS)."""
MOST_TICKS = 10
"""The most that count_last may be (NS)."""
REMINDERS = (10_000, 3_600_000)
"""What remind_every may be, in ms (NS)."""
MOST_A_WEEK = 14
"""How often a programme may ask for a set in one week (NS)."""

SWITCHES: Rules = {"allow_short_turns": value_rules.flag, "backward_running": value_rules.flag}
"""The keys of `[safety]` that decide what other keys may be."""
DISPLAY: Rules = {"theme": value_rules.theme, "mirror": value_rules.flag}
KEYS: Rules = dict.fromkeys(DEFAULT_KEYS, value_rules.key)
HOOKS: Rules = dict.fromkeys(
    ("on_turn", "on_start", "on_block", "on_pause", "on_end"), value_rules.text()
)
TIMES_A_WEEK = value_rules.whole(1, MOST_A_WEEK)
"""How often a programme asks for a set in one week, at least once (NS)."""
UNITS = value_rules.choice(Units)


def read_units(root: TableReader) -> Units:
    """The unit of every speed."""
    return root.get("units", UNITS, Units.KMH)


def belt_rules(units: Units) -> Rules:
    """What the keys of `[treadmill]` may be."""
    rate = value_rules.speed(units, low=LEAST_RATE, per=" per second")
    return {
        "acceleration": rate,
        "deceleration": rate,
        "incline_rate": value_rules.number(LEAST_RATE, 100, "percent per second"),
        "min_speed": value_rules.speed(units),
        "max_speed": value_rules.speed(units),
        "max_incline": value_rules.number(0, 100, "percent"),
        "laptop": value_rules.choice(Laptop),
    }


def read_belt(table: TableReader, units: Units) -> Belt:
    """`[treadmill]`, in km/h."""
    belt = Belt(**table.values(belt_rules(units), Belt()))
    if belt.min_speed >= belt.max_speed and not table.faulty("min_speed", "max_speed"):
        key, other = ("max_speed", "min_speed")
        if key not in table:
            key, other = other, key
        found = value_rules.described(table.content[key])
        notes = ((table.at(other), False, "given here"),) if other in table else ()
        text = f"found {found}, expected min_speed to be below max_speed"
        table.report.add(table.at(key), text, notes=notes)
    table.close("[treadmill]")
    return belt


def safety_rules(units: Units, *, short: bool, running: bool) -> Rules:
    """What the other keys of `[safety]` may be, given its two `SWITCHES`."""
    turn = value_rules.duration_or(
        "auto",
        SHORT_TURN if short else MIN_TURN,
        LONGEST_TURN,
        unless="" if short else " (10s or more with allow_short_turns = true)",
    )
    backward = value_rules.speed(
        units,
        RUNNING if running else WALKING,
        unless="" if running else " (more only with backward_running = true)",
    )
    return {
        "turn": turn,
        "confirm_turns": value_rules.choice(Confirm),
        "warn_before_turn": value_rules.duration(*LEADS),
        "get_ready": value_rules.duration(*LEADS),
        "max_backward_speed": backward,
        "checklist": value_rules.flag,
    }


def read_safety(table: TableReader, units: Units) -> Safety:
    """`[safety]`, in km/h and ms."""
    usual = Safety()
    switches = table.values(SWITCHES, usual)
    rules = safety_rules(
        units, short=switches["allow_short_turns"], running=switches["backward_running"]
    )
    values = table.values(rules, usual)
    known = table.items("acknowledged", value_rules.finding, value_rules.FINDINGS)
    safety = Safety(**switches, **values, acknowledged=known)
    table.close("[safety]")
    return safety


def cue_rules(folder: Path) -> Rules:
    """What the keys of `[cues]` may be; files are looked for from `folder`."""
    return {
        "backend": value_rules.choice(Backend),
        "volume": value_rules.whole(0, 100),
        "voice": value_rules.flag,
        "voice_pack": value_rules.path_to(folder, is_folder=True),
        "halfway": value_rules.flag,
        "count_last": value_rules.whole(0, MOST_TICKS),
        "remind_every": value_rules.duration_or("off", *REMINDERS),
        "heartbeat": value_rules.flag,
        "flash": value_rules.flag,
    }


def sound_rules(folder: Path) -> Rules:
    """What the keys of `[cues.sounds]` may be."""
    return {cue.value: value_rules.path_to(folder) for cue in CueId}


def read_cues(table: TableReader, folder: Path) -> CueSettings:
    """`[cues]`; its files are looked for from `folder`."""
    values = table.values(cue_rules(folder), CueSettings())
    values["voice_pack"] = _voice_pack(table, values["voice_pack"])
    cues = CueSettings(**values, sounds=_sounds(table.table("sounds"), folder))
    table.close("[cues]")
    return cues


def _voice_pack(table: TableReader, place: Path | None) -> VoicePack | None:
    if place is None:
        return None
    try:
        return read_pack(place)
    except ConfigError as error:
        table.report.elsewhere += error.mistakes
        table.report.more += error.more
        return None


def _sounds(table: TableReader, folder: Path) -> dict[CueId, Path]:
    found = {CueId(cue): table.get(cue, rule, None) for cue, rule in sound_rules(folder).items()}
    table.close("[cues.sounds]")
    return {cue: path for cue, path in found.items() if path is not None}


def read_display(table: TableReader) -> DisplaySettings:
    """`[display]`."""
    display = DisplaySettings(**table.values(DISPLAY, DisplaySettings()))
    table.close("[display]")
    return display


def read_keys(table: TableReader) -> Mapping[str, str]:
    """`[keys]`: the key of every binding, the defaults for those not given."""
    keys = {
        binding: table.get(binding, rule, DEFAULT_KEYS[binding]) for binding, rule in KEYS.items()
    }
    given = [binding for binding in table.content if binding in keys and not table.faulty(binding)]
    for place, binding in enumerate(given):
        for other in (*given[:place], *(name for name in keys if name not in given)):
            shared = set(keys[binding].split(",")) & set(keys[other].split(","))
            if shared and share_a_screen(binding, other):
                first = ((table.at(other), False, "first used here"),) if other in given else ()
                key = quoted(min(shared))
                whose = quoted(other) if other in given else f"{quoted(other)} by default"
                text = f"found {key}, which is already the key of {whose}, expected another key"
                table.report.add(table.at(binding), text, notes=first)
                break
    table.close("[keys]")
    return keys


def check_hooks(table: TableReader) -> None:
    """Report what is wrong with `[hooks]`."""
    for hook, rule in HOOKS.items():
        table.get(hook, rule, "")
    table.close("[hooks]")


def check_programs(root: TableReader, names: Iterable[str]) -> None:
    """Report what is wrong with every `[[program]]`; `names` are those of the sets."""
    known = known_set(names)
    for program in root.tables("program", "one or more [[program]]", MOST_SETS):
        program.need("name", value_rules.name, "a [[program]]")
        if "weeks" not in program or program.content["weeks"] == []:
            program.knows("weeks")
            expected = 'expected at least one, such as [{ set = "First steps", times = 3 }]'
            program.report.add(program.path, f"found a [[program]] without weeks, {expected}")
        for week in program.tables("weeks", "a list of weeks", MOST_SETS):
            week.need("set", known, "a week")
            week.need("times", TIMES_A_WEEK, "a week")
            week.close("a week")
        program.close("[[program]]")
