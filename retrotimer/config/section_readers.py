"""Reading each section of the config but the sets.

S-numbers are sources, listed by `retrotimer safety --sources`; NS means that none was found and
the number is a careful choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from retrotimer.config import value_rules
from retrotimer.config.keys import DEFAULT_KEYS, share_a_screen
from retrotimer.config.limits import MOST_SETS
from retrotimer.config.mistakes import ConfigError, quoted
from retrotimer.config.model import Backend, CueSettings, DisplaySettings, Units, VoicePack
from retrotimer.config.set_reader import known_set
from retrotimer.config.table_reader import TableReader
from retrotimer.config.voice_packs import read_pack
from retrotimer.core.cue_ids import CueId
from retrotimer.core.sets import Belt, Confirm, Laptop, Safety
from retrotimer.core.turn import MIN_TURN, SHORT_TURN

NOT_YET: Mapping[str, str] = {
    "hooks": "[hooks] does nothing yet: no command is run",
    "program": "[[program]] does nothing yet: no week is planned",
}
"""Tables that are checked and then not used, with what is to be said of them."""

HOOKS = ("on_turn", "on_start", "on_block", "on_pause", "on_end")

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


def read_units(root: TableReader) -> Units:
    """The unit of every speed."""
    return root.get("units", value_rules.choice(Units), Units.KMH)


def read_belt(table: TableReader, units: Units) -> Belt:
    """`[treadmill]`, in km/h."""
    usual = Belt()
    rate = value_rules.speed(units, low=LEAST_RATE, per=" per second")
    belt = Belt(
        acceleration=table.get("acceleration", rate, usual.acceleration),
        deceleration=table.get("deceleration", rate, usual.deceleration),
        incline_rate=table.get(
            "incline_rate",
            value_rules.number(LEAST_RATE, 100, "percent per second"),
            usual.incline_rate,
        ),
        min_speed=table.get("min_speed", value_rules.speed(units), usual.min_speed),
        max_speed=table.get("max_speed", value_rules.speed(units), usual.max_speed),
        max_incline=table.get(
            "max_incline", value_rules.number(0, 100, "percent"), usual.max_incline
        ),
        laptop=table.get("laptop", value_rules.choice(Laptop), usual.laptop),
    )
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


def read_safety(table: TableReader, units: Units) -> Safety:
    """`[safety]`, in km/h and ms."""
    usual = Safety()
    short = table.get("allow_short_turns", value_rules.flag, usual.allow_short_turns)
    running = table.get("backward_running", value_rules.flag, usual.backward_running)
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
    lead = value_rules.duration(*LEADS)
    safety = Safety(
        turn=table.get("turn", turn, usual.turn),
        allow_short_turns=short,
        confirm_turns=table.get("confirm_turns", value_rules.choice(Confirm), usual.confirm_turns),
        warn_before_turn=table.get("warn_before_turn", lead, usual.warn_before_turn),
        get_ready=table.get("get_ready", lead, usual.get_ready),
        max_backward_speed=table.get("max_backward_speed", backward, usual.max_backward_speed),
        backward_running=running,
        acknowledged=table.items("acknowledged", value_rules.finding, value_rules.FINDINGS),
        checklist=table.get("checklist", value_rules.flag, usual.checklist),
    )
    table.close("[safety]")
    return safety


def read_cues(table: TableReader, folder: Path) -> CueSettings:
    """`[cues]`; its files are looked for from `folder`."""
    usual = CueSettings()
    cues = CueSettings(
        backend=table.get("backend", value_rules.choice(Backend), usual.backend),
        volume=table.get("volume", value_rules.whole(0, 100), usual.volume),
        voice=table.get("voice", value_rules.flag, usual.voice),
        voice_pack=_voice_pack(table, folder),
        halfway=table.get("halfway", value_rules.flag, usual.halfway),
        count_last=table.get("count_last", value_rules.whole(0, MOST_TICKS), usual.count_last),
        remind_every=table.get(
            "remind_every", value_rules.duration_or("off", *REMINDERS), usual.remind_every
        ),
        heartbeat=table.get("heartbeat", value_rules.flag, usual.heartbeat),
        flash=table.get("flash", value_rules.flag, usual.flash),
        sounds=_sounds(table.table("sounds"), folder),
    )
    table.close("[cues]")
    return cues


def _voice_pack(table: TableReader, folder: Path) -> VoicePack | None:
    place = table.get("voice_pack", value_rules.path_to(folder, is_folder=True), None)
    if place is None:
        return None
    try:
        return read_pack(place)
    except ConfigError as error:
        table.report.elsewhere += error.mistakes
        table.report.more += error.more
        return None


def _sounds(table: TableReader, folder: Path) -> dict[CueId, Path]:
    found = {cue: table.get(cue.value, value_rules.path_to(folder), None) for cue in CueId}
    table.close("[cues.sounds]")
    return {cue: path for cue, path in found.items() if path is not None}


def read_display(table: TableReader) -> DisplaySettings:
    """`[display]`."""
    usual = DisplaySettings()
    display = DisplaySettings(
        theme=table.get("theme", value_rules.theme, usual.theme),
        mirror=table.get("mirror", value_rules.flag, usual.mirror),
    )
    table.close("[display]")
    return display


def read_keys(table: TableReader) -> Mapping[str, str]:
    """`[keys]`: the key of every binding, the defaults for those not given."""
    keys = {
        binding: table.get(binding, value_rules.key, default)
        for binding, default in DEFAULT_KEYS.items()
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
    for hook in HOOKS:
        table.get(hook, value_rules.text(), "")
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
            week.need("times", value_rules.whole(1, MOST_A_WEEK), "a week")
            week.close("a week")
        program.close("[[program]]")
