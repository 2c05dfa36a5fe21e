"""The machine's semantics, one by one, with plain integers for time."""

import pytest

from retrotimer.core.events import (
    Armed,
    BlockBegan,
    CountdownBegan,
    Event,
    IllegalCommand,
    Paused,
    PhaseEnded,
    ReadyBegan,
)
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Belt, Confirm, Kind, Laptop, Safety
from retrotimer.core.states import Command, Reason, State, WaitFor
from retrotimer.core.workout import COOL_DOWN_LEFT, COOL_DOWN_MISSED, COOLED, Workout
from tests.support.interval_sets import S, backward, forward, plan_of, rest

BACK_AND_FORTH = (forward(30), backward(30), forward(60), backward(30), forward(60))


def begun(plan: Plan, now: int = 0) -> Workout:
    workout = Workout(plan)
    workout.send(Command.START, 0)
    workout.advance(now)
    return workout


def state_of(workout: Workout) -> State:
    return workout.state


def stages(workout: Workout) -> list[str]:
    return [stage.id.value for stage in workout.view(workout.now).stages]


def in_backward() -> Workout:
    """10 s of get ready, 30 s forward, 20 s of turn, and 10 s into the backward block."""
    workout = begun(plan_of(*BACK_AND_FORTH), 70 * S)
    assert workout.view(70 * S).phase.kind is Kind.BACKWARD
    return workout


