"""What the kernel is asked for, so that a busy machine does not keep the sound waiting.

Only Linux needs it: elsewhere the sound system itself gives its threads what they need. Where the
kernel or the user's rights do not allow it, nothing changes.
"""

from __future__ import annotations

import contextlib
import os
import struct
import sys
import threading

SHORT_TURN = 100_000
"""The shortest turn on a core that a thread can ask for, in ns."""
PRIORITY = 1
"""The lowest of real time: before all usual programs, after the sound server."""
LONGEST_TURN = 200_000
"""The longest turn of real time that rtkit accepts, in microseconds; the kernel then ends us."""

_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274, "riscv64": 274}
_ATTRIBUTES = struct.Struct("=IIQiIQQQ")
_RTKIT = "org.freedesktop.RealtimeKit1"
_PATIENCE = 5.0


def take_short_turns() -> None:
    """Have the calling thread, and those it starts, run sooner and for less long at a time.

    Anyone may ask for it; it has an effect from Linux 6.12 on.
    """
    if sys.platform != "linux" or sys.maxsize < 1 << 32:
        return
    number = _SCHED_SETATTR.get(os.uname().machine)
    if number is None:
        return
    import ctypes

    nice = os.getpriority(os.PRIO_PROCESS, 0)
    wish = _ATTRIBUTES.pack(_ATTRIBUTES.size, os.SCHED_OTHER, 0, nice, 0, SHORT_TURN, 0, 0)
    zero = ctypes.c_long(0)
    ctypes.CDLL(None).syscall(ctypes.c_long(number), zero, ctypes.c_char_p(wish), zero)


def run_in_real_time() -> None:
    """Have the calling thread run before those of all usual programs.

    Where this process may not decide that by itself, rtkit is asked, which desktops have for it;
    another thread waits for its answer.
    """
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_RTTIME, (LONGEST_TURN, LONGEST_TURN))
    policy = os.SCHED_RR | os.SCHED_RESET_ON_FORK
    try:
        os.sched_setscheduler(0, policy, os.sched_param(PRIORITY))
    except OSError:
        thread = threading.get_native_id()
        threading.Thread(target=_ask_rtkit, args=(thread,), name="rtkit", daemon=True).start()


def _ask_rtkit(thread: int) -> None:
    # Without the library, the bus, rtkit or its consent, the sound is only less certain.
    with contextlib.suppress(Exception):
        from jeepney import DBusAddress, new_method_call
        from jeepney.io.blocking import open_dbus_connection

        kit = DBusAddress("/org/freedesktop/RealtimeKit1", bus_name=_RTKIT, interface=_RTKIT)
        call = new_method_call(kit, "MakeThreadRealtime", "tu", (thread, PRIORITY))
        with open_dbus_connection(bus="SYSTEM") as connection:
            connection.send_and_get_reply(call, timeout=_PATIENCE)
