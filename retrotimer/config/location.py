"""Where the config is, and whether it has changed since it was read."""

from __future__ import annotations

from pathlib import Path


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
            pass
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
