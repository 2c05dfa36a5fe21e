"""The invariants, for any plan and any sequence of commands."""

from itertools import pairwise
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from retrotimer.core.cue_ids import CueId
from retrotimer.core.events import (
    BlockBegan,
    CountdownBegan,
    Event,
    IllegalCommand,
    Paused,
    Retimed,
    StageBegan,
    WaitBegan,
    WaitEnded,
)
from retrotimer.core.plan import Plan
from retrotimer.core.sets import Kind, Repeat
from retrotimer.core.stage_guide import TABLES, Facing, Feet, StageId, Way
from retrotimer.core.states import Command, Reason, State
from retrotimer.core.transitions import TRANSITIONS
from retrotimer.core.workout import HOLD_OFF, Workout
from tests.support.interval_sets import backward, forward, plan_of, plans, rest

T0 = 1_000_003
steps_of_time = st.integers(0, 60_000) | st.integers(0, 700)
commands = st.sampled_from([c for c in Command if c is not Command.START])


def play(plan: Plan, script: list[tuple[int, Command | None]], cuts: int) -> list[Event]:
    """The events of a script of (ms later, command), with time passing in `cuts` calls a step."""
    workout = Workout(plan)
    events = list(workout.send(Command.START, T0))
    now = T0
    for later, command in script:
        target = now + later
        if cuts:
            for n in range(1, cuts):
                events += workout.advance(now + later * n // cuts)
        if command is not None:
            try:
                events += workout.send(command, target, speed=2.5)
            except IllegalCommand:
                events += workout.advance(target)
        elif cuts:
            events += workout.advance(target)
        now = target
    events += workout.advance(now)
    return events


def after(plan: Plan, script: list[tuple[int, Command | None]]) -> tuple[Workout, int]:
    """A workout after a script of (ms later, command), and the instant at which the script ends."""
    workout = Workout(plan)
    workout.send(Command.START, T0)
    now = T0
    for wait, command in script:
        now += wait
        workout.advance(now)
        if command is not None and workout.allows(command):
            workout.send(command, now, speed=2.5)
    return workout, now


scripts = st.lists(st.tuples(steps_of_time, st.none() | commands), max_size=25)


@given(plans, scripts, st.integers(1, 7))
def test_chunk_invariance(plan: Plan, script: list[tuple[int, Command | None]], cuts: int) -> None:
    """Invariant 4: the events and their instants do not depend on how often time is advanced."""
    assert play(plan, script, 0) == play(plan, script, cuts)


# A rest too short for its get ready becomes long enough for it.
@example(plan_of(rest(5), forward(20)), [(1_000, Command.MORE), (1_000, None)])
@given(plans, scripts)
def test_a_restored_snapshot_behaves_like_the_original(
    plan: Plan, script: list[tuple[int, Command | None]]
) -> None:
    workout = Workout(plan)
    workout.send(Command.START, T0)
    now = T0
    for later, command in script:
        now += later
        twin = Workout.restore(workout.snapshot())
        assert twin.view(now) == workout.view(now)
        for one in (workout, twin):
            one.advance(now)
        if command is not None and workout.allows(command):
            first, second = (one.send(command, now, speed=2.5) for one in (workout, twin))
            assert first == second
    assert twin_of(workout).rows == workout.rows


def twin_of(workout: Workout) -> Workout:
    return Workout.restore(workout.snapshot())


@given(plans, scripts, st.integers(0, 30_000))
def test_announced_cues_do_not_change(
    plan: Plan, script: list[tuple[int, Command | None]], later: int
) -> None:
    """If nothing happens, a cue once announced sounds at exactly that instant."""
    workout, now = after(plan, script)
    first = workout.cues(now, now + 90_000)
    assert first == sorted(first)
    workout.advance(now + later)
    second = workout.cues(now + later, now + 90_000)
    assert [cue for cue in first if cue.due >= now + later] == second


@given(plans, st.lists(steps_of_time, min_size=1, max_size=12))
def test_the_view_changes_only_at_the_announced_instants(plan: Plan, waits: list[int]) -> None:
    workout = Workout(plan)
    workout.send(Command.START, T0)
    now = T0
    for wait in waits:
        change = workout.next_change(now)
        view = workout.view(now)
        if change is None:
            assert workout.view(now + wait) == view
        else:
            assert change > now
            assert workout.view(change - 1) == view
        now += wait
        workout.advance(now)
        if workout.state is State.WAITING and wait % 2:
            workout.send(Command.CONFIRM, now)


def test_no_drift_in_24_hours() -> None:
    """Invariant 3: every boundary in a day-long plan is where the plan puts it, to the ms."""
    plan = plan_of(Repeat(540, (forward(79.777), backward(39.333))))
    workout = Workout(plan)
    events = list(workout.send(Command.START, T0))
    now = T0
    while not workout.state.over:
        now += 4_999
        events += workout.advance(now)
    due = T0
    begins = iter([e.at for e in events if isinstance(e, (BlockBegan, CountdownBegan))])
    for phase in plan:
        assert next(begins) == due
        due += phase.length or 0
    assert due - T0 >= 24 * 3_600_000 - 600_000
    assert workout.totals.elapsed == due - T0


class AnyWorkout(RuleBasedStateMachine):
    """Any commands at any instants."""

    @initialize(plan=plans)
    def begin(self, plan: Plan) -> None:
        self.workout = Workout(plan)
        self.now = T0
        self.events = list(self.workout.send(Command.START, T0))

    def take(self, events: tuple[Event, ...]) -> None:
        self.events += events

    @rule(wait=steps_of_time)
    def let_time_pass(self, wait: int) -> None:
        self.now += wait
        self.take(self.workout.advance(self.now))

    @rule(wait=steps_of_time, command=commands, reason=st.sampled_from(Reason))
    def command_it(self, wait: int, command: Command, reason: Reason) -> None:
        self.now += wait
        self.take(self.workout.advance(self.now))
        allowed = self.workout.allows(command)
        before = self.workout.snapshot()
        more: dict[str, Any] = {"reason": reason} if command is Command.PAUSE else {}
        try:
            self.take(self.workout.send(command, self.now, speed=4.0, **more))
        except IllegalCommand:
            assert not allowed
            assert self.workout.snapshot() == before
        else:
            assert allowed
            assert command in TRANSITIONS[State(str(before["state"]))]

    @precondition(lambda self: not self.workout.state.over)
    @rule(gap=st.integers(0, 7_200_000))
    def crash_and_restore(self, gap: int) -> None:
        data = self.workout.snapshot()
        self.workout = Workout.restore(data)
        if self.workout.allows(Command.PAUSE):
            self.take(self.workout.send(Command.PAUSE, self.workout.now, reason=Reason.RESTORED))
        self.now += gap

    @rule(by=st.integers(1_501, 600_000))
    def stall(self, by: int) -> None:
        """The program stalls: the workout is paused at the last instant and crosses no boundary."""
        self.now += by
        if self.workout.allows(Command.PAUSE):
            came = self.workout.now
            self.take(self.workout.send(Command.PAUSE, came, reason=Reason.STALLED))
            assert self.workout.advance(self.now) == ()

    @invariant()
    def time_is_conserved(self) -> None:
        if not hasattr(self, "workout"):
            return
        workout = self.workout
        totals = workout.totals
        assert totals.elapsed == workout.now - workout.started
        sums = dict.fromkeys(Kind, 0)
        for row in workout.rows:
            assert row.done >= 0
            sums[row.kind] += row.done
        assert sums[Kind.FORWARD] == totals.forward
        assert sums[Kind.BACKWARD] == totals.backward
        assert sums[Kind.REST] == totals.rest
        assert sums[Kind.TURN] + sums[Kind.READY] == totals.turn

    @invariant()
    def footer_and_machine_agree(self) -> None:
        if hasattr(self, "workout"):
            workout = self.workout
            shown = workout.view(workout.now).allows
            assert shown == {c for c in Command if workout.allows(c)}

    @invariant()
    def every_backward_block_had_its_turn(self) -> None:
        if hasattr(self, "events"):
            check_turns(self.events)
            check_stances(self.events)

    @invariant()
    def a_resumption_begins_as_announced(self) -> None:
        if hasattr(self, "workout") and self.workout.state is State.PAUSED:
            check_resumption(self.workout)

    def teardown(self) -> None:
        if hasattr(self, "events"):
            assert [e.at for e in self.events] == sorted(e.at for e in self.events)


def check_turns(events: list[Event]) -> None:
    """Invariant 2: each backward block comes right after its whole, uninterrupted turn."""
    for index, event in enumerate(events):
        if not isinstance(event, BlockBegan) or event.block.kind is not Kind.BACKWARD:
            continue
        start = max(i for i in range(index) if isinstance(events[i], CountdownBegan))
        lead = events[start]
        assert isinstance(lead, CountdownBegan)
        assert lead.countdown.kind is Kind.TURN
        assert lead.countdown.toward is Kind.BACKWARD
        between = events[start:index]
        assert not any(isinstance(one, Paused) for one in between)
        more = sum(one.by for one in between if isinstance(one, Retimed))
        waits = [one.at for one in between if isinstance(one, WaitBegan)]
        ends = [one.at for one in between if isinstance(one, WaitEnded)]
        waited = sum(end - waits[0] for end in ends)
        assert event.at - lead.at == lead.countdown.length + more + waited
        assert lead.countdown.length >= 15_000
        if ends:
            # After the key, everything from TURN on runs in full.
            assert event.at - ends[-1] >= lead.countdown.length - lead.countdown.hold


def check_stances(events: list[Event]) -> None:
    """Each stage starts from the stance in which the one before ended; nobody turns twice."""
    faces, feet, free = Facing.FRONT, Feet.RAILS, True
    for event in events:
        match event:
            case CountdownBegan(_, lead, block):
                names = tuple(stage.id for stage in lead.stages)
                ways = [Way.READY] if faces is Facing.FRONT else [Way.TO_FORWARD]
                if block.kind is Kind.BACKWARD:
                    ways = [Way.STANDING] if free or faces is Facing.FRONT else [Way.AGAIN]
                    if feet is Feet.BELT and faces is Facing.FRONT and not free:
                        ways = [Way.SLOWER, Way.FASTER]
                tables = [tuple(stage for stage, _ in TABLES[way]) for way in ways]
                # A short get ready has only the 3-2-1.
                assert names in tables or names == (StageId.COUNT,) != tables[0][:1]
            case StageBegan(_, stage, _):
                pose = stage.guide.pose
                assert pose is not None
                if pose.turning:
                    assert faces is not pose.faces
                elif not (free and stage.id is StageId.SET):
                    assert faces is pose.faces
                faces, feet, free = pose.faces, pose.feet, False
            case BlockBegan(_, block, _, _) if block.kind.moving:
                assert faces is (Facing.BACK if block.kind is Kind.BACKWARD else Facing.FRONT)
                feet, free = Feet.BELT, False
            case BlockBegan() | Paused():
                free = True


def check_resumption(workout: Workout) -> None:
    """Invariant 14: what a pause announces is what really happens on going on."""
    now = workout.now + HOLD_OFF
    announced = workout.view(now).resumption
    assert announced is not None
    twin = workout.fork()
    twin.send(Command.RESUME, now)
    if announced.block is None:
        assert twin.state is State.FINISHED
        return
    view = twin.view(now)
    assert (view.block, view.state) == (announced.block, view.state)
    if announced.lead is None:
        assert view.state is State.BLOCK
    else:
        assert view.state in (State.TURN, State.WAITING)
        assert view.phase == announced.lead
    left = announced.left
    assert view.block_left == (None if left is None else -(-left // 1000))
    assert view.in_ready is announced.in_ready
    assert abs(view.to_go - workout.view(now).to_go) <= 1  # the sum of two parts, each rounded up


AnyWorkout.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyWorkout = AnyWorkout.TestCase


@given(plans, scripts)
def test_go_never_sounds_without_its_turn(
    plan: Plan, script: list[tuple[int, Command | None]]
) -> None:
    """If a GO into backward is announced, so is the rest of its turn."""
    workout, now = after(plan, script)
    cues = workout.cues(now, now + 300_000)
    for before, cue in pairwise(cues):
        if cue.id is CueId.BACKWARD:
            assert before.id is CueId.COUNT
            assert cue.due - before.due == 1_000


@given(plans)
def test_a_plan_left_alone_runs_as_planned(plan: Plan) -> None:
    assume(all(block.length is not None for block in plan.blocks))
    workout = Workout(plan)
    workout.send(Command.START, T0)
    now = T0
    for _ in range(10 * len(plan.blocks) + 10):
        if workout.state.over:
            break
        now += 3_600_000
        workout.advance(now)
        if workout.state is State.WAITING:
            workout.send(Command.CONFIRM, now)
    assert workout.state is State.FINISHED
    assert [row.done for row in workout.rows] == [phase.length for phase in plan]
    assert workout.totals.elapsed == plan.total + workout.totals.waiting
