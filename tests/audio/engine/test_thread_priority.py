"""What the kernel is really asked for: a process each, because none can take it back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

if sys.platform != "linux":
    pytest.skip("only there anything is asked for", allow_module_level=True)

from jeepney import HeaderFields, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from retrotimer.audio.engine.thread_priority import LONGEST_TURN, PRIORITY, SHORT_TURN
from retrotimer.audio.protocol import Ready, decode_report

RTKIT = "org.freedesktop.RealtimeKit1"
TURN = """
import ctypes, os, struct
from retrotimer.audio.engine.thread_priority import take_short_turns
number = {"x86_64": 315, "aarch64": 275, "riscv64": 275}[os.uname().machine]
os.nice(3)
take_short_turns()
found = ctypes.create_string_buffer(48)
if ctypes.CDLL(None).syscall(number, 0, found, 48, 0):
    raise SystemExit("the kernel does not tell")
_, policy, _, nice, _, turn, _, _ = struct.unpack("=IIQiIQQQ", found)
print([policy, nice, turn])
"""
REAL_TIME = """
import json, os, resource, threading
from retrotimer.audio.engine.thread_priority import run_in_real_time
{before}
def work():
    run_in_real_time()
    mine = os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK
    theirs = []
    other = threading.Thread(target=lambda: theirs.append(os.sched_getscheduler(0)))
    other.start()
    other.join()
    limit = resource.getrlimit(resource.RLIMIT_RTTIME)
    print(json.dumps([threading.get_native_id(), mine, os.sched_getparam(0).sched_priority,
                      theirs[0], limit]), flush=True)
thread = threading.Thread(target=work)
thread.start()
thread.join()
for one in threading.enumerate():
    if one.name == "rtkit":
        one.join()
"""
REFUSED = """
def refuse(*args):
    raise PermissionError
os.sched_setscheduler = refuse
"""


def run(code: str, **env: str) -> str:
    """What a program prints; it has to end well."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


def real_time_allowed() -> bool:
    """Whether a program of this user may have real time without asking anybody."""
    code = "import os; os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))"
    return (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode
        == 0
    )


def test_short_turns_are_asked_for_and_nothing_else_changes() -> None:
    policy, nice, turn = json.loads(run(TURN))
    assert (policy, nice) == (os.SCHED_OTHER, min(os.nice(0) + 3, 19))
    release = tuple(int(part) for part in os.uname().release.split(".")[:2])
    if release >= (6, 12):
        assert turn == SHORT_TURN


def test_the_calling_thread_alone_runs_in_real_time_where_that_is_allowed() -> None:
    _, policy, priority, theirs, limit = json.loads(run(REAL_TIME.format(before="")))
    if real_time_allowed():
        assert (policy, priority) == (os.SCHED_RR, PRIORITY)
    assert theirs == os.SCHED_OTHER
    assert limit == [LONGEST_TURN, LONGEST_TURN]


def test_without_a_bus_a_refusal_changes_nothing(tmp_path: Path) -> None:
    nowhere = f"unix:path={tmp_path / 'nothing'}"
    told = run(REAL_TIME.format(before=REFUSED), DBUS_SYSTEM_BUS_ADDRESS=nowhere)
    _, policy, _, _, _ = json.loads(told)
    assert policy == os.SCHED_OTHER


def test_the_thread_that_fills_the_buffers_of_the_player_runs_in_real_time(
    tmp_path: Path,
) -> None:
    code = "import sys; from retrotimer.audio.engine.main import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "miniaudio", "null"]
    env = os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path / 'nothing'}"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe) as player:
        assert player.stdout is not None
        assert any(isinstance(decode_report(line), Ready) for line in player.stdout)
        threads = [int(thread.name) for thread in Path(f"/proc/{player.pid}/task").iterdir()]
        policies = [os.sched_getscheduler(thread) for thread in threads]
        player.kill()
    in_real_time = [policy for policy in policies if policy != os.SCHED_OTHER]
    expected = [os.SCHED_RR | os.SCHED_RESET_ON_FORK] if real_time_allowed() else []
    assert in_real_time == expected


@pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="not installed: dbus-daemon")
def test_rtkit_is_asked_for_that_very_thread(tmp_path: Path) -> None:
    command = ["dbus-daemon", "--session", "--nofork", f"--address=unix:dir={tmp_path}"]
    with subprocess.Popen([*command, "--print-address"], stdout=subprocess.PIPE, text=True) as bus:
        try:
            assert bus.stdout is not None
            address = bus.stdout.readline().strip()
            with open_dbus_connection(address) as connection:
                connection.send_and_get_reply(message_bus.RequestName(RTKIT), timeout=20)
                asked: list[tuple[object, ...]] = []
                kit = Thread(target=serve, args=(connection, asked), daemon=True)
                kit.start()
                told = run(REAL_TIME.format(before=REFUSED), DBUS_SYSTEM_BUS_ADDRESS=address)
                kit.join(20)
        finally:
            bus.kill()
    thread, _, _, _, limit = json.loads(told)
    assert asked == [("MakeThreadRealtime", thread, PRIORITY)]
    assert limit == [LONGEST_TURN, LONGEST_TURN]


def serve(connection: DBusConnection, asked: list[tuple[object, ...]]) -> None:
    """Be rtkit for one call."""
    while True:
        message = connection.receive(timeout=20)
        if message.header.fields.get(HeaderFields.interface) == RTKIT:
            asked.append((message.header.fields[HeaderFields.member], *message.body))
            connection.send(new_method_return(message))
            return
