"""A minimal shell with job control: it runs one job, and continues it after a stop.

The job's process group is in the foreground; when it stops, the shell takes the terminal back.
Arguments: the file descriptors of the terminal, the pipe for news and the pipe for orders; the job.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import termios


def run(terminal: int, news: int, orders: int, command: list[str]) -> None:
    """Run one job, report its state over `news`, and continue it for every line in `orders`."""
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    # It outlives its window, to report how the job ended.
    for number in (signal.SIGTTOU, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)

    def in_front() -> None:
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpid())
        # Ctrl+c too: it may be ignored if the tests run in the background.
        for number in (signal.SIGTTOU, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)

    job = subprocess.Popen(
        command,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        preexec_fn=in_front,
    )

    def pass_on(*_: object) -> None:
        # When a window closes, the system signals only the shell.
        os.killpg(job.pid, signal.SIGHUP)
        os.killpg(job.pid, signal.SIGCONT)

    signal.signal(signal.SIGHUP, pass_on)
    tell(news, "began", job.pid)
    while True:
        _, status = os.waitpid(job.pid, os.WUNTRACED)
        with contextlib.suppress(OSError):
            os.tcsetpgrp(terminal, os.getpgrp())
        if not os.WIFSTOPPED(status):
            break
        tell(news, "stopped", os.WSTOPSIG(status))
        if not os.read(orders, 1024):
            return
        os.tcsetpgrp(terminal, job.pid)
        os.killpg(job.pid, signal.SIGCONT)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    tell(news, "ended", os.waitstatus_to_exitcode(status))
    # The end of the session resets the terminal, so let the test look at it first.
    os.read(orders, 1)


def tell(news: int, word: str, number: int) -> None:
    os.write(news, f"{word} {number}\n".encode())


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
