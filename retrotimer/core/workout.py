"""The machine that runs a plan: state, commands and the passing of time.

Which command a state allows, and which countdown leads into a block, is in `transitions`; how time
leads from phase to phase is in `phase_flow`. It knows no clock: every method takes `now`, an int in
milliseconds of the caller's clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from retrotimer.core import cue_times, resumption, snapshot, speech, transitions, turn, view
from retrotimer.core.cue_ids import Cue
from retrotimer.core.events import (
    Armed,
    CoolingDown,
    Event,
    IllegalCommand,
    Moved,
    Paused,
    Resumed,
    Retimed,
    SoundChanged,
    SpeedNoted,
    Started,
    Stopped,
    Stumbled,
    WaitBegan,
    WaitEnded,
)
from retrotimer.core.phase_flow import Flow
from retrotimer.core.plan import Plan, arranged, cool_down_of, retimed
from retrotimer.core.progress import Progress
from retrotimer.core.rows import Row, Totals
from retrotimer.core.speech import Manner, Utterance
from retrotimer.core.stage_guide import Footing
from retrotimer.core.states import Command, Reason, State, WaitFor

STEP = 10_000
"""What + adds and - takes, in ms (NS)."""
HOLD_OFF = 1_000
"""Resuming is ignored for this long after a pause, in ms (NS): a held key must not end it."""
COOLED = "cooled down early"
"""Why a workout ended early through a cool down, unless it was stopped for another reason."""
COOL_DOWN_LEFT = "cool down begun, not finished"
COOL_DOWN_MISSED = "stopped before the cool down"
"""The same, if the cool down itself was not finished, or never reached."""


class Workout(Flow):
    """One run of a plan, as a state machine over integer milliseconds."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(Progress(plan))

    @classmethod
    def _of(cls, progress: Progress) -> Workout:
        workout = cls(progress.plan)
        workout._p = progress
        return workout

    # State --------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """Where the workout is."""
        return self._p.state

    @property
    def plan(self) -> Plan:
        """The plan as it is now: +, - and a cool down change it."""
        return self._p.plan

    @property
    def started(self) -> int:
        """The instant of the start."""
        return self._p.origin

    @property
    def now(self) -> int:
        """The instant up to which time has passed."""
        return self._p.now

    @property
    def since(self) -> int:
        """Since when the workout is paused, waits or is over."""
        return self._p.since

    @property
    def reason(self) -> Reason | None:
        """Why it is paused, None when it is not."""
        return self._p.reason

    @property
    def rows(self) -> tuple[Row, ...]:
        """One row for every phase performed and every attempt, in the order they began."""
        return self._p.all_rows()

    @property
    def totals(self) -> Totals:
        """How the time was spent; the sum is exactly the elapsed time."""
        return self._p.totals

    @property
    def stumbles(self) -> tuple[int, ...]:
        """When the person stumbled, in ms from the start."""
        return tuple(self._p.stumbles)

    @property
    def why(self) -> str:
        """Why it ended other than planned, so far: in the user's words, or in ours."""
        p = self._p
        if p.why != COOLED or p.state.over:
            return p.why
        return COOL_DOWN_MISSED if p.began is None else COOL_DOWN_LEFT

    @property
    def sound_ok(self) -> bool:
        """Whether sound works, as far as the machine knows."""
        return self._p.sound_ok

    @property
    def blind(self) -> bool:
        """Whether the person cannot see the screen now."""
        return self._p.blind(self._p.facing)

    @property
    def by_ear(self) -> bool:
        """Whether sound alone guides the person: in a blind block and in the turn out of it."""
        return self._p.by_ear

    def fork(self) -> Workout:
        """A copy at the same instant, independent of this one."""
        return Workout._of(self._p.whole_twin())

    def allows(self, command: Command) -> bool:
        """Whether the command is allowed now."""
        return transitions.allows(self._p, command)

    def view(self, now: int) -> view.View:
        """What can be seen at `now`; equal views look alike."""
        return view.of(self._ahead(now))

    def next_change(self, now: int) -> int | None:
        """The next instant after `now` at which the view changes by itself; None: never."""
        return view.next_change(self._ahead(now))

    def cues(self, now: int, until: int) -> list[Cue]:
        """Every cue due from `now` to `until` whose instant is already certain, in order."""
        found = [cue for p in self._certain(now, until) for cue in cue_times.of_phase(p, until)]
        return sorted(cue for cue in found if now <= cue.due <= until)

    def speech(self, now: int, until: int, manner: Manner) -> list[Utterance]:
        """Everything the voice says from `now` to `until`, as far as that is certain."""
        phases = self._certain(now, until)
        found = [one for p in phases for one in speech.of_phase(p, until, manner)]
        return [one for one in found if now <= one.due <= until]

    def snapshot(self) -> dict[str, object]:
        """The whole machine as plain values that TOML can hold."""
        return snapshot.dump(self._p)

    @classmethod
    def restore(cls, data: dict[str, object], shift: int = 0) -> Workout:
        """The machine from a snapshot, instants shifted by `shift` ms; ValueError if invalid."""
        return cls._of(snapshot.load(data, shift))

    # Time and commands --------------------------------------------------------------------

    def advance(self, now: int) -> tuple[Event, ...]:
        """Let time pass up to `now`; returns every event on the way, with its exact instant.

        However the time is split into calls, the events are the same.
        """
        self._pass(now)
        return self._drain()

    def send(
        self,
        command: Command,
        now: int,
        *,
        reason: Reason = Reason.USER,
        why: str = "",
        speed: float | None = None,
    ) -> tuple[Event, ...]:
        """Let time pass up to `now`, then do `command`.

        `reason` belongs to PAUSE, `why` to STOP, `speed` (km/h) to NOTE_SPEED. Raises
        IllegalCommand if the state does not allow it; then nothing changes, and the events of the
        time passed come with the next call.
        """
        self._pass(now)
        p = self._p
        if not transitions.allows(p, command):
            raise IllegalCommand(command, p.state)
        match command:
            case Command.START:
                p.origin = p.now = now
                self._tell(Started(now))
                self._enter(0, fresh=True)
            case Command.PAUSE:
                self._pause(reason)
            case Command.RESUME:
                self._resume()
            case Command.CONFIRM:
                self._confirm()
            case Command.SKIP:
                self._skip()
            case Command.BACK:
                self._back()
            case Command.MORE:
                self._retime(STEP)
            case Command.LESS:
                self._retime(-min(STEP, (p.left or 0) - transitions.floor(p)))
            case Command.COOL_DOWN:
                self._cool_down()
            case Command.STUMBLE:
                p.stumbles.append(p.offset)
                self._tell(Stumbled(p.now, p.block))
            case Command.NOTE_SPEED:
                self._note_speed(speed)
            case Command.SOUND_LOST | Command.SOUND_BACK:
                self._sound(command is Command.SOUND_BACK)
            case Command.STOP:
                self._stop(why)
        self._settle()
        return self._drain()

    # Commands -----------------------------------------------------------------------------

    def _pause(self, reason: Reason) -> None:
        p = self._p
        lead = p.lead
        self._leave_lead()
        p.lead = lead  # resuming begins it again
        p.state, p.reason, p.since, p.wait_for = State.PAUSED, reason, p.now, None
        p.footing = Footing.FREE
        self._tell(Paused(p.now, reason))

    def _resume(self) -> None:
        p = self._p
        if p.now - p.since < HOLD_OFF:
            return
        p.reason, p.resumed_at = None, p.now
        self._tell(Resumed(p.now))
        going = resumption.of(p)
        if going.counts_as_done:
            self._close_block()
        if going.block is None:
            self._enter(p.cursor + 1, fresh=False)
            return
        p.cursor += going.counts_as_done
        p.position = going.position
        self._go_into(going.lead)

    def _confirm(self) -> None:
        p = self._p
        if p.state is State.BLOCK:
            self._end_phase()
        elif p.state is State.WAITING:
            self._release()
        else:
            p.armed = True
            self._tell(Armed(p.now))

    def _release(self) -> None:
        p = self._p
        p.armed = True
        p.released = p.wait_for is WaitFor.SOUND
        if p.must_wait is not None:
            # Confirming the turn does not accept going on without sound: that takes a key press of
            # its own.
            p.wait_for = p.must_wait
            self._tell(WaitBegan(p.now, p.must_wait))
            return
        p.state, p.wait_for = State.TURN, None
        self._tell(WaitEnded(p.now))
        self._tell_stage()

    def _skip(self) -> None:
        p = self._p
        paused = p.state is State.PAUSED
        if p.cursor + 1 == len(p.plan.blocks):
            p.why = self.why
        # Straight on only out of a block: after a countdown or a rest the person stands.
        fresh = p.state is State.BLOCK and (p.block.kind.moving or p.ready == 0)
        self._leave_lead()
        self._close_block(skipped=True)
        if paused and p.cursor + 1 < len(p.plan.blocks):
            p.cursor += 1
            self._tell(Moved(p.now, p.block, p.cursor))
            return
        p.reason = p.wait_for = None
        self._enter(p.cursor + 1, fresh=fresh)

    def _back(self) -> None:
        p = self._p
        self._leave_lead()
        if p.began is None:
            p.cursor -= 1
        else:
            self._close_block()
        self._tell(Moved(p.now, p.block, p.cursor))

    def _retime(self, by: int) -> None:
        p = self._p
        if p.lead is not None:
            p.lead = turn.extended(p.lead, p.lead_done, by)
        else:
            blocks = list(p.plan.blocks)
            blocks[p.cursor] = retimed(p.plan.rules, p.block, by)
            p.plan = replace(p.plan, blocks=tuple(blocks))
        self._tell(Retimed(p.now, by))

    def _cool_down(self) -> None:
        p = self._p
        cool = cool_down_of(p.plan)
        paused, running = p.state is State.PAUSED, p.state is State.BLOCK
        begun = p.began is not None
        fresh = running and p.block.kind.moving
        self._leave_lead()
        self._close_block(skipped=begun)
        kept = [*p.plan.blocks[: p.cursor + (1 if begun else 0)], cool]
        p.plan = arranged(p.plan.name, p.plan.rules, kept)
        p.cursor, p.why = len(kept) - 1, COOLED
        self._tell(CoolingDown(p.now))
        if paused:
            self._tell(Moved(p.now, p.block, p.cursor))
            return
        p.wait_for = None
        self._enter(p.cursor, fresh=fresh)

    def _note_speed(self, speed: float | None) -> None:
        p = self._p
        if speed is None or not 0 < speed <= p.plan.rules.belt.max_speed:
            return
        p.noted = speed
        p.came = p.walked
        self._tell(SpeedNoted(p.now, speed))

    def _sound(self, ok: bool) -> None:
        p = self._p
        if p.sound_ok is ok:
            return
        p.sound_ok = ok
        self._tell(SoundChanged(p.now, ok))
        if not ok and p.state.running and p.blind(p.facing):
            self._pause(Reason.SOUND)
        elif p.wait_for is WaitFor.SOUND and p.must_wait is None:
            self._release()

    def _stop(self, why: str) -> None:
        p = self._p
        p.why = why or self.why
        self._leave_lead()
        self._close_block()
        p.state, p.since, p.reason = State.STOPPED, p.now, None
        self._tell(Stopped(p.now, why))

    # Helpers ------------------------------------------------------------------------------

    def _twin(self) -> Workout:
        return Workout._of(self._p.twin())

    def _certain(self, now: int, until: int) -> Iterator[Progress]:
        """The phase at `now`, and those up to `until` whose beginning is already certain."""
        twin = self._twin()
        twin.advance(now)
        while True:
            yield twin._p
            end = twin._boundary(phase=True)
            if end is None or end > until:
                return
            twin.advance(end)

    def _ahead(self, now: int) -> Progress:
        if now <= self._p.now:
            return self._p
        twin = self._twin()
        twin.advance(now)
        return twin._p
