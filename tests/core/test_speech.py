"""What the voice says, and that it never gets in the way of a cue."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrotimer.core.cue_ids import CueId
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Belt, Confirm, Kind, Repeat, Safety
from retrotimer.core.speech import AHEAD, LASTS, SAID, SOFT, STAGES, Manner, Utterance, stage_key
from retrotimer.core.stage_guide import Facing, StageId
from retrotimer.core.states import Command, Reason, State
from retrotimer.core.turn import Speeds, into
from retrotimer.core.vocabulary import PAUSE_MS, WHOLE_NUMBERS, WORDS, Lexicon
from retrotimer.core.workout import Workout
from tests.core.test_properties import after, scripts
from tests.support.interval_sets import S, backward, forward, plan_of, plans, rest

EVEN = Lexicon(dict.fromkeys(WORDS, 400))
UNTIL = 600_000


def said_in(plan: Plan, words: Lexicon = EVEN, **more: int) -> dict[float, str]:
    """What is said at which second of a plan left alone."""
    workout = Workout(plan)
    workout.send(Command.START, 0)
    return speech_from(workout, 0, words, **more)


def speech_from(workout: Workout, now: int, words: Lexicon = EVEN, **more: int) -> dict[float, str]:
    found = workout.speech(now, now + UNTIL, Manner(words, **more))
    return {one.due / S: " ".join(one.words) for one in found}


def test_every_cue_has_a_length_and_every_stage_its_words() -> None:
    assert set(LASTS) == set(CueId)
    slow, fast = Speeds(1.6, 0.0), Speeds(3.0, 0.0)
    ways = [
        (Facing.FRONT, fast, slow, Kind.BACKWARD, False),
        (Facing.FRONT, slow, fast, Kind.BACKWARD, False),
        (Facing.BACK, slow, fast, Kind.FORWARD, False),
        (Facing.BACK, slow, fast, Kind.BACKWARD, False),
        (Facing.FRONT, None, slow, Kind.BACKWARD, True),
    ]
    stages = set()
    for faces, came, to, kind, standing in ways:
        lead = into(Belt(), Safety(), came, faces, to, kind, standing=standing)
        stages |= {
            stage_key(lead, at)
            for at, stage in enumerate(lead.stages)
            if stage.id is not StageId.COUNT
        }
    assert set(STAGES) == stages
    parts = {part for names in (*SAID.values(), *STAGES.values()) for part in names}
    assert {part for part in parts if part[0] != "{"} <= set(WORDS)


def test_a_whole_time_line() -> None:
    plan = plan_of(forward(40, 3.5), Repeat(2, (backward(30, 1.6), forward(20, 3.0, incline=2.0))))
    assert {at: text for at, text in said_in(plan).items() if at < 120} == {
        0.67: "get-ready , forward , 40 seconds , 3 point-5",
        11.36: "forward , 40 seconds , 3 point-5",
        30.42: "halfway , 20 seconds left",
        40.98: "10 seconds , stop-and-turn , backward , 30 seconds , 1 point-6",
        50.99: "slow-to 1 point-6",
        59.76: "on-the-rails",
        63.07: "turn-round , backward , 30 seconds , 1 point-6",
        71.36: "backward , 30 seconds , 1 point-6 , round 1 of 2",
        85.42: "halfway , 15 seconds left",
        90.98: "10 seconds , stop-and-turn , forward , 20 seconds , 3 point-0 , incline 2 percent",
        100.76: "on-the-rails",
        104.07: "turn-to-the-console",
        108.76: "set 3 point-0 , incline 2 percent , forward , 20 seconds",
    }


def test_a_rest_says_what_follows_and_the_end_says_that_it_is_the_end() -> None:
    assert said_in(plan_of(forward(20), rest(30), forward(40, 4.0))) == {
        0.67: "get-ready , forward , 20 seconds , 3 point-0",
        11.36: "forward , 20 seconds , 3 point-0",
        20.42: "halfway , 10 seconds left",
        31.27: "rest , 30 seconds",
        45.42: "halfway , 15 seconds left",
        50.67: "get-ready , forward , 40 seconds , 4 point-0",
        61.36: "forward , 40 seconds , 4 point-0",
        80.42: "halfway , 20 seconds left",
        90.0: "10 seconds",
        101.28: "finished",
    }


def test_from_standing_and_between_backward_blocks_the_console_comes_first() -> None:
    standing = list(said_in(plan_of(backward(60, 1.6))).values())
    assert standing[:3] == ["set 1 point-6", "hold-the-rails", standing[2]]
    assert standing[2].startswith("turn-round , backward , 1 minute")
    again = list(said_in(plan_of(backward(60, 1.6), backward(60, 2.4))).values())
    at = again.index("on-the-rails")
    assert again[at + 1 : at + 3] == ["turn-to-the-console", "set 2 point-4"]
    assert again[at + 3].startswith("turn-round , backward , 1 minute , 2 point-4")


def test_into_a_faster_block_nothing_is_slowed() -> None:
    assert "set 4 point-0" in said_in(plan_of(forward(40, 2.0), backward(30, 4.0))).values()
    assert "slow-the-belt" in said_in(plan_of(forward(40), backward(30, None))).values()


def test_a_change_says_only_what_changes() -> None:
    faster = said_in(plan_of(forward(40, 3.0), forward(40, 4.5)))
    assert faster[45.55] == "then 4 point-5"
    steeper = said_in(plan_of(forward(40, 3.0), forward(40, 3.0, incline=4.5)))
    assert steeper[45.55] == "then 3 point-0 , incline 4 point-5 percent"


def test_a_wait_asks_for_the_key_repeatedly() -> None:
    plan = plan_of(forward(30), backward(30), confirm_turns=Confirm.ALWAYS)
    found = said_in(plan)
    asked = [at for at, text in found.items() if text == "press-enter"]
    assert asked[:3] == [52.49, 67.49, 82.49]
    assert max(found) == asked[-1]
    workout = Workout(plan)
    workout.send(Command.START, 0)
    workout.advance(70 * S)
    assert min(speech_from(workout, 70 * S)) == 82.49


def test_a_pause_says_that_the_belt_is_moving() -> None:
    for reason, at in ((Reason.USER, 20.68), (Reason.STALLED, 22.06)):
        workout = Workout(plan_of(forward(30)))
        workout.send(Command.START, 0)
        workout.send(Command.PAUSE, 20 * S, reason=reason)
        assert speech_from(workout, 20 * S) == {at: "paused , still-moving"}
    workout = Workout(plan_of(forward(30)))
    workout.send(Command.START, 0)
    workout.send(Command.PAUSE, 20 * S, reason=Reason.RESTORED)
    assert speech_from(workout, 20 * S) == {}


def test_going_on_says_once_what_is_left() -> None:
    workout = Workout(plan_of(forward(30), backward(30)))
    workout.send(Command.START, 0)
    workout.send(Command.PAUSE, 70 * S)
    workout.send(Command.RESUME, 80 * S)
    found = list(speech_from(workout, 80 * S).values())
    assert found[0] == "going-on , set 1 point-6"
    assert "backward , 20 seconds , 1 point-6" in found
    assert sum("going-on" in text for text in found) == 1


def test_an_open_block_says_how_it_ends() -> None:
    assert said_in(plan_of(forward(None)))[11.36] == "forward , until-enter , 3 point-0"


def test_reminders_say_the_time_left_when_nothing_else_is_said() -> None:
    found = said_in(plan_of(forward(300), backward(30)), remind_every=60_000)
    assert {at: text for at, text in found.items() if text.endswith("left")} == {
        70.0: "4 minutes left",
        130.0: "3 minutes left",
        160.42: "halfway , 2 minutes 30 seconds left",
        190.0: "2 minutes left",
        250.0: "1 minute left",
        # of the backward block
        345.42: "halfway , 15 seconds left",
    }


def test_a_short_gap_gets_a_shorter_sentence_or_none() -> None:
    plan = plan_of(forward(30), backward(30))
    for length, sentence in (
        (400, "turn-round , backward , 30 seconds , 1 point-6"),
        (600, "turn-round , backward , 30 seconds"),
        (900, "turn-round , backward"),
        (2_000, "turn-round"),
    ):
        found = said_in(plan, Lexicon(dict.fromkeys(WORDS, length)))
        assert found[53.07] == sentence
    assert 53.07 not in said_in(plan, Lexicon(dict.fromkeys(WORDS, 4_000)))


def test_in_a_block_that_is_all_warning_only_the_warning_is_spoken() -> None:
    found = said_in(plan_of(forward(8), backward(30)))
    assert 11.36 not in found
    assert found[12.48] == "stop-and-turn , backward , 30 seconds , 1 point-6"


# Words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (1, "1 second"),
        (1_000, "1 second"),
        (30_000, "30 seconds"),
        (30_001, "30 1 seconds"),
        (60_000, "1 minute"),
        (61_000, "1 minute 1 second"),
        (90_000, "1 minute 30 seconds"),
        (3_600_000, "1 hour"),
        (7_384_000, "2 hours 3 minutes"),
        (23 * 3_600_000, "20 3 hours"),
    ],
)
def test_lengths(ms: int, words: str) -> None:
    assert " ".join(EVEN.length(ms)) == words


@pytest.mark.parametrize(
    ("kmh", "per_kmh", "words"),
    [
        (1.6, 1.0, "1 point-6"),
        (0.8, 1.0, "0 point-8"),
        (9.96, 1.0, "10 point-0"),
        (16.0, 1.0, "16 point-0"),
        (21.0, 1.0, "20 1 point-0"),
        (1.6, 1 / 1.609344, "1 point-0"),
        (3.5, 1 / 1.609344, "2 point-2"),
        (None, 1.0, ""),
        (120.0, 1.0, ""),
    ],
)
def test_speeds(kmh: float | None, per_kmh: float, words: str) -> None:
    assert " ".join(Lexicon(EVEN.lengths, per_kmh).speed(kmh)) == words


def test_rounds() -> None:
    assert EVEN.round(((1, 3), (2, 25))) == ("round", "2", "of", "20", "5")
    assert EVEN.round(((1, 3), (1, 1))) == ("round", "1", "of", "3")
    assert EVEN.round(((3, 3),)) == ("last-one",)
    assert EVEN.round(((1, 1),)) == EVEN.round(()) == EVEN.round(((100, 200),)) == ()


def test_a_recording_of_the_whole_number_is_preferred() -> None:
    own = Lexicon(dict.fromkeys((*WORDS, *WHOLE_NUMBERS), 300))
    assert own.number(21) == ("21",)
    assert EVEN.number(21) == ("20", "1")
    assert EVEN.number(100) == EVEN.number(-1) == ()
    assert {EVEN.number(n) for n in range(100)} >= {(str(n),) for n in range(21)}
    assert all(EVEN.number(n) for n in range(100))


def test_what_a_voice_lacks_is_left_out() -> None:
    few = Lexicon({word: 300 for word in WORDS if word not in ("percent", "round", "point-6")})
    assert few.incline(4.0) == few.round(((1, 2),)) == few.speed(1.6) == ()
    assert said_in(plan_of(backward(60, 1.6)), few)[0.76] == "set-the-belt"
    assert said_in(plan_of(forward(60)), Lexicon({})) == {}


def test_a_sentence_lasts_as_long_as_its_words_and_pauses() -> None:
    words = Lexicon({"forward": 410, "30": 300, "seconds": 501})
    said = words.joined(("forward",), (), ("30", "seconds"))
    assert said == ("forward", ",", "30", "seconds")
    assert words.lasts(said) == 410 + PAUSE_MS + 300 + 501


# For any plan and any commands ------------------------------------------------------------------

_words = st.fixed_dictionaries({word: st.integers(150, 2_500) for word in WORDS}).map(Lexicon)
manners = st.builds(
    Manner,
    _words,
    st.none() | st.sampled_from([10_000, 60_000]),
    st.sampled_from([1, 1, 4]),
)


def spans(found: list[Utterance], manner: Manner) -> list[tuple[int, int]]:
    return [(one.due, one.due + manner.lasts(one.words)) for one in found]


@given(plans, scripts, manners)
def test_no_word_sounds_with_a_cue_that_says_what_to_do(
    plan: Plan, script: list[tuple[int, Command | None]], manner: Manner
) -> None:
    """Cues come first: a sentence begins after one and ends before the next."""
    # In a block shorter than its own GO, even the cues overlap.
    shortest = LASTS[CueId.FORWARD] * manner.rate
    assume(all(block.length is None or block.length >= shortest for block in plan.blocks))
    workout, now = after(plan, script)
    cues = [cue for cue in workout.cues(now, now + 300_000) if cue.id not in SOFT]
    silence = AHEAD * manner.rate if workout.state is not State.PAUSED else 0
    for begin, end in spans(workout.speech(now, now + 200_000, manner), manner):
        for cue in cues:
            assert cue.due + LASTS[cue.id] * manner.rate <= begin or end + silence <= cue.due


@given(plans, scripts, manners)
def test_one_sentence_at_a_time(
    plan: Plan, script: list[tuple[int, Command | None]], manner: Manner
) -> None:
    workout, now = after(plan, script)
    found = spans(workout.speech(now, now + 200_000, manner), manner)
    assert found == sorted(found)
    for (_, end), (begin, _) in pairwise(found):
        assert end <= begin


@given(plans, scripts, manners, st.integers(0, 30_000), st.integers(0, 200_000))
def test_what_is_said_does_not_depend_on_when_one_asks(
    plan: Plan,
    script: list[tuple[int, Command | None]],
    manner: Manner,
    later: int,
    sooner: int,
) -> None:
    """Speech is the same however early one asks, and however far ahead."""
    workout, now = after(plan, script)
    until = now + 200_000
    first = workout.speech(now, until, manner)
    assert workout.speech(now, until - sooner, manner) == [
        one for one in first if one.due <= until - sooner
    ]
    workout.advance(now + later)
    assert workout.speech(now + later, until, manner) == [
        one for one in first if one.due >= now + later
    ]