def test_a_whole_workout() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH))
    events = workout.advance(10_000_000)
    assert workout.state is State.FINISHED
    begins = [e.at // S for e in events if isinstance(e, BlockBegan)]
    assert begins == [10, 60, 110, 190, 240]
    assert [row.kind.value for row in workout.rows] == [
        "ready", "forward", "turn", "backward", "turn", "forward", "turn", "backward", "turn",
        "forward",
    ]  # fmt: skip
    assert workout.totals.elapsed == workout.plan.total


AFTER = {
    (State.READY, Command.START): State.TURN,
    (State.BLOCK, Command.PAUSE): State.PAUSED,
    (State.BLOCK, Command.SKIP): State.TURN,
    (State.BLOCK, Command.MORE): State.BLOCK,
    (State.BLOCK, Command.LESS): State.BLOCK,
    (State.BLOCK, Command.COOL_DOWN): State.TURN,
    (State.BLOCK, Command.NOTE_SPEED): State.BLOCK,
    (State.TURN, Command.PAUSE): State.PAUSED,
    (State.TURN, Command.SKIP): State.TURN,
    (State.TURN, Command.MORE): State.TURN,
    (State.TURN, Command.COOL_DOWN): State.TURN,
    (State.WAITING, Command.PAUSE): State.PAUSED,
    (State.WAITING, Command.CONFIRM): State.TURN,
    (State.WAITING, Command.SKIP): State.TURN,
    (State.WAITING, Command.COOL_DOWN): State.TURN,
    (State.PAUSED, Command.RESUME): State.PAUSED,
    (State.PAUSED, Command.SKIP): State.PAUSED,
    (State.PAUSED, Command.BACK): State.PAUSED,
    (State.PAUSED, Command.COOL_DOWN): State.PAUSED,
    (State.PAUSED, Command.STOP): State.STOPPED,
    # In a blind block losing the sound pauses the workout; elsewhere it is only noted.
    (State.READY, Command.SOUND_LOST): State.READY,
    (State.BLOCK, Command.SOUND_LOST): State.PAUSED,
    (State.TURN, Command.SOUND_LOST): State.TURN,
    (State.WAITING, Command.SOUND_LOST): State.WAITING,
    (State.PAUSED, Command.SOUND_LOST): State.PAUSED,
    **{
        (state, Command.SOUND_BACK): state
        for state in State
        if state not in (State.FINISHED, State.STOPPED)
    },
    **{
        (state, Command.STUMBLE): state
        for state in (State.BLOCK, State.TURN, State.WAITING, State.PAUSED)
    },
}
"""The state after each command in the workouts below; all other commands are refused."""


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("command", Command)
def test_commands_in_the_table_work_and_all_others_raise_and_change_nothing(
    state: State, command: Command
) -> None:
    workout = {
        State.READY: lambda: Workout(plan_of(*BACK_AND_FORTH)),
        State.BLOCK: in_backward,
        State.TURN: lambda: begun(plan_of(*BACK_AND_FORTH), 45 * S),
        State.WAITING: lambda: begun(
            plan_of(*BACK_AND_FORTH, confirm_turns=Confirm.ALWAYS), 55 * S
        ),
        State.PAUSED: paused_in_backward,
        State.FINISHED: lambda: begun(plan_of(forward(10)), 100 * S),
        State.STOPPED: stopped,
    }[state]()
    assert workout.state is state
    before = workout.snapshot()
    if (state, command) in AFTER:
        workout.send(command, workout.now)
        assert workout.state is AFTER[state, command]
        # No effect: the sound is there, the speed is the same, and going on so soon is ignored.
        same = command in (Command.SOUND_BACK, Command.NOTE_SPEED, Command.RESUME)
        assert (workout.snapshot() == before) is same
        return
    with pytest.raises(IllegalCommand, match=command.value):
        workout.send(command, workout.now)
    assert workout.snapshot() == before


def paused_in_backward() -> Workout:
    workout = in_backward()
    workout.send(Command.PAUSE, 70 * S)
    return workout


def stopped() -> Workout:
    workout = paused_in_backward()
    workout.send(Command.STOP, 80 * S, why="enough")
    return workout


# Pause ------------------------------------------------------------------------------------------


def test_going_on_backward_begins_with_the_whole_turn_from_standing() -> None:
    workout = paused_in_backward()
    workout.send(Command.RESUME, 100 * S)
    assert workout.state is State.TURN
    assert stages(workout) == ["set", "rails", "turn", "count"]
    events = workout.advance(119_999)
    assert not any(isinstance(e, BlockBegan) for e in events)
    (block,) = [e for e in workout.advance(120 * S) if isinstance(e, BlockBegan)]
    assert block.left == 20 * S
    assert workout.totals.paused == 30 * S


def test_a_pause_keeps_one_row_for_the_block() -> None:
    workout = paused_in_backward()
    workout.send(Command.RESUME, 100 * S)
    workout.advance(200 * S)
    (row,) = [row for row in workout.rows if row.kind is Kind.BACKWARD]
    assert (row.planned, row.done, row.started) == (30 * S, 30 * S, 60 * S)


def test_going_on_is_ignored_for_a_second() -> None:
    workout = paused_in_backward()
    assert workout.send(Command.RESUME, 70 * S + 999) == ()
    assert workout.state is State.PAUSED
    workout.send(Command.RESUME, 71 * S)
    assert state_of(workout) is State.TURN


def test_a_countdown_paused_begins_again() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 58 * S)  # 18 of the turn's 20 s
    workout.send(Command.PAUSE, 58 * S)
    events = workout.send(Command.RESUME, 60 * S)
    (again,) = [e for e in events if isinstance(e, CountdownBegan)]
    assert again.countdown.length == 20 * S
    assert workout.advance(79_999)[-1:] != ()
    assert any(isinstance(e, BlockBegan) for e in workout.advance(80 * S))
    turns = [row.done for row in workout.rows if row.kind is Kind.TURN]
    assert turns == [18 * S, 20 * S]


def test_forward_goes_on_with_a_get_ready() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 20 * S)
    workout.send(Command.PAUSE, 20 * S)
    going = workout.view(20 * S).resumption
    assert going is not None
    assert (going.lead and going.lead.kind, going.left) == (Kind.READY, 20 * S)
    workout.send(Command.RESUME, 25 * S)
    assert workout.view(25 * S).phase.kind is Kind.READY
    events = workout.advance(35 * S)
    assert [e.left for e in events if isinstance(e, BlockBegan)] == [20 * S]


def test_a_block_nearly_done_counts_as_done() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 85_001)  # 4.999 s of backward left
    workout.send(Command.PAUSE, 85_001)
    going = workout.view(85_001).resumption
    assert going is not None
    assert going.counts_as_done
    assert going.block == workout.plan.blocks[2]
    events = workout.send(Command.RESUME, 90 * S)
    (ended,) = [e for e in events if isinstance(e, PhaseEnded)]
    assert (ended.row.kind, ended.row.done, ended.row.skipped) == (Kind.BACKWARD, 25_001, False)
    # From backward into forward it takes the whole turn.
    assert stages(workout) == ["rails", "turn", "set", "count"]


