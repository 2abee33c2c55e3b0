"""The process that carries packets between TUN devices through impaired links, in real time.

Started by `network.Network` with inherited descriptors: `python -m tests.netns.pump '{"name": [near, far], …}' seed`.
`near` is the client's device, `far` the server's. Orders come as JSON lines on stdin and each is answered on stdout.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
import time
from dataclasses import asdict
from random import Random
from typing import Any

from tests.fakes.link import Link, Profile
from tests.netns.nat import PortShift

MTU = 1500
BATCH = 64  # packets read from one device before the others have their turn


class Path:
    """Both directions between one client and the server."""

    def __init__(self, near: int, far: int, seed: int) -> None:
        self.near, self.far = near, far
        self.links = {"up": Link(Random(seed)), "down": Link(Random(seed + 1))}
        self.nat = PortShift()

    def take(self, device: int, now: float) -> None:
        """Reads what one device has and puts it into the link that leads away from it."""
        for _ in range(BATCH):
            try:
                packet = os.read(device, MTU)
            except BlockingIOError:
                return
            if device == self.near:
                self.links["up"].put(self.nat.outward(packet), now)
            elif (inward := self.nat.inward(packet)) is not None:
                self.links["down"].put(inward, now)

    def give(self, now: float) -> float | None:
        """Writes what has arrived; answers when the next packet does."""
        for direction, device in (("up", self.far), ("down", self.near)):
            for packet in self.links[direction].get(now):
                with contextlib.suppress(OSError):  # a full or downed interface loses a packet, as it would
                    os.write(device, packet)
        return min((at for link in self.links.values() if (at := link.next_deadline()) is not None), default=None)


def obey(paths: dict[str, Path], order: dict[str, Any], now: float) -> dict[str, Any]:
    """Carries out one order; the answer holds the counts of both directions of its path."""
    path = paths[order["path"]]
    for direction in order.get("directions", ()):
        steps = [(at, Profile(**profile)) for at, profile in order["steps"]]
        path.links[direction].follow(steps)
    if "rebind" in order:
        path.nat.rebind(order["rebind"])
    return {name: {**asdict(link.counts), "backlog": link.backlog(now)} for name, link in path.links.items()}


def main() -> None:
    """Runs until stdin ends, which it does with the process that started this one."""
    seed = int(sys.argv[2])
    devices = {name: (int(near), int(far)) for name, (near, far) in json.loads(sys.argv[1]).items()}
    paths = {name: Path(near, far, seed + 2 * index) for index, (name, (near, far)) in enumerate(devices.items())}
    owners = {device: path for path in paths.values() for device in (path.near, path.far)}
    with contextlib.suppress(OSError):
        os.nice(-10)  # what it measures is the network, not how busy the machine is
    poll = select.epoll()
    for device in (0, *owners):
        poll.register(device, select.EPOLLIN)
    deadlines: dict[Path, float | None] = dict.fromkeys(paths.values())
    while True:
        soonest = min((at for at in deadlines.values() if at is not None), default=None)
        wait = -1 if soonest is None else max(0.0, soonest - time.monotonic())
        ready = [device for device, _ in poll.poll(wait)]
        now = time.monotonic()
        if 0 in ready:
            line = sys.stdin.readline()
            if not line:
                return
            print(json.dumps(obey(paths, json.loads(line), now)), flush=True)
        touched = {owners[device] for device in ready if device}
        for device in ready:
            if device:
                owners[device].take(device, now)
        for path, at in deadlines.items():
            if path in touched or (at is not None and at <= now):
                deadlines[path] = path.give(now)


if __name__ == "__main__":
    main()
