"""The least of all shells, in a terminal of its own: one job, stopped and let go on again.

The job has a process group in the foreground; when it stops, the shell takes the terminal back.
Arguments: the descriptors of the terminal, of the pipe for news, of the one for orders; the job.
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
    """Run one job; tell over `news` how it goes, and let it go on for every line of `orders`."""
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    # When its window is closed it lives on, to tell how its job ended.
    for number in (signal.SIGTTOU, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)

    def in_front() -> None:
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpid())
        # Ctrl+c too: whatever started the tests in the background may have it ignored.
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
        # The system tells only the shell that its window was closed.
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
    # A session that ends resets its terminal; whoever looks at that has to come first.
    os.read(orders, 1)


def tell(news: int, word: str, number: int) -> None:
    os.write(news, f"{word} {number}\n".encode())


if __name__ == "__main__":
    run(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
