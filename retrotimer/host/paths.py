"""Where a user's files are."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

CONFIG_NAME = "config.toml"
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
        usual = _usual()
        # Absolute: the program may change its folder later.
        given_history = _expanded(history or environ.get("RETROTIMER_HISTORY"))
        return cls(
            config=(named_config(config, environ) or usual_config()).absolute(),
            history=(given_history or usual.user_data_path / "history.toml").absolute(),
            session=usual.user_state_path / "session.toml",
            state=usual.user_state_path / "state.toml",
        )


def named_config(config: str | Path | None, environ: Mapping[str, str]) -> Path | None:
    """The config that is given, else that of RETROTIMER_CONFIG, as written; None if there is none.

    Only "~" is expanded, to the home folder.
    """
    return _expanded(config or environ.get("RETROTIMER_CONFIG"))


def usual_config() -> Path:
    """Where the config is by default."""
    return _usual().user_config_path / CONFIG_NAME


def _usual() -> PlatformDirs:
    from platformdirs import PlatformDirs

    return PlatformDirs(_NAME, appauthor=False)


def _expanded(path: str | Path | None) -> Path | None:
    if not path:
        return None
    with contextlib.suppress(RuntimeError):  # an unknown home folder stays as written
        path = Path(path).expanduser()
    return Path(path)
