"""The workout screen: it polls the runner, shows its view, and gives it the keys."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType

from retrotimer.config.model import Config
from retrotimer.core.events import (
    BlockBegan,
    CountdownBegan,
    Event,
    Paused,
    SoundChanged,
    StageBegan,
    WaitBegan,
)
from retrotimer.core.states import Reason, State
from retrotimer.core.view import View
from retrotimer.history.record import Record
from retrotimer.run import questions
from retrotimer.run.actions import ACTIONS, Effect, perform
from retrotimer.run.prompt import Prompt
from retrotimer.run.runner import Runner
from retrotimer.text import phrases
from retrotimer.text.events import event_text
from retrotimer.text.phrases import Appearance
from retrotimer.tui.first_frame import once_painted, show_keys, unless_ended
from retrotimer.tui.key_labels import told
from retrotimer.tui.screens import workout_bindings as keys
from retrotimer.tui.screens.dialogs import Question
from retrotimer.tui.screens.help import HelpScreen
from retrotimer.tui.screens.workout_display import WorkoutDisplay
from retrotimer.tui.terminal import probe
from retrotimer.tui.terminal.title import TerminalTitle
from retrotimer.tui.wake_up import WakeUp
from retrotimer.tui.widgets.lines import Spread
from retrotimer.tui.widgets.workout_faces import PauseFace, StartFace


class WorkoutScreen(WorkoutDisplay[Record | None]):
    """Runs a workout; returns its record, or None if it was left before the start or discarded.

    A workout under way is left only through `interrupt`, which pauses it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.BINDINGS]

    def __init__(self, runner: Runner, config: Config) -> None:
        super().__init__(config)
        self.runner = runner
        self._wake_up = WakeUp(self, self.poll)
        self._ends = ""
        self._question: Question | None = None
        self._discarded = self._ended = False

    # Life ----------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """The start, then what runs."""
        yield StartFace(id="start")
        yield from super().compose()

    @unless_ended
    def on_mount(self) -> None:
        """Show it, and open the sound once that is on the screen."""
        self._title = TerminalTitle.of(self.app)
        self.runner.follow_terminal(probe.look_of(self.app))
        self._paint()
        once_painted(self, self._open)

    def _open(self) -> None:
        show_keys(self, compact=True)
        self.runner.open()
        # What exists now stays for the whole workout; garbage collection need not look at it again.
        gc.collect()
        gc.freeze()
        self.poll()

    def on_unmount(self) -> None:
        """Release everything."""
        self._wake_up.stop()
        gc.unfreeze()
        self.runner.close()
        if self._title is not None:
            self._title.restore()

    def on_screen_suspend(self) -> None:
        """Something opened over the workout, so it pauses (invariant 5)."""
        self._do(self.runner.pause(Reason.COVERED))

    def on_screen_resume(self) -> None:
        """On top again: it may have ended meanwhile."""
        self.poll()

    def poll(self) -> None:
        """Let time pass up to now and show what there is."""
        self._do(self.runner.poll())

    def _do(self, events: Iterable[Event]) -> None:
        """Everything that follows from what the runner did: effects, painting, the next poll."""
        if self._ended or not self.is_mounted:
            return
        # The sound comes last: other changes would remove its note.
        for event in sorted(events, key=lambda one: isinstance(one, SoundChanged)):
            self._take(event)
        self._remark()
        if self.runner.over:
            self._end()
        else:
            self._paint()
            self._arm()

    def _remark(self) -> None:
        """What is said once; before the start it stays visible."""
        new = self.runner.untold_remarks()
        if new and self.runner.view.state is not State.READY:
            self._note = " · ".join(new)

    def _arm(self) -> None:
        """The next poll is due at the next visible change."""
        self._wake_up.after(max(0.001, self.runner.wait()))

    def _end(self) -> None:
        """Over: the timers stop, and the caller gets the record."""
        if not self.is_current:
            return
        self._ended = True
        self._flash.stop()
        self._wake_up.stop()
        self.dismiss(None if self._discarded else self.runner.record)

    def _take(self, event: Event) -> None:
        """What an event does besides changing the view."""
        text = event_text(
            event, self._config.units, confirm=self._confirm, dry=self.runner.view.dry
        )
        match event:
            case BlockBegan() | CountdownBegan() | StageBegan() | WaitBegan():
                self._note = ""
                self._flash.begin(self)
            case Paused(_, reason):
                self._note = ""
                self._flash.begin(self)
                if not reason.chosen:
                    self.app.bell()
            case SoundChanged(_, ok):
                self._note = text or ""
                self._flash.begin(self)
                if not ok:
                    self.app.bell()
            case _ if text:
                self._note = text

    # Showing -------------------------------------------------------------------------------------

    @unless_ended
    def _paint(self) -> None:
        """Show everything that is not shown yet; what looks the same costs nothing."""
        runner, view = self.runner, self.runner.view
        if not self._shown or view is not self._shown[0]:
            self._ends = f"ends {runner.ends_at:%H:%M}"
        ends = self._ends
        state = (runner.notices, runner.sound, runner.remarks, runner.awake, runner.start_asked)
        shown = (view, runner.plan, ends, *state, self._mirror, self._note)
        # Writing to a frozen terminal would hold up the program.
        if shown == self._shown or not self.is_mounted or probe.frozen(self.app):
            return
        before = self._shown[0] if self._shown else None
        self._shown = shown
        self._wear(view, runner.plan)
        look = phrases.look(view)
        if look is Appearance.START:
            self._show_start(view)
        elif look is Appearance.PAUSED:
            offered = told(self.app, self.active_bindings.values(), "pause", "back", "stop")
            self.query_one(PauseFace).show(view, self._config.units, offered)
        else:
            self._show_running(view, runner.plan, self._confirm, self._called, ends)
        self._show_notes(view)
        if self._title is not None:
            self._title.show(phrases.terminal_title(view))
        if not isinstance(before, View) or keys.differ(before, view):
            self.refresh_bindings()

    def _show_start(self, view: View) -> None:
        runner, units = self.runner, self._config.units
        state = ["the screen stays awake" if runner.awake else "the screen may go to sleep"]
        if view.sound_ok:
            state.insert(0, runner.sound)
        state += runner.remarks
        face = self.query_one(StartFace)
        key = f"{self._confirm} starts"
        if runner.start_asked:
            key = "starting with the sound" if runner.opening else "starting"
        face.show(view, runner.plan, self._called, units, key, " · ".join(state))

    def _show_notes(self, view: View) -> None:
        runner = self.runner
        self._show_alert(" · ".join(runner.notices))
        marks = list(phrases.marks(view))
        if view.state is not State.READY and not runner.awake:
            marks.append("the screen may go to sleep")
        self.query_one("#note", Spread).show(self._note, "", " · ".join(marks))

    @property
    def _called(self) -> str:
        """The name of the set, after the mark of a rehearsal."""
        rate, name = self.runner.rate, self.runner.plan.name
        return f"REHEARSAL {rate}x, not saved · {name}" if self.runner.rehearsal else name

    # Keys ----------------------------------------------------------------------------------------

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The active bindings, each with what it does now."""
        return keys.worded(super().active_bindings, self.runner.view)

    def action_act(self, name: str) -> None:
        """What a key does, from the table of actions."""
        done = perform(ACTIONS[name], self.runner, self._config.units)
        self._do(done.events)
        match done.effect:
            case Effect.STOP:
                self.interrupt()
            case Effect.HELP:
                self.action_help()
            case Effect.MIRROR:
                self.action_mirror()
        if done.word:
            self._note = done.word
            self._paint()

    def action_help(self) -> None:
        """All keys, over a paused workout."""
        self._do(self.runner.pause(Reason.HELP))
        rows = keys.rows(self.app, self._config.keys)
        on = self.app.get_key_display(Binding(self._config.keys["pause"].split(",")[0], ""))
        first = f"The workout is paused. Close this, then press {on} to go on."
        self.app.push_screen(HelpScreen(rows, first=first if self.runner.started else ""))

    # Leaving -------------------------------------------------------------------------------------

    @property
    def asking(self) -> bool:
        """Whether the stop question is open."""
        return self._question is not None

    def interrupt(self) -> None:
        """Pause and ask whether to stop; a workout not started yet is left at once."""
        self._do(self.runner.pause())
        if self._ended or self.asking:
            return
        if not self.runner.started:
            self._ended = True
            self.dismiss(None)
            return
        self._show_question(questions.stop(self.runner.view, self._config.keys))

    def _show_question(self, asked: Prompt) -> None:
        self._question = Question(asked)
        self.app.push_screen(self._question, self._answer)

    def _answer(self, answer: str | None) -> None:
        asked, self._question = self._question, None
        if asked is not None:
            done = questions.carry_out(self.runner, asked.prompt, answer)
            self._discarded = self._discarded or done.discarded
            if done.asked is not None:
                self._show_question(done.asked)
                return
            if done.events:
                self._do(done.events)
        self.call_after_refresh(self.poll)
