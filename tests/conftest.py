"""For all tests: no example has a deadline, and what is only played at night is left out by day.

Where RETROTIMER_NO_SKIPS is 1, a skip fails; where RETROTIMER_NIGHTLY is 1, it is night.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator
from itertools import count

import pytest
from hypothesis import settings

# How long an example takes says something about the machine, nothing about the program.
settings.register_profile("retrotimer", deadline=None)
# For other Pythons, where the properties have been proved on this one.
settings.register_profile("again", deadline=None, max_examples=20)
settings.load_profile("retrotimer")


def pytest_xdist_auto_num_workers() -> int:
    """Two more processes than cores: half of the time a test waits for a clock or a screen."""
    return len(os.sched_getaffinity(0)) + 2 if hasattr(os, "sched_getaffinity") else 4


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes longest begins first: programs that wait for a clock."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)
    if os.environ.get("RETROTIMER_NIGHTLY") != "1":
        nightly = [item for item in items if item.get_closest_marker("nightly")]
        items[:] = [item for item in items if item not in nightly]
        config.hook.pytest_deselected(items=nightly)


def pytest_collection_finish() -> None:
    """What was imported stays: no collection of garbage looks through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def typed_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a pilot types comes a second apart, as fast as it may be: no key of it is held."""
    order = sys.modules.get("retrotimer.tui.input_order")
    if order is not None:
        times = count(1_000, 1_000)
        monkeypatch.setattr(order.InOrder, "read_at", lambda *_: next(times))


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
