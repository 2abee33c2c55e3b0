"""Room recorders as sources: which addresses may be pulled from, and what a pull is (docs/protocols.md, section 9).

A server that connects to what a person typed can be turned against the network it stands in. So the host is resolved
once, every address it has must lie in a range that the settings allow, and the connection goes to the checked address.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit, urlunsplit

from server.county.errors import Conflict, Invalid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PORTS = {"rtsp": 554, "rtmp": 1935}
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address. `url` as given, credentials and all; `address` is where to connect, whatever `url` says."""

    url: str
    address: str
    port: int

    @property
    def shown(self) -> str:
        """Without credentials, for pages and logs."""
        return without_credentials(self.url)


@dataclass(frozen=True, slots=True)
class Ingest:
    """A pull that is wanted. `source`: whose place it takes; `token`: a media token for that place."""

    id: str
    lesson_id: str
    source: str
    target: Target
    token: str
    by: str


@dataclass(frozen=True, slots=True)
class IngestState:
    """How a pull fares: `connecting`, `live` or `waiting` (to try again) with a code and words of why; since Unix s."""

    state: str = "connecting"
    code: str = ""
    video: str = ""
    audio: str = ""
    since: float = 0.0


class Ingests(Protocol):
    """The pulls that are wanted, and what the process that makes them says of them."""

    async def add(self, ingest: Ingest) -> None:
        """Raises Unavailable."""
        ...

    async def of_lesson(self, lesson_id: str) -> list[tuple[Ingest, IngestState]]:
        """Raises Unavailable."""
        ...

    async def remove(self, ingest_id: str) -> None:
        """Raises Unavailable."""
        ...


class NoIngests:
    """None can be wanted: for processes and tests without them."""

    async def add(self, ingest: Ingest) -> None:
        """See the port."""

    async def of_lesson(self, lesson_id: str) -> list[tuple[Ingest, IngestState]]:
        """See the port."""
        return []

    async def remove(self, ingest_id: str) -> None:
        """See the port."""


async def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a name, as the machine's resolver says. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True, slots=True)
class IngestDesk:
    """What the web needs to take a wish: `ranges` are the networks that may be pulled from."""

    ingests: Ingests = field(default_factory=NoIngests)
    ranges: tuple[Network, ...] = ()
    resolve: Resolve = resolve_host


async def check(url: str, ranges: Sequence[Network], resolve: Resolve) -> Target:
    """The address that may be pulled from. `resolve`: host, port → addresses; may raise OSError.

    Raises Invalid (`bad_url`, `unknown_host`, `address_not_allowed`), Conflict (`ingest_off`).
    """
    if not ranges:
        raise Conflict(
            "ingest_off",
            "还没有允许任何录播主机的地址：请管理员在设置里填写 ingest_ranges。",
            "No room recorder's address is allowed yet: the administrator sets ingest_ranges.",
        )
    host, port = _host_and_port(url)
    try:
        addresses = list(dict.fromkeys(await resolve(host, port)))
    except OSError:
        addresses = []
    if not addresses:
        raise Invalid(
            "unknown_host", f"找不到主机 {host}，请检查地址。", f"There is no host {host}: check the address."
        )
    for address in addresses:
        if not any(_plain(address) in network for network in ranges):
            allowed = ", ".join(str(network) for network in ranges)
            raise Invalid(
                "address_not_allowed",
                f"地址 {address} 不在允许的范围（{allowed}）内，请管理员把它加入 ingest_ranges。",
                f"The address {address} is not in an allowed range ({allowed}): ask for it in ingest_ranges.",
            )
    return Target(url, addresses[0], port)


def _host_and_port(url: str) -> tuple[str, int]:
    bad = Invalid(
        "bad_url",
        "地址应像 rtsp://主机/路径 或 rtmp://主机/应用/流名。",
        "The address should be like rtsp://host/path or rtmp://host/app/stream.",
    )
    if len(url) > LONGEST or not url.isprintable() or " " in url or "\\" in url:
        raise bad
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise bad from None
    if not parts.hostname or parts.fragment:
        raise bad
    return parts.hostname, port


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An IPv4 address in IPv6's clothes is that IPv4 address; a zone does not count."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def without_credentials(url: str) -> str:
    """What may be shown."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
