"""A small storm of keys and more; `python -m benchmarks.robustness.fuzz_keys` blows a large one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.support.key_storm import Episode


@pytest.fixture(autouse=True)
def typed_by_hand() -> None:
    """Here the time counts at which a key is read."""


@pytest.fixture(autouse=True)
def frames() -> None:
    """Here every frame is painted."""


@pytest.mark.parametrize("watch", [False, True], ids=["app", "watch"])
async def test_nothing_that_arrives_harms(tmp_path: Path, *, watch: bool) -> None:
    counts: Counter[str] = Counter()
    sent = await Episode("small", counts).run(tmp_path, 60, watch=watch)
    assert sent > 50
    assert counts.total() > sent / 10
