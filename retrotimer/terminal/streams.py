"""The three standard streams: always there, accepting any text, reporting failure in one line."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import sys
from typing import Any

from retrotimer.terminal.exit_codes import FAILED
from retrotimer.terminal.visible import complain

OUTPUT = "standard output"
FALLBACK = "retrotimer-fallback"
"""The name of the error handler that replaces what cannot be encoded by ASCII."""
_ASCII = {
    sign: plain
    for signs, plain in (
        ("▲△↑⌃", "^"),
        ("▼▽↓▾⌄", "v"),
        ("▶▸►→", ">"),
        ("◀◂◄←", "<"),
        ("↻⟳", "@"),
        ("·•●◆∙", "*"),
        ("…", "."),
        ("–—‒−╴╶╸╺─━┄┈", "-"),
        ("▔▀‾", '"'),
        ("▁▂▄", "_"),
        ("▃▅", "="),
        ("█▆▇▮■▉▊▋▌▐", "#"),
        ("░▒▓", ":"),
        ("│┃╷╵╎▏▎▍▕", "|"),
        ("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝", "+"),
        ("╱", "/"),
        ("╲", "\\"),
        ("✓✔", "y"),
        ("✗✘×", "x"),
        ("“”„", '"'),
        ("‘’‚", "'"),
        ("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", " "),
    )
    for sign in signs
}
"""Replacements for signs, one cell wide like the signs themselves."""
_BYTES = range(0xDC80, 0xDD00)
"""Bytes of a file name that are not text, as Python represents them."""


def _fallback(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(map(_plain, signs)), error.end


def _plain(sign: str) -> str:
    if ord(sign) in _BYTES:
        return f"\\x{ord(sign) - 0xDC00:02x}"
    return _ASCII.get(sign, "?")


codecs.register_error(FALLBACK, _fallback)


def prepare() -> None:
    """Set the streams up so that every part of the program can rely on them.

    A closed descriptor would be reused for the next file that is opened. Reading from a missing
    stream is at its end, complaints are dropped, and output fails, because it was wanted.
    """
    if sys.stdin is None:
        sys.stdin = _stand_in(0, os.O_RDONLY)
    if sys.stdout is None:
        sys.stdout = _stand_in(1, os.O_RDONLY)
    if sys.stderr is None:
        sys.stderr = _stand_in(2, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=FALLBACK)


def _stand_in(fd: int, flags: int) -> Any:
    found = os.open(os.devnull, flags)
    if found != fd:
        os.dup2(found, fd)
        os.close(found)
    return open(fd, "w" if fd else "r", encoding="utf-8", closefd=False)


def takes_any_text(stream: Any) -> bool:
    """Whether nothing written to it is lost."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    return codecs.lookup(encoding).name.startswith("utf-")


def failed(error: OSError) -> int:
    """Report in one line what went wrong; returns the exit code. A reader that has gone is told
    nothing."""
    stuck = _output_fails()
    if isinstance(error, BrokenPipeError):
        return FAILED
    where = error.filename or (OUTPUT if stuck else "")
    what = error.strerror or str(error) or type(error).__name__
    _complain(f"{where}: {what}" if where else what)
    return FAILED


def finish(code: int) -> int:
    """Write what is still buffered, once and for all; returns the exit code."""
    try:
        sys.stdout.flush()
    except OSError as error:
        code = failed(error)
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    return code


def _output_fails() -> bool:
    """Whether standard output no longer accepts anything; then it is pointed at nothing."""
    try:
        sys.stdout.flush()
    except OSError:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
        return True
    return False


def _complain(text: str) -> None:
    with contextlib.suppress(OSError):
        complain(text)
