"""A small internet for tests: a server and clients in namespaces of their own, an impaired path for each client.

The server answers at SERVER (and SERVER_6) whichever way a packet comes. While the network is open, the thread that
opened it lives in the server's namespace, so that what starts and asks a server (`tests.fakes.serving`) works as it is.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.fakes.link import PERFECT, Profile
from tests.netns.namespace import Namespace

if TYPE_CHECKING:
    from collections.abc import Iterable

SERVER, SERVER_6 = "10.77.0.1", "fd77::1"
TURN = "10.77.0.2"  # a second address of the same machine, for what also wants port 443
BOTH = ("up", "down")
_REPLY = 5.0  # s the pump may take to answer


class Client:
    """Someone's machine: a namespace, and its ways (interfaces) to the server, of which one is in use."""

    def __init__(self, network: Network, name: str, ways: dict[str, int]) -> None:
        self.name = name
        self.namespace = Namespace(name)
        self.ways = ways  # name of the way → number of its subnet
        self.way = next(iter(ways))  # the one in use
        self._network = network

    def address(self, way: str | None = None) -> str:
        """The client's IPv4 address on that way (the one in use, if none is named)."""
        return f"10.78.{self.ways[way or self.way]}.2"

    def use(self, way: str) -> None:
        """Takes this way for everything from now on; the other interfaces go down, as a switched-off Wi-Fi does."""
        for other in self.ways:
            self.namespace.run("ip", "link", "set", other, "up" if other == way else "down")
        self.way, number = way, self.ways[way]
        self.namespace.run("ip", "-6", "addr", "replace", f"fd78:{number:x}::2/64", "dev", way, "nodad")
        self.namespace.run("ip", "route", "replace", "default", "dev", way, "src", self.address(way))
        self.namespace.run("ip", "-6", "route", "replace", "default", "dev", way)

    def link(
        self, up: Profile | None = None, down: Profile | None = None, *, both: Profile | None = None, way: str = ""
    ) -> None:
        """Changes the path's directions (None: stays as it is); what was planned for them is forgotten."""
        now = time.monotonic()
        for direction, profile in (("up", up or both), ("down", down or both)):
            if profile is not None:
                self.plan([(now, profile)], (direction,), way=way)

    def plan(self, steps: Iterable[tuple[float, Profile]], directions: Iterable[str] = BOTH, *, way: str = "") -> None:
        """Profiles at their times by `time.monotonic()`, for the given directions."""
        listed = [(at, asdict(profile)) for at, profile in steps]
        self._order(way, directions=list(directions), steps=listed)

    def outage(self, seconds: float, profile: Profile = PERFECT, *, way: str = "") -> float:
        """Everything is lost for so long from now; `profile` afterwards. Answers when it ends by `time.monotonic()`."""
        now = time.monotonic()
        self.plan([(now, replace(profile, down=True)), (now + seconds, profile)], way=way)
        return now + seconds

    def rebind_nat(self, shift: int = 1111, *, way: str = "") -> None:
        """The client's UDP comes from other ports from now on, and the old ones are dead."""
        self._order(way, rebind=shift)

    def counts(self, *, way: str = "") -> dict[str, dict[str, Any]]:
        """`tests.fakes.link.Counts` of both directions, with the seconds that now wait in the queue."""
        return self._order(way)

    def block_udp(self) -> None:
        """A firewall that lets no UDP through."""
        for chain in ("OUTPUT", "INPUT"):
            self._firewall("-A", chain, "!", "-i" if chain == "INPUT" else "-o", "lo", "-p", "udp", "-j", "DROP")

    def only_443(self) -> None:
        """A firewall that knows web pages only: TCP to port 443, nothing else."""
        self._firewall("-A", "OUTPUT", "-o", "lo", "-j", "ACCEPT")
        self._firewall("-A", "OUTPUT", "-p", "tcp", "--dport", "443", "-j", "ACCEPT")
        self._firewall("-A", "OUTPUT", "-j", "DROP")

    def open_firewall(self) -> None:
        self._firewall("-F")

    def masquerade(self) -> None:
        """Puts the client behind a NAT: its own address is private, the path sees another with random ports."""
        way = next(iter(self.ways))
        private = f"192.168.{self.ways[way]}.2"
        self.namespace.run("ip", "addr", "replace", f"{private}/32", "dev", "lo")
        self.namespace.run("ip", "route", "replace", "default", "dev", way, "src", private)
        self._firewall("-t", "nat", "-A", "POSTROUTING", "-o", way, "-j", "MASQUERADE", "--random")

    def _firewall(self, *rule: str) -> None:
        self.namespace.run("iptables", "-w", *rule)
        if "nat" not in rule and "icmp" not in rule:
            with contextlib.suppress(RuntimeError):  # a kernel without IPv6 has nothing to block
                self.namespace.run("ip6tables", "-w", *rule)

    def _order(self, way: str, **order: Any) -> dict[str, Any]:
        return self._network.order({"path": f"{self.name}.{way or self.way}", **order})