def test_going_on_in_the_last_seconds_ends_the_workout() -> None:
    workout = begun(plan_of(forward(20)), 26 * S)
    workout.send(Command.PAUSE, 26 * S)
    view = workout.view(26 * S)
    assert view.resumption is not None
    assert (view.resumption.block, view.resumption.lead) == (None, None)
    assert view.to_go == 0
    workout.send(Command.RESUME, 30 * S)
    assert workout.state is State.FINISHED


def test_the_get_ready_inside_a_rest_begins_again_after_a_pause() -> None:
    workout = begun(plan_of(forward(20), rest(30), forward(20)), 58 * S)  # 2 s of the rest left
    workout.send(Command.PAUSE, 58 * S)
    workout.send(Command.RESUME, 60 * S)
    assert workout.view(60 * S).left == 10
    assert any(isinstance(e, BlockBegan) for e in workout.advance(70 * S))
    (row,) = [row for row in workout.rows if row.kind is Kind.REST]
    assert row.done == 38 * S


def test_a_rest_made_longer_has_room_for_its_whole_get_ready() -> None:
    workout = begun(plan_of(forward(20), rest(5), forward(20)), 32 * S)  # 3 s of the rest left
    assert workout.view(32 * S).in_ready
    workout.send(Command.MORE, 32 * S)
    assert not workout.view(32 * S).in_ready
    # It is as long as the setting says, as in any rest that long, and also after a crash.
    for one in (workout, Workout.restore(workout.snapshot())):
        (ready,) = [e for e in one.advance(36 * S) if isinstance(e, ReadyBegan)]
        assert ready.at == 35 * S
        assert one.view(36 * S).in_ready


def test_a_stall_is_paused_where_it_began() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 39 * S)
    workout.send(Command.PAUSE, 39 * S, reason=Reason.STALLED)
    assert workout.advance(500 * S) == ()
    assert workout.view(500 * S).block_left == 1
    assert workout.reason is Reason.STALLED


# Confirm ----------------------------------------------------------------------------------------


def confirming() -> Workout:
    return begun(plan_of(*BACK_AND_FORTH, confirm_turns=Confirm.ALWAYS), 41 * S)


def test_a_turn_waits_before_turning_round_into_backward_and_before_set_into_forward() -> None:
    workout = confirming()
    workout.advance(500 * S)
    assert workout.state is State.WAITING
    assert workout.since == 52 * S  # slow 9, rails 3
    workout.send(Command.CONFIRM, 500 * S)
    events = workout.advance(508 * S)
    assert [e.at for e in events if isinstance(e, BlockBegan)] == [508 * S]
    workout.advance(1000 * S)
    assert workout.since == (538 + 8) * S  # rails 3, turn 5
    assert workout.totals.waiting == (500 - 52 + 1000 - 546) * S


def test_a_confirm_in_advance_only_arms() -> None:
    workout = confirming()
    assert workout.send(Command.CONFIRM, 42 * S) == (Armed(42 * S),)
    assert not workout.allows(Command.CONFIRM)
    events = workout.advance(100 * S)
    assert [e.at for e in events if isinstance(e, BlockBegan)] == [60 * S]


def test_a_pause_disarms() -> None:
    workout = confirming()
    workout.send(Command.CONFIRM, 42 * S)
    workout.send(Command.PAUSE, 43 * S)
    workout.send(Command.RESUME, 45 * S)
    workout.advance(500 * S)
    assert workout.state is State.WAITING


def test_a_turn_that_does_not_wait_cannot_be_confirmed() -> None:
    assert not begun(plan_of(*BACK_AND_FORTH), 45 * S).allows(Command.CONFIRM)
    assert not in_backward().allows(Command.CONFIRM)


def test_a_confirm_ends_an_open_block() -> None:
    workout = begun(plan_of(forward(None), backward(30)), 500 * S)
    assert workout.view(500 * S).left is None
    workout.send(Command.CONFIRM, 500 * S)
    assert stages(workout) == ["slow", "rails", "turn", "count"]


# Skip, back, more, less -------------------------------------------------------------------------


def test_skipping_in_a_turn_skips_the_block_after_it() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 55 * S)
    workout.send(Command.SKIP, 55 * S)
    skipped = [row for row in workout.rows if row.skipped]
    assert [(row.kind, row.done) for row in skipped] == [(Kind.BACKWARD, 0)]
    # TURN had begun, so a whole turn leads back into forward.
    assert stages(workout) == ["rails", "turn", "set", "count"]


