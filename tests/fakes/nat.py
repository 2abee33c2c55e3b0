"""A NAT for one client: a UDP relay whose outer port changes when its mapping is forgotten."""

from __future__ import annotations

import asyncio
import re
from typing import Any, cast


def only_candidate(answer: str, host: str, port: int) -> str:
    """An SDP answer with one UDP candidate instead of its own."""
    lines = [line for line in answer.split("\r\n") if not line.startswith("a=candidate:")]
    ours = f"a=candidate:1 1 udp 2130706431 {host} {port} typ host"
    at = next(n for n, line in enumerate(lines) if re.match(r"a=(mid|ice-ufrag):", line))
    return "\r\n".join([*lines[: at + 1], ours, *lines[at + 1 :]])


class _Outer(asyncio.DatagramProtocol):
    def __init__(self, nat: Nat) -> None:
        self._nat = nat

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._nat.to_client(data)


class Nat(asyncio.DatagramProtocol):
    """`await Nat.open(server)`; clients send to `address`. Datagrams to a forgotten outer port reach nobody."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._client: Any = None
        self._inner: asyncio.DatagramTransport | None = None
        self._outer: asyncio.DatagramTransport | None = None
        self.stun = True  # False: connectivity checks are lost from now on
        self.last: dict[bool, bytes] = {}  # the newest media (False) and RTCP (True) datagram that went out

    @classmethod
    async def open(cls, server: tuple[str, int]) -> Nat:
        nat = cls(server)
        loop = asyncio.get_running_loop()
        nat._inner, _ = await loop.create_datagram_endpoint(lambda: nat, local_addr=(server[0], 0))
        await nat.rebind()
        return nat

    @property
    def address(self) -> tuple[str, int]:
        assert self._inner is not None
        return cast("tuple[str, int]", self._inner.get_extra_info("sockname")[:2])

    async def rebind(self) -> None:
        """Forget the mapping: the next datagram leaves from another port, and the old one is closed."""
        loop = asyncio.get_running_loop()
        before = self._outer
        self._outer, _ = await loop.create_datagram_endpoint(lambda: _Outer(self), local_addr=(self._server[0], 0))
        if before is not None:
            before.close()

    def rewrite(self, answer: str) -> str:
        """An SDP answer with this NAT as the only candidate."""
        return only_candidate(answer, *self.address)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._client = addr
        assert self._outer is not None
        if data[0] < 4 and not self.stun:
            return
        if 127 < data[0] < 192:
            self.last[191 < data[1] < 224] = data
        self._outer.sendto(data, self._server)

    def to_client(self, data: bytes) -> None:
        if self._inner is not None and self._client is not None:
            self._inner.sendto(data, self._client)

    def close(self) -> None:
        for transport in (self._inner, self._outer):
            if transport is not None:
                transport.close()
