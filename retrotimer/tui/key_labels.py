"""Keys in words, as the screens name them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.app import App
from textual.binding import ActiveBinding, Binding


def told(app: App[Any], active: Iterable[ActiveBinding], *ids: str) -> str:
    """What the keys of some bindings do now: "space go on b back"."""
    found = {one.binding.id: one.binding for one in reversed(list(active))}
    return "      ".join(
        f"{app.get_key_display(found[one])}  {found[one].description}"
        for one in ids
        if one in found
    )


def name(app: App[Any], keys: str) -> str:
    """The first of some keys in words: "enter", but "[" for a sign."""
    key = keys.split(",")[0]
    return key if key.isalpha() else app.get_key_display(Binding(key, ""))
