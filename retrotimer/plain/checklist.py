"""The checklist in the line mode: what to check, and the sound over the belt."""

from __future__ import annotations

from collections.abc import Callable

from retrotimer.config.keys import key_text, meant
from retrotimer.config.model import Config
from retrotimer.plain.keyboard import Keyboard
from retrotimer.run.checklist import CHECK_ACTIONS, TITLE, Checklist, Does, by_key, main_key
from retrotimer.run.checklist_words import words
from retrotimer.run.environment import Environment
from retrotimer.run.key_repeat import LastKey
from retrotimer.run.soundcheck import Hearing
from retrotimer.session.remembered import Remembered
from retrotimer.terminal.cells import left
from retrotimer.terminal.exit_codes import DONE
from retrotimer.text.format import CLIP_THE_CORD

_POLL = 0.1


class PlainChecklist:
    """Goes through the list once; the volume heard, and the day, go to `memory`."""

    def __init__(self, config: Config, environment: Environment, memory: Remembered) -> None:
        self._config = config
        self._clock = environment.boot_ms
        self._list = Checklist(config, environment, memory)
        self._keys = by_key(config.keys)
        self._last = LastKey()
        self._told: tuple[object, ...] = ()

    @property
    def volume(self) -> int:
        """The volume that was found, percent."""
        return self._list.check.volume

    def run(
        self,
        keyboard: Keyboard,
        write: Callable[[str], None],
        signalled: Callable[[], int | None],
    ) -> int | None:
        """Go through it; None to go on, else the exit code.

        Without a terminal nobody can answer: the list is only printed, and comes again next time.
        """
        write(f"{TITLE}:")
        for item in self._list.items:
            write(f"  {left(item.name, 6)}  {item.text}")
        write(CLIP_THE_CORD)
        if not keyboard.there:
            return None
        write(self._key_list())
        self._list.open()
        try:
            while self._list.passed is None:
                code = signalled()
                if code is not None:
                    return code
                self._list.check.poll()
                self._tell(write)
                for key in keyboard.wait(_POLL):
                    self._press(key, write)
        finally:
            self._list.check.close()
        return None if self._list.passed else DONE

    def _press(self, key: str, write: Callable[[str], None]) -> None:
        """Do what a key does."""
        key = meant(key, self._keys)
        held = self._last.goes_on(key, self._clock())
        action = self._keys.get(key)
        if action is None:
            return
        if action.does is Does.HELP and not held:
            write(self._key_list())
        if word := self._list.do(action.does, held=held):
            write(word)

    def _key_list(self) -> str:
        named = ((main_key(one, self._config.keys), one.words) for one in CHECK_ACTIONS)
        return "keys: " + ", ".join(f"{_shown(key)} {text}" for key, text in named if key)

    def _tell(self, write: Callable[[str], None]) -> None:
        check = self._list.check
        opening = check.hearing is Hearing.OPENING
        told = (check.hearing, check.volume, opening and check.wanted)
        if (opening and not check.wanted) or told == self._told:
            return
        self._told = told
        said = words(check, self._config)
        write(f"{said.call} · {said.text} · volume {check.volume} %")
        if now := self._list.confirm_label:
            write(f"  {key_text(self._config.keys['confirm'])}: {now}")


def _shown(key: str) -> str:
    return "esc" if key == "escape" else key_text(key)
