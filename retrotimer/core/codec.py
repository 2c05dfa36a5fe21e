"""Values of declared types as plain ones and back: dicts, lists, text, numbers and truth values.

A dataclass is a dict, a named tuple a list, an Enum its value. What is read may have been written
by anybody: it comes out as declared, or an UnfitError tells what is wrong, and where.
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
"""What is expected instead of a value of the right type; None: the value is fine."""
_Reader = Callable[[Any], Any]

_EXACT = 2**53
"""Up to here every whole number has an exact float."""
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
        """The same error, placed within a larger value."""
        self.where = (part, *self.where)
        return self

    def __str__(self) -> str:
        parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.where)
        place = "".join(parts).lstrip(".")
        wrong = f"found {self.found}, expected {self.expected}"
        return f"{place}: {wrong}" if place else wrong


def told(value: object) -> str:
    """A value in a few words, however large or deeply nested."""
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
    """Writes and reads values by the annotations of their classes.

    Sparse, it leaves out what is None, as TOML has none, and what is left out has its default: a
    file of an older version may lack what is new. Else all has to be there. Fields with the
    metadata `kept` False are neither written nor read. `rule` gives what the values of a field
    have to keep to beyond their type, `makers` what makes a class of its fields, where that is not
    the class itself (it may raise an UnfitError); `lenient` classes ignore keys they do not know.
    `more` are other types that are plain already, with what they are called.
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
        """The plain value of one; what is of a type not declared here stays as it is."""
        kind = type(value)
        return value if kind in _PLAIN else (self._writers.get(kind) or self._writer(kind))(value)

    def read(self, kind: type[_T], value: object) -> _T:
        """The value of a class from its plain one; UnfitError when it is none."""
        made: _T = self._reader(kind, kind, "")(value)
        return made

    def _writer(self, kind: type) -> Callable[[Any], Any]:
        """What makes the values of a type plain."""
        plain, sparse = self.plain, self._sparse

        def sequence(value: Any) -> Any:
            # Of a sparse tuple only the last elements may be None.
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
        """What reads a value for an annotation, that of this field of a class."""
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
                raise UnfitError(f"the unknown key {told(unknown)}", "only those there are")
            return make(**parts)

        return read

    def _left_out(self, field: dataclasses.Field[Any], hints: Mapping[str, Any]) -> object:
        """What a field has that is not there: None, its default (MISSING), or it has to be."""
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
    """Reads a list of any length, all of whose elements are alike."""

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
    """Reads a list of these elements; behind the `least` of them they may be missing."""

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
    """Reads what is plain already, such as a number, a text or a truth value."""

    def read(value: Any) -> Any:
        if type(value) is not kind:
            if kind is not float or type(value) is not int or abs(value) > _EXACT:
                raise UnfitError(told(value), called)
            value = float(value)
        if rule is not None and (expected := rule(value)) is not None:
            raise UnfitError(told(value), expected)
        return value

    return read
