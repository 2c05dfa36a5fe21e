"""Drives one workout: connects clock, machine, player, session file and history.

Whatever shows a workout, full screen or line by line, calls `poll` and `command` and shows `view`;
everything else happens here, once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from retrotimer.audio.status import SoundStatus, sound_text
from retrotimer.core.cue_ids import CueId
from retrotimer.core.events import Armed, Event, IllegalCommand, Paused, SoundChanged
from retrotimer.core.plan import Plan
from retrotimer.core.states import Command, Reason, State, WaitFor
from retrotimer.core.view import View
from retrotimer.core.vocabulary import Talk
from retrotimer.core.workout import HOLD_OFF, Workout
from retrotimer.run.environment import Environment
from retrotimer.run.journal import Journal
from retrotimer.run.key_repeat import KeyRepeat, Rhythm
from retrotimer.run.last_seen import SeenWorkout
from retrotimer.run.requested_start import RequestedStart
from retrotimer.run.sound import SoundSupply
from retrotimer.run.soundcheck import louder
from retrotimer.run.terminal_health import Probe
from retrotimer.session.recovery import SavedWorkout, WorkoutInfo

if TYPE_CHECKING:
    from retrotimer.history.record import Record

STALL = 1_500
"""A program that has shown nothing for this long pauses the workout, in ms (invariant 1)."""
ASLEEP = 100
"""If the two clocks differ by more, in ms, the machine slept; all cues would be that late."""
POLL_EVERY = 250
MS = 1_000_000


class Runner:
    """One run of a plan. `rate` above 1 is a rehearsal: a faster clock, and nothing is saved.

    `Runner.new` begins a plan, `Runner.resumed` goes on with a saved workout.
    """

    def __init__(
        self,
        workout: Workout,
        environment: Environment,
        journal: Journal,
        sounds: SoundSupply,
        *,
        rate: int = 1,
        volume: int = 80,
    ) -> None:
        now = environment.boot_ms()
        self._environment = environment
        self._workout = workout
        self._journal = journal
        self._sounds = sounds
        self._seen = SeenWorkout()
        self._presses = KeyRepeat()
        self._rate = rate
        self._real0 = self._presented = self._known = now
        self._woke = now - HOLD_OFF
        self._machine0 = max(now, workout.now)
        self._apart = environment.apart()
        self._unsure: tuple[Command, tuple[object, ...]] | None = None
        self._opened = False
        self._start = RequestedStart(self._presses)
        self._volume, self._muted = volume, False
        self._view = workout.view(self._machine0)
        self._view_until: int | None = self._machine0

    @classmethod
    def new(
        cls,
        plan: Plan,
        environment: Environment,
        *,
        rate: int = 1,
        volume: int = 80,
        talk: Talk | None = None,
        scaled: str = "",
    ) -> Runner:
        """A plan not started yet; `scaled` says how it differs from its set."""
        info = WorkoutInfo.new(environment.wall(), plan.total, scaled=scaled)
        journal = Journal(environment, info, keeps=rate == 1)
        sounds = SoundSupply(environment.player, rate, environment.voice, talk)
        return cls(Workout(plan), environment, journal, sounds, rate=rate, volume=volume)

    @classmethod
    def resumed(
        cls,
        saved: SavedWorkout,
        environment: Environment,
        *,
        volume: int = 80,
        talk: Talk | None = None,
    ) -> Runner:
        """An interrupted workout; it is paused."""
        journal = Journal(environment, saved.info)
        sounds = SoundSupply(environment.player, voice=environment.voice, talk=talk)
        return cls(saved.resumed(environment), environment, journal, sounds, volume=volume)

    # State --------------------------------------------------------------------------------

    @property
    def view(self) -> View:
        """The workout as it was last shown."""
        return self._view

    @property
    def plan(self) -> Plan:
        """The plan as it is now."""
        return self._workout.plan

    @property
    def journal(self) -> Journal:
        """What is on disk of it, and its record."""
        return self._journal

    @property
    def record(self) -> Record | None:
        """The record, once it is over."""
        return self._journal.record

    @property
    def rate(self) -> int:
        """How many times faster than real time it runs."""
        return self._rate

    @property
    def volume(self) -> int:
        """The volume, percent."""
        return self._volume

    @property
    def muted(self) -> bool:
        """Whether it is muted for now."""
        return self._muted

    @property
    def start_asked(self) -> bool:
        """Whether it starts by itself as soon as the sound is open, or known not to open."""
        return self._start.waits

    @property
    def rehearsal(self) -> bool:
        """Whether the clock runs fast and nothing is saved."""
        return self.rate > 1

    @property
    def over(self) -> bool:
        """Whether the workout has ended."""
        return self._workout.state.over

    @property
    def started(self) -> bool:
        """Whether it was started and is not over: leaving it would leave something behind."""
        return self._workout.state is not State.READY and not self.over

    @property
    def awake(self) -> bool:
        """Whether the screen is kept awake."""
        return self._environment.awake.active

    @property
    def sound(self) -> str:
        """The state of the sound, for people."""
        return sound_text(self._environment.player.status, self._environment.player.detail)

    @property
    def audible(self) -> bool:
        """Whether there is sound, or soon will be."""
        return self._environment.player.status in (SoundStatus.READY, SoundStatus.STARTING)

    @property
    def speaks(self) -> bool:
        """Whether the voice is switched on."""
        return self._sounds.speaks

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to say once about sound and voice; usually nothing."""
        return self._sounds.remarks

    def untold_remarks(self) -> tuple[str, ...]:
        """The remarks that were not shown yet; they count as shown from now on."""
        return self._sounds.untold()

    @property
    def elapsed(self) -> int:
        """Milliseconds since the start, pauses included."""
        return self._workout.totals.elapsed

    @property
    def ends_at(self) -> datetime:
        """The local time at which it ends if not paused again."""
        return self._environment.wall() + timedelta(seconds=self._view.to_go / self._rate)

    @property
    def notices(self) -> tuple[str, ...]:
        """What is wrong now, for a banner."""
        found: list[str] = []
        if not self._workout.sound_ok:
            found.append(sound_text(SoundStatus.LOST, self._environment.player.detail))
        if self._muted:
            found.append("muted")
        if self._journal.error:
            found.append(f"a crash would lose this workout: {self._journal.error}")
        return tuple(found)

    def wait(self) -> float:
        """Seconds until `poll` is due: the next visible change, or 0.25 s."""
        change = self._view_until
        real, unsure = self._environment.boot_ms(), self._presses.unsure_until
        most = POLL_EVERY if unsure is None else max(0, min(POLL_EVERY, unsure - real))
        if change is None:
            return most / 1000
        return min(most, max(0, change - self._machine(real)) / self._rate) / 1000

    # Time and commands --------------------------------------------------------------------

    def open(self) -> None:
        """Open the sound and keep the screen awake; the workout waits for its first key."""
        if not self._opened:
            self._opened = True
            # Only now is it on the screen, however long that took.
            self._known = self._environment.boot_ms()
            self._sounds.open(self._environment.sound_ns())
            self._environment.player.set_volume(self._volume)
            # The previous workout may have left it muted.
            self._environment.player.set_mute(False)
            self._environment.awake.start()
            if self.started:
                # An interrupted workout is on disk as if still running, and other programs may read
                # it.
                self._journal.keep(self._workout, self._presented)

    def follow_terminal(self, look: Probe | None) -> None:
        """From now on `look` says whether what is shown is seen; None: it is."""
        self._seen.follow(look)

    def hold_off(self) -> None:
        """Treat keys as held for a moment, because the last one answered something else."""
        self._known = self._environment.boot_ms()

    def poll(self) -> tuple[Event, ...]:
        """Let time pass up to now; returns what happened meanwhile."""
        real = self._environment.boot_ms()
        events = self._stalled(real)
        events += self._workout.advance(self._machine(real))
        self._environment.player.poll()
        events += self._hear(real)
        events += self._unseen(real)
        self._after(events, real, anew=any(isinstance(event, Paused) for event in events))
        self._presented = real
        self._presses.look(real)
        if self.started:
            self._journal.alive(real)
        events += self._done_late(real)
        if self._start.due and not self._early:
            self._start.cancel()
            events += self.command(Command.START)
            self._known = real
        return events

    def clock(self) -> int:
        """Now, in ms, on the clock by which keys are judged."""
        return self._environment.boot_ms()

    def command(
        self,
        command: Command,
        *,
        reason: Reason = Reason.USER,
        why: str = "",
        speed: float | None = None,
    ) -> tuple[Event, ...]:
        """Do `command` now; nothing happens if it is not allowed."""
        events = self.poll()
        real = self._presented
        now = self._machine(real)
        if command is Command.START and self._workout.state is State.READY:
            self._journal.begin(self._workout)
        if real - self._woke < HOLD_OFF and command not in (Command.PAUSE, Command.STOP):
            return events  # pressed when nobody could see what it would do
        try:
            done = self._send(command, now, reason=reason, why=why, speed=speed)
        except IllegalCommand:
            return events
        # A command that only adds to the plan lets the current sound finish.
        mild = command in (Command.MORE, Command.LESS, Command.STUMBLE, Command.NOTE_SPEED)
        self._after(done, real, anew=not mild and not all(isinstance(e, Armed) for e in done))
        return events + done

    def once(self, command: Command) -> tuple[Event, ...]:
        """Do a command, but only once while its key is held; a later poll may still do it."""
        rhythm = self._presses.rhythm(command.value, self._environment.boot_ms())
        events = self.poll()  # does what the previous press was for
        if rhythm is Rhythm.PRESS:
            return events + self.command(command)
        self._unsure = (command, self._place) if rhythm is Rhythm.UNSURE else None
        return events

    @property
    def _place(self) -> tuple[object, ...]:
        """What a command acts on: once this changes, it is a different phase."""
        view = self._view
        return view.state, view.number, view.phase

    def _done_late(self, real: int) -> tuple[Event, ...]:
        """Do what a key asked for if it has turned out to be a press."""
        due = self._presses.due(real)
        if due is None or self._unsure is None:
            return ()
        (command, place), self._unsure = self._unsure, None
        return self.command(command) if command == due and place == self._place else ()

    def space(self) -> tuple[Event, ...]:
        """The pause key: pauses, and resumes unless it is held (invariant 5)."""
        held = self._held("space")
        self._start.cancel()
        if self._workout.allows(Command.PAUSE):
            return self.command(Command.PAUSE)
        return () if held else self.command(Command.RESUME)

    def enter(self) -> tuple[Event, ...]:
        """The confirm key: starts, confirms or arms, ends an open block; never resumes.

        Held, it does only the first of these: a turn that waits needs a press of its own.
        """
        return self._confirm("enter")

    def confirm_silence(self) -> tuple[Event, ...]:
        """Go on without sound, if a turn waits for it."""
        waits = self._workout.view(self._workout.now).wait_for is WaitFor.SOUND
        return self.command(Command.CONFIRM) if waits else ()

    def clicker(self) -> tuple[Event, ...]:
        """A presenter's forward key: confirms or resumes."""
        return self._confirm("clicker", goes_on=True)

    def pause(self, reason: Reason = Reason.USER) -> tuple[Event, ...]:
        """Pause, if anything runs; a second time changes nothing. A requested start is
        cancelled."""
        self._start.cancel()
        return self.command(Command.PAUSE, reason=reason)

    def nudge_speed(self, kmh: float) -> tuple[Event, ...]:
        """Note a speed this much above or below the one shown."""
        shown = self._view.speed or self.plan.rules.belt.min_speed
        return self.command(Command.NOTE_SPEED, speed=round(shown + kmh, 3))

    def nudge_volume(self, steps: int) -> None:
        """Louder or softer by steps of 10 %."""
        self.set_volume(louder(self._volume, steps))

    def set_volume(self, percent: int) -> None:
        """Set this volume at once."""
        self._volume = percent
        self._environment.player.set_volume(percent)

    def mute(self) -> None:
        """Mute or unmute; this is never remembered."""
        self._muted = not self._muted
        self._environment.player.set_mute(self._muted)

    def speak(self) -> None:
        """The voice on or off."""
        self._sounds.speak(not self.speaks, self._workout, self._machine(self._presented))

    def stop(self, why: str = "") -> Record | None:
        """End the workout here and save it; returns the record, None for a rehearsal."""
        self.command(Command.PAUSE)
        self.command(Command.STOP, why=why)
        return self.record

    def discard(self) -> None:
        """End the workout and discard it."""
        self.command(Command.PAUSE)
        self._journal.forget()
        self.command(Command.STOP, why="discarded")

    def leave(self) -> bool:
        """Pause and save the progress, so that the next start can offer to go on.

        False if it is not on disk.
        """
        events = self.poll()
        if self._workout.allows(Command.PAUSE):
            events += self._send(
                Command.PAUSE, self._machine(self._presented), reason=Reason.SIGNAL
            )
        kept = not self.started or self._journal.leave(self._workout, self._presented)
        self._sounds.hold(None)
        return kept

    def ring_out(self, wait: Callable[[float], object]) -> None:
        """Let the final cue be heard before the sound is closed; `wait` lets seconds pass."""
        if not self._muted:
            self._sounds.ring_out(self._environment.boot_ms, wait)

    def close(self) -> None:
        """Release everything. Unfinished progress stays in the session file."""
        self._sounds.hold(None)
        self._environment.awake.stop()

    # Helpers ------------------------------------------------------------------------------

    def _machine(self, real: int) -> int:
        return self._machine0 + (real - self._real0) * self._rate

    def _send(self, command: Command, at: int, **more: Any) -> tuple[Event, ...]:
        self._seen.renew()
        return self._workout.send(command, at, **more)

    def _confirm(self, key: str, *, goes_on: bool = False) -> tuple[Event, ...]:
        """Do what a confirm key does now, unless it is held."""
        if self._start.waits or (self._workout.state is State.READY and self._early):
            real = self._environment.boot_ms()
            self._start.press(key, real, early=not self._opened or self._just_shown(real))
            return self.poll()
        # As it was seen: a pause that only the next poll finds out must not be ended by this key.
        paused = self._workout.state is State.PAUSED
        held = self._held(key)
        events = self.poll()
        if held or (paused and not goes_on):
            return events
        ready = self._workout.state is State.READY
        command = Command.RESUME if paused else Command.START if ready else Command.CONFIRM
        if not self._workout.allows(command):
            return events
        events += self.command(command)
        self._known = self._presented
        return events

    @property
    def _early(self) -> bool:
        """Whether it is too early to start: it was just shown, or the sound is not open yet."""
        return self.opening or self._just_shown(self._environment.boot_ms())

    def _just_shown(self, real: int) -> bool:
        """Whether a key may have been pressed before anybody saw what it would do."""
        return real - self._known < HOLD_OFF

    @property
    def opening(self) -> bool:
        """Whether the sound has neither opened nor failed yet; that takes at most 3 s."""
        if not self._opened:
            return True
        starting = self._environment.player.status is SoundStatus.STARTING
        return starting and self._sounds.ok(self._environment.sound_ns())

    def _held(self, key: str) -> bool:
        """Whether the key, or what it acts on, is too recent."""
        real = self._environment.boot_ms()
        unseen = self.started and real - self._presented > STALL
        return self._presses.repeats(key, real) or unseen or self._just_shown(real)

    def _stalled(self, real: int) -> tuple[Event, ...]:
        """Pause at the last moment shown if nothing was shown for too long."""
        ahead = self._environment.apart()
        slept = ahead - self._apart > ASLEEP * MS
        if not slept and real - self._presented <= STALL:
            return ()
        # Asked for before the sleep: nothing starts on waking.
        self._start.cancel()
        # However short it was: what the player was told would be late by that much.
        self._apart = ahead if slept else self._apart
        if self.started:
            self._woke = self._known = real
        reason = Reason.SUSPENDED if slept else Reason.STALLED
        return self._break_off(self._presented, reason)

    def _break_off(self, real: int, reason: Reason) -> tuple[Event, ...]:
        may = self._workout.allows(Command.PAUSE)
        return self._send(Command.PAUSE, self._machine(real), reason=reason) if may else ()

    def _hear(self, real: int) -> tuple[Event, ...]:
        if self._environment.player.alarmed():
            # The person heard it, so it must mean what it always means.
            return self._break_off(real, Reason.STALLED)
        ok = self._sounds.ok(self._environment.sound_ns())
        if ok is self._workout.sound_ok or self.over:
            return ()
        command = Command.SOUND_BACK if ok else Command.SOUND_LOST
        return self._send(command, self._machine(real))

    def _unseen(self, real: int) -> tuple[Event, ...]:
        """Pause at the last moment seen if the terminal is frozen."""
        audible = self._sounds.alone and self._volume > 0 and not self._muted
        last = self._seen.last(self._workout, real, self._machine, audible=audible)
        if last is None:
            return ()
        # What nobody has seen has not happened.
        self._workout = last
        self._woke = self._known = real
        events = self._send(Command.PAUSE, last.now, reason=Reason.TERMINAL)
        return events + last.advance(self._machine(real))

    def _after(self, events: tuple[Event, ...], real: int, *, anew: bool) -> None:
        """Everything that follows from what happened: view, sound, lease, session, record."""
        now = self._machine(real)
        if events or (self._view_until is not None and now >= self._view_until):
            # Meanwhile it would be the same.
            self._view = self._workout.view(now)
            self._view_until = self._workout.next_change(now)
        moves = self._workout.state.running or self._workout.state is State.WAITING
        self._sounds.hold(real if moves else None)
        if events:
            if any(isinstance(event, Paused) for event in events):
                self._known = real
            self._speak(events, now, real, anew=anew)
            if self.started:
                self._journal.keep(self._workout, self._presented)
        else:
            self._sounds.supply(self._workout, now)
            if self.started:
                self._journal.keep_on(self._workout, real)
        if self.over and self.record is None:
            self._journal.finish(self._workout, self._presented)

    def _speak(self, events: tuple[Event, ...], now: int, real: int, *, anew: bool) -> None:
        self._apart = self._environment.apart() if anew else self._apart
        self._sounds.anchor(now, real * MS - self._apart)
        back = any(isinstance(event, SoundChanged) and event.ok for event in events)
        alarm = back and self._workout.state in (State.PAUSED, State.BLOCK)
        self._sounds.say(self._workout, now, anew=anew, extra=CueId.ALARM if alarm else None)
