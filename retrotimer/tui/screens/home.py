"""Home: the sets on the left, details of the chosen one on the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key, ScreenResume, ScreenSuspend
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from retrotimer.audio.status import SoundStatus, sound_text
from retrotimer.config.keys import HOME_KEYS
from retrotimer.config.location import ConfigPlace
from retrotimer.config.model import Config
from retrotimer.core.plan import Plan
from retrotimer.core.safety import Finding, Level, findings
from retrotimer.core.sets import IntervalSet
from retrotimer.run.environment import Environment
from retrotimer.session.remembered import Remembered
from retrotimer.text.format import speed, totals_text
from retrotimer.tui.first_frame import once_painted, show_keys, unless_ended
from retrotimer.tui.key_labels import name
from retrotimer.tui.own_sound_notes import OwnSoundNotes, listen
from retrotimer.tui.set_history import SetHistory, done_text, look_back
from retrotimer.tui.themes import ALARM
from retrotimer.tui.widgets.lines import Parts
from retrotimer.tui.widgets.lists import OptionList
from retrotimer.tui.widgets.timeline import PlanTimeline

if TYPE_CHECKING:
    from retrotimer.history.file import HistoryFile
    from retrotimer.session.recovery import SavedWorkout

REHEARSAL = 20
"""How many times as fast a rehearsal from home runs."""
_LOOK_EVERY = 1.0
"""How often the sound is polled at home, in seconds."""
_MARK = {Level.LOCK: ("✗", ALARM), Level.WARN: ("!", "$warning"), Level.NOTE: ("·", "$text")}


class Choice(NamedTuple):
    """A set with its plan and findings."""

    set: IntervalSet
    plan: Plan
    findings: tuple[Finding, ...]

    @property
    def lock(self) -> Finding | None:
        """Why it may not be run, None when it may."""
        first = next(iter(self.findings), None)
        return first if first is not None and first.level is Level.LOCK else None


def choices(config: Config) -> tuple[Choice, ...]:
    """The sets of a config, in its order."""
    found = []
    for one in config.sets:
        plan = config.plan(one)
        found.append(Choice(one, plan, findings(plan, lambda kmh: speed(kmh, config.units))))
    return tuple(found)


class SetList(OptionList, inherit_bindings=False):
    """The list of sets; starting one is a key of the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        one for one in OptionList.BINDINGS if isinstance(one, Binding) and one.key != "enter"
    ]


