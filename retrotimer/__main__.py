"""The entry point of `retrotimer` and `python -m retrotimer`; it catches signals before anything
else."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from retrotimer.terminal import exit_codes, modes, signals


def main() -> NoReturn:
    """Run the command line, restore the terminal and leave with the exit code."""
    signals.SIGNALS.begin(signals.end_at_once)
    modes.TERMINAL.save()
    code = exit_codes.FAILED
    try:
        code = _run()
    finally:
        modes.TERMINAL.give_back()
        # The interpreter's own exit would take a signal for a new one, wait for threads, and
        # complain about output that cannot be written.
        os._exit(signals.SIGNALS.exit_code(code))


def _run() -> int:
    """Return the exit code; errors are reported on a restored terminal."""
    from retrotimer.terminal import streams

    try:
        streams.prepare()
        from retrotimer.cli.parser import main as command

        code = command()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        code = exit_codes.INTERRUPTED
    except BaseException:
        modes.TERMINAL.give_back()
        # sys.excepthook is what the interpreter calls for it.
        sys.excepthook(*sys.exc_info())
        code = exit_codes.FAILED
    return streams.finish(code)


if __name__ == "__main__":
    main()
