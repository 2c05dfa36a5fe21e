"""Where the config is, and whether it has changed since it was read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from retrotimer.host.paths import named_config, usual_config


def find(explicit: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The config file to read: the named one, the one in the environment, or the default one.

    None if only the default one is left and does not exist. A named one need not exist: `load`
    reports that.
    """
    named = named_config(explicit, environ)
    if named is not None:
        return named
    usual = usual_config()
    return usual if ConfigPlace(usual).there else None


class ConfigPlace:
    """A file that may appear, change and go while the program runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._mark()

    @property
    def there(self) -> bool:
        """Whether anything has that name, even a link that leads nowhere."""
        try:
            self.path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            pass  # it exists, or may: `load` will say what is wrong with it
        return True

    def changed(self) -> bool:
        """Whether it has changed since the last call."""
        before, self._seen = self._seen, self._mark()
        return self._seen != before

    def _mark(self) -> tuple[int, ...]:
        try:
            found = self.path.stat()
        except (OSError, ValueError):
            return ()
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
