"""Answers about the network: relays and the network test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .schemas import Answer, Time

if TYPE_CHECKING:
    from server.live.ice_servers import Relays


class IceServer(Answer):
    """As RTCPeerConnection takes it (`RTCIceServer`)."""

    urls: list[str]
    username: str
    credential: str


class IceServersAnswer(Answer):
    """`ice_servers` is empty where no relay is configured; until `expires_at` the credentials open one."""

    ice_servers: list[IceServer]
    expires_at: Time


class NetworkTestAnswer(Answer):
    """A test lesson: `token` opens `/whip/{id}` and `/whep/{id}` (both without `source`) until `expires_at`."""

    id: str
    token: str
    expires_at: Time
    ice_servers: list[IceServer]


def ice_servers(relays: Relays) -> list[IceServer]:
    """Relays as answers have them."""
    if not relays.urls:
        return []
    return [IceServer(urls=list(relays.urls), username=relays.username, credential=relays.credential)]
