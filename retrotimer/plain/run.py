"""The line mode: a line with its time for every event, for screen readers, pipes and logs."""

from __future__ import annotations

import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping

from retrotimer.config.keys import key_text, meant
from retrotimer.core.events import Event, Moved, Paused, Started
from retrotimer.core.plan import Plan
from retrotimer.core.plural import counted
from retrotimer.core.states import Command, Reason, State
from retrotimer.core.units import Units
from retrotimer.core.view import View
from retrotimer.history.sums import sums
from retrotimer.plain.ask import lines_of
from retrotimer.plain.checklist import PlainChecklist
from retrotimer.plain.keyboard import Keyboard
from retrotimer.plain.nonblocking_output import LineOutput
from retrotimer.run import questions
from retrotimer.run.actions import OWN, Effect, by_key, perform
from retrotimer.run.key_repeat import LastKey
from retrotimer.run.prompt import Prompt
from retrotimer.run.runner import Runner
from retrotimer.terminal import cells
from retrotimer.terminal.exit_codes import DONE, FAILED
from retrotimer.terminal.modes import terminals
from retrotimer.terminal.signals import SIGNALS, STOPS, Signals
from retrotimer.text.events import event_text
from retrotimer.text.format import block_text, elapsed, length, start_texts
from retrotimer.text.pause import going_on, where

WIDTH = 79
"""Columns of the list of keys."""


def needs_a_key(plan: Plan) -> bool:
    """Whether the plan needs a terminal: it waits for a key somewhere."""
    confirms = any(lead is not None and lead.confirm for lead in plan.leads)
    return confirms or any(block.length is None for block in plan.blocks)


