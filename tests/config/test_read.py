"""What is read from a config, and everything that can be wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.config.mistakes import ConfigError, Mistake, render
from retrotimer.config.model import Backend, Config, VoicePack
from retrotimer.config.read import load, read_text
from retrotimer.core.cue_ids import CueId
from retrotimer.core.sets import Confirm, Kind, Laptop, Repeat, Step
from retrotimer.core.units import Units

ONE = '[[set]]\nname = "A"\nsteps = [{ forward = 60 }]\n'


def mistakes(text: str, path: Path | None = None) -> tuple[Mistake, ...]:
    with pytest.raises(ConfigError) as caught:
        read_text(text, path)
    return caught.value.mistakes


def messages(text: str) -> list[str]:
    return [str(mistake).removeprefix("config.toml:") for mistake in mistakes(text)]


def steps(inner: str) -> str:
    return f'[[set]]\nname = "A"\nsteps = [\n{inner}\n]\n'


def read_steps(inner: str) -> tuple[Step | Repeat, ...]:
    return read_text(steps(inner), None).sets[0].steps


def test_an_empty_config_means_the_defaults() -> None:
    assert read_text("", None) == Config(sets=BUILTIN_SETS)
    assert read_text("# nothing\n", None).sets == BUILTIN_SETS
    assert read_text("set = []", None).sets == BUILTIN_SETS


def test_a_config_with_everything(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "voice.toml").write_text('language = "x"\nwords = { set = "../a.wav" }')
    config = read_text(
        """
        units = "km/h"
        [treadmill]
        acceleration = 1
        laptop = "behind"
        [safety]
        turn = "20s"
        confirm_turns = "backward"
        warn_before_turn = 8
        get_ready = "5s"
        backward_running = true
        max_backward_speed = 10
        [cues]
        backend = "bell"
        volume = 0
        voice_pack = "pack"
        count_last = 10
        remind_every = "1m"
        sounds = { turn = "a.wav" }
        [display]
        theme = "nord"
        mirror = true
        [keys]
        pause = "p, +"
        more = "k"
        [hooks]
        on_turn = "true"
        [[set]]
        name = "A"
        confirm_turns = "always"
        after = "b"
        steps = [
          { forward = "open", speed = 3, incline = 1, label = "x", note = "y\\nz", cue = "a.wav" },
          { repeat = 2, skip_last = true, steps = [{ backward = "1:00" }, { rest = 5.5 }] },
        ]
        [[set]]
        name = "B"
        [[set.steps]]
        rest = "open"
        [[program]]
        name = "P"
        weeks = [{ set = "a", times = 3 }]
        """,
        tmp_path / "c.toml",
    )
    wav = tmp_path / "a.wav"
    assert (config.belt.acceleration, config.belt.laptop) == (1.0, Laptop.BEHIND)
    assert (config.safety.turn, config.safety.warn_before_turn) == (20_000, 8_000)
    assert (config.safety.confirm_turns, config.safety.get_ready) == (Confirm.BACKWARD, 5_000)
    assert config.safety.max_backward_speed == 10.0
    assert (config.cues.backend, config.cues.volume) == (Backend.BELL, 0)
    pack = tmp_path / "pack"
    assert config.cues.voice_pack == VoicePack(pack, "x", {"set": pack / "../a.wav"})
    assert config.cues.sounds == {CueId.TURN: wav}
    assert (config.cues.rules.count_last, config.cues.remind_every) == (10, 60_000)
    assert (config.display.theme, config.display.mirror) == ("nord", True)
    assert (config.keys["pause"], config.keys["more"], config.keys["stop"]) == ("p,plus", "k", "s")
    first, second = config.sets
    assert first.confirm_turns is Confirm.ALWAYS
    assert first.after == "B"
    assert first.steps == (
        Step(Kind.FORWARD, None, 3.0, 1.0, "x", "y\nz", str(wav)),
        Repeat(2, (Step(Kind.BACKWARD, 60_000), Step(Kind.REST, 5_500)), skip_last=True),
    )
    assert second.steps == (Step(Kind.REST, None),)
    assert config.gives("cues.volume")
    assert config.gives("display.theme")
    assert not config.gives("cues.voice")
    assert config.place_of("b") == f"{tmp_path / 'c.toml'}:36:9"
    # The first step of the repeat that is the second step of "A".
    assert config.place_of("A", (1, 0)) == f"{tmp_path / 'c.toml'}:34:52"
    assert config.place_of("C") is None
    assert load(None).place_of("Tabata") is None


def test_mph_are_converted_to_kmh_but_defaults_stay() -> None:
    config = read_text(
        'units = "mph"\n[treadmill]\nmax_speed = 10\nacceleration = 0.5\n'
        + ONE.replace("60 }", "60, speed = 2 }"),
        None,
    )
    assert config.units is Units.MPH
    assert config.belt.max_speed == pytest.approx(16.09344)
    assert config.belt.acceleration == pytest.approx(0.804672)
    assert (config.belt.min_speed, config.safety.max_backward_speed) == (0.8, 6.0)
    step = config.sets[0].steps[0]
    assert isinstance(step, Step)
    assert step.speed == pytest.approx(3.218688)
    assert Units.MPH.from_kmh(Units.MPH.to_kmh(3.0)) == pytest.approx(3.0)


@pytest.mark.parametrize("speed", ["3.72", "3.728"])
def test_the_limit_of_six_kmh_in_mph(speed: str) -> None:
    read_text(f'units = "mph"\n[safety]\nmax_backward_speed = {speed}', None)


def test_the_limit_shown_in_mph_is_allowed() -> None:
    (text,) = messages('units = "mph"\n[safety]\nmax_backward_speed = 4')
    assert text == (
        "3:22: found 4, expected at most 3.72 mph (more only with backward_running = true)"
    )


def test_sets_that_break_a_safety_limit_are_read() -> None:
    config = read_text(steps("{ backward = 60, speed = 9 }, { forward = 60, speed = 30 }"), None)
    assert len(config.sets[0].steps) == 2


# Each section with one mistake; the expected text is everything after "config.toml:".
ONE_MISTAKE = [
    ("units = 3", '1:9: found 3, expected "km/h" or "mph"'),
    ('colour = "x"', '1:1: found the unknown key "colour" in the config, expected one of '),
    ("cues = 3", "1:8: found 3, expected a table"),
    ("[[cues]]", "1:1: found a list, expected a table"),
    ("set = 3", "1:7: found 3, expected one or more [[set]]"),
    ("[set]\nname = 'A'", "1:1: found a table, expected one or more [[set]]"),
    ("set = [3]", "1:8: found 3, expected a table"),
    ("cues.volume = 101", "1:15: found 101, expected a whole number from 0 to 100"),
    ("cues.volume = 8.0", "1:15: found 8.0, expected a whole number from 0 to 100"),
    ("cues.volume = true", "1:15: found true, expected a whole number from 0 to 100"),
    ("cues.volume = '80'", '1:15: found "80", expected a whole number from 0 to 100'),
    ("cues.count_last = 11", "1:19: found 11, expected a whole number from 0 to 10"),
    ("cues.voice = 'yes'", '1:14: found "yes", expected true or false'),
    ("cues.voice = 1", "1:14: found 1, expected true or false"),
    ("cues.flash = 2026-11-24", "1:14: found a date, expected true or false"),
    ("cues.backend = 'minaudio'", '1:16: found "minaudio", expected "auto", "miniaudio", '),
    ("cues.remind_every = 'of'", '1:21: found "of", expected "off" or a duration such as'),
    ("cues.remind_every = 1", '1:21: found 1, expected "off" or 10s or more'),
    ("cues.voice_pack = 'none'", '1:19: found "none", expected a folder that exists'),
    ("cues.sounds = { go = 'x' }", '1:17: found the unknown key "go" in [cues.sounds]'),
    ("cues.sounds = { turn = 'x' }", '1:24: found "x", expected a file that exists'),
    ("cues.sounds = { turn = '.' }", '1:24: found ".", expected a file that exists'),
    ("cues.sounds = { turn = 3 }", "1:24: found 3, expected text in quotes"),
    ("display.theme = ''", "1:17: found an empty text, expected some text"),
    ("display.theme = []", "1:17: found a list, expected text in quotes"),
    ("treadmill.min_speed = 0", "1:23: found 0, expected over 0 km/h"),
    ("treadmill.min_speed = nan", "1:23: found nan, expected a finite number"),
    ("treadmill.min_speed = -inf", "1:23: found -inf, expected a finite number"),
    ("treadmill.min_speed = 16", "1:23: found 16, expected min_speed to be below max_speed"),
    ("treadmill.max_speed = 0.5", "1:23: found 0.5, expected min_speed to be below max_speed"),
    ("treadmill.max_speed = 1000", "1:23: found 1000, expected at most 100 km/h"),
    (f"treadmill.max_speed = 1{'0' * 400}", "1:23: found an absurdly large number, expected a f"),
    ("treadmill.acceleration = -1", "1:26: found -1, expected 0.01 km/h per second or more"),
    ("treadmill.incline_rate = 0", "1:26: found 0, expected 0.01 to 100 percent per second"),
    ("treadmill.max_incline = -1.5", "1:25: found -1.5, expected 0 to 100 percent"),
    ("treadmill.max_incline = 100.5", "1:25: found 100.5, expected 0 to 100 percent"),
    ("treadmill.laptop = 'frnt'", '1:20: found "frnt", expected "front", "side" or "behind"; did'),
    ("safety.turn = 14", '1:15: found 14, expected "auto" or 15s or more (10s or more with'),
    ("safety = { turn = 9, allow_short_turns = true }", '1:19: found 9, expected "auto" or 10s'),
    ("safety.turn = '11m'", '1:15: found "11m", expected "auto" or at most 10m'),
    ("safety.turn = 'atuo'", '1:15: found "atuo", expected "auto" or a duration such as'),
    ("safety.get_ready = 2", "1:20: found 2, expected 3s or more"),
    ("safety.warn_before_turn = '61s'", '1:27: found "61s", expected at most 60s'),
    (
        "safety.acknowledged = ['many-turns', 'many-trns']",
        '1:38: found "many-trns", expected the code of a safety finding; did you mean "many-turns"',
    ),
    ("safety.acknowledged = [7]", "1:24: found 7, expected the code of a safety finding, one of"),
    (
        "safety.acknowledged = ['belt-too-fast']",
        '1:24: found "belt-too-fast", expected a finding that is no lock',
    ),
    (
        "safety.acknowledged = 'many-turns'",
        '1:23: found "many-turns", expected a list of the codes of safety findings',
    ),
    ("safety.max_backward_speed = 6.1", "1:29: found 6.1, expected at most 6 km/h (more only"),
    (
        "safety = { backward_running = true, max_backward_speed = 10.1 }",
        "1:58: found 10.1, expected at most 10 km/h",
    ),
    ("safety.max_backward_speed = 0", "1:29: found 0, expected over 0 km/h"),
    ("keys.puase = 'x'", '1:6: found the unknown key "puase" in [keys]; did you mean "pause"?'),
    ("keys.pause = ['x']", "1:14: found a list, expected a key such as"),
    ("keys.pause = 'spcae'", '1:14: found "spcae", expected a key such as "space", "f5", '),
    ("keys.pause = 'y,'", '1:14: found "y,", expected a key such as'),
    (
        "keys.stop = 'n'",
        '1:13: found "n", which is already the key of "skip" by default, expected ano',
    ),
    (
        "keys.history = 'y'\nkeys.quit = 'd'",
        '2:13: found "d", which is already the key of "delete" by',
    ),
    ("keys.stop = '+'", '1:13: found "plus", which is already the key of "more" by default'),
    ("keys.stop = 'ctrl+c'", '1:13: found "ctrl+c", expected a key other than ctrl+c: it pauses'),
    ("keys.stop = 'pageup'", '1:13: found "pageup", expected a key other than pageup: the clic'),
    ("hooks.on_turn = 3", "1:17: found 3, expected text in quotes"),
    ("hooks.on_trun = 'x'", '1:7: found the unknown key "on_trun" in [hooks]; did you mean "on_'),
    ("program = [{ weeks = [{ set = 'Tabata', times = 1 }] }]", "1:12: found a [[program]] witho"),
    ("program = [{ name = 'P' }]", "1:12: found a [[program]] without weeks, expected at least"),
    ("program = [{ name = 'P', weeks = [] }]", "1:12: found a [[program]] without weeks"),
    (
        "program = [{ name = 'P', weeks = [{ set = 'Tabta', times = 1 }] }]",
        '1:43: found "Tabta", expected the name of a set in this file; did you mean "Tabata"?',
    ),
    (
        "program = [{ name = 'P', weeks = [{ set = 'Tabata', times = 0 }] }]",
        "1:61: found 0, expected a whole number from 1 to 14",
    ),
    (
        "program = [{ name = 'P', weeks = [{ set = 'Tabata' }] }]",
        '1:35: found a week without "times", expected one',
    ),
    ("[[set]]\nsteps = [{ rest = 9 }]", '1:1: found a [[set]] without "name", expected one'),
    ("[[set]]\nname = 'A'", '1:1: found a [[set]] without "steps", expected one'),
    (ONE.replace('"A"', '" "'), '2:8: found " ", expected some text'),
    (ONE.replace('"A"', '" A"'), '2:8: found " A", expected a name without spaces at either end'),
    (ONE.replace('"A"', '"A\\u0007"'), '2:8: found "A\\x07", expected text without control chara'),
    (ONE + "abuot = ''", '4:1: found the unknown key "abuot" in [[set]]; did you mean "about"?'),
    (ONE + "after = 'A'", "4:9: found the set itself, expected another set's name"),
    (ONE + "after = 'B'", '4:9: found "B", expected the name of a set in this file'),
    (ONE + "confirm_turns = 'allways'", '4:17: found "allways", expected "never", "backward" or'),
    (ONE.replace("[{", "{").replace("}]", "}"), "3:9: found a table, expected a list of steps"),
    (ONE.replace("{ forward = 60 }", ""), "3:9: found no steps, expected at least one"),
    (ONE.replace("{ forward = 60 }", "60"), "3:10: found 60, expected a table"),
]


@pytest.mark.parametrize(("text", "expected"), ONE_MISTAKE, ids=lambda value: value[:40])
def test_one_mistake(text: str, expected: str) -> None:
    (found,) = messages(text)
    assert found.startswith(expected)


STEP_MISTAKES = [
    (
        "{}",
        "1: found a step without a kind, expected exactly one of forward, backward, rest and rep",
    ),
    (
        "{ speed = 3 }",
        "1: found a step without a kind, expected exactly one of forward, backward, rest",
    ),
    ("{ foward = 3 }", '3: found the unknown key "foward" in a step; did you mean "forward"?'),
    ("{ forward = 9, rest = 9 }", '16: found "rest" beside "forward", expected only one of'),
    ("{ repeat = 2, rest = 9, steps = [{ rest = 1 }] }", '15: found "rest" beside "repeat", exp'),
    ("{ forward = 0 }", "13: found 0, expected a duration over 0 and under 24 h"),
    ("{ forward = true }", "13: found true, expected a duration such as"),
    ("{ forward = nan }", "13: found nan, expected a duration over 0 and under 24 h"),
    ("{ forward = 0.0001 }", "13: found 0.0001, expected a duration in whole milliseconds"),
    ("{ forward = '1:90' }", '13: found "1:90", expected minutes and seconds after a larger'),
    ("{ forward = 'opne' }", '13: found "opne", expected a duration such as'),
    ("{ forward = 00:01:30 }", "13: found the time of day 00:01:30, expected a duration such as"),
    ("{ backward = 'open' }", '14: found "open", expected a duration: only forward blocks and'),
    ("{ forward = 9, speed = 0 }", "24: found 0, expected over 0 km/h"),
    ("{ forward = 9, speed = -1 }", "24: found -1, expected over 0 km/h"),
    ("{ forward = 9, speed = '3' }", '24: found "3", expected a number'),
    ("{ forward = 9, incline = -1 }", "26: found -1, expected 0 to 100 percent"),
    ("{ rest = 9, speed = 3 }", '13: found "speed" in a rest, expected none: nobody moves in a'),
    ("{ rest = 9, incline = 0 }", '13: found "incline" in a rest, expected none: nobody moves'),
    ("{ rest = 9, steps = [] }", '13: found "steps" in a rest, expected it beside "repeat"'),
    ("{ rest = 9, label = 3 }", "21: found 3, expected text in quotes"),
    ('{ rest = 9, label = "a\\nb" }', '21: found "a\\nb", expected text without control charac'),
    ("{ rest = 9, cue = 'x.wav' }", '19: found "x.wav", expected a file that exists'),
    ("{ rest = 9, cue = '~no one/x' }", '19: found "~no one/x", expected a file that exists'),
    (f"{{ rest = 9, cue = '{'x' * 5000}' }}", '19: found "' + "x" * 39 + '…", expected a file'),
    ("{ repeat = 2 }", '1: found a repeat without "steps", expected one'),
    ("{ repeat = 2, steps = 3 }", "23: found 3, expected a list of steps"),
    ("{ repeat = 2, steps = [] }", "23: found no steps, expected at least one"),
    ("{ repeat = 0, steps = [{ rest = 1 }] }", "12: found 0, expected a whole number of 1 or mo"),
    ("{ repeat = 2.0, steps = [{ rest = 1 }] }", "12: found 2.0, expected a whole number of 1"),
    ("{ repeat = 2, speed = 3, steps = [{ rest = 1 }] }", '15: found "speed" in a repeat, exp'),
    ("{ repeat = 2, skip = true, steps = [{ rest = 1 }] }", '15: found the unknown key "skip" i'),
    ("{ repeat = 1, skip_last = true, steps = [{ rest = 1 }] }", "27: found a repeat that skips"),
]


@pytest.mark.parametrize(("step", "expected"), STEP_MISTAKES, ids=lambda value: value[:40])
def test_one_mistake_in_a_step(step: str, expected: str) -> None:
    (found,) = messages(steps(step))
    assert found.startswith(f"4:{expected}")


def test_eight_mistakes_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
units = "kmh"
[safety]
turn = "5s"
[cues]
volume = 180
voices = true
[[set]]
name = "A"
steps = [
  { forward = "5m", speeed = 3 },
  { backward = "open" },
  { repeat = 0, steps = [{ rest = "1:90" }] },
]
"""
    path = tmp_path / "my config.toml"
    found = mistakes(text.replace("\n", "\r\n"), path)
    places = [(one.line, one.column) for one in found]
    assert places == [(1, 9), (3, 8), (5, 10), (6, 1), (10, 21), (11, 16), (12, 14), (12, 35)]
    assert [one.path for one in found] == [
        ("units",),
        ("safety", "turn"),
        ("cues", "volume"),
        ("cues", "voices"),
        ("set", 0, "steps", 0, "speeed"),
        ("set", 0, "steps", 1, "backward"),
        ("set", 0, "steps", 2, "repeat"),
        ("set", 0, "steps", 2, "steps", 0, "rest"),
    ]
    lines = text.splitlines()
    for one in found:
        assert one.source == lines[one.line - 1]
        assert render(one).startswith(f"{path}:{one.line}:{one.column}: found ")


