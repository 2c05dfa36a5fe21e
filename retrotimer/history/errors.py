"""Why the history could not be read or changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class HistoryError(Exception):
    """A problem with a file of the history: `path` (None: no particular file) and `reason`."""

    def __init__(self, reason: str, path: Path | None = None) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.reason = reason
        self.path = path


class InvalidRecord(HistoryError):  # noqa: N818 - it names what it is
    """A record that cannot be written or read; nothing was changed."""


class NotFound(HistoryError):  # noqa: N818
    """No record has this id."""


class Ambiguous(HistoryError):  # noqa: N818
    """Several records match; `matches` are their ids, newest first."""

    def __init__(self, reason: str, path: Path, matches: Sequence[str]) -> None:
        super().__init__(f"{reason}: {', '.join(matches)}", path)
        self.matches = tuple(matches)


class Duplicate(HistoryError):  # noqa: N818
    """Another record has this id already; nothing was changed."""


class Unavailable(HistoryError):  # noqa: N818
    """The system refused to read, write or lock the file, which is unchanged."""

    @classmethod
    def because(cls, error: OSError, path: Path) -> Unavailable:
        """The system's own message about `path`."""
        return cls(error.strerror or str(error), path)
