"""Turns values of declared types into plain data (dicts, lists, text, numbers, booleans) and back.

A dataclass becomes a dict, a named tuple a list, an Enum its value. Data to read may come from
anywhere: the result has the declared type, or an UnfitError says what is wrong, and where.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

_T = TypeVar("_T")
Place = tuple[str | int, ...]
"""Where a value is: names of fields and indices of elements, from the outside in."""
Rule = Callable[[Any], str | None]
"""Checks a value of the right type: says what is expected instead, or None if it is fine."""
_Reader = Callable[[Any], Any]

_EXACT = 2**53
"""Up to this, every whole number is exact as a float."""
_NEEDED = object()
_CALLED: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
}
_PLAIN = frozenset((*_CALLED, type(None)))


class UnfitError(ValueError):
    """A value that cannot be read: what was found, what was expected, and where."""

    def __init__(self, found: str, expected: str, where: Place = ()) -> None:
        super().__init__(found, expected, where)
        self.found, self.expected, self.where = found, expected, where

    def inside(self, part: str | int) -> UnfitError:
        """The same error, with its place in the value around it."""
        self.where = (part, *self.where)
        return self

    def __str__(self) -> str:
        parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.where)
        place = "".join(parts).lstrip(".")
        wrong = f"found {self.found}, expected {self.expected}"
        return f"{place}: {wrong}" if place else wrong


def told(value: object) -> str:
    """Describe a value in a few words, however large or deeply nested it is."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if abs(value) < 10**18 else "an absurdly large number"
        case str():
            return repr(value if len(value) <= 40 else f"{value[:39]}…")
        case float():
            return repr(value)
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"


class Codec:
    """Writes and reads values according to the annotations of their classes.

    A sparse codec does not write None, which TOML lacks, and reads a missing value as its default,
    because older versions may not have written it. Otherwise every value must be there. Fields with
    the metadata `kept` False are neither written nor read.

    `rule` returns the rule for a field's values, if there is one. `makers` are functions that make
    an instance from its fields in place of the class; they may raise an UnfitError. `lenient`
    classes ignore unknown keys. `more` maps further plain types to what messages call them.
    """

    def __init__(
        self,
        *,
        sparse: bool = False,
        rule: Callable[[type, str, type], Rule | None] = lambda _owner, _field, _type: None,
        makers: Mapping[type, Callable[..., Any]] | None = None,
        lenient: tuple[type, ...] = (),
        more: Mapping[type, str] | None = None,
    ) -> None:
        self._sparse = sparse
        self._rule = rule
        self._makers = makers or {}
        self._lenient = lenient
        self._called = {**_CALLED, **(more or {})}
        self._readers: dict[type, _Reader] = {}
        self._writers: dict[type, Callable[[Any], Any]] = {}

    def plain(self, value: Any) -> Any:
        """The value as plain data; values of unknown types stay as they are."""
        kind = type(value)
        return value if kind in _PLAIN else (self._writers.get(kind) or self._writer(kind))(value)

    def read(self, kind: type[_T], value: object) -> _T:
        """An instance of a class from plain data; UnfitError if the data does not fit."""
        made: _T = (self._readers.get(kind) or self._reader(kind, kind, ""))(value)
        return made

    def _writer(self, kind: type) -> Callable[[Any], Any]:
        """A function that turns values of a type into plain data."""
        plain, sparse = self.plain, self._sparse

        def sequence(value: Any) -> Any:
            # In a sparse codec, only the last elements of a tuple may be None.
            return [
                part if type(part) in _PLAIN else plain(part)
                for part in value
                if part is not None or not sparse
            ]

        def table(value: Any) -> Any:
            parts = {name: getattr(value, name) for name in names}
            return {
                name: part if type(part) in _PLAIN else plain(part)
                for name, part in parts.items()
                if part is not None or not sparse
            }

        names: tuple[str, ...] = ()
        write: Callable[[Any], Any] = _same
        if issubclass(kind, Enum):
            write = _value
        elif issubclass(kind, (list, tuple)):
            write = sequence
        elif dataclasses.is_dataclass(kind):
            names, write = tuple(one.name for one in _kept(kind)), table
        self._writers[kind] = write
        return write

    def _reader(self, hint: Any, owner: type, field: str) -> _Reader:
        """A function that reads a value for this annotation of a class's field."""
        origin, args = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            (hint,) = (one for one in args if one is not type(None))
            read = self._reader(hint, owner, field)
            return read if self._sparse else lambda value: None if value is None else read(value)
        if origin is list:
            return _elements(list, self._reader(args[0], owner, field))
        if origin is tuple and args[-1] is Ellipsis:
            return _elements(tuple, self._reader(args[0], owner, field))
        if origin is dict:
            return _leaf(dict, self._called[dict], self._rule(owner, field, dict))
        if origin is tuple:
            readers = tuple((at, self._reader(one, owner, field)) for at, one in enumerate(args))
            return _sequence(readers, len(readers), lambda *parts: parts)
        if hint not in self._readers:
            if isinstance(hint, type) and dataclasses.is_dataclass(hint):
                self._readers[hint] = self._dataclass(hint)
            elif issubclass(hint, Enum):
                self._readers[hint] = _enum(hint)
            elif issubclass(hint, tuple):
                self._readers[hint] = self._named_tuple(hint)
            else:
                return _leaf(hint, self._called[hint], self._rule(owner, field, hint))
        return self._readers[hint]

    def _named_tuple(self, kind: Any) -> _Reader:
        hints = get_type_hints(kind)
        readers = tuple((name, self._reader(hints[name], kind, name)) for name in kind._fields)
        least = len(readers) - (len(kind._field_defaults) if self._sparse else 0)
        return _sequence(readers, least, self._makers.get(kind, kind))

    def _dataclass(self, kind: type) -> _Reader:
        hints = get_type_hints(kind)
        fields = [
            (one.name, self._reader(hints[one.name], kind, one.name), self._left_out(one, hints))
            for one in _kept(kind)
        ]
        known = {one.name for one in dataclasses.fields(kind)}
        make = self._makers.get(kind, kind)
        lenient = kind in self._lenient

        def read(value: Any) -> Any:
            if not isinstance(value, dict):
                raise UnfitError(told(value), "a table")
            parts = {}
            for name, reader, left_out in fields:
                if name in value:
                    try:
                        parts[name] = reader(value[name])
                    except UnfitError as wrong:
                        raise wrong.inside(name) from None
                elif left_out is _NEEDED:
                    raise UnfitError("nothing", "a value", (name,))
                elif left_out is None:
                    parts[name] = None
            if not lenient and not known.issuperset(value):
                unknown = next(name for name in value if name not in known)
                raise UnfitError(f"the unknown key {told(unknown)}", "only known keys")
            return make(**parts)

        return read

    def _left_out(self, field: dataclasses.Field[Any], hints: Mapping[str, Any]) -> object:
        """What a missing field gets: None, its default (MISSING), or an error (_NEEDED)."""
        if not self._sparse:
            return _NEEDED
        if (field.default, field.default_factory) != (dataclasses.MISSING, dataclasses.MISSING):
            return dataclasses.MISSING
        return None if type(None) in get_args(hints[field.name]) else _NEEDED


