"""The relay as we ship its configuration: whom it serves, and where it leads."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from aioice import stun, turn

from server.live.ice_servers import IceServers
from tests.netns.network import SERVER, TURN, Network
from tests.netns.relay import SECRET, URLS, Relay

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with Network(seed=7, school=("cable",)), Relay(tmp_path_factory.mktemp("relay")) as made:
        yield made


async def lead_to(peer: str, lifetime: float = 600) -> None:
    """Asks the relay for a channel to a peer, with credentials that last so long (s). Raises TransactionFailed."""
    relays = IceServers(URLS, SECRET, lifetime, time.time).relays_for("teacher")
    inner = turn.TurnClientUdpProtocol((TURN, 3478), relays.username, relays.credential, 600, 500)
    transport = turn.TurnTransport(inner)
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: inner, remote_addr=(TURN, 3478))
    try:
        await transport._connect(_Nobody())
        await inner.channel_bind(0x4000, (peer, 8189))
    finally:
        inner.transport.close()


class _Nobody:
    """Takes what the relay brings."""

    def connection_made(self, transport: object) -> None: ...
    def connection_lost(self, error: Exception | None) -> None: ...


async def test_it_leads_to_the_media_addresses(relay: Relay) -> None:
    await lead_to(SERVER)


@pytest.mark.parametrize("peer", [TURN, "10.79.0.1", "127.0.0.1", "192.0.2.1", "224.0.0.1"])
async def test_it_leads_nowhere_else(relay: Relay, peer: str) -> None:
    with pytest.raises(stun.TransactionFailed, match="403"):
        await lead_to(peer)


async def test_credentials_that_have_ended_open_nothing(relay: Relay) -> None:
    with pytest.raises(stun.TransactionFailed, match="401"):
        await lead_to(SERVER, lifetime=-10)
