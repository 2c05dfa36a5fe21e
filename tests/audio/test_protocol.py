"""The line protocol: it reads back what it writes, and refuses everything else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrotimer.audio import protocol
from retrotimer.audio.protocol import (
    Lease,
    PlayerCommand,
    PlayerReport,
    ProtocolError,
    Track,
    decode_command,
    decode_report,
    encode,
)
from retrotimer.audio.schedule import Entry

entries = st.builds(
    Entry,
    due=st.integers(),
    sound=st.text(),
    fallback=st.text(),
    words=st.lists(st.text()).map(tuple),
)
commands = st.one_of(
    st.builds(Track, cues=st.lists(entries).map(tuple)),
    st.builds(protocol.Prepare, files=st.lists(st.text()).map(tuple)),
    *(st.from_type(kind) for kind in (Lease, protocol.Volume, protocol.Mute, protocol.Goodbye)),
)
reports = st.one_of(
    st.builds(protocol.Ready, st.floats(0, 1e6), st.floats(0, 1e6)),
    *(st.from_type(kind) for kind in protocol.REPORTS.values() if kind is not protocol.Ready),
)


@given(commands)
def test_commands_survive_the_pipe(command: PlayerCommand) -> None:
    line = encode(command)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_command(line) == command


@given(reports)
def test_reports_survive_the_pipe(report: PlayerReport) -> None:
    assert decode_report(encode(report)) == report


@given(st.binary())
def test_noise_raises_no_other_error(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_command(line)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"is": "opened"},
        {"is": "lease"},
        {"is": "lease", "until": "1"},
        {"is": "lease", "until": 1.5},
        {"is": "lease", "until": True},
        {"is": "lease", "until": 1, "more": 1},
        {"is": "volume", "percent": None},
        {"is": "mute", "on": 1},
        {"is": "track", "cues": [[1, "count"]]},
        {"is": "track", "cues": [[1, "count", ""]]},
        {"is": "track", "cues": [[True, "count", "", []]]},
        {"is": "track", "cues": [[1, "count", "", [1]]]},
        {"is": "track", "cues": [[1, "count", "", "word"]]},
        {"is": "track", "cues": {"1": "count"}},
        {"is": "prepare", "files": ["a.wav", 1]},
        {"is": "prepare", "files": "a.wav"},
        {"is": ["lease"], "until": 1},
    ],
)
def test_an_almost_correct_command_is_refused(body: object) -> None:
    with pytest.raises(ProtocolError):
        decode_command(json.dumps(body).encode())
