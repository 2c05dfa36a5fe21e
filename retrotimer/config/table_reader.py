"""A TOML table being read: it asks for keys, and collects mistakes instead of stopping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from retrotimer.config.limits import MOST_COMPARED, MOST_ITEMS, MOST_TOLD
from retrotimer.config.mistakes import Mistake, Problem, quoted
from retrotimer.config.value_rules import Check, Rule, ValueRefused, described, effort, nearest

if TYPE_CHECKING:
    from retrotimer.config.toml_positions import KeyPath

T = TypeVar("T")


class MistakeReport:
    """Everything found wrong so far, here and in files named here, and the keys that were given.

    Only the first `MOST_TOLD` problems are kept; the others are counted.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.more = 0
        """The number of problems not kept."""
        self.faulty: set[KeyPath] = set()
        """The first two parts of the path of every problem, also of those not kept."""
        self.elsewhere: list[Mistake] = []
        self.given: set[str] = set()
        self.steps = 0
        """The steps read so far, of all sets."""
        self.blocks = 0
        """The blocks of the sets looked at so far, unrolled."""
        self._effort = MOST_COMPARED

    def add(
        self,
        path: KeyPath,
        text: str,
        *,
        at_key: bool = False,
        notes: tuple[tuple[KeyPath, bool, str], ...] = (),
    ) -> None:
        """Note a mistake."""
        self.faulty.add(path[:2])
        if len(self.problems) < MOST_TOLD:
            self.problems.append(Problem(path, text, at_key, notes))
        else:
            self.more += 1

    @property
    def full(self) -> bool:
        """Whether further problems are only counted, so that their words are never read."""
        return len(self.problems) >= MOST_TOLD

    def suggest(self, word: str, among: Iterable[str]) -> str | None:
        """The word most like `word`; None also if the search has cost enough already."""
        words = tuple(among)
        needed = effort(word, words)
        if needed > self._effort:
            return None
        self._effort -= needed
        return nearest(word, words)


class TableReader:
    """One table: each key is asked for by name; what nobody asked for is unknown."""

    def __init__(self, report: MistakeReport, path: KeyPath, content: Mapping[str, object]) -> None:
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

    def get(self, key: str, rule: Check[T], default: T) -> T:
        """The value of the key by its rule; the default without the key, or if it is wrong."""
        self._known[key] = None
        if key not in self.content:
            return default
        if int not in map(type, self.path):
            self.report.given.add(".".join(map(str, self.at(key))))
        value = self.content[key]
        try:
            return rule(value)
        except ValueRefused as error:
            told = "" if self.report.full else error.told(value, self.report.suggest)
            self.report.add(self.at(key), told)
            return default

    def values(self, rules: Mapping[str, Rule[Any]], usual: object) -> dict[str, Any]:
        """The values of all these keys; for missing ones the attributes of `usual`."""
        return {key: self.get(key, rule, getattr(usual, key)) for key, rule in rules.items()}

    def need(self, key: str, rule: Check[T], what: str) -> T | None:
        """The same for a required key; `what` names the table in the message."""
        if key not in self.content:
            self._known[key] = None
            self.report.add(self.path, f"found {what} without {quoted(key)}, expected one")
            return None
        return self.get(key, lambda value: rule(value), None)

    def knows(self, *keys: str) -> None:
        """Take these keys as asked for."""
        self._known.update(dict.fromkeys(keys))

    def table(self, key: str) -> TableReader:
        """The table under a key; an empty one without the key."""
        self._known[key] = None
        value = self.content.get(key, {})
        if not isinstance(value, dict):
            self.report.add(self.at(key), f"found {described(value)}, expected a table")
            value = {}
        return TableReader(self.report, self.at(key), value)

    def tables(self, key: str, what: str, most: int = MOST_ITEMS) -> list[TableReader]:
        """The tables of an array, at most `most`; `what` is what the message expects."""
        self._known[key] = None
        value = self.content.get(key, [])
        if not isinstance(value, list):
            self.report.add(self.at(key), f"found {described(value)}, expected {what}")
            return []
        if len(value) > most:
            text = f"found {len(value)} entries in {quoted(key)}, expected at most {most}"
            self.report.add(self.at(key), text, at_key=True)
            return []
        found = []
        for index, entry in enumerate(value):
            path = (*self.at(key), index)
            if isinstance(entry, dict):
                found.append(TableReader(self.report, path, entry))
            else:
                self.report.add(path, f"found {described(entry)}, expected a table")
        return found

    def items(self, key: str, rule: Check[T], what: str) -> tuple[T, ...]:
        """The elements of an array by their rule, each once, without the wrong ones.

        `what` is what the message expects.
        """

        def a_list(value: object) -> list[object]:
            if not isinstance(value, list):
                raise ValueRefused(what)
            return value

        found: dict[T, None] = {}
        values: list[object] = self.get(key, a_list, [])
        if len(values) > MOST_ITEMS:
            text = f"found {len(values)} elements, expected at most {MOST_ITEMS}"
            self.report.add(self.at(key), text)
            return ()
        for index, value in enumerate(values):
            try:
                found[rule(value)] = None
            except ValueRefused as error:
                told = "" if self.report.full else error.told(value, self.report.suggest)
                self.report.add((*self.at(key), index), told)
        return tuple(found)

    def close(self, what: str, misplaced: Mapping[str, str] | None = None) -> set[str]:
        """Report the keys nobody asked for; returns the words they may have been meant for.

        `misplaced` says, for keys known elsewhere, what is expected here.
        """
        meant: set[str] = set()
        for key in self.content:
            if key in self._known:
                continue
            if self.report.full:
                text = ""
            elif misplaced and key in misplaced:
                text = f"found {quoted(key)} in {what}, expected {misplaced[key]}"
            else:
                near = self.report.suggest(key, self._known)
                meant |= {near} if near else set()
                hint = f"; did you mean {quoted(near)}?" if near else ""
                text = f"found the unknown key {quoted(key)} in {what}{hint or self._choices()}"
            self.report.add(self.at(key), text, at_key=True)
        return meant

    def _choices(self) -> str:
        return f", expected one of {', '.join(self._known)}" if self._known else ""
