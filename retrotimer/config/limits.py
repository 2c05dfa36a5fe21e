"""How large a TOML file of the user's may be, and where it exceeds that.

The limits are far above what anybody writes and are checked before the work is done, so that an odd
file costs no more than its mistake.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_BYTES = 1_000_000
"""The size of a file (NS)."""
MOST_WORDS = 100_000
"""Keys, values, lists and tables of a file together (NS)."""
DEEPEST = 150
"""How deep lists and tables may be nested; 50 repeats need a hundred (NS)."""
MOST_PARTS = 60
"""The parts of a key with dots; repeats written with headers need fifty (NS)."""
MOST_SETS = 1_000
"""Sets and programmes in a file, and the weeks of a programme (NS)."""
MOST_STEPS = 10_000
"""The steps of all sets as written (NS)."""
MOST_BLOCKS = 20_000
"""The blocks of all sets together, with their repeats unrolled (NS)."""
MOST_ITEMS = 1_000
"""The elements of any other list (NS)."""
MOST_TOLD = 100
"""How many mistakes are listed; the others are only counted (NS)."""
MOST_COMPARED = 300_000
"""How much the search for similar words may cost for a whole file, in pairs of characters (NS)."""

_BASIC = r'"(?:\\[^\n]|[^"\\\n])*+"'
_LITERAL = r"'[^'\n]*+'"
_BARE = r"[A-Za-z0-9_-]++"
_PARTS = rf"(?:(?:{_BARE}|{_BASIC}|{_LITERAL})[ \t]*+\.[ \t]*+)"
_TOKEN = re.compile(
    rf"(?P<key>{_PARTS}{{{MOST_PARTS}}})|(?P<dotted>{_PARTS}++)"
    r'|(?P<word>"""(?:[^"\\]|\\.|"{1,2}+(?!"))*+"{3,5}'
    r"|'''(?:[^']|'{1,2}+(?!'))*+'{3,5}"
    rf"|{_BASIC}|{_LITERAL}"
    r"|[A-Za-z0-9_+.:-]++)"
    r"|#[^\n]*+"
    r"|(?P<open>[\[{])"
    r"|(?P<close>[\]}])",
    re.DOTALL,
)


class Beyond(NamedTuple):
    """Where a text exceeds a limit: the offsets of the place, and what was found there."""

    start: int
    end: int
    text: str


def beyond(text: str) -> Beyond | None:
    """The first place at which a TOML text exceeds a limit, whether or not it is valid."""
    depth = words = 0
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        if kind == "close":
            depth = max(0, depth - 1)
        elif kind is not None:
            depth += kind == "open"
            words += found.group().count(".") if kind == "dotted" else 1
            if kind == "key":
                told = f"found a key of more than {MOST_PARTS} parts, expected fewer"
            elif depth > DEEPEST:
                told = f"found lists or tables nested deeper than {DEEPEST}, expected fewer"
            elif words > MOST_WORDS:
                told = f"found more than {MOST_WORDS} keys and values, expected fewer"
            else:
                continue
            return Beyond(*found.span(), told)
    return None


def long_number(text: str, most: int) -> tuple[int, int] | None:
    """The offsets of the first word with more than that many digits."""
    for found in _TOKEN.finditer(text):
        if found.lastgroup == "word" and found.end() - found.start() > most:
            word = found.group()
            if word[0] not in "\"'" and sum(map(str.isdigit, word)) > most:
                return found.span()
    return None