def _same(value: Any) -> Any:
    return value


def _value(member: Enum) -> Any:
    return member.value


def _kept(kind: Any) -> list[dataclasses.Field[Any]]:
    return [one for one in dataclasses.fields(kind) if one.metadata.get("kept", True)]


def _elements(collect: Callable[[Any], Any], read: _Reader) -> _Reader:
    """Reads a list of any length whose elements all have the same type."""

    def read_all(value: Any) -> Any:
        parts = []
        for number, part in enumerate(_list(value)):
            try:
                parts.append(read(part))
            except UnfitError as wrong:
                raise wrong.inside(number) from None
        return collect(parts)

    return read_all


def _sequence(
    readers: tuple[tuple[str | int, _Reader], ...], least: int, make: Callable[..., Any]
) -> _Reader:
    """Reads a list with these elements, of which only the first `least` must be there."""

    def read(value: Any) -> Any:
        if not least <= len(_list(value)) <= len(readers):
            raise UnfitError(f"{len(value)} values", f"{len(readers)}")
        parts = []
        for (name, reader), part in zip(readers, value, strict=False):
            try:
                parts.append(reader(part))
            except UnfitError as wrong:
                raise wrong.inside(name) from None
        return make(*parts)

    return read


def _list(value: Any) -> Any:
    if not isinstance(value, list):
        raise UnfitError(told(value), "a list")
    return value


def _enum(kind: type[Enum]) -> _Reader:
    members = {one.value: one for one in kind}

    def read(value: Any) -> Any:
        if not isinstance(value, str) or value not in members:
            raise UnfitError(told(value), f"one of {', '.join(members)}")
        return members[value]

    return read


def _leaf(kind: type, called: str, rule: Rule | None) -> _Reader:
    """Reads a value that is already plain, such as a number, a text or a boolean."""

    def read(value: Any) -> Any:
        if type(value) is not kind:
            if kind is not float or type(value) is not int or abs(value) > _EXACT:
                raise UnfitError(told(value), called)
            value = float(value)
        if rule is not None and (expected := rule(value)) is not None:
            raise UnfitError(told(value), expected)
        return value

    return read