def test_skipping_during_a_turn_into_forward_leads_back_from_standing() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 95 * S)
    workout.send(Command.SKIP, 95 * S)
    assert stages(workout) == ["set", "rails", "turn", "count"]
    assert workout.view(95 * S).left == 20


@pytest.mark.parametrize("confirm", [Confirm.NEVER, Confirm.ALWAYS])
@pytest.mark.parametrize("at", [41, 48, 50, 52])
def test_somebody_who_has_not_turned_yet_is_not_told_to_turn_back(
    at: int, confirm: Confirm
) -> None:
    """Skipped in SLOW, in RAILS, and while the turn waits before TURN."""
    plan = plan_of(*BACK_AND_FORTH, confirm_turns=confirm)
    workout = begun(plan, at * S if at < 52 else 52 * S - 1)
    if confirm is Confirm.ALWAYS and at == 52:
        workout.advance(300 * S)
        assert workout.state is State.WAITING
    workout.send(Command.SKIP, workout.now)
    assert stages(workout) == ["ready", "count"]
    assert workout.view(workout.now).left == 10


@pytest.mark.parametrize(
    ("at", "names"),
    [
        (91, ["rails", "turn", "set", "turn", "count"]),
        (94, ["set", "rails", "turn", "count"]),
        (100, ["set", "rails", "turn", "count"]),
    ],
)
def test_skipping_during_a_turn_into_forward_depends_on_which_way_one_faces(
    at: int, names: list[str]
) -> None:
    """In RAILS one still faces the back, and must turn to the console to set the belt."""
    workout = begun(plan_of(*BACK_AND_FORTH), at * S)
    workout.send(Command.SKIP, at * S)
    assert stages(workout) == names


def test_somebody_still_walking_is_led_off_the_belt() -> None:
    """Skipped in SLOW, to a backward block of another speed."""
    steps = (forward(30, 3.0), backward(30, 1.6), backward(30, 2.4), backward(30, 4.0))
    workout = begun(plan_of(*steps), 42 * S)
    workout.send(Command.SKIP, 42 * S)
    assert stages(workout) == ["slow", "rails", "turn", "count"]
    workout.send(Command.SKIP, 42 * S)
    assert stages(workout) == ["rails", "set", "turn", "count"]
    workout.send(Command.SKIP, 43 * S)
    assert workout.state is State.FINISHED


@pytest.mark.parametrize(
    ("at", "names", "length"),
    [
        (91, ["rails", "turn", "set", "count"], 20),
        (94, ["ready", "count"], 20),
        (105, ["ready", "count"], 20),
        (45, ["set", "rails", "turn", "count"], 20),
        (55, ["set", "rails", "turn", "count"], 20),
    ],
)
def test_a_paused_countdown_begins_again_from_the_way_one_faces(
    at: int, names: list[str], length: int
) -> None:
    """It keeps its length, whatever its stages; so does a restored one."""
    workout = begun(plan_of(*BACK_AND_FORTH), at * S)
    workout.send(Command.PAUSE, at * S)
    for one in (Workout.restore(workout.snapshot()), workout):
        one.send(Command.RESUME, (at + 5) * S)
        assert stages(one) == names
        assert one.view((at + 5) * S).left == length


def test_a_turn_paused_while_waiting_still_waits() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH, confirm_turns=Confirm.ALWAYS), 41 * S)
    workout.send(Command.CONFIRM, 41 * S)
    workout.advance(200 * S)
    assert workout.state is State.WAITING  # before SET, facing the console
    workout.send(Command.PAUSE, 200 * S)
    workout.send(Command.RESUME, 210 * S)
    assert state_of(workout) is State.WAITING
    workout.send(Command.CONFIRM, 220 * S)
    assert stages(workout) == ["ready", "count"]
    assert any(isinstance(e, BlockBegan) for e in workout.advance(240 * S))


def test_a_rest_has_no_get_ready_for_somebody_facing_the_back() -> None:
    """After `n` in the RAILS of a turn into forward, the turn must still follow the rest."""
    plan = plan_of(backward(30), forward(30), rest(30), forward(30))
    workout = begun(plan, 46 * S)  # 15 s turn, 30 s
    assert workout.view(46 * S).phase.kind is Kind.TURN
    workout.send(Command.SKIP, 46 * S)
    view = workout.view(46 * S)
    assert (view.block.kind, view.block.ready) == (Kind.REST, 10 * S)
    assert view.after is not None
    assert view.after[0] is not None
    events = workout.advance(76 * S)
    assert not any(isinstance(e, ReadyBegan) for e in events)
    assert workout.view(76 * S).phase == view.after[0]
    assert stages(workout) == ["rails", "turn", "set", "count"]


