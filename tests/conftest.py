"""For all tests: no example has a deadline; where RETROTIMER_NO_SKIPS is 1, a skip fails."""

from __future__ import annotations

import os
from collections.abc import Generator

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: programs that wait for a clock."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)


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