def test_a_duplicate_set_name_mentions_the_first() -> None:
    (found,) = mistakes(ONE + ONE.replace('"A"', '"a"'))
    assert str(found) == ('config.toml:5:8: found a second set named "a", expected every name once')
    (note,) = found.notes
    assert (note.spot.line, note.spot.column, note.text) == (2, 8, "first used here")


def test_two_bindings_of_one_key() -> None:
    (found,) = mistakes('[keys]\npause = "p,y"\nstop = "y"\nstart = "f9"\ndetail = "f9"')
    assert str(found) == (
        'config.toml:3:8: found "y", which is already the key of "pause", expected another key'
    )
    assert [note.spot.line for note in found.notes] == [2]


def test_keys_may_be_swapped() -> None:
    config = read_text('keys = { stop = "n", skip = "s", mute = "M", voice = "," }', None)
    assert (config.keys["stop"], config.keys["skip"]) == ("n", "s")
    assert (config.keys["mute"], config.keys["voice"]) == ("M", "comma")


def test_repeats_nest_to_a_limit() -> None:
    def nested(depth: int) -> str:
        opening = "{ repeat = 1, steps = ["
        return opening * depth + "{ rest = 1 }" + "]}" * depth

    assert len(read_steps(nested(50))) == 1
    (found,) = mistakes(steps(nested(51)))
    assert found.text == "found repeats nested deeper than 50, expected fewer"
    assert found.path[-1] == "steps"
    headers = "".join(f"[[set{'.steps' * n}]]\nrepeat = 1\n" for n in range(1, 55))
    (found,) = mistakes('[[set]]\nname = "A"\n' + headers)
    assert "nested deeper than 50" in found.text


