"""One writer at a time, across processes."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from retrotimer.files.regular import open_regular

PATIENCE = 5.0
"""How long to wait for another writer, in seconds; it needs milliseconds."""
_RETRY = 0.005
_TAKEN = {errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}
_NO_LOCKS_HERE = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}

if sys.platform == "win32":
    import msvcrt

    # Locks are mandatory on Windows, so a byte far beyond any content stands for the whole file.
    _FAR = 0x7FFF_0000

    def _try(fd: int) -> None:
        os.lseek(fd, _FAR, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)

    _try_beside = _try

else:
    import fcntl

    def _try(fd: int) -> None:
        # flock, not lockf: a lockf lock is lost when any descriptor of the file closes.
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _try_beside(fd: int) -> None:
        # Shared: any number may look at once, and opening the file for reading is enough.
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)


def try_lock(fd: int) -> bool:
    """Lock the open file until it is closed; False if another process has locked it.

    If the file system has no locks this is True: an unsaved workout is worse.
    """
    try:
        _try(fd)
    except OSError as error:
        if error.errno in _NO_LOCKS_HERE:
            return True
        if error.errno in _TAKEN:
            return False
        raise
    return True


def held(path: Path) -> bool | None:
    """Whether another process has locked the file, None if that cannot be known.

    Nothing is created or changed, but for a moment nobody can lock the file.
    """
    try:
        fd = open_regular(path, os.O_RDONLY)
    except OSError as error:
        return False if error.errno == errno.ENOENT else None
    try:
        _try_beside(fd)
    except OSError as error:
        return True if error.errno in _TAKEN else None
    finally:
        os.close(fd)
    return False


def lock(fd: int, path: Path, patience: float = PATIENCE) -> None:
    """Wait for the lock; TimeoutError if another process holds it for `patience` seconds."""
    deadline = time.monotonic() + patience
    while not try_lock(fd):
        if time.monotonic() >= deadline:
            raise TimeoutError(errno.EAGAIN, "another program has this file locked", str(path))
        time.sleep(_RETRY)


@contextlib.contextmanager
def appending(path: Path, patience: float = PATIENCE) -> Iterator[tuple[int, bool]]:
    """The file open for reading and appending under the lock, and whether it was just created.

    OSError if it cannot be opened.
    """
    with _guarded(path, patience), _current(path, patience, create=True) as opened:
        yield opened


@contextlib.contextmanager
def rewriting(path: Path, *, create: bool, patience: float = PATIENCE) -> Iterator[bytes]:
    """The file's bytes, to be replaced while the lock is held.

    OSError if it cannot be opened for writing, which a replacement would not notice.
    """
    with _guarded(path, patience), contextlib.ExitStack() as held:
        fd, _ = held.enter_context(_current(path, patience, create=create))
        with os.fdopen(fd, "rb", closefd=False) as file:
            data = file.read()
        if sys.platform == "win32":
            held.close()  # an open file cannot be replaced there
        yield data


if sys.platform == "win32":

    @contextlib.contextmanager
    def _guarded(path: Path, patience: float) -> Iterator[None]:
        """The lock is a separate file, because the data file must be closed to be replaced."""
        guard = path.with_name(path.name + ".lock")
        with _opened(guard, os.O_RDWR | os.O_CREAT) as fd:
            lock(fd, path, patience)
            yield

    @contextlib.contextmanager
    def _current(path: Path, patience: float, *, create: bool) -> Iterator[tuple[int, bool]]:
        del patience
        fresh = create and not path.exists()
        with _opened(path, _flags(create)) as fd:
            yield fd, fresh

else:

    def _guarded(path: Path, patience: float) -> contextlib.AbstractContextManager[None]:
        """The lock is on the data file itself: no litter in the user's folder."""
        del path, patience
        return contextlib.nullcontext()

    @contextlib.contextmanager
    def _current(path: Path, patience: float, *, create: bool) -> Iterator[tuple[int, bool]]:
        """The file that has the name once it is locked."""
        while True:
            fresh = create and not path.exists()
            with _opened(path, _flags(create)) as fd:
                lock(fd, path, patience)
                # While we waited the file may have been replaced: then this locks the old one.
                if _same_file(fd, path):
                    yield fd, fresh
                    return


def _flags(create: bool) -> int:
    return os.O_RDWR | os.O_APPEND | (os.O_CREAT if create else 0)


@contextlib.contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    fd = open_regular(path, flags)
    try:
        yield fd
    finally:
        os.close(fd)


def _same_file(fd: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), os.stat(path))  # noqa: PTH116
    except FileNotFoundError:
        return False