@pytest.mark.parametrize(
    ("turned", "came", "names"),
    [
        (True, Kind.FORWARD, ["rails", "turn", "set", "count"]),
        (False, Kind.BACKWARD, ["rails", "turn", "set", "count"]),
        (False, Kind.FORWARD, ["ready", "count"]),
    ],
)
def test_an_older_session_file_leads_into_forward_with_care(
    turned: bool, came: Kind, names: list[str]
) -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 20 * S if came is Kind.FORWARD else 70 * S)
    workout.send(Command.PAUSE, workout.now)
    if came is Kind.BACKWARD:
        workout.send(Command.SKIP, workout.now)
    data = workout.snapshot()
    del data["faces"], data["footing"]
    data["turned"] = turned
    old = Workout.restore(data)
    old.send(Command.RESUME, 100 * S)
    assert stages(old) == names


def test_a_get_ready_follows_a_skipped_rest() -> None:
    workout = begun(plan_of(forward(20), rest(60), forward(20)), 35 * S)
    workout.send(Command.SKIP, 35 * S)
    assert workout.view(35 * S).phase.kind is Kind.READY


def test_skipping_to_the_end_completes() -> None:
    workout = begun(plan_of(forward(20)), 15 * S)
    workout.send(Command.SKIP, 15 * S)
    assert workout.state is State.FINISHED
    assert workout.rows[-1].skipped


def test_skipping_while_paused_stays_paused() -> None:
    workout = paused_in_backward()
    workout.send(Command.SKIP, 75 * S)
    assert workout.state is State.PAUSED
    assert workout.view(75 * S).block.kind is Kind.FORWARD
    going = workout.view(75 * S).resumption
    assert going is not None
    assert going.lead is not None
    assert going.lead.kind is Kind.TURN


def test_back_goes_to_this_block_then_to_the_one_before() -> None:
    workout = paused_in_backward()
    workout.send(Command.BACK, 75 * S)
    assert (workout.view(75 * S).number, workout.view(75 * S).block_left) == (2, 30)
    workout.send(Command.BACK, 76 * S)
    assert workout.view(76 * S).number == 1
    assert not workout.allows(Command.BACK)
    attempts = [row.done for row in workout.rows if row.kind is Kind.BACKWARD]
    assert attempts == [10 * S]


def test_more_and_less() -> None:
    workout = in_backward()
    workout.send(Command.MORE, 70 * S)
    assert workout.view(70 * S).left == 30
    workout.send(Command.LESS, 70 * S)
    workout.send(Command.LESS, 70 * S)
    assert workout.view(70 * S).left == 10  # never below the warning before a turn
    assert not workout.allows(Command.LESS)
    workout.advance(500 * S)
    row = next(row for row in workout.rows if row.kind is Kind.BACKWARD)
    assert (row.planned, row.done) == (30 * S, 20 * S)


def test_a_countdown_can_only_be_lengthened() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 58 * S)
    assert not workout.allows(Command.LESS)
    workout.send(Command.MORE, 58 * S)  # in the 3-2-1
    assert workout.view(58 * S).left == 12
    assert workout.view(58 * S).current_stage.id.value == "turn"  # type: ignore[union-attr]


def test_an_open_block_cannot_be_lengthened_or_shortened() -> None:
    workout = begun(plan_of(forward(None)), 20 * S)
    assert not workout.allows(Command.MORE)
    assert not workout.allows(Command.LESS)


# Cool down, stumble, speed ----------------------------------------------------------------------


def test_cooling_down_from_backward_goes_through_a_turn() -> None:
    workout = in_backward()
    workout.send(Command.COOL_DOWN, 70 * S)
    assert stages(workout) == ["rails", "turn", "set", "count"]
    assert workout.plan.blocks[-1].length == 60 * S
    assert len(workout.plan.blocks) == 3
    workout.advance(1000 * S)
    assert workout.state is State.FINISHED
    assert Workout.restore(workout.snapshot()).why == workout.why == COOLED


