"""Set-up for all tests: examples have no deadline, and nightly tests are left out.

With RETROTIMER_NO_SKIPS=1 a skipped test fails; with RETROTIMER_NIGHTLY=1 nightly tests run too.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import suppress
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

# NumPy multiplies in one thread. Threads kept ready would spin on cores that other tests need.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# The tests start programs hundreds of times. Whatever this shell wants for others, what these are
# compiled to is kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def _use_memory() -> None:
    """Temporary files lie in memory where there is room: ten thousands of writes wait for a disk.

    Everything still asks for its files to be synced, and the programs that are started inherit it.
    """
    memory = "/dev/shm"  # noqa: S108 - pytest and tempfile make private folders there, as in /tmp
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK):
        return
    place = os.statvfs(memory)
    if place.f_bavail * place.f_frsize >= _ROOM and not place.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = memory
        tempfile.tempdir = None


_ROOM = 1 << 30
"""Bytes; a run takes less than a tenth."""
if sys.platform == "linux":
    _use_memory()

# How long an example takes depends on the machine, not on the program.
settings.register_profile("retrotimer", deadline=None)
# For further Python versions, after all examples have run on one.
settings.register_profile("again", deadline=None, max_examples=20)
settings.load_profile("retrotimer")


def pytest_xdist_auto_num_workers() -> int:
    """Two more processes than cores, because tests spend half their time waiting."""
    return len(os.sched_getaffinity(0)) + 2 if hasattr(os, "sched_getaffinity") else 4


def pytest_sessionstart(session: pytest.Session) -> None:
    """In a whole run each process compiles its share of the tests first, and finds the rest done.

    Rewriting all assertions takes several seconds, and they begin at the same time.
    """
    share: dict[str, object] | None = getattr(session.config, "workerinput", None)
    if share is None or session.config.args != ["tests"]:
        return
    root = Path(__file__).parents[1]
    first, step = int(str(share["workerid"])[2:]), int(str(share["workercount"]))
    for path in sorted(root.glob("tests/**/test_*.py"))[first::step]:
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        with suppress(Exception, pytest.skip.Exception):  # The collection tells it.
            import_module(name)


_LONG = (
    "plain/test_run.py",
    "session/test_restart.py",
    "tui/test_held_keys.py",
    "tui/test_tour.py",
    "run/test_both_faces.py",
)
"""Files that take longest besides those of tests/e2e: the first two wait for real programs."""


def _place(item: pytest.Item) -> int:
    """What takes longest comes first, so that no process has much left when the others are done."""
    if "e2e" in item.path.parts:
        return 0
    return 1 if item.path.as_posix().endswith(_LONG) else 2


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the longest files first, and leave out what is for the night."""
    items.sort(key=_place)
    if os.environ.get("RETROTIMER_NIGHTLY") != "1":
        nightly = [item for item in items if item.get_closest_marker("nightly")]
        items[:] = [item for item in items if item not in nightly]
        config.hook.pytest_deselected(items=nightly)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from scanning everything imported again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def typed_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time a pilot's keys a second apart, however fast they come, so that none counts as held."""
    order = sys.modules.get("retrotimer.tui.input_order")
    if order is not None:
        times = count(1_000, 1_000)
        monkeypatch.setattr(order.InOrder, "read_at", lambda *_: next(times))
        # A machine that stands still for a second must not change their order.
        monkeypatch.setattr(order, "STUCK", 60.0)


@pytest.fixture(autouse=True)
def garbage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No workout looks for garbage: a process of many tests has much more than a program."""
    if "collecting" in request.fixturenames:
        return
    for name in ("collect", "freeze", "unfreeze"):
        monkeypatch.setattr(gc, name, lambda *_: None)


@pytest.fixture
def collecting() -> None:
    """Here a workout looks for garbage as it does in a program."""


_NO_SKIPS = os.environ.get("RETROTIMER_NO_SKIPS") == "1"


def _harden(report: pytest.TestReport | pytest.CollectReport) -> None:
    if _NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        place = report.longrepr
        reason = place[2] if isinstance(place, tuple) else str(place)
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped here: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _harden(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _harden(report)
    return report