class HomeScreen(Screen[None]):
    """Select a set."""

    CSS_PATH = "home.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's own kind
        (0, "-narrow"),
        (70, "-wide"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(HOME_KEYS["start"], "start", "start", id="start"),
        Binding(HOME_KEYS["decide"], "decide", "decide", id="decide"),
        Binding(HOME_KEYS["rehearse"], "rehearse", "rehearse", id="rehearse"),
        Binding(HOME_KEYS["edit"], "edit", "edit", id="edit"),
        Binding(HOME_KEYS["history"], "history", "history", id="history"),
        Binding(HOME_KEYS["search"], "search", "search", id="search"),
        Binding(HOME_KEYS["check"], "check", "checklist", id="check"),
        Binding(HOME_KEYS["reload"], "reload", "read the config again", id="reload", show=False),
        Binding("escape", "all", "all sets"),
    ]

    @dataclass
    class Start(Message):
        """Show the workout of this plan."""

        plan: Plan
        rate: int

    class History(Message):
        """Show the history."""

    class Check(Message):
        """Go through the checklist."""

    class Decide(Message):
        """Ask about the interrupted workout."""

    @dataclass
    class Reload(Message):
        """Read the config again, for this screen."""

        home: HomeScreen

    @dataclass
    class Edit(Message):
        """Edit the config for this screen, although none is known."""

        home: HomeScreen

    @dataclass
    class Look(Message):
        """Check whether the config has appeared, changed or gone, for this screen."""

        home: HomeScreen

    @dataclass
    class Learned(Message):
        """More of the history was read."""

        past: SetHistory

    def __init__(
        self,
        config: Config,
        environment: Environment,
        memory: Remembered,
        broken: Callable[[], SavedWorkout | None] = lambda: None,
    ) -> None:
        super().__init__()
        self._broken = broken
        self._config = config
        self._environment = environment
        self._memory = memory
        self._choices = choices(config)
        self._shown: list[Choice] = []
        self._past = SetHistory()
        self._sounds = OwnSoundNotes()
        self._awake: bool | None = None
        self._look: Timer | None = None
        self._opened = False
        self._note = ""

    def compose(self) -> ComposeResult:
        """The head, the two halves, the keys."""
        with Horizontal(classes="head"):
            yield Static("retrotimer", classes="name")
            yield Static(id="state", classes="state")
        yield Static(id="waiting")
        with Horizontal(id="halves"):
            with Vertical(id="left"):
                yield SetList(id="sets", compact=True)
            with VerticalScroll(id="right", can_focus=False):
                yield Static(id="name")
                yield Static(id="about")
                yield PlanTimeline(id="plan")
                yield Parts(id="totals")
                yield Static(id="notes")

    @unless_ended
    def on_mount(self) -> None:
        """The list; the sound is opened once the first frame is painted."""
        self._fill(self._memory.last_set)
        self.query_one(SetList).focus()
        self._look = self.set_interval(_LOOK_EVERY, self._look_after)
        once_painted(self, self._open)

    def show(self, config: Config) -> None:
        """Another config."""
        chosen = self._chosen
        self._config = config
        self._choices = choices(config)
        self._fill(chosen.set.name if chosen else None)
        self._read_past()
        self._listen(config, self._choices)

    # Sound and history --------------------------------------------------------------------

    def _open(self) -> None:
        self._opened = True
        show_keys(self)
        self._read_past()
        self._listen(self._config, self._choices)
        self._environment.player.start()
        # Asked once, so that the user knows before the workout if the screen will go to sleep.
        self._environment.awake.start()
        self._awake = self._environment.awake.active
        self._environment.awake.stop()
        self._look_after()

    def _look_after(self) -> None:
        self.post_message(self.Look(self))
        self.tell_waiting()
        self._environment.player.poll()
        if self._environment.player.note != self._note:
            self._note = self._environment.player.note
            self.notify(self._note, severity="warning", markup=False)
        status = self._environment.player.status
        # The device is shown before a workout.
        told = sound_text(
            status, self._environment.player.detail if status is SoundStatus.LOST else ""
        )
        if self._awake is not None:
            told += " · awake ok" if self._awake else " · screen may go to sleep"
        style = ALARM if status is SoundStatus.LOST else ""
        self.query_one("#state", Static).update(Content.styled(told, style))

    def tell_waiting(self) -> None:
        """The interrupted workout put off for later; its text changes with time."""
        broken = self._broken()
        line = self.query_one("#waiting", Static)
        if line.display is not (broken is not None):
            line.display = broken is not None
            self.refresh_bindings()
        if broken is not None:
            from retrotimer.run.resume_offer import waiting_text

            line.update(Content(waiting_text(broken, self._environment, self._decide)))

    @property
    def _decide(self) -> str:
        """The name of the key that asks about it."""
        return name(self.app, self._config.keys["decide"])

    @on(ScreenSuspend)
    def _away(self) -> None:
        """Another screen is on top: the history is not read beside a workout."""
        self.workers.cancel_group(self, "past")
        if self._look is not None:
            self._look.pause()

    @on(ScreenResume)
    def _back(self) -> None:
        if not self._opened:
            return  # the first time everything is there, or comes with the first frame
        self.tell_waiting()
        if self._look is not None:
            self._look.resume()
        chosen = self._chosen
        self._fill(chosen.set.name if chosen else self._memory.last_set)
        self.post_message(self.Look(self))
        self._read_past()

    def _read_past(self) -> None:
        names = frozenset(one.set.name for one in self._choices)
        after = frozenset(one.set.after for one in self._choices if one.set.after)
        self._read(self._environment.history, names, after)

    @work(thread=True, exclusive=True, group="past")
    def _read(self, history: HistoryFile, names: frozenset[str], after: frozenset[str]) -> None:
        worker = get_current_worker()
        for past in look_back(history, names, after):
            if worker.is_cancelled:
                return
            if past is not None:
                self.post_message(self.Learned(past))

    def on_home_screen_learned(self, event: Learned) -> None:
        """What the history says goes to the notes."""
        event.stop()
        self._past = event.past
        self._tell()

    @work(thread=True, exclusive=True, group="sounds")
    def _listen(self, config: Config, choices: tuple[Choice, ...]) -> None:
        self.post_message(listen(config, {one.set.name: one.plan for one in choices}))

    @on(OwnSoundNotes)
    def _listened(self, event: OwnSoundNotes) -> None:
        self._sounds = event
        self._tell()

    # The list -----------------------------------------------------------------------------

    @property
    def _chosen(self) -> Choice | None:
        at = self.query_one(SetList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def _fill(self, name: str | None) -> None:
        """List what matches the search; the last set comes first again."""
        typed = [search.value for search in self.query("#search").results(Input)]
        wanted = "".join(typed).casefold().strip()
        fitting = [one for one in self._choices if wanted in one.set.name.casefold()]
        last = next((c for c in self._choices if c.set.name == self._memory.last_set), None)
        again = [last] if last is not None and not wanted else []
        self._shown = [*again, *fitting]
        options = [Option(_line(one, again=n < len(again))) for n, one in enumerate(self._shown)]
        sets = self.query_one(SetList)
        names = [one.set.name for one in self._shown]
        with self.prevent(OptionList.OptionHighlighted):
            sets.clear_options().add_options(options)
            if names:
                sets.highlighted = names.index(name) if name in names else 0
        self._tell()

    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        """Everything about the chosen set."""
        chosen = self._chosen
        self.query_one("#right").visible = chosen is not None
        if chosen is None:
            return
        self.query_one("#name", Static).update(Content(chosen.set.name))
        self.query_one("#about", Static).update(Content(chosen.set.about))
        self.query_one(PlanTimeline).show(chosen.plan)
        self.query_one(Parts).show(totals_text(chosen.plan, self._config.units))
        notes = Content("\n").join(self._notes(chosen))
        self.query_one("#notes", Static).update(notes)

    def _notes(self, chosen: Choice) -> list[Content]:
        lines = []
        for one in chosen.findings:
            mark, style = _MARK[one.level]
            word = "locked" if one.level is Level.LOCK else ""
            code = (f" [{one.code}]", "$text-muted")
            lines.append(Content.assemble((f"{mark} {word}".strip(), style), f" {one.text}", code))
        lines += self._sounds.notes(chosen.set.name)
        after = chosen.set.after
        if after and self._past.whole and after not in self._past.completed:
            lines.append(Content.styled(f"! finish {after} first", "$warning"))
        record = self._past.newest.get(chosen.set.name)
        if record is not None:
            lines.append(Content(f"last done  {done_text(record)}"))
        elif self._past.trouble:
            lines.append(Content.styled(f"! {self._past.trouble}", "$warning"))
        elif self._past.whole:
            lines.append(Content.styled("not done yet", "$text-muted"))
        return lines

    # Keys ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """ "All sets" exists only during a search; deciding only if a workout waits for it."""
        if action == "decide":
            return self._broken() is not None
        return action != "all" or bool(self.query("#search"))

    def action_start(self) -> None:
        """Show the workout, ready to start."""
        self._start(1)

    def action_rehearse(self) -> None:
        """Show it on a faster clock."""
        self._start(REHEARSAL)

    def _start(self, rate: int) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        if chosen.lock is not None:
            title = f"{chosen.set.name} is locked"
            self.notify(chosen.lock.text, title=title, severity="error", markup=False)
            return
        self.post_message(self.Start(chosen.plan, rate))

    def action_edit(self) -> None:
        """The config in the user's editor, if there is one; else offer to write it."""
        path = self._config.path
        if path is not None and ConfigPlace(path).there:
            self.edit(path)
        else:
            self.post_message(self.Edit(self))

    def edit(self, path: Path) -> None:
        """This file in the user's editor; then it is read again."""
        from retrotimer.tui.terminal.editor import NoEditor, edit

        try:
            edit(self.app, path)
        except NoEditor as error:
            self.notify(str(error), title="No editor", severity="error", markup=False)
        else:
            self.post_message(self.Reload(self))

    def action_history(self) -> None:
        """The workouts done."""
        self.post_message(self.History())

    def action_check(self) -> None:
        """The checklist, even if it is not due."""
        self.post_message(self.Check())

    def action_decide(self) -> None:
        """Decide about the interrupted workout."""
        self.post_message(self.Decide())

    def action_reload(self) -> None:
        """Read the config again."""
        self.post_message(self.Reload(self))

    async def action_search(self) -> None:
        """Type a part of a name."""
        if not self.query("#search"):
            search = Input(placeholder="search", compact=True, id="search")
            await self.query_one("#left").mount(search, before=0)
        self.query_one("#search").focus()
        self.refresh_bindings()

    async def action_all(self) -> None:
        """All sets again."""
        await self.query("#search").remove()
        self._filter()
        self.query_one(SetList).focus()
        self.refresh_bindings()

    @on(Input.Changed, "#search")
    def _filter(self) -> None:
        chosen = self._chosen
        self._fill(chosen.set.name if chosen else None)

    @on(Input.Submitted, "#search")
    def _found(self) -> None:
        self.query_one(SetList).focus()

    def on_key(self, event: Key) -> None:
        """The arrows move in the list while a name is being typed."""
        if event.key in ("up", "down") and isinstance(self.focused, Input):
            sets = self.query_one(SetList)
            sets.action_cursor_up() if event.key == "up" else sets.action_cursor_down()
            event.stop()


def _line(choice: Choice, *, again: bool) -> Content:
    """A set in the list: its name, and why it may not be started at once."""
    name = choice.set.name
    if again:
        return Content.assemble(("again  ", "$text-muted"), (name, "bold"))
    if choice.lock is not None:
        return Content.assemble((name, "$text-muted"), "   ", (" locked ", ALARM))
    if choice.set.after:
        return Content.assemble(name, (f"   after {choice.set.after}", "$text-muted"))
    return Content(name)
