"""The walk: random steps in which a program is started, used, killed and started again."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from math import ceil
from random import Random

from retrotimer.audio.status import SoundStatus
from retrotimer.core.events import Armed, Event, Paused, Resumed, Started, WaitEnded
from retrotimer.core.progress import Progress
from retrotimer.core.rows import Row, Totals
from retrotimer.core.states import Command, Reason, State
from retrotimer.history.record import Record
from retrotimer.run.runner import ASLEEP, STALL, Runner
from retrotimer.session.recovery import SavedWorkout
from tests.support.random_walk.invariants import (
    Sound,
    Sums,
    Turns,
    Violation,
    check_keys,
    check_record,
    must,
)
from tests.support.random_walk.plans import any_plan
from tests.support.random_walk.world import FakeTerminal, Killed, WalkWorld

LOST = 5_000
"""How much of the phase in progress a kill may cost, in ms (invariant 7)."""
FROZEN = (400, 900, 2_000, 4_000, 30_000)
"""How long a terminal freezes, in ms."""
LAST = 50
"""How many of the last steps are reported after a violation."""

KEYS: dict[str, Callable[[Runner], tuple[Event, ...] | None]] = {
    "space": Runner.space,
    "enter": Runner.enter,
    "clicker": Runner.clicker,
    "pause": Runner.pause,
    "skip": lambda runner: runner.command(Command.SKIP),
    "back": lambda runner: runner.command(Command.BACK),
    "more": lambda runner: runner.command(Command.MORE),
    "less": lambda runner: runner.command(Command.LESS),
    "cool down": lambda runner: runner.command(Command.COOL_DOWN),
    "stumble": lambda runner: runner.command(Command.STUMBLE),
    "faster": lambda runner: runner.nudge_speed(0.1),
    "slower": lambda runner: runner.nudge_speed(-0.1),
    "louder": lambda runner: runner.nudge_volume(1),
    "softer": lambda runner: runner.nudge_volume(-1),
    "mute": Runner.mute,
    "without sound": Runner.confirm_silence,
    "go on": lambda runner: runner.command(Command.RESUME),
}
"""Every key, by what it does; "go on" answers a question over a paused workout."""
GOES_ON = ("space", "clicker", "go on")
"""The keys that may end a pause."""
USUAL = {
    State.READY: ("enter", "clicker"),
    State.PAUSED: (*GOES_ON, "skip", "back"),
    State.WAITING: ("enter", "clicker", "without sound"),
}
"""What people mostly press in these states."""
STEPS = {
    "wait": 55,
    "change": 25,
    "key": 12,
    "held key": 1,
    "stall": 1,
    "stall, then key": 0.5,
    "suspend": 0.7,
    "wall clock": 0.5,
    "terminal": 0.7,
    "alarm": 0.3,
    "sound": 1.5,
    "stop": 0.15,
    "discard": 0.1,
    "leave": 0.2,
    "kill": 0.4,
    "kill at the disk": 0.3,
    "disk": 0.4,
    "another program": 0.2,
}
"""How often each step is taken, roughly in percent."""
_CONFIRMED = (Started, Resumed, Armed, WaitEnded)
_NAMES = tuple(STEPS)
_WEIGHTS = [sum(list(STEPS.values())[: n + 1]) for n in range(len(STEPS))]


class Journey:
    """A world and a program in it, from one seed; `step` takes a step and checks everything."""

    def __init__(self, seed: str, counts: Counter[str] | None = None) -> None:
        self._rng = Random(seed)
        self.counts: Counter[str] = Counter() if counts is None else counts
        self.last: deque[str] = deque(maxlen=LAST)
        self._world = WalkWorld()
        self._clock = self._world.clock
        self._program: Runner | None = None
        self._pressed = ""
        self._origins: dict[str, int] = {}
        """When each workout would have started if the clock had always been this one."""
        self._turns: dict[str, Turns] = {}
        self._safe: tuple[str, list[Row], int] | None = None
        """What a kill may not take, except for `LOST`: id, rows, and time not paused (ms)."""

    def walk(self, steps: int) -> None:
        """Take so many steps; raises a Violation if anything is wrong."""
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        """Take one step of any kind; if no program runs, start one."""
        rng = self._rng
        name = "start" if self._program is None else rng.choices(_NAMES, cum_weights=_WEIGHTS)[0]
        self.counts[name] += 1
        self.last.append(f"{self._clock.ms:>10}  {name}")
        self._pressed = ""
        try:
            getattr(self, "_step_" + name.replace(",", "").replace(" ", "_"))()
        except Killed:
            self._note("killed")
            self._killed()
        except Violation:
            raise
        except Exception as error:
            raise Violation(f"the program crashed: {error!r}") from error
        if self._program is not None:
            self._note(self._program.view.state.value)

    def _note(self, text: str) -> None:
        self.last[-1] += f" · {text}"

    @property
    def _runner(self) -> Runner:
        assert self._program is not None
        return self._program

    @property
    def _progress(self) -> Progress:
        return self._runner._workout._p

    # A program begins ---------------------------------------------------------------------

    def _step_start(self) -> None:
        """A program starts, deals with an interrupted workout, and shows a plan or resumes."""
        world, rng = self._world, self._rng
        world.sessions.broken = world.log.broken = False
        environment, self._ear = world.environment()
        rate = rng.choice((2, 20, 600)) if rng.random() < 0.1 else 1
        data = world.sessions.on_disk()
        if data is not None and rate == 1:
            broken = SavedWorkout.read(data)
            choice = self._choice(broken)
            self._note(choice)
            self.counts[f"then: {choice}"] += 1
            if choice == "resume":
                self._resume(broken, Runner.resumed(broken, environment))
                return
            if choice == "later":
                return
            if choice == "save":
                broken.save(world.log)
                must(world.log.records[broken.info.id] == broken.record(), "7: not in the history")
                check_record(broken.record())
            world.sessions.clear()
        runner = Runner.new(any_plan(rng), environment, rate=rate)
        self._note(f"{len(runner.plan.blocks)} blocks, rate {rate}")
        self._show(runner)

    def _choice(self, broken: SavedWorkout) -> str:
        if broken.logged(self._world.log):
            return "saved already"
        choice = self._rng.choice(("resume", "resume", "resume", "save", "discard", "later"))
        return "save" if choice == "resume" and not broken.resumable(self._clock) else choice

    def _resume(self, broken: SavedWorkout, runner: Runner) -> None:
        name, started = broken.info.id, broken.workout.started
        if runner._workout.started == started:
            self._origins.setdefault(name, started)
        else:
            # After a reboot, only the wall clock tells how much time passed.
            gap = broken.age(self._clock) // timedelta(milliseconds=1)
            self._origins[name] = self._clock.ms - broken.workout.totals.elapsed - gap
        must(
            runner.view.state is State.PAUSED,
            "1: a resumed workout is not paused",
            runner.view.state,
        )
        turns = self._turns.setdefault(name, Turns(runner.plan.rules))
        turns.restored(runner._workout._p)
        self._show(runner)

    def _show(self, runner: Runner) -> None:
        self._program, self._sums = runner, Sums()
        self._sound = Sound(self._ear, self._clock, runner.plan.rules)
        self._touched = self._files()
        self._terminal = FakeTerminal()
        runner.follow_terminal(self._terminal.look)
        runner.open()
        self._check(runner.poll())

    def _files(self) -> tuple[int, int]:
        return self._world.sessions.written, len(self._world.log.records)

    # After every step ---------------------------------------------------------------------

    def _check(self, events: tuple[Event, ...]) -> None:
        """Check everything; `events` is what happened in the step."""
        runner, p = self._runner, self._progress
        check_keys(runner._workout, runner.view.allows)
        must(runner.view.state is p.state, "an outdated view", runner.view.state, p.state)
        for event in events:
            if isinstance(event, Started):
                self._origins[runner.journal.info.id] = self._clock.ms
                self._turns[runner.journal.info.id] = Turns(runner.plan.rules)
            if isinstance(event, Resumed):
                must(self._pressed in GOES_ON, "1: it went on by itself", event, self._pressed)
        if p.state is not State.READY:
            self._turns[runner.journal.info.id].take(events)
            self._sums.check(p)
            if not p.state.over:
                passed = (self._clock.ms - self._origins[runner.journal.info.id]) * runner.rate
                must(p.offset == passed, "3: time was counted, not measured", p.offset, passed)
        if runner.rehearsal:
            must(self._files() == self._touched, "a rehearsal wrote something", self._touched)
        else:
            self._check_sound(events)
            self._note_saved()
        if p.state.over:
            self._check_end()

    def _check_sound(self, events: tuple[Event, ...]) -> None:
        """Check what is heard, and the lease without which the alarm sounds."""
        state, ear = self._progress.state, self._ear
        slow = (Reason.STALLED, Reason.SUSPENDED, Reason.TERMINAL)
        late = any(isinstance(event, Paused) and event.reason in slow for event in events)
        self._sound.check(events, paused=late)
        must(late or not ear.lapsed, "1: an alarm although nothing was wrong")
        ear.lapsed = False
        if state.running or state is State.WAITING:
            must(
                ear.leased is not None and ear.leased <= STALL,
                "1: no lease, or too long a one",
                ear.leased,
            )
        else:
            must(ear.leased is None, "a lease although nothing runs", ear.leased)

    def _note_saved(self) -> None:
        runner, p, sessions = self._runner, self._progress, self._world.sessions
        self._safe = None
        if runner.started and sessions.error is None:
            self._safe = runner.journal.info.id, list(p.rows), self._active().elapsed
        elif runner.started and runner.journal.keeps:
            noticed = any("a crash would lose" in notice for notice in runner.notices)
            must(noticed, "7: no notice that nothing is saved")

    # A program ends -----------------------------------------------------------------------

    def _check_end(self) -> None:
        """The workout is over: its record is complete, and in the history or in the session."""
        runner, world = self._runner, self._world
        made = runner.record
        must(made is not None, "over, but no record")
        assert made is not None
        self.counts[made.status.value] += 1
        check_record(made)
        must(runner.elapsed == made.totals.elapsed, "6: the record lost time", made)
        if not runner.journal.keeps:
            must(made.id not in world.log.records, "it must not be in the history", made.id)
        else:
            if runner.journal.unsaved is not None and self._rng.random() < 0.5:
                self.counts["saved later"] += 1
                world.log.broken = False
                must(runner.journal.save(), "not saved although the disk works again")
            if runner.journal.unsaved is None:
                self._check_history(made)
            else:
                self._check_session()
        runner.close()
        self._program, self._safe = None, None

    def _check_history(self, made: Record) -> None:
        sessions = self._world.sessions
        must(
            self._world.log.records.get(made.id) == made,
            "7: the record is not in the history",
            made,
        )
        left = sessions.values is not None and not sessions.broken
        must(not left, "in the history, and still in the session")

    def _check_session(self, unseen: int = 0) -> None:
        """Invariant 7: the session file has the workout, if it could be written.

        `unseen` is for how long the workout has run since the last poll, in ms.
        """
        runner, sessions = self._runner, self._world.sessions
        if sessions.error is None and (runner.started or runner.over) and runner.journal.keeps:
            p = self._progress
            broken = self._on_disk(runner.journal.info.id, p.rows, self._active().elapsed + unseen)
            if runner.over:
                must(broken.record() == runner.record, "7: a different record", broken.record())

    def _on_disk(self, name: str, rows: list[Row], active: int) -> SavedWorkout:
        data = self._world.sessions.on_disk()
        must(data is not None, "7: no session file")
        assert data is not None
        broken = SavedWorkout.read(data)
        there = broken.workout._p
        must(broken.info.id == name, "7: a different workout is saved", broken.info)
        kept = there.rows[: len(rows)] == rows or set(rows) <= set(broken.workout.rows)
        must(kept, "7: a finished row was lost", broken.workout.rows)
        lost = active - (there.totals.elapsed - there.paused)
        must(lost <= LOST, "7: more than 5 s were lost", lost)
        check_record(broken.record())
        return broken

    def _killed(self) -> None:
        """The program is gone; time passes, perhaps with a reboot, before the next one starts."""
        rng, world = self._rng, self._world
        world.sessions.kill_in = None
        if self._safe is not None and self._safe[0] not in world.log.records:
            self._on_disk(*self._safe)
        self._program, self._safe = None, None
        self._clock.advance(rng.choice((0, 400, 5_000, 600_000, 3_600_000)))
        if rng.random() < 0.15:
            self._note("the machine was rebooted")
            self._clock.reboot(rng.randint(1_000, 9_000_000), rng.randint(5_000, 100_000))

    # Steps: time --------------------------------------------------------------------------

    def _step_wait(self) -> None:
        """The runner is polled after a while, as on a busy machine."""
        rng = self._rng
        usual = rng.random() < 0.3
        self._clock.advance(rng.randint(0, 250) if usual else rng.randint(250, STALL))
        self._check(self._runner.poll())

    def _step_change(self) -> None:
        """The runner is polled when it asks to be."""
        wait = self._runner.wait()
        must(0 <= wait <= 0.25, "a wait out of range", wait)
        self._clock.advance(max(1, ceil(wait * 1000)))
        self._check(self._runner.poll())

    def _step_stall(self) -> None:
        """The program stalls for longer than it may."""
        before = self._running_totals()
        self._clock.advance(self._rng.choice((STALL + 1, 2_000, 30_000, 600_000)))
        self._check_paused(before, self._runner.poll(), Reason.STALLED)

    def _step_suspend(self) -> None:
        """The machine is suspended, and may be busy when it wakes."""
        before = self._running_totals()
        self._ear.listen()
        self._clock.sleep(self._rng.choice((ASLEEP + 1, 1_400, 60_000, 3_600_000)))
        self._clock.advance(self._rng.choice((0, 3, STALL)))
        self._check_paused(before, self._runner.poll(), Reason.SUSPENDED)

    def _step_stall_then_key(self) -> None:
        """After a stall, a key comes before the first poll."""
        before = self._running_totals()
        self._clock.advance(self._rng.choice((STALL + 1, 30_000)))
        name = self._rng.choice([key for key in KEYS if key != "go on"])
        self._check_paused(before, self._press(name), Reason.STALLED)

    def _running_totals(self) -> Totals | None:
        """The time spent so far if the workout is running; None if it stands still."""
        return self._active() if self._runner._workout.allows(Command.PAUSE) else None

    def _active(self) -> Totals:
        return replace(self._progress.totals, paused=0)

    def _check_paused(self, before: Totals | None, events: tuple[Event, ...], why: Reason) -> None:
        """Invariant 1: nothing moved on while the program could not present it."""
        p = self._progress
        if before is not None:
            must(p.state is State.PAUSED or p.state.over, "1: it moved on", p.state)
            must(before == self._active(), "1: time passed unseen", before, p.totals)
            must(p.reason in (why, None), "1: paused for another reason", p.reason)
        self._check(events)

    def _step_terminal(self) -> None:
        """The terminal freezes for a while; then it shows everything."""
        self._check(self._runner.poll())
        if self._program is None:
            return
        self._terminal.frozen = True
        since, until = self._clock.ms, self._clock.ms + self._rng.choice(FROZEN)
        seen = self._running_totals(), self._turns_so_far()
        while self._program is not None and self._clock.ms < until:
            led = self._guided_by_sound()
            self._clock.advance(self._rng.randint(1, 250))
            events = self._runner.poll()
            if any(isinstance(one, Paused) and one.reason is Reason.TERMINAL for one in events):
                # The blind block may have ended in this very poll.
                alone = all(isinstance(one, Paused) for one in events)
                must(not (led and alone), "1: paused for a screen that nobody was looking at")
                must(seen[0] == self._active(), "1: time passed that nobody saw", seen, events)
                self._sums = Sums()
                self._check(events)
                self._turns_back_to(seen[1])
                continue
            if self._guided_by_sound():
                since, seen = self._clock.ms, (self._running_totals(), self._turns_so_far())
            self._check(events)
            if self._program is not None and seen[0] is not None:
                late = self._clock.ms - since
                must(late <= STALL or self._running_totals() is None, "1: it goes on unseen", late)
        self._terminal.frozen = False

    def _guided_by_sound(self) -> bool:
        """Whether the person cannot see the screen and is guided by sound."""
        runner, ear = self._runner, self._ear
        heard = ear.apart and ear.status is SoundStatus.READY and not runner.muted
        return heard and runner.volume > 0 and self._progress.by_ear

    def _turns_so_far(self) -> Turns | None:
        turns = self._turns.get(self._runner.journal.info.id)
        return None if turns is None else replace(turns)

    def _turns_back_to(self, turns: Turns | None) -> None:
        """What nobody saw has not happened: the person stands as before."""
        assert turns is not None
        turns.lead, turns.stood = None, True
        self._turns[self._runner.journal.info.id] = turns

    def _step_alarm(self) -> None:
        """The player got no sign of life, and sounded the alarm."""
        before = self._running_totals()
        self._ear.alarms = 1
        self._check_paused(before, self._runner.poll(), Reason.STALLED)

    def _step_wall_clock(self) -> None:
        """Somebody sets the wall clock."""
        self._clock.set_wall(self._rng.choice((-1, 1)) * self._rng.randint(1, 10_000_000))
        self._step_wait()

    # Steps: keys --------------------------------------------------------------------------

    def _press(self, name: str) -> tuple[Event, ...]:
        """Press a key, then poll, because not every key lets time pass."""
        self._pressed = name
        self._note(name)
        self.counts[f"key: {name}"] += 1
        return self._repeat(name)

    def _repeat(self, name: str) -> tuple[Event, ...]:
        return (KEYS[name](self._runner) or ()) + self._runner.poll()

    def _step_key(self) -> None:
        """A key is pressed, now or a moment later."""
        rng = self._rng
        usual = USUAL.get(self._progress.state)
        names = usual if usual and rng.random() < 0.7 else tuple(KEYS)
        self._clock.advance(rng.randint(0, 400))
        self._check(self._press(rng.choice(names)))

    def _step_held_key(self) -> None:
        """A key is held: after a delay it repeats thirty times a second."""
        rng = self._rng
        name = rng.choice(("space", "enter", "clicker", "pause"))
        ran = self._running_totals() is not None
        did = 0
        for n in range(rng.randint(3, 60)):
            if self._program is None:
                break
            self._clock.advance((0, rng.choice((250, 500, 660)))[n] if n < 2 else 33)
            stood = self._progress.state is State.PAUSED
            events = self._press(name) if n == 0 else self._repeat(name)
            did += sum(isinstance(event, _CONFIRMED) for event in events)
            if n and stood and (ran or name in ("enter", "pause")):
                state = self._progress.state
                must(state is State.PAUSED, "5: a held key ended the pause", name, state)
            must(did <= 1 or name == "space", "2: a held key did a second thing", name, events)
            self._check(events)

    def _step_stop(self) -> None:
        """The workout is stopped and saved."""
        runner = self._runner
        if runner.started:
            runner.stop(self._rng.choice(("", "pain, dizzy or unsteady")))
            self._check(())

    def _step_discard(self) -> None:
        """The workout is stopped and discarded."""
        runner = self._runner
        if runner.started:
            self._safe = None
            runner.discard()
            sessions = self._world.sessions
            if runner.rehearsal:
                must(self._files() == self._touched, "a rehearsal wrote something")
            else:
                must(sessions.broken or sessions.values is None, "discarded, but still there")
            self._check(())

    def _step_leave(self) -> None:
        """The program is ended from outside; progress is saved to the millisecond."""
        runner = self._runner
        runner.leave()
        runner.close()
        if runner.over:
            self._check(())
            return
        self._check_session()
        if runner.started and not runner.rehearsal and self._world.sessions.error is None:
            data = self._world.sessions.on_disk()
            assert data is not None
            must(SavedWorkout.read(data).workout.now == self._progress.now, "7: progress was lost")
        self._killed()

    # Steps: the world ---------------------------------------------------------------------

    def _step_sound(self) -> None:
        """The sound is lost, comes back, or was off all the time."""
        ear = self._ear
        usual = (SoundStatus.READY, SoundStatus.READY, SoundStatus.LOST)
        ear.status = self._rng.choice((*usual, *SoundStatus))
        self._note(ear.status.value)
        self._step_wait()

    def _step_kill(self) -> None:
        """The program is killed between two polls."""
        unseen = self._rng.randint(0, STALL)
        self._check_session(unseen if self._running_totals() is not None else 0)
        self._clock.advance(unseen)
        self._killed()

    def _step_kill_at_the_disk(self) -> None:
        """The program is killed during one of its next writes."""
        sessions = self._world.sessions
        sessions.kill_in, sessions.kill_late = self._rng.randint(0, 3), self._rng.random() < 0.5
        self._step_wait()

    def _step_disk(self) -> None:
        """The disk is full, or works again."""
        self._world.sessions.broken = self._rng.random() < 0.4
        self._world.log.broken = self._rng.random() < 0.4
        self._step_wait()

    def _step_another_program(self) -> None:
        """Another program rehearses meanwhile, and ends in one way or another."""
        environment, _ = self._world.environment()
        files = self._files()
        other = Runner.new(any_plan(self._rng), environment, rate=20)
        other.open()
        for ms in (1_000, 200):
            self._clock.advance(ms)
            other.enter()
            other.poll()
        self._rng.choice((other.stop, other.discard, other.leave))()
        other.close()
        must(self._files() == files, "another program's rehearsal wrote something")
        self._check(self._runner.poll())
