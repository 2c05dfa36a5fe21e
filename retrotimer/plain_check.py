"""The checklist line by line: what to see to, and the sound over the belt."""

from __future__ import annotations

from collections.abc import Callable

from retrotimer.before import TITLE, items, others, words
from retrotimer.config.keys import key_text, meant
from retrotimer.config.model import Config
from retrotimer.keyboard import Keyboard
from retrotimer.kit import Kit
from retrotimer.memory import Memory
from retrotimer.soundcheck import Hearing, SoundCheck
from retrotimer.wording import CLIP_THE_CORD

BACK = 0
"""The exit code of not going on: nothing was begun."""
_POLL = 0.1


class PlainCheck:
    """Goes through the list once; the volume heard, and the day, go to `memory`."""

    def __init__(self, config: Config, kit: Kit, memory: Memory) -> None:
        self._config = config
        self._kit = kit
        self._memory = memory
        self._check = SoundCheck(kit.player, memory.volume(config), kit.sound_ns)
        self._told: tuple[object, ...] = ()
        actions: dict[str, Callable[[], object]] = {
            "confirm": self._confirm,
            "volume_up": lambda: self._check.nudge(1),
            "volume_down": lambda: self._check.nudge(-1),
        }
        self._done = self._left = False
        self._actions: dict[str, Callable[[], object]] = {
            "up": actions["volume_up"],
            "down": actions["volume_down"],
            "r": self._check.play,
            "pageup": self._check.play,
            "pagedown": self._confirm,
            "escape": self._leave,
        } | {key: act for name, act in actions.items() for key in config.keys[name].split(",")}

    @property
    def volume(self) -> int:
        """The volume that was found, percent."""
        return self._check.volume

    def run(
        self,
        keyboard: Keyboard,
        write: Callable[[str], None],
        signalled: Callable[[], int | None],
    ) -> int | None:
        """Go through it; None to go on, else the exit code.

        Without a terminal nobody can answer: the list is written, and on another day's first
        workout again.
        """
        write(f"{TITLE}:")
        for item in items(self._config.belt.laptop):
            write(f"  {item.name:6}  {item.text}")
        write(CLIP_THE_CORD)
        if not keyboard.there:
            return None
        told = ", ".join(f"{key} {does}" for key, does in others(self._config.keys))
        write(f"keys: {self._confirm_key} plays it, then says yes, {told}")
        self._check.open()
        try:
            while not self._done:
                code = BACK if self._left else signalled()
                if code is not None:
                    return code
                self._check.poll()
                self._tell(write)
                for key in keyboard.wait(_POLL):
                    self._actions.get(meant(key, self._actions), lambda: None)()
        finally:
            self._check.close()
        self._memory.check(self._kit.wall().date(), self.volume, self._config)
        return None

    @property
    def _confirm_key(self) -> str:
        return key_text(self._config.keys["confirm"])

    def _confirm(self) -> None:
        self._done = self._done or self._check.confirm()

    def _leave(self) -> None:
        self._left = True

    def _tell(self, write: Callable[[str], None]) -> None:
        check = self._check
        opening = check.hearing is Hearing.OPENING
        told = (check.hearing, check.volume, opening and check.wanted)
        if (opening and not check.wanted) or told == self._told:
            return
        self._told = told
        said = words(check, self._config)
        write(f"{said.call} · {said.text} · volume {check.volume} %")
        if said.confirm:
            write(f"  {self._confirm_key}: {said.confirm}")