def test_a_set_of_24_hours_is_the_longest() -> None:
    half = "{ forward = '11h59m55s', speed = 3 }"  # and 10 s of get ready
    assert len(read_steps(f"{half}, {half}")) == 2
    (found,) = messages(steps(f"{half}, {half}, {{ forward = 1 }}"))
    assert found == "1:1: found a set that takes 24h1s, expected at most 24h"
    # The turn makes it longer.
    turning = steps(f"{half}, {{ backward = '11h59m55s', speed = 3 }}")
    (found,) = messages("safety.turn = 20\n" + turning)
    assert found == "2:1: found a set that takes 24h20s, expected at most 24h"


def test_a_set_of_10_000_phases_is_the_longest() -> None:
    rest = "{ repeat = 9999, steps = [{ rest = 1 }] }"
    assert len(read_steps(f"{rest}, {{ rest = 1 }}")) == 2
    (found,) = messages(steps(f"{rest}, {{ rest = 1 }}, {{ rest = 1 }}"))
    assert found == "1:1: found a set of 10001 phases, expected at most 10000"
    turns = "{ repeat = 3000, steps = [{ forward = 1 }, { backward = 1 }] }"
    (found,) = messages(steps(turns))
    assert found == "1:1: found a set of 12000 phases, expected at most 10000"
    many = "{ repeat = 1000000000, steps = [" * 20 + "{ rest = 1 }" + "]}" * 20
    (found,) = messages(steps(many))
    assert found == "1:1: found a set of countless phases, expected at most 10000"


