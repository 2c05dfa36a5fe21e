"""A small program that plays as retrotimer does; it reads orders and writes its state as JSON.

While told to hold a lease, it renews it every 0.2 s. Usage: `python player_driver.py [BACKEND]`.
"""

from __future__ import annotations

import json
import sys
import time
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from retrotimer.audio.players.base import Player, PlayerWrapper
from retrotimer.audio.players.create import create
from retrotimer.audio.players.process import ProcessPlayer
from retrotimer.audio.protocol import Alarm, Dropped, Played, PlayerReport
from retrotimer.audio.schedule import Entry
from retrotimer.host.clock import MILLISECOND, boot_ns, now_ns

LEASE = 1500 * MILLISECOND


def process_of(player: Player) -> int | None:
    """The id of the process that plays, through any wrappers."""
    while isinstance(player, PlayerWrapper):
        player = player.player
    return player.pid if isinstance(player, ProcessPlayer) else None


def main() -> None:
    orders: SimpleQueue[dict[str, Any] | None] = SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            orders.put(json.loads(line))
        orders.put(None)

    def say(**what: object) -> None:
        print(json.dumps(what), flush=True)

    def listen(report: PlayerReport) -> None:
        if isinstance(report, Played | Dropped | Alarm):
            cue = {} if isinstance(report, Alarm) else {"due": report.due, "sound": report.sound}
            say(report=type(report).__name__, at=now_ns(), **cue)

    Thread(target=read, daemon=True).start()
    backend = sys.argv[1] if len(sys.argv) > 1 else "auto"
    player = create(backend, ring=lambda: say(bell=now_ns()), listen=listen)
    player.start()
    told: tuple[object, ...] = ()
    holding = False
    renewed = 0
    while True:
        try:
            order = orders.get(timeout=0.02)
        except Empty:
            order = {}
        if order is None:
            break
        if "hold" in order:
            holding, renewed = order["hold"], 0
            if not holding:
                player.lease(None)
        if holding and now_ns() - renewed > 200 * MILLISECOND:
            renewed = now_ns()
            player.lease(boot_ns() + LEASE)
        if "play" in order:
            player.play(
                [Entry(due, sound, words=tuple(words)) for due, sound, *words in order["play"]]
            )
            say(told=now_ns())
        player.poll()
        if (player.status, player.detail) != told:
            told = (player.status, player.detail)
            more = {"pid": process_of(player), "note": player.note}
            say(status=player.status, detail=player.detail, at=now_ns(), **more)
    began = time.monotonic()
    player.close()
    say(closed=time.monotonic() - began)


if __name__ == "__main__":
    main()
