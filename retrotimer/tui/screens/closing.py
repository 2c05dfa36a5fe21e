"""The one way to close a screen, and what one keeps that has to close at once."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen, ScreenResultType


@runtime_checkable
class KeepsWhatIsTyped(Protocol):
    """A screen on which something is typed that has to be kept when the program must end."""

    def keep_typed(self) -> object:
        """Save what was typed so far."""


class ClosingScreen(Screen[ScreenResultType]):
    """A screen that closes once, whoever asks and how often.

    Textual's own closes whatever is on top, also when this screen is covered or gone. Here one
    that is covered, or not mounted yet, closes as soon as it is on top.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closing = False
        """Whether it was closed, or is to be as soon as it is on top."""
        self._gone = False
        self._given: ScreenResultType | None = None

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close it with this result; of several results the first one counts."""
        if not self.closing:
            self.closing, self._given = True, result
        if self._gone or not (self.is_mounted and self.is_active):
            return AwaitComplete()
        self._gone = True
        return super().dismiss(self._given)

    def on_screen_resume(self) -> None:
        """On top: what was to be closed meanwhile closes now."""
        if self.closing:
            self.dismiss()


class ClosingModalScreen(ModalScreen[ScreenResultType], ClosingScreen[ScreenResultType]):
    """A dialog, under which the screen below is still seen."""
