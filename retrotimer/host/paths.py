"""Where a user's files are."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_NAME = "retrotimer"


class Paths(NamedTuple):
    """Where a user's files are; none of them needs to exist."""

    config: Path
    history: Path
    session: Path
    state: Path

    @classmethod
    def find(
        cls,
        config: str | Path | None = None,
        history: str | Path | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> Paths:
        """The paths given, else those of RETROTIMER_CONFIG and RETROTIMER_HISTORY, else the
        defaults."""
        from platformdirs import PlatformDirs

        usual = PlatformDirs(_NAME, appauthor=False)
        given_config = config or environ.get("RETROTIMER_CONFIG")
        given_history = history or environ.get("RETROTIMER_HISTORY")
        return cls(
            config=_expanded(given_config) or usual.user_config_path / "config.toml",
            history=_expanded(given_history) or usual.user_data_path / "history.toml",
            session=usual.user_state_path / "session.toml",
            state=usual.user_state_path / "state.toml",
        )


def _expanded(path: str | Path | None) -> Path | None:
    """An absolute path: the program may change its folder later."""
    if not path:
        return None
    with contextlib.suppress(RuntimeError):  # an unknown home folder stays as written
        path = Path(path).expanduser()
    return Path(path).absolute()
