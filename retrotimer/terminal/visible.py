"""Makes text from outside harmless: what a terminal would obey is shown instead.

A file's name, a set's name or a note may contain escape sequences, which move the cursor or worse,
and marks that reverse the reading order. Both are shown as escapes. Characters that only join
others stay (an emoji of several, a Persian word).
"""

from __future__ import annotations

import re
import sys

_HARMFUL = (
    "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f"  # control characters, except end of line and tab
    "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"  # text-direction marks
    "\\u2028\\u2029"  # line ends that only some programs know
    "\\ud800-\\udfff"  # halves of characters, and bytes of a file name that are not text
)
_IN_TEXT = re.compile(f"[{_HARMFUL}]")
_IN_LINE = re.compile(f"[{_HARMFUL}\\t\\n]")


def visible(text: str) -> str:
    """The text, which may have several lines, with escapes for what a terminal would obey."""
    return _IN_TEXT.sub(_escape, text)


def visible_line(text: str) -> str:
    """The same on one line: ends of lines and tabs become escapes too."""
    return _IN_LINE.sub(_escape, text)


def harmless(text: str) -> str:
    """The text without such characters, for places that have no room for escapes."""
    return _IN_TEXT.sub("", text)


def visible_json(text: str) -> str:
    """JSON with the same meaning that contains nothing a terminal would obey."""
    return _IN_TEXT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say(text: str) -> None:
    """Write a line to standard output, at once."""
    sys.stdout.write(visible(text) + "\n")
    sys.stdout.flush()


def complain(text: str, *, name: str = "retrotimer: ") -> None:
    """Write a line to standard error; `name` begins it."""
    sys.stderr.write(visible(f"{name}{text}") + "\n")


def _escape(found: re.Match[str]) -> str:
    if found[0] in "\t\n":
        return "\\t" if found[0] == "\t" else "\\n"
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00  # the byte it stands for
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
