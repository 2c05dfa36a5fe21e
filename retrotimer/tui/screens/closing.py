"""How a screen closes, and what it saves if it must close at once."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen, ScreenResultType


@runtime_checkable
class KeepsWhatIsTyped(Protocol):
    """A screen with typed input that must be saved if the program has to end."""

    def keep_typed(self) -> object:
        """Save what was typed so far."""


class ClosingScreen(Screen[ScreenResultType]):
    """A screen that closes once, however often it is asked to.

    Textual closes whatever is on top, even if this screen is covered or gone. A covered or not yet
    mounted screen of ours closes as soon as it is on top.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closing = False
        """Whether it was closed, or will be as soon as it is on top."""
        self._gone = False
        self._given: ScreenResultType | None = None

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close it with this result; only the first result counts."""
        if not self.closing:
            self.closing, self._given = True, result
        if self._gone or not (self.is_mounted and self.is_active):
            return AwaitComplete()
        self._gone = True
        return super().dismiss(self._given)

    def on_screen_resume(self) -> None:
        """On top: close now if it was to be closed meanwhile."""
        if self.closing:
            self.dismiss()


class ClosingModalScreen(ModalScreen[ScreenResultType], ClosingScreen[ScreenResultType]):
    """A dialog, with the screen below still visible."""
