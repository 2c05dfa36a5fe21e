"""The user's own editor, in place of the screen."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from retrotimer.tui.terminal.handover import lent


class NoEditor(Exception):  # noqa: N818 - it names what it is
    """No editor could be run; the text says why."""


def command(environ: Mapping[str, str]) -> list[str]:
    """The editor of $VISUAL, else $EDITOR, else the one every system has."""
    chosen = environ.get("VISUAL", "").strip() or environ.get("EDITOR", "").strip()
    if not chosen:
        return ["notepad" if sys.platform == "win32" else "vi"]
    try:
        words = shlex.split(chosen, posix=sys.platform != "win32")
    except ValueError as error:
        raise NoEditor(f"cannot make sense of {chosen!r}: {error}") from error
    if not words or not words[0]:
        raise NoEditor(f"cannot make sense of {chosen!r}: it names no program")
    return words


def edit(app: App[Any], path: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Open a file in the editor, and wait; NoEditor if that is not possible."""
    words = command(environ)
    try:
        with lent(app):
            ended = subprocess.run([*words, str(path)], check=False)
    except SuspendNotSupported as error:
        raise NoEditor("this terminal cannot be lent to an editor") from error
    except OSError as error:
        raise NoEditor(f"{words[0]}: {error.strerror or error}") from error
    if ended.returncode:
        raise NoEditor(f"{words[0]} {_end(ended.returncode)}")


def _end(code: int) -> str:
    """How a program with this return code ended."""
    if code >= 0:
        return f"ended with {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