def test_skip_last_can_save_a_set_from_being_too_long() -> None:
    inner = "{ repeat = 4000, steps = [{ rest = 1 }] }, { repeat = 2000, steps = [{ rest = 1 }] }"
    read_steps(f"{{ repeat = 2, skip_last = true, steps = [{inner}] }}")
    inner = "{ rest = '9h' }, { rest = '5h' }"
    read_steps(f"{{ repeat = 2, skip_last = true, steps = [{inner}] }}")


def test_with_an_unknown_belt_only_the_steps_themselves_count() -> None:
    day = steps("{ forward = '12h' }, { rest = '12h' }")
    (found,) = messages("treadmill.acceleration = 0\n" + day)
    assert found.startswith("1:26: ")
    (found,) = messages(day)
    assert found == "1:1: found a set that takes 24h10s, expected at most 24h"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = ", "1:5: not valid TOML: invalid value"),
        ("[cues\n", "1:6: not valid TOML: expected ']' at the end of a table declaration"),
        ('x = 1\ny = "a\n', "2:7: not valid TOML: illegal character '\\n'"),
        ("x = 1 y = 2", "1:7: not valid TOML: expected newline or end of document after a stateme"),
        ("[cues]\nvoice = yes", "2:9: not valid TOML: invalid value"),
        ("x = 2026-02-30", "1:5: not valid TOML: invalid date or datetime"),
        ("x = '\x1b'", "1:6: not valid TOML: found invalid character"),
        (f"x = 1\ny = {'9' * 5000}", "2:5: found a number with too many digits"),
        ("[cues]\nvoice = true\nvoice = false", '3:1: found "cues.voice" a second time'),
        ("x = yes\ny = 1\ny = 2", "1:5: not valid TOML: invalid value"),
        ("[cues]\n[cues]", '2:2: found "cues" a second time, expected every key once'),
        ("x = { a = 1, a = 2 }\n!", '1:14: found "x.a" a second time, expected every key once'),
        ("x = [1]\n[[x]]", '2:3: found "x" a second time, expected every key once'),
    ],
)
def test_a_syntax_error_comes_alone(text: str, expected: str) -> None:
    (found,) = messages(text)
    assert found.startswith(expected)


