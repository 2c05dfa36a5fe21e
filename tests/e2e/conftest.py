"""What the end-to-end tests share: a sound server, and a witness of what the machine did."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.program import Home
from tests.support.sound_server import PulseServer, missing, started
from tests.support.witness import played_again, witness


@pytest.fixture(autouse=True, scope="session")
def _witness() -> None:
    witness()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Play a test once more that shows nothing, as the machine stood still meanwhile."""
    if not pyfuncitem.get_closest_marker("pty"):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    given = {name: pyfuncitem.funcargs[name] for name in names}
    if played_again(
        lambda: pyfuncitem.obj(**given),
        lambda: pyfuncitem.obj(**{name: fresh(value) for name, value in given.items()}),
    ):
        warnings.warn(f"the machine stood still, played again: {pyfuncitem.name}", stacklevel=1)
    return True


def fresh(given: Any) -> Any:
    """What a test was given, untouched: a place of its own for a second try."""
    if isinstance(given, Path):
        (place := given / "again").mkdir()
        return place
    if isinstance(given, Home):
        return Home.make(fresh(given.folder), given.config.read_text(encoding="utf-8"))
    return given


@pytest.fixture
def pulse() -> Iterator[PulseServer]:
    """A running PulseAudio with a null sink; its `env` leads programs to it."""
    if reason := missing():
        pytest.skip(reason)
    with started() as server:
        yield server
