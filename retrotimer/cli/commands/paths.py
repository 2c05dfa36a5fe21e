"""`retrotimer paths`: where the files are."""

from __future__ import annotations

import argparse
from pathlib import Path

from retrotimer.cli.common import paths
from retrotimer.terminal.exit_codes import DONE
from retrotimer.terminal.visible import say, visible_line


def run(args: argparse.Namespace) -> int:
    """Show where they are."""
    found = paths(args)
    for name in ("config", "history", "session", "state"):
        path = getattr(found, name)
        say(f"{name + ':':9}{visible_line(str(path))}{_missing(path)}")
    return DONE


def _missing(path: Path) -> str:
    """A remark if the file does not exist or cannot be reached."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "  (does not exist yet)"
    except OSError as error:
        return f"  (not accessible: {error.strerror})"
    return ""
