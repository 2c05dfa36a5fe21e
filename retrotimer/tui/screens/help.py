"""The keys of a screen as they are now, and where the files are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from textual.app import App
from textual.binding import ActiveBinding
from textual.content import Content

from retrotimer.config.model import Config
from retrotimer.terminal.cells import left, right, width
from retrotimer.text.advice import plain
from retrotimer.tui.screens.dialogs import Reading

_WIDTH = 70
"""Columns of the advice, which fit into a terminal of 80."""


def keys_of(app: App[int], active: Iterable[ActiveBinding]) -> list[tuple[str, str]]:
    """(keys, what they do) of our own bindings, in order, keys joined."""
    found: dict[str, list[str]] = {}
    for one in active:
        # Labels of widgets and of Textual itself begin with a capital letter.
        if one.binding.description[:1].islower() and not one.binding.system:
            shown = app.get_key_display(one.binding)
            keys = found.setdefault(one.binding.description, [])
            if shown not in keys:
                keys.append(shown)
    return [(" ".join(keys), text) for text, keys in found.items()]


def files_of(config: Config, history: Path) -> dict[str, str]:
    """Where each file is."""
    return {
        "config": str(config.path or "none yet: `retrotimer init` writes one"),
        "history": str(history),
        "others": "`retrotimer paths` lists them",
    }


class HelpScreen(Reading):
    """Help over another screen: `keys` as from `keys_of`. `first` comes above them.

    With `files`, by what they hold, it also shows the text of `retrotimer safety`.
    """

    def __init__(
        self,
        keys: Iterable[tuple[str, str]],
        files: Mapping[str, str] | None = None,
        first: str = "",
    ) -> None:
        rows = list(keys)
        wide = max((width(key) for key, _ in rows), default=0)
        lines = [first, ""] if first else []
        lines += [f"{right(key, wide)}   {text}" for key, text in rows]
        if files:
            pad = max(map(width, files))
            lines += ["", *(f"{left(name, pad)}   {path}" for name, path in files.items())]
            lines += ["", *plain(_WIDTH)]
        super().__init__("Keys", Content("\n".join(lines)))
