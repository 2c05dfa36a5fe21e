"""A TOML table being read: it asks for keys, and gathers what is wrong instead of stopping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from retrotimer.config.mistakes import Mistake, Problem, quoted
from retrotimer.config.rules import Rule, WrongError, described, nearest

if TYPE_CHECKING:
    from retrotimer.config.places import KeyPath

T = TypeVar("T")


class Report:
    """Everything found wrong so far, here and in files named here, and the keys that were given."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.elsewhere: list[Mistake] = []
        self.given: set[str] = set()

    def add(
        self,
        path: KeyPath,
        text: str,
        *,
        at_key: bool = False,
        notes: tuple[tuple[KeyPath, bool, str], ...] = (),
    ) -> None:
        """Note a mistake."""
        self.problems.append(Problem(path, text, at_key, notes))


class Table:
    """One table: each key is asked for by name, what nobody asked for is unknown."""

    def __init__(self, report: Report, path: KeyPath, content: Mapping[str, object]) -> None:
        self.report = report
        self.path = path
        self.content = content
        self._known: dict[str, None] = {}

    def __contains__(self, key: str) -> bool:
        return key in self.content

    def at(self, key: str) -> KeyPath:
        """The path of a key of this table."""
        return (*self.path, key)

    def faulty(self, *keys: str) -> bool:
        """Whether one of these keys was found wrong."""
        paths = {self.at(key) for key in keys}
        return any(problem.path in paths for problem in self.report.problems)

    def get(self, key: str, rule: Rule[T], default: T) -> T:
        """What the key holds by its rule; the default without the key, or when it is wrong."""
        self._known[key] = None
        if key not in self.content:
            return default
        self.report.given.add(".".join(str(part) for part in self.at(key)))
        value = self.content[key]
        try:
            return rule(value)
        except WrongError as error:
            self.report.add(self.at(key), error.told(value))
            return default

    def need(self, key: str, rule: Rule[T], what: str) -> T | None:
        """The same for a key that must be there; `what` tells the table in the message."""
        if key not in self.content:
            self._known[key] = None
            self.report.add(self.path, f"found {what} without {quoted(key)}, expected one")
            return None
        return self.get(key, lambda value: rule(value), None)

    def knows(self, *keys: str) -> None:
        """Take these keys as asked for."""
        self._known.update(dict.fromkeys(keys))

    def table(self, key: str) -> Table:
        """The table behind a key; an empty one without the key."""
        self._known[key] = None
        value = self.content.get(key, {})
        if not isinstance(value, dict):
            self.report.add(self.at(key), f"found {described(value)}, expected a table")
            value = {}
        return Table(self.report, self.at(key), value)

    def tables(self, key: str, what: str) -> list[Table]:
        """The tables of an array; `what` is what is expected in the message."""
        self._known[key] = None
        value = self.content.get(key, [])
        if not isinstance(value, list):
            self.report.add(self.at(key), f"found {described(value)}, expected {what}")
            return []
        found = []
        for index, entry in enumerate(value):
            path = (*self.at(key), index)
            if isinstance(entry, dict):
                found.append(Table(self.report, path, entry))
            else:
                self.report.add(path, f"found {described(entry)}, expected a table")
        return found

    def items(self, key: str, rule: Rule[T], what: str) -> tuple[T, ...]:
        """What the elements of an array hold by their rule, each once, without the wrong ones.

        `what` is what is expected in the message.
        """

        def a_list(value: object) -> list[object]:
            if not isinstance(value, list):
                raise WrongError(what)
            return value

        found: dict[T, None] = {}
        values: list[object] = self.get(key, a_list, [])
        for index, value in enumerate(values):
            try:
                found[rule(value)] = None
            except WrongError as error:
                self.report.add((*self.at(key), index), error.told(value))
        return tuple(found)

    def close(self, what: str, misplaced: Mapping[str, str] | None = None) -> set[str]:
        """Report the keys nobody asked for; returns the words they may have been meant for.

        `misplaced` says of keys known elsewhere what is expected here.
        """
        meant: set[str] = set()
        for key in self.content:
            if key in self._known:
                continue
            if misplaced and key in misplaced:
                text = f"found {quoted(key)} in {what}, expected {misplaced[key]}"
            else:
                near = nearest(key, self._known)
                meant |= {near} if near else set()
                hint = f"; did you mean {quoted(near)}?" if near else ""
                text = f"found the unknown key {quoted(key)} in {what}{hint or self._choices()}"
            self.report.add(self.at(key), text, at_key=True)
        return meant

    def _choices(self) -> str:
        return f", expected one of {', '.join(self._known)}" if self._known else ""