class PlainRun:
    """One workout, line by line; `keys` maps binding ids to key names.

    `before` is a checklist to go through first.
    """

    def __init__(
        self,
        runner: Runner,
        units: Units,
        keys: Mapping[str, str],
        *,
        keyboard: Keyboard | None = None,
        write: Callable[[str], None] | None = None,
        before: PlainChecklist | None = None,
        signals: Signals = SIGNALS,
    ) -> None:
        self._runner = runner
        self._before = before
        self._units = units
        self._keys = keys
        self._keyboard = keyboard or Keyboard()
        self._paper: LineOutput | None = None
        if write is None:
            self._paper = LineOutput(sys.stdout)
            write = self._put
            runner.follow_terminal(self._paper.look)
        self._write = write
        self._question: Prompt | None = None
        self._last_key = LastKey()
        self._signals = signals
        self._came: deque[int] = deque()
        """Signals not handled yet, including those from keys."""
        self._origin: int | None = None
        self._notices: tuple[str, ...] = ()
        self._actions = by_key(keys)
        self._word = ""

    def run(self) -> int:
        """Run it to its end; returns the exit code. OSError: not all of it could be written."""
        code = self._run()
        if self._paper is not None and self._paper.error is not None:
            raise self._paper.error
        return code

    def _put(self, text: str) -> None:
        assert self._paper is not None  # noqa: S101
        try:
            self._paper.write(text)
        except BrokenPipeError:
            raise
        except OSError:
            # Once begun, the workout goes on by its sound: a full disk does not end it.
            if not self._runner.started:
                raise

    def _run(self) -> int:
        runner = self._runner
        self._catch()
        try:
            with self._keyboard.raw():
                # Earlier input is discarded, so nothing may ask for a key before this.
                code = self._go_through()
                if code is not None:
                    return code
                self._begin()
                if self._paper is not None:
                    self._paper.settle()
                runner.open()
                if not runner.awake:
                    self._write("! the screen may go to sleep")
                self._tell_remarks()
                if not self._keyboard.there and runner.view.state is State.READY:
                    self._tell(runner.command(Command.START))
                while not runner.over:
                    code = self._signalled()
                    if code is not None:
                        return code
                    for key in self._keyboard.wait(runner.wait()):
                        self._press(key)
                    self._tell(runner.poll())
                    if not self._keyboard.there and runner.rehearsal:
                        # Nobody is walking: it goes on without sound, because no key could say so.
                        self._tell(runner.confirm_silence())
            code = self._end()
            runner.ring_out(self._keyboard.wait)
            return code
        finally:
            # The rest must not be cut short: from here on signals are only noted.
            self._signals.hand_to(self._signals.note)
            runner.close()
            if self._paper is not None:
                self._paper.close()
            self._signals.release()

    def _go_through(self) -> int | None:
        """The checklist, if there is one; the exit code if it ends here."""
        if self._before is None:
            return None
        code = self._before.run(self._keyboard, self._write, self._signalled)
        self._runner.set_volume(self._before.volume)
        self._runner.hold_off()
        return code

    def _begin(self) -> None:
        plan, view = self._runner.plan, self._runner.view
        self._write(f"{plan.name}: {length(plan.total)}, {counted(len(plan.blocks), 'block')}")
        if view.state is State.PAUSED:
            self._write(self._standing(view))
        else:
            self._write(f"first: {block_text(plan.blocks[0], self._units)}")
        for line in start_texts(plan):
            self._write(line)
        if self._runner.rehearsal:
            self._write(f"rehearsal, {self._runner.rate} times as fast; nothing is saved")
        if self._keyboard.there:
            self._list_keys()
            ready = self._runner.view.state is State.READY
            self._write(f"{self._key('confirm')} starts" if ready else f"paused; {self._goes_on}")

    def _standing(self, view: View) -> str:
        """Where it is paused, and what resuming begins with."""
        return f"at: {where(view, self._units)}; {going_on(view, self._units)}"

    def _list_keys(self) -> None:
        # A key stays on one line with what it does: no line is broken at such a blank.
        blank = "\N{NO-BREAK SPACE}"
        told = (
            f"{self._key(action.id)} {action.words}".replace(" ", blank)
            for action in OWN
            if action.act is not Effect.MIRROR
        )
        for line in cells.wrap(f"keys: {', '.join(told)}", WIDTH, rest="  "):
            self._write(line.replace(blank, " "))

    def _key(self, name: str) -> str:
        return key_text(self._keys[name])

    @property
    def _goes_on(self) -> str:
        return f"{self._key('pause')} goes on"

    def _press(self, key: str) -> None:
        held = self._last_key.goes_on(key, self._runner.clock())
        if self._question is not None:
            answer = None if held else self._question.answer(key)
            if answer is not None:
                self._answer(self._question, answer.value)
            return
        action = self._actions.get(meant(key, self._actions))
        if action is None:
            return
        done = perform(action, self._runner, self._units)
        self._tell(done.events)
        word = done.word
        match done.effect:
            case Effect.STOP:
                self._ask()
            case Effect.HELP:
                self._tell(self._runner.pause(Reason.HELP))
                self._list_keys()
                if self._runner.started:
                    self._write(f"paused; {self._goes_on}")
            case Effect.MIRROR:
                word = f"{action.words}: only on the full screen"
        # A held key says it once.
        if word and word != self._word:
            self._write(word)
        self._word = word

    def _ask(self) -> None:
        if self._runner.started:
            self._tell(self._runner.pause())
            self._show(questions.stop(self._runner.view, self._keys))
        else:
            self._came.append(signal.SIGINT)

    def _show(self, asked: Prompt) -> None:
        self._question = asked
        for line in lines_of(asked):
            self._write(line)

    def _answer(self, asked: Prompt, answer: str) -> None:
        self._question = None
        done = questions.carry_out(self._runner, asked, answer)
        if done.events:
            self._tell(done.events)
        if done.asked is not None:
            self._show(done.asked)
        elif self._runner.view.state is State.PAUSED:
            self._write(f"still paused; {self._goes_on}")

    def _tell(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, Started) or self._origin is None:
                self._origin = event.at - (0 if isinstance(event, Started) else self._spent())
            text = event_text(
                event, self._units, confirm=self._key("confirm"), dry=self._runner.view.dry
            )
            if text is not None:
                self._write(f"{elapsed(event.at - self._origin):>7}  {text}")
        view = self._runner.view
        if view.state is State.PAUSED and any(isinstance(e, (Paused, Moved)) for e in events):
            self._write(f"{'':7}  {self._standing(view)}")
        self._tell_remarks()
        if self._runner.notices != self._notices:
            self._notices = self._runner.notices
            self._write("! " + ("; ".join(self._notices) or "all is well again"))

    def _tell_remarks(self) -> None:
        for remark in self._runner.untold_remarks():
            self._write(f"! {remark}")

    def _spent(self) -> int:
        return self._runner.elapsed

    def _catch(self) -> None:
        self._signals.hand_to(self._came.append, STOPS, terminals=terminals())

    def _signalled(self) -> int | None:
        """Handle the signals that came, in order; the exit code of one that ends it."""
        while self._came:
            code = self._see_to(self._came.popleft())
            if code is not None:
                return code
        return None

    def _see_to(self, number: int) -> int | None:
        runner = self._runner
        if number == signal.SIGINT:
            if not runner.started:
                return self._signals.decide(number)
            if self._question is not None:
                code = self._signals.decide(number)
                runner.stop()
                self._end()
                return code
            self._ask()
            return None
        if number in STOPS:
            self._suspend()
            return None
        code = self._signals.decide(number)
        if runner.leave():
            self._write("the workout is kept; the next start offers to go on with it")
        return code

    def _suspend(self) -> None:
        self._tell(self._runner.pause())
        if self._paper is not None:
            self._paper.settle()
        self._keyboard.suspend()

    def _end(self) -> int:
        runner = self._runner
        made = runner.record
        if made is None:
            return DONE
        self._write(", ".join(sums(made, self._units, words=True)))
        if runner.journal.unsaved is not None:
            self._write(f"NOT SAVED: {runner.journal.unsaved}")
            return FAILED
        if runner.journal.set_aside:
            self._write(runner.journal.set_aside)
        self._write(
            "rehearsal: nothing was saved" if not runner.journal.keeps else f"saved: {made.id}"
        )
        return DONE
