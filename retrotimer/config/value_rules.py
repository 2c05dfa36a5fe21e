"""Rules for single values: each takes a TOML value, checks it, and returns it in our own form."""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar

from retrotimer.config import durations, theme_names
from retrotimer.config.keys import KEY_NAMES, RESERVED, canonical, is_key, key_name
from retrotimer.config.mistakes import quoted
from retrotimer.core.safety import LEVELS, Level
from retrotimer.core.units import Units

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Check = Callable[[object], T]
"""Takes a TOML value and returns it in our own form, or raises ValueRefused."""
Suggest = Callable[[str, Iterable[str]], str | None]
Schema = dict[str, Any]
"""A part of a JSON Schema (draft 7)."""

FASTEST = 100.0
"""Speeds above this are mistakes, whatever the belt; km/h (NS)."""
LONGEST_SPELLED = 100
"""No correct spelling is suggested for longer words (NS)."""
LONGEST_KEYS = 200
"""The most characters in the key names of one binding (NS)."""
_CONTROLS = r"[\u0000-\u001f\u007f-\u009f]"
_CONTROLS_IN_LINES = r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f]"
FINDINGS = 'a list of the codes of safety findings, such as ["many-turns"]'


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """A rule for a value.

    `check` returns a TOML value in our own form, or raises ValueRefused. `schema` describes the
    same for an editor, and is never stricter. `written` turns our own form back into a TOML value.
    """

    check: Callable[[object], T]
    schema: Schema = field(default_factory=dict)
    written: Callable[[T], object] = lambda value: value

    def __call__(self, value: object) -> T:
        """The TOML value in our own form."""
        return self.check(value)


Rules = Mapping[str, Rule[Any]]
"""The keys of a table, each with the rule for its value."""


class ValueRefused(Exception):  # noqa: N818 - what happened, as in Python's own StopIteration
    """A rule refuses a value: what was expected, and which word may have been meant.

    `like` has the word found and the words it could stand for; `otherwise` ends the message if none
    of them is close. `found` describes the value, if `described` should not.
    """

    def __init__(
        self,
        expected: str,
        like: tuple[object, Iterable[str]] | None = None,
        found: str | None = None,
        otherwise: str = "",
    ) -> None:
        super().__init__(expected)
        self.expected = expected
        self.like = like
        self.found = found
        self.otherwise = otherwise

    def told(self, value: object, suggest: Suggest | None = None) -> str:
        """The whole message about a value."""
        meant = None
        if self.like is not None and isinstance(self.like[0], str):
            meant = (suggest or nearest)(self.like[0], self.like[1])
        hint = f"; did you mean {quoted(meant)}?" if meant else self.otherwise
        return f"found {self.found or described(value)}, expected {self.expected}{hint}"


