"""The keys of a workout as Textual bindings, made from the table of actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from textual.app import App
from textual.binding import ActiveBinding, Binding

from retrotimer.core.view import View
from retrotimer.run.actions import ACTIONS, Action, in_force


def _binding(action: Action) -> Binding:
    return Binding(
        action.default,
        f"act({action.id!r})",
        action.short or action.words,
        show=action.footer,
        id=action.id,
        group=Binding.Group(action.group, compact=True) if action.group else None,
    )


BINDINGS: tuple[Binding, ...] = tuple(_binding(action) for action in ACTIONS.values())


def worded(active: Mapping[str, ActiveBinding], view: View) -> dict[str, ActiveBinding]:
    """The bindings that the machine allows, each with what it does now."""
    found = {}
    for key, one in active.items():
        action = ACTIONS.get(one.binding.id or "")
        if action is None:
            found[key] = one
        elif action.allowed(view):
            worded = replace(one.binding, description=action.label(view))
            found[key] = one._replace(binding=worded)
    return found


def differ(before: View, view: View) -> bool:
    """Whether the keys of two views do different things, or describe them differently."""
    return (before.allows, before.state, before.wait_for) != (
        view.allows,
        view.state,
        view.wait_for,
    )


def rows(app: App[Any], keys: Mapping[str, str]) -> list[tuple[str, str]]:
    """(keys, what they do) of all actions, for the help; `keys` are those of the config."""
    found: dict[str, list[str]] = {}
    for action in ACTIONS.values():
        shown = [app.get_key_display(Binding(key, "")) for key in in_force(action, keys)]
        found.setdefault(action.words, []).extend(shown)
    return [(" ".join(shown), text) for text, shown in found.items()]