@pytest.mark.parametrize(("why", "kept"), [("", COOL_DOWN_MISSED), ("dizzy", "dizzy")])
def test_the_reason_for_a_stop_takes_precedence_over_the_cool_down(why: str, kept: str) -> None:
    workout = in_backward()
    workout.send(Command.COOL_DOWN, 70 * S)
    workout.send(Command.PAUSE, 71 * S)
    workout.send(Command.STOP, 72 * S, why=why)
    assert workout.why == kept


@pytest.mark.parametrize(("left", "kept"), [("stop", COOL_DOWN_LEFT), ("skip", COOL_DOWN_LEFT)])
def test_an_unfinished_cool_down_is_recorded_as_such(left: str, kept: str) -> None:
    workout = begun(plan_of(forward(60, 5.0), backward(30), forward(90, 3.0)), 20 * S)
    workout.send(Command.COOL_DOWN, 20 * S)
    workout.advance(33 * S)  # 13 of 90 s
    # After a crash now, the record would say the same.
    assert Workout.restore(workout.snapshot()).why == kept
    if left == "stop":
        workout.send(Command.PAUSE, 33 * S)
        workout.send(Command.STOP, 40 * S)
    else:
        workout.send(Command.SKIP, 33 * S)
    assert workout.state.over
    assert Workout.restore(workout.snapshot()).why == workout.why == kept


def test_a_cool_down_with_a_few_seconds_left_is_done() -> None:
    workout = begun(plan_of(forward(60, 5.0), backward(30), forward(90, 3.0)), 20 * S)
    workout.send(Command.COOL_DOWN, 20 * S)
    workout.send(Command.PAUSE, 107 * S)
    workout.send(Command.RESUME, 110 * S)
    assert (workout.state, workout.why) == (State.FINISHED, COOLED)


def test_cooling_down_from_forward_goes_straight_on() -> None:
    workout = begun(plan_of(forward(60, 5.0), backward(30), forward(90, 3.0)), 20 * S)
    workout.send(Command.COOL_DOWN, 20 * S)
    assert workout.state is State.BLOCK
    assert workout.view(20 * S).left == 90
    assert not workout.allows(Command.COOL_DOWN)


@pytest.mark.parametrize(
    ("at", "names"), [(45, ["ready", "count"]), (53, ["rails", "turn", "set", "count"])]
)
def test_cooling_down_in_a_turn_takes_another_turn_if_one_has_turned(
    at: int, names: list[str]
) -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), at * S)
    workout.send(Command.COOL_DOWN, at * S)
    assert stages(workout) == names


def test_without_a_forward_step_the_cool_down_is_three_easy_minutes() -> None:
    workout = begun(plan_of(backward(60)), 30 * S)
    workout.send(Command.COOL_DOWN, 30 * S)
    assert workout.plan.blocks[-1].length == 180 * S


def test_a_stumble_is_noted_with_its_instant() -> None:
    workout = in_backward()
    workout.send(Command.STUMBLE, 71_234)
    assert workout.stumbles == (71_234,)
    # The view of a later instant has it too.
    assert workout.view(75 * S).stumbles == 1


def test_a_noted_speed_is_recorded_and_lengthens_the_next_turn() -> None:
    workout = begun(plan_of(forward(60, 3.0), backward(30, 1.6), forward(30, 3.0)), 20 * S)
    workout.send(Command.NOTE_SPEED, 20 * S, speed=8.0)
    events = workout.advance(70 * S)
    (turn,) = [e for e in events if isinstance(e, CountdownBegan)]
    assert turn.countdown.length == 25 * S
    assert [row.speed for row in workout.rows if row.kind is Kind.FORWARD] == [8.0]


def test_a_slower_noted_speed_shortens_no_turn() -> None:
    workout = begun(plan_of(forward(60, 8.0), backward(30, 4.0)), 20 * S)
    workout.send(Command.NOTE_SPEED, 20 * S, speed=1.0)
    events = workout.advance(70 * S)
    assert [e.countdown.length for e in events if isinstance(e, CountdownBegan)] == [30 * S]


# Sound ------------------------------------------------------------------------------------------


def test_losing_sound_while_walking_backward_pauses() -> None:
    workout = in_backward()
    events = workout.send(Command.SOUND_LOST, 70 * S)
    assert Paused(70 * S, Reason.SOUND) in events


