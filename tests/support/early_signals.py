"""Sends signals to the real program while it starts, and checks what it leaves behind."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

from tests.support.program import Home

TRACEBACK = "a traceback"
LIMIT = 30.0
"""Seconds within which the program must end."""
PYTHON_ALONE = "interrupted before the program's first line"
"""Python handles ctrl+c from its own start and prints a traceback; the program cannot help that."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])|\x1b\[([<>])\d*u")
_USUALLY_ON = {b"7", b"25"}  # lines wrap, the cursor is shown
_MARK = b"\x1b]9;the end\x07"


def left_on(written: bytes) -> set[bytes]:
    """The terminal modes left changed: DEC modes by number, `u` for kitty's keyboard protocol."""
    found: set[bytes] = set()
    for match in _MODE.finditer(written):
        if match[3]:
            (found.add if match[3] == b">" else found.discard)(b"u")
            continue
        for number in match[1].split(b";"):
            on = (match[2] == b"h") is not (number in _USUALLY_ON)
            (found.add if on else found.discard)(number)
    return found


def signalled(
    home: Home,
    args: Sequence[str],
    after: float,
    numbers: Sequence[int],
    between: float = 0.1,
    keys: bytes = b"",
) -> str:
    """Start the program, and send it the first signal `after` seconds, the others at intervals.

    `keys` that end it are pressed before the first signal, with the same interval in between.
    Returns what is wrong afterwards, "" if nothing is.
    """
    import fcntl
    import struct
    import termios

    master, slave = os.openpty()
    try:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        modes = termios.tcgetattr(slave)
        program = subprocess.Popen(
            home.command(*args),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=home.env,
            cwd=home.folder,
            start_new_session=True,
            preexec_fn=_heed_signals,
        )
        began = monotonic()
        written = b""
        alone = False
        try:
            if keys:
                written += _read(master, after)
                os.write(master, keys)
                after += between
            for number in numbers:
                written += _read(master, began + after - monotonic())
                alone |= not _catches(program.pid, signal.SIGTERM)
                program.send_signal(number)
                after += between
            while program.poll() is None and monotonic() < began + LIMIT:
                written += _read(master, 0.02)
            if program.poll() is None:
                return "it did not end"
        finally:
            if program.poll() is None:
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()
        os.write(slave, _MARK)
        while _MARK not in written:
            written += _read(master, 0.1)
        changed = termios.tcgetattr(slave) != modes
    finally:
        os.close(master)
        os.close(slave)
    code = program.returncode
    if keys and code == 0:
        code = 128 + numbers[0]  # the signal came too late
    wrong = list(_wrong(written.removesuffix(_MARK), code, numbers[0], changed))
    if alone and numbers[0] == signal.SIGINT and wrong and wrong[0] == TRACEBACK and not changed:
        return PYTHON_ALONE
    return ", ".join(wrong)


def _heed_signals() -> None:
    """Stop ignoring signals, as a program started in the background may do."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def _catches(pid: int, number: int) -> bool:
    """Whether a process handles this signal; only our program, not Python, handles SIGTERM."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) >> (number - 1) & 1)
    return True


def _wrong(written: bytes, code: int, number: int, changed: bool) -> Iterator[str]:
    if b"Traceback" in written or b"Exception" in written:
        yield TRACEBACK
    if left := left_on(written):
        yield "modes left on: " + " ".join(sorted(one.decode() for one in left))
    if changed:
        yield "the terminal's input modes were not restored"
    # Before the program's first line, Python dies of the signal; for a shell that is the same code.
    if code != 128 + number and not (code == -number and not written):
        yield f"code {code}"


def _read(master: int, seconds: float) -> bytes:
    """What is written within so many seconds."""
    found = b""
    deadline = monotonic() + seconds
    while (left := deadline - monotonic()) > 0 and select.select([master], [], [], left)[0]:
        found += os.read(master, 65536)
        if _MARK in found:
            break
    return found