def described(value: object) -> str:
    """Describe a TOML value in a few words that are safe to print."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if abs(value) < 10**18 else "an absurdly large number"
        case float():
            return repr(value)
        case str():
            return quoted(value) if value else "an empty text"
        case list():
            return "a list"
        case dict():
            return "a table"
        case dt.time():
            return f"the time of day {value}"
        case _:
            return "a date"


def nearest(word: str, among: Iterable[str]) -> str | None:
    """The word most like `word`, if one is close enough; long words match none."""
    if len(word) > LONGEST_SPELLED:
        return None
    spelled = {name.casefold(): name for name in among if len(name) <= LONGEST_SPELLED}
    close = difflib.get_close_matches(word.casefold(), spelled, n=1)
    return spelled[close[0]] if close else None


def effort(word: str, among: Sequence[str]) -> int:
    """The highest possible cost of `nearest`, in compared pairs of characters."""
    if len(word) > LONGEST_SPELLED:
        return 0
    return sum(50 + len(word) * min(len(name), LONGEST_SPELLED) for name in among)


def one_of(words: Iterable[str]) -> str:
    """The words in quotes, joined by commas and "or"."""
    *most, last = [quoted(word) for word in words]
    return f"{', '.join(most)} or {last}" if most else last


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueRefused("true or false")
    return value


flag = Rule(_flag, {"type": "boolean"})
"""True or false, and nothing that merely looks like it."""


def whole(low: int, high: int | None = None) -> Rule[int]:
    """A whole number in a range."""
    span = f"from {low} to {high}" if high is not None else f"of {low} or more"

    def rule(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueRefused(f"a whole number {span}")
        if value < low or (high is not None and value > high):
            raise ValueRefused(f"a whole number {span}")
        return value

    return Rule(rule, {"type": "integer", **_within(low, high)})


def real(value: object) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueRefused("a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueRefused("a finite number")
    return number


def number(low: float, high: float, unit: str) -> Rule[float]:
    """A number in a range, whole or not."""

    def rule(value: object) -> float:
        found = real(value)
        if not low <= found <= high:
            raise ValueRefused(f"{low:g} to {high:g} {unit}")
        return found

    return Rule(rule, {"type": "number", "description": unit, **_within(low, high)})


def _within(low: float, high: float | None) -> Schema:
    return {"minimum": low} | ({} if high is None else {"maximum": high})


def speed(
    units: Units, high: float = FASTEST, *, low: float = 0.0, per: str = "", unless: str = ""
) -> Rule[float]:
    """A speed over 0, in `units`, converted to km/h; `low` and `high` are km/h.

    In messages, `per` follows the unit and `unless` the sentence.
    """

    def rule(value: object) -> float:
        found = units.to_kmh(real(value))
        if found <= 0 or found < low:
            # Rounded towards what is allowed, so that the number shown is allowed.
            least = math.ceil(units.from_kmh(low) * 100 - 1e-6) / 100
            raise ValueRefused(f"{least:g} {units}{per} or more" if low else f"over 0 {units}{per}")
        if found > high:
            most = math.floor(units.from_kmh(high) * 100 + 1e-6) / 100
            raise ValueRefused(f"at most {most:g} {units}{per}{unless}")
        return found

    # Editors ignore the unit, so each limit is that of the more generous unit.
    least, most = (
        pick(one.from_kmh(end) for one in Units) for pick, end in ((min, low), (max, high))
    )
    above = {"minimum": least} if low else {"exclusiveMinimum": 0}
    return Rule(rule, {"type": "number", **above, "maximum": most}, units.from_kmh)


def text(*, lines: bool = False, empty: bool = False) -> Rule[str]:
    """A text without control characters; with `lines`, several lines are allowed."""

    controls = _CONTROLS_IN_LINES if lines else _CONTROLS

    def rule(value: object) -> str:
        if not isinstance(value, str):
            raise ValueRefused("text in quotes")
        if not empty and not value.strip():
            raise ValueRefused("some text")
        if re.search(controls, value):
            raise ValueRefused("text without control characters")
        return value

    schema: Schema = {"type": "string", "not": {"pattern": controls}}
    return Rule(rule, schema if empty else {**schema, "pattern": r"\S"})


def _name(value: object) -> str:
    found = text()(value)
    if found != found.strip():
        raise ValueRefused("a name without spaces at either end")
    return found


name = Rule(_name, {**text().schema, "pattern": r"^\S(.*\S)?$"})
"""The name of a set: text that can be typed at the end of a command."""


def choice(words: type[E]) -> Rule[E]:
    """One of the words of an enumeration."""

    def rule(value: object) -> E:
        if isinstance(value, str):
            try:
                return words(value)
            except ValueError:
                raise ValueRefused(one_of(words), (value, words)) from None
        raise ValueRefused(one_of(words))

    return Rule(rule, {"enum": [word.value for word in words]}, lambda word: word.value)


def _theme(value: object) -> str:
    found = text()(value)
    if not theme_names.known(found):
        names = (*theme_names.OURS, *theme_names.OF_TEXTUAL)
        choices = f": one of {', '.join(names)}"
        raise ValueRefused("the name of a theme", (found, names), otherwise=choices)
    return found


theme = Rule(_theme, text().schema)
"""The name of a theme; which ones exist depends on the installed Textual."""

_OPEN = [code for code, level in LEVELS.items() if level is not Level.LOCK]


def _finding(value: object) -> str:
    if not isinstance(value, str) or value not in LEVELS:
        choices = f", one of {', '.join(_OPEN)}"
        raise ValueRefused("the code of a safety finding", (value, _OPEN), otherwise=choices)
    if LEVELS[value] is Level.LOCK:
        raise ValueRefused("a finding that is no lock; a lock goes only when its limit is kept")
    return value


finding = Rule(_finding, {"enum": _OPEN})
"""The code of a safety finding that can be acknowledged."""


def duration(low: int = 1, high: int = durations.DAY, *, unless: str = "") -> Rule[int]:
    """A duration in ms from `low` to `high`; in messages, `unless` follows the sentence."""

    def rule(value: object) -> int:
        try:
            found = durations.parse(value)
        except durations.DurationError as error:
            # Without quotes, TOML reads 00:01:30 as a time of day.
            hint = ", in quotes" if isinstance(value, dt.time) else ""
            raise ValueRefused(f"{error}{hint}") from None
        if found < low:
            raise ValueRefused(f"{durations.told(low)} or more{unless}")
        if found > high:
            raise ValueRefused(f"at most {durations.told(high)}")
        return found

    top = "exclusiveMaximum" if high == durations.DAY else "maximum"
    seconds = {"type": "number", "minimum": low / 1000, top: high / 1000}
    written = {"type": "string", "pattern": durations.PATTERN}
    schema: Schema = {
        "description": f"seconds, or text: {durations.EXAMPLES}",
        "anyOf": [seconds, written],
    }
    return Rule(rule, schema, durations.told)


def duration_or(
    word: str, low: int = 1, high: int = durations.DAY, *, unless: str = ""
) -> Rule[int | None]:
    """A duration, or None for the given word."""
    within = duration(low, high, unless=unless)

    def rule(value: object) -> int | None:
        if value == word:
            return None
        try:
            return within(value)
        except ValueRefused as error:
            expected = f"{quoted(word)} or {error.expected}"
            raise ValueRefused(expected, (value, [word])) from None

    schema = {**within.schema, "anyOf": [{"const": word}, *within.schema["anyOf"]]}
    return Rule(rule, schema, lambda ms: word if ms is None else durations.told(ms))


def path_to(folder: Path, *, is_folder: bool = False) -> Rule[Path]:
    """A file (or folder) that exists; "~" is the home folder, relative paths start at `folder`."""
    what = "folder" if is_folder else "file"

    def rule(value: object) -> Path:
        written = text()(value)
        try:
            found = folder / Path(written).expanduser()
            exists = found.is_dir() if is_folder else found.is_file()
        except (OSError, ValueError, RuntimeError):
            exists = False
        if not exists:
            raise ValueRefused(f"a {what} that exists")
        return found

    return Rule(rule, text().schema)


def _key(value: object) -> str:
    expected = 'a key such as "space", "f5", "ctrl+s" or "x"'
    if not isinstance(value, str) or len(value) > LONGEST_KEYS:
        raise ValueRefused(expected)
    names = (
        [canonical(key_name(part.strip())) for part in value.split(",")]
        if value != ","
        else ["comma"]
    )
    for one in names:
        if one in RESERVED:
            raise ValueRefused(f"a key other than {one}: {RESERVED[one]}")
        if not is_key(one):
            raise ValueRefused(expected, (one, KEY_NAMES))
    return ",".join(dict.fromkeys(names))


key = Rule(_key, {"type": "string", "minLength": 1, "maxLength": LONGEST_KEYS})
"""The keys of a binding: names separated by commas."""
