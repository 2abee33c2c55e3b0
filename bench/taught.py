"""A lesson to measure: a server that was started, and the clip published to it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bench.client import Client
from bench.publisher import Publisher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bench.clip import Clip
    from bench.servers import Server
    from server.peer.dtls import Certificate


@asynccontextmanager
async def taught(server: Server, clip: Clip, *, host: str, certificate: Certificate) -> AsyncIterator[Publisher]:
    """Starts the server and publishes; both end with the block, however it ends."""
    try:
        await server.start()
        source = Client(host, certificate)
        try:
            await server.publish(source)
        except BaseException:
            source.close()
            raise
        publisher = Publisher(source, clip)
        try:
            yield publisher
        finally:
            await publisher.stop()
    finally:
        await server.stop()
