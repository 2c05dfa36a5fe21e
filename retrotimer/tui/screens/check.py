"""The checklist: what to see to before the first workout of a day, and the sound over the belt."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from retrotimer.before import TITLE, items, others, words
from retrotimer.config.keys import DEFAULT_KEYS
from retrotimer.config.model import Config
from retrotimer.kit import Kit
from retrotimer.memory import Memory
from retrotimer.soundcheck import Hearing, SoundCheck
from retrotimer.tui.keynames import name
from retrotimer.tui.painted import once_painted, show_keys, unless_ended
from retrotimer.tui.screens.closing import ClosingScreen
from retrotimer.tui.widgets.lines import Line
from retrotimer.wording import CLIP_THE_CORD

POLL_EVERY = 0.1
"""How often the sound is looked after, in seconds; the bell rings by it."""
NARROW = 78
"""Below so many columns the list is said in few words."""
_PAD = 9


class CheckScreen(ClosingScreen[bool]):
    """Goes through the list; gives True when the person goes on, False when not.

    The volume that was heard, and the day, go to `memory`.
    """

    CSS_PATH = "check.tcss"
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012 - declared by Screen
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(DEFAULT_KEYS["confirm"], "confirm", "yes, go on", id="confirm"),
        Binding("up", "louder", "louder, again"),
        Binding(DEFAULT_KEYS["volume_up"], "louder", "louder, again", show=False, id="volume_up"),
        Binding("r", "again", "again"),
        Binding("down", "softer", "softer, again", show=False),
        Binding(DEFAULT_KEYS["volume_down"], "softer", show=False, id="volume_down"),
        Binding("escape", "back", "back"),
        Binding("pagedown", "confirm", "clicker: yes, go on", show=False, id="clicker.on"),
        Binding("pageup", "again", "clicker: again", show=False, id="clicker"),
    ]

    def __init__(self, config: Config, kit: Kit, memory: Memory) -> None:
        super().__init__()
        self._config = config
        self._kit = kit
        self._memory = memory
        self._list = items(config.belt.laptop)
        self._opened = False
        self.check = SoundCheck(kit.player, memory.volume(config), kit.sound_ns)

    def compose(self) -> ComposeResult:
        """The list, then the sound."""
        with Vertical(id="check"):
            yield Line(TITLE, id="check-title")
            with Vertical(id="check-list"):
                for item in self._list:
                    yield Line(id=f"check-{item.name}")
            yield Line(CLIP_THE_CORD, id="check-cannot")
            yield Line(id="check-call")
            yield Line(id="check-text")
            yield Line(id="check-volume")
            yield Line(id="check-key")
            yield Line(id="check-others")

    @unless_ended
    def on_mount(self) -> None:
        """Show it, and open the sound once that is on the screen."""
        self._show()
        once_painted(self, self._open)

    def _open(self) -> None:
        show_keys(self)
        self._opened = True
        self.check.open()
        self.set_interval(POLL_EVERY, self.poll)
        self.poll()

    def on_unmount(self) -> None:
        """Nothing sounds on."""
        self.check.close()

    def on_resize(self) -> None:
        """The room for the texts is another one."""
        self.call_after_refresh(self._show)

    def poll(self) -> None:
        """Look after the sound, and show how far it is."""
        before = self.check.hearing
        self.check.poll()
        self._show()
        if self.check.hearing is not before:
            self.refresh_bindings()

    def _show(self) -> None:
        narrow = self.size.width < NARROW
        texts = [item.short if narrow else item.text for item in self._list]
        wide = max(len(text) for text in texts)
        for item, text in zip(self._list, texts, strict=True):
            # Of one width, so that centred they begin in one column.
            line = Content.assemble((item.name.ljust(_PAD), "bold $primary"), text.ljust(wide))
            self.query_one(f"#check-{item.name}", Line).show(line)
        told = words(self.check, self._config, short=narrow)
        self.set_class(self.check.hearing in (Hearing.LOST, Hearing.OFF), "-silent")
        self.query_one("#check-call", Line).show(told.call)
        self.query_one("#check-text", Line).show(told.text)
        self.query_one("#check-volume", Line).show(f"volume {self.check.volume} %")
        key = f"{self._confirm}  {told.confirm}" if told.confirm else ""
        self.query_one("#check-key", Line).show(Content.styled(key, "bold reverse"))
        sounded = self.check.hearing in (Hearing.PLAYING, Hearing.ASKING)
        own = others(self._config.keys, short=narrow) if sounded else [("esc", "back")]
        own_keys = ("   " if narrow else "    ").join(f"{key}  {does}" for key, does in own)
        self.query_one("#check-others", Line).show(own_keys)

    @property
    def _confirm(self) -> str:
        """The name of the confirm key."""
        return name(self.app, self._config.keys["confirm"])

    # Keys ---------------------------------------------------------------------------------

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The bindings in force; the confirm key is told with what it does now."""
        now = words(self.check, self._config).confirm or "wait"
        return {
            key: one._replace(binding=replace(one.binding, description=now))
            if one.binding.action == "confirm" and one.binding.show
            else one
            for key, one in super().active_bindings.items()
        }

    def action_confirm(self) -> None:
        """Play the cue; once it was asked about, go on."""
        if self._opened and self.check.confirm():
            self._memory.check(self._kit.wall().date(), self.check.volume, self._config)
            self.dismiss(True)
        else:
            self.poll()

    def action_louder(self) -> None:
        """Louder, and again."""
        self._nudge(1)

    def action_softer(self) -> None:
        """Softer, and again."""
        self._nudge(-1)

    def _nudge(self, steps: int) -> None:
        self.check.nudge(steps)
        self.poll()

    def action_again(self) -> None:
        """The cue once more."""
        self.check.play()
        self.poll()

    def action_back(self) -> None:
        """Not now."""
        self.dismiss(False)
