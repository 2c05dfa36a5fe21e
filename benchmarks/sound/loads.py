"""What keeps a program and its machine from being on time, while sound has to be."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from threading import Event, Thread

HEAP = 300_000
"""Lists that each collection has to walk; it takes some tenths of a second, as in a big program."""
_EATER = "while True: sum(range(100_000))"


@dataclass(frozen=True, slots=True)
class Load:
    """A load by name; `stall` is for how long the main thread has to be held, again and again."""

    name: str
    applied: Callable[[], AbstractContextManager[None]]
    stall: float = 0.0


@contextmanager
def _again_and_again(step: Callable[[], object]) -> Iterator[None]:
    """Do something in a thread of this process, as often as it can be done."""
    end = Event()

    def work() -> None:
        while not end.is_set():
            step()

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


@contextmanager
def redrawing() -> Iterator[None]:
    """Screens of text are made and written, as fast as this process can."""
    number = 0
    with open(os.devnull, "w", encoding="ascii") as screen:  # noqa: PTH123

        def redraw() -> None:
            nonlocal number
            number += 1
            rows = (f"\x1b[{row};1H{number + row:080d}" for row in range(50))
            screen.write("".join(rows))

        with _again_and_again(redraw):
            yield


@contextmanager
def eaten() -> Iterator[None]:
    """Another program eats every core there is."""
    cores = os.cpu_count() or 1
    eaters = [subprocess.Popen([sys.executable, "-c", _EATER]) for _ in range(cores)]
    try:
        yield
    finally:
        for eater in eaters:
            eater.kill()
            eater.wait()


@contextmanager
def collecting() -> Iterator[None]:
    """A big heap of this process is collected without end."""
    heap: list[object] = [[number] for number in range(HEAP)]
    with _again_and_again(gc.collect):
        yield
    heap.clear()


@contextmanager
def held() -> Iterator[None]:
    """Nothing beside what holds the main thread."""
    yield


def hold(seconds: float) -> None:
    """Hold the main thread, and with it the interpreter, nearly all of the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(300_000))


LOADS = (
    Load("screen redrawn", redrawing),
    Load("every core eaten", eaten),
    Load("main thread held 300 ms", held, stall=0.3),
    Load("garbage collected", collecting),
)
