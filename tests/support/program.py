"""The real program in its own home folder, for tests that use it from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import tomli

from retrotimer.history.file import HistoryFile
from retrotimer.history.record import Record
from retrotimer.history.record_scanner import Damaged

ROOT = Path(__file__).resolve().parents[2]

CONFIG = """
[safety]
get_ready = "3s"
turn = "10s"
allow_short_turns = true
warn_before_turn = "5s"
checklist = false

[cues]
backend = "off"

[[set]]
name = "Easy"
about = "Forward only."
steps = [{ forward = "2m", speed = 3.0, label = "Stroll" }]

[[set]]
name = "Eager"
steps = [{ forward = "1s", speed = 3.0 }]

[[set]]
name = "There and back"
steps = [{ forward = "1s", speed = 2.0 }, { backward = "40s", speed = 1.0 }]

[[set]]
name = "Asks"
confirm_turns = "backward"
steps = [{ forward = "1s", speed = 2.0 }, { backward = "40s", speed = 1.0 }]

[[set]]
name = "Turns"
steps = [{ backward = "1s", speed = 1.0 }]

[[set]]
name = "Open"
steps = [{ forward = "open" }]

[[set]]
name = "Too fast"
steps = [{ forward = "10s" }, { backward = "10s", speed = 12.0 }]
"""
"""Sets that reach each state quickly, with the shortest turns allowed."""


@dataclass(frozen=True, slots=True)
class Home:
    """A folder with a config and all of the program's files."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, config: str = CONFIG) -> Home:
        home = cls(folder)
        home.config.write_text(config, encoding="utf-8")
        return home

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def history(self) -> Path:
        return self.folder / "history.toml"

    @property
    def session(self) -> Path:
        return self.folder / "state" / "retrotimer" / "session.toml"

    @property
    def env(self) -> dict[str, str]:
        # Nothing from the environment of whoever runs the tests, least of all a sound server.
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | {
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "RETROTIMER_CONFIG": str(self.config),
            "RETROTIMER_HISTORY": str(self.history),
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "TERM": "xterm-256color",
            "COLUMNS": "100",
        }

    def command(self, *args: str) -> list[str]:
        return [sys.executable, "-m", "retrotimer", *args]

    def run(self, *args: str, seconds: float = 60, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, without a terminal."""
        return subprocess.run(
            self.command(*args),
            env=self.env | more.pop("env", {}),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            **more,
        )

    def records(self) -> list[Record]:
        """The history, newest first; it must be readable to the last byte."""
        found = list(HistoryFile(self.history).newest(None))
        assert not [one for one in found if isinstance(one, Damaged)]
        return [one for one in found if not isinstance(one, Damaged)]

    def in_progress(self) -> dict[str, Any] | None:
        """The workout in the session file."""
        if not self.session.exists():
            return None
        return tomli.loads(self.session.read_text(encoding="utf-8"))


def conserved(record: Record) -> bool:
    """Whether the times of a record add up to its length, to the millisecond (invariant 6)."""
    span = round((record.ended - record.started).total_seconds() * 1000)
    parts: tuple[int, ...] = astuple(record.totals)
    return sum(parts) == span