def test_losing_sound_while_walking_forward_makes_the_next_blind_turn_wait() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 20 * S)
    workout.send(Command.SOUND_LOST, 20 * S)
    assert state_of(workout) is State.BLOCK
    workout.advance(500 * S)
    assert workout.state is State.WAITING
    assert workout.view(500 * S).wait_for is WaitFor.SOUND
    workout.send(Command.SOUND_BACK, 600 * S)
    events = workout.advance(608 * S)
    assert [e.at for e in events if isinstance(e, BlockBegan)] == [608 * S]


def test_a_key_confirms_going_on_without_sound() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 20 * S)
    workout.send(Command.SOUND_LOST, 20 * S)
    workout.advance(500 * S)
    workout.send(Command.CONFIRM, 500 * S)
    assert workout.state is State.TURN
    workout.advance(508 * S)
    assert workout.view(508 * S).phase.kind is Kind.BACKWARD


def test_confirming_the_turn_does_not_confirm_going_on_without_sound() -> None:
    workout = confirming()
    workout.advance(500 * S)
    workout.send(Command.SOUND_LOST, 500 * S)
    workout.send(Command.CONFIRM, 501 * S)
    assert state_of(workout) is State.WAITING
    assert workout.view(501 * S).wait_for is WaitFor.SOUND
    workout.send(Command.CONFIRM, 502 * S)
    assert workout.state is State.TURN


@pytest.mark.parametrize(("at", "pauses"), [(50, False), (53, True), (91, True), (99, False)])
def test_losing_sound_in_a_turn_pauses_only_if_one_faces_the_back(at: int, pauses: bool) -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), at * S)
    workout.send(Command.SOUND_LOST, at * S)
    assert (workout.state is State.PAUSED) is pauses


def test_with_the_laptop_behind_forward_blocks_are_blind_too() -> None:
    plan = plan_of(forward(30), rest(20), forward(30), belt=Belt(laptop=Laptop.BEHIND))
    workout = begun(plan, 20 * S)
    workout.send(Command.SOUND_LOST, 20 * S)
    assert workout.state is State.PAUSED
    other = begun(plan, 45 * S)
    other.send(Command.SOUND_LOST, 45 * S)  # in the rest
    other.advance(500 * S)
    assert other.view(500 * S).wait_for is WaitFor.SOUND


# The end, and older session files ---------------------------------------------------------------


def test_stopping_keeps_what_was_done() -> None:
    workout = stopped()
    assert workout.why == "enough"
    assert workout.rows[-1].done == 10 * S
    assert workout.totals.elapsed == 80 * S
    assert workout.advance(500 * S) == ()
    assert workout.totals.elapsed == 80 * S


def test_time_after_the_end_is_not_counted() -> None:
    workout = begun(plan_of(forward(10)), 20 * S)
    workout.advance(90 * S)
    assert workout.totals.elapsed == 20 * S == workout.now


def test_after_a_refused_command_its_events_come_with_the_next_call() -> None:
    workout = begun(plan_of(*BACK_AND_FORTH), 35 * S)
    with pytest.raises(IllegalCommand):
        workout.send(Command.RESUME, 41 * S)
    events: tuple[Event, ...] = workout.advance(41 * S)
    assert any(isinstance(e, CountdownBegan) for e in events)


def test_a_short_turn_is_possible_if_allowed() -> None:
    safety = Safety(turn=10 * S, allow_short_turns=True)
    workout = begun(plan_of(*BACK_AND_FORTH, safety=safety), 40 * S)
    assert workout.view(40 * S).left == 10
    assert stages(workout) == ["slow", "rails", "turn", "count"]


def test_a_turn_from_an_older_session_file_goes_on() -> None:
    workout = Workout(plan_of(forward(20), backward(20)))
    workout.send(Command.START, 0)
    workout.advance(31_000)
    data = workout.snapshot()
    again = Workout.restore(data).view(31_000)
    assert again == workout.view(31_000)
    lead = data["lead"]
    assert isinstance(lead, dict)
    for stage in lead["stages"]:
        stage["guide"] = stage["guide"][:4]
    restored = Workout.restore(data)
    stage = restored.view(31_000).current_stage
    assert stage is not None
    assert (stage.guide.title, stage.guide.pose) == ("SLOW THE BELT", None)
    # It can be saved again; a session file cannot hold None.
    assert restored.snapshot()["lead"] == data["lead"]
