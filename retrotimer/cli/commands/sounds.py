"""`retrotimer sounds`: plays every cue, with its name and meaning."""

from __future__ import annotations

import argparse

from retrotimer.assemble import check_sounds
from retrotimer.cli.common import config_in_use, paths
from retrotimer.cli.playable_sounds import playable_sounds
from retrotimer.cli.usage import UsageError
from retrotimer.config.value_rules import nearest
from retrotimer.core.cue_ids import CueId
from retrotimer.terminal.visible import visible_line


def run(args: argparse.Namespace) -> int:
    """Play the cues."""
    wanted = [name.casefold() for name in args.cue]
    for name in wanted:
        if name not in set(CueId):
            close = nearest(name, [cue.value for cue in CueId])
            hint = f"did you mean {close!r}?" if close else "`retrotimer sounds --list` lists them"
            raise UsageError(f"there is no cue '{visible_line(name)}'; {hint}")
    cues = [CueId(name) for name in wanted] or list(CueId)
    config = config_in_use(args)
    playable_sounds(config)
    return check_sounds(cues, config, paths(args), silent=args.list)