class Network:
    """`Network(school=("wifi", "mobile"), town=("cable",))`: clients by name with their ways; the first is in use."""

    def __init__(self, seed: int = 1, **clients: tuple[str, ...]) -> None:
        numbers = iter(range(1, 250))
        self.server = Namespace("server")
        self.clients = {
            name: Client(self, name, {way: next(numbers) for way in ways}) for name, ways in clients.items()
        }
        self._seed = seed
        self._pump: subprocess.Popen[str] | None = None
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.server.run("ip", "addr", "add", f"{SERVER}/32", "dev", "lo")
        self.server.run("ip", "addr", "add", f"{TURN}/32", "dev", "lo")
        self.server.run("ip", "-6", "addr", "add", f"{SERVER_6}/128", "dev", "lo")
        self._town()
        devices = {
            f"{client.name}.{way}": (client.namespace.tun(way), self._far_end(number))
            for client in self.clients.values()
            for way, number in client.ways.items()
        }
        for client in self.clients.values():
            for way, number in client.ways.items():
                client.namespace.run("ip", "addr", "add", f"10.78.{number}.2/24", "dev", way)
            client.use(next(iter(client.ways)))
        self._start_pump(devices)
        self._stack.enter_context(self.server.entered())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        if self._pump is not None and self._pump.stdin is not None and self._pump.stdout is not None:
            self._pump.stdin.close()
            self._pump.wait(_REPLY)
            self._pump.stdout.close()
        for namespace in (self.server, *(client.namespace for client in self.clients.values())):
            namespace.close()

    def order(self, order: dict[str, Any]) -> dict[str, Any]:
        """One order to the pump and its answer."""
        assert self._pump is not None
        assert self._pump.stdin is not None
        assert self._pump.stdout is not None
        self._pump.stdin.write(json.dumps(order) + "\n")
        self._pump.stdin.flush()
        answer: dict[str, Any] = json.loads(self._pump.stdout.readline())
        return answer

    def _town(self) -> None:
        """An interface for browsers beside the server: they take no candidate from loopback."""
        self.server.run("ip", "link", "add", "town0", "type", "veth", "peer", "name", "town1")
        self.server.run("ip", "addr", "add", "10.79.0.1/24", "dev", "town0")
        for end in ("town0", "town1"):
            self.server.run("ip", "link", "set", end, "up")
        self.server.run("ip", "route", "add", "default", "dev", "town0", "src", "10.79.0.1")

    def _far_end(self, number: int) -> int:
        """The server's end of a path: it answers whoever comes from there through the same device."""
        device = self.server.tun(f"path{number}")
        self.server.run("ip", "link", "set", f"path{number}", "up")
        self.server.run("ip", "route", "add", f"10.78.{number}.0/24", "dev", f"path{number}", "src", SERVER)
        self.server.run("ip", "-6", "route", "add", f"fd78:{number:x}::/64", "dev", f"path{number}", "src", SERVER_6)
        return device

    def _start_pump(self, devices: dict[str, tuple[int, int]]) -> None:
        handles = [handle for pair in devices.values() for handle in pair]
        root = Path(__file__).parents[2]
        self._pump = subprocess.Popen(
            [sys.executable, "-m", "tests.netns.pump", json.dumps(devices), str(self._seed)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, pass_fds=handles, cwd=root, env=os.environ,
        )  # fmt: skip
        for handle in handles:
            os.close(handle)
