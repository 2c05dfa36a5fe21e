"""The keys at the foot of a screen, as many as there is room for."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import Footer

from retrotimer.tui.textual_private import footer_parts

FooterKey, FooterLabel, KeyGroup = footer_parts()

_KEPT = 2
"""The last ones are the way out and the help, which lists all others."""


class KeyFooter(Footer):
    """A footer; in too little room the keys before the last two are dropped, the later ones
    first."""

    def __init__(self, *, compact: bool = False) -> None:
        super().__init__(show_command_palette=False, compact=compact)

    async def recompose(self) -> None:
        """Different keys, or different words for them."""
        await super().recompose()
        self._fit()

    def on_resize(self) -> None:
        """The room has changed."""
        self._fit()

    def _fit(self) -> None:
        groups: list[list[Widget]] = []
        for child in self.children:
            # A label belongs to the group of keys before it.
            if isinstance(child, FooterLabel) and groups:
                groups[-1].append(child)
            else:
                groups.append([child])
        sizes = [sum(map(_columns, group)) for group in groups]
        room = self.size.width - sum(sizes[-_KEPT:])
        for group, size in list(zip(groups, sizes, strict=True))[:-_KEPT]:
            fits = size <= room
            # What comes after a dropped key is dropped too.
            room = room - size if fits else 0
            for child in group:
                child.display = fits


def _columns(child: Widget) -> int:
    """How wide a part of the footer is with its margin."""
    margin = child.styles.margin.width
    if isinstance(child, KeyGroup):
        return margin + child.styles.padding.width + sum(map(_columns, child.children))
    if isinstance(child, FooterKey):
        return margin + child.render().cell_len
    return margin + child.get_content_width(child.size, child.size)
