"""Mistakes in a config file, with their places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from retrotimer.core.plural import counted
from retrotimer.terminal.cells import width as cells
from retrotimer.terminal.visible import visible, visible_line

if TYPE_CHECKING:
    from retrotimer.config.toml_positions import KeyPath, Span, TomlPositions

_WIDEST = 100
"""Longer source lines are cut around the place, in characters."""


class Spot(NamedTuple):
    """A place in a file: `line` and `column` (characters) from 1, the line, `width` characters.

    `line` 0: the file as a whole.
    """

    file: str
    line: int = 0
    column: int = 0
    source: str = ""
    width: int = 0

    def __str__(self) -> str:
        file = visible_line(self.file)
        return f"{file}:{self.line}:{self.column}" if self.line else file


class OtherPlace(NamedTuple):
    """Another place that belongs to a mistake."""

    spot: Spot
    text: str


class Mistake(NamedTuple):
    """One mistake: where, at which key path, and what was found and expected."""

    spot: Spot
    path: KeyPath
    text: str
    notes: tuple[OtherPlace, ...] = ()

    @property
    def line(self) -> int:
        """Counted from 1; 0 means the file as a whole."""
        return self.spot.line

    @property
    def column(self) -> int:
        """In characters, counted from 1; 0 means the file as a whole."""
        return self.spot.column

    @property
    def source(self) -> str:
        """The line of the file with the mistake."""
        return self.spot.source

    def __str__(self) -> str:
        return f"{self.spot}: {self.text}"


class ConfigError(Exception):
    """A config that cannot be used; `mistakes` holds them in the order of the file.

    `more` is how many others there are, in a file with too many for anybody to read.
    """

    def __init__(self, mistakes: Iterable[Mistake], more: int = 0) -> None:
        self.mistakes = tuple(mistakes)
        self.more = more
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class Problem(NamedTuple):
    """A mistake that knows its key path but not yet its place.

    `at_key`: the key is wrong, not its value. A note is (key path, whether the key, text).
    """

    path: KeyPath
    text: str
    at_key: bool = False
    notes: tuple[tuple[KeyPath, bool, str], ...] = ()

    def located(self, places: TomlPositions, file: str) -> Mistake:
        """The mistake with its place and those of its notes."""
        notes = (
            OtherPlace(spot_of(places, path, file, at_key=at_key), text)
            for path, at_key, text in self.notes
        )
        spot = spot_of(places, self.path, file, at_key=self.at_key)
        return Mistake(spot, self.path, self.text, tuple(notes))


def spot_of(places: TomlPositions, path: KeyPath, file: str, *, at_key: bool) -> Spot:
    """The place of a key path in a file."""
    place = places.find(path)
    return spot_at(places, place.key if at_key else place.value, file)


def spot_at(places: TomlPositions, span: Span, file: str) -> Spot:
    """The spot of a span; one over several lines is marked to the end of the first."""
    line, column = places.line_of(span.start), places.column_of(span.start)
    source = places.line(line)
    width = min(span.end - span.start, len(source) - column + 1)
    return Spot(file, line, column, source, max(1, width))


def render(mistake: Mistake, *, colour: bool = False) -> str:
    """A mistake as lines of text: place and text, the source line, carets below; then the notes.

    With `colour`, ANSI escape sequences highlight the place and the carets.
    """
    parts = [_told(mistake.spot, mistake.text, "31" if colour else "")]
    parts += [
        _told(note.spot, f"note: {note.text}", "36" if colour else "") for note in mistake.notes
    ]
    return "\n".join(parts)


def render_all(error: ConfigError, *, colour: bool = False) -> list[str]:
    """Every mistake as with `render`, and how many more there are."""
    told = [render(mistake, colour=colour) for mistake in error.mistakes]
    if error.more:
        told.append(f"and {counted(error.more, 'more mistake')}")
    return told


def _told(spot: Spot, text: str, hue: str) -> str:
    head = f"{_in(str(spot), '1' if hue else '')}: {visible(text)}"
    if not spot.line:
        return head
    source, before, marked = _cut(spot)
    number = f"{spot.line:>3}"
    pad = "\t".join(" " * cells(part) for part in before.split("\t"))
    carets = "^" * max(1, cells(marked))
    return f"{head}\n{number} | {source}\n{' ' * len(number)} | {pad}{_in(carets, hue)}"


def _cut(spot: Spot) -> tuple[str, str, str]:
    """The source line as shown: the part before the mark, and the marked part."""
    start = spot.column - 1
    first = max(0, start - _WIDEST // 2) if len(spot.source) > _WIDEST else 0
    last = first + _WIDEST
    lead = "…" if first else ""
    tail = "…" if len(spot.source) > last else ""
    end = min(last, start + spot.width)
    before = lead + visible(spot.source[first:start])
    marked = visible(spot.source[start:end])
    return before + marked + visible(spot.source[end:last]) + tail, before, marked


def _in(text: str, hue: str) -> str:
    return f"\x1b[{hue}m{text}\x1b[0m" if hue else text


def quoted(text: str, most: int = 40) -> str:
    """The text in quotes on one line, cut after `most` characters."""
    shown = text if len(text) <= most else text[: most - 1] + "…"
    return f'"{visible_line(shown)}"'