def test_a_key_given_twice_mentions_the_first() -> None:
    (found,) = mistakes("[cues]\nvoice = true\nvolume = 999\nvoice = false")
    assert [(note.spot.line, note.text) for note in found.notes] == [(2, "first given here")]


def test_an_unclosed_list_is_reported() -> None:
    text = '[[set]]\nname = "A"\nsteps = [\n  { rest = 1 },\n\n[[set]]\nname = "B"\n'
    (found,) = mistakes(text)
    assert [(str(note.spot), note.text) for note in found.notes] == [
        ("config.toml:3:9", "this is never closed")
    ]
    (found,) = mistakes("x = [\n  1,\n]\ny = yes\n")
    assert found.notes == ()


def test_endless_nesting_is_refused() -> None:
    (found,) = mistakes("x = " + "[" * 100_000)
    assert found.text == "found lists or tables nested deeper than 150, expected fewer"


def test_toml_1_1_and_a_byte_order_mark_are_read() -> None:
    text = '\ufeff[[set]]\nname = "\\e"\nsteps = [{\n  rest = 1, # so\n},]\n'
    (found,) = messages(text)
    assert found == '2:8: found "\\x1b", expected text without control characters'
    assert len(read_text(text.replace("\\e", "\\x41"), None).sets) == 1
