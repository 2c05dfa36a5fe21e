"""Sets with the belt off, and the checklist, in the config."""

from __future__ import annotations

import pytest

from retrotimer.config.builtin_sets import BUILTIN_SETS
from retrotimer.config.mistakes import ConfigError
from retrotimer.config.read import read_text
from retrotimer.core.plan import make_plan
from retrotimer.core.sets import Confirm, Kind, Power


def one(belt: str, steps: str) -> str:
    return f'[[set]]\nname = "A"\n{belt}\nsteps = [\n{steps}\n]\n'


def messages(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_text(text, None)
    return [str(one).removeprefix("config.toml:") for one in caught.value.mistakes]


def test_a_set_says_whether_the_belt_is_on() -> None:
    for belt, power in (("", Power.ON), ('belt = "on"', Power.ON), ('belt = "off"', Power.OFF)):
        (read,) = read_text(one(belt, "{ backward = 30 },"), None).sets
        assert read.belt is power
        assert make_plan(read).rules.dry is (power is Power.OFF)


def test_with_the_belt_off_a_speed_anywhere_is_a_mistake() -> None:
    steps = "{ forward = 9, speed = 3 },\n{ repeat = 2, steps = [{ backward = 9, incline = 1 }] },"
    assert messages(one('belt = "off"', steps)) == [
        '5:16: found "speed" in a step, expected none: the belt of this set is off',
        '6:40: found "incline" in a step, expected none: the belt of this set is off',
    ]
    read_text(one('belt = "on"', steps), None)


@pytest.mark.parametrize(
    ("belt", "found"),
    [
        ('belt = "of"', 'found "of", expected "on" or "off"; did you mean "off"?'),
        ("belt = false", 'found false, expected "on" or "off"'),
    ],
)
def test_belt_is_on_or_off(belt: str, found: str) -> None:
    assert messages(one(belt, "{ forward = 9, speed = 3 }")) == [f"3:8: {found}"]


def test_the_checklist_is_on_unless_it_is_turned_off() -> None:
    assert read_text("", None).safety.checklist
    assert not read_text("safety.checklist = false", None).safety.checklist
    assert messages('safety.checklist = "no"') == ['1:20: found "no", expected true or false']
    (mistake,) = messages("safety.checklst = false")
    assert mistake.endswith('did you mean "checklist"?')


def test_the_first_lesson_is_short_and_goes_both_ways_before_first_steps() -> None:
    lesson, first, *_ = BUILTIN_SETS
    assert (lesson.name, first.name, first.after) == ("Dry turn", "First steps", "Dry turn")
    plan = make_plan(lesson)
    assert plan.rules.confirm is Confirm.ALWAYS
    assert 120_000 <= plan.total <= 240_000
    turns = [lead.toward for lead in plan.leads if lead is not None and lead.kind is Kind.TURN]
    assert set(turns) == {Kind.FORWARD, Kind.BACKWARD}
    assert all(block.note for block in plan.blocks)
