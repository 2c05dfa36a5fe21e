"""The names of the themes, known without importing what draws them."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

OURS = ("retro-amber", "retro-green", "night", "paper")
"""Our own, the default first."""
OF_TEXTUAL = (
    *("textual-dark", "textual-light", "nord", "gruvbox", "catppuccin-mocha", "dracula"),
    *("tokyo-night", "monokai", "flexoki", "catppuccin-latte", "catppuccin-frappe"),
    *("catppuccin-macchiato", "solarized-light", "solarized-dark", "rose-pine", "rose-pine-moon"),
    *("rose-pine-dawn", "atom-one-dark", "atom-one-light", "ansi-dark", "ansi-light"),
)
"""Those of Textual 8.2."""


def known(name: str) -> bool:
    """Whether there is a theme of that name, including those of a newer Textual."""
    return name in OURS or name in OF_TEXTUAL or name in _installed()


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    """The names in the source of the installed Textual, which is read but not run."""
    found = find_spec("textual")
    folders = found.submodule_search_locations if found else None
    for folder in folders or ():
        try:
            text = (Path(folder) / "theme.py").read_text(encoding="utf-8")
        except (OSError, ValueError):
            continue
        return frozenset(re.findall(r"\bname=[\"']([\w-]+)[\"']", text))
    return frozenset()
