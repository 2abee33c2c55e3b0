"""The smallest shell around PeerSession: one UDP socket, one timer. For tests and for making captures."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from server.peer.dtls import Certificate
from server.peer.ice import new_credentials
from server.peer.session import PeerSession
from server.wire import sdp
from server.wire.demux import classify, is_rtcp

if TYPE_CHECKING:
    from collections.abc import Callable


class UdpShell(asyncio.DatagramProtocol):
    """Serves one peer at a time; `on_media(kind, plain packet)` gets what was decrypted, `seen` every datagram."""

    def __init__(self, on_media: Callable[[str, bytes], None] | None = None) -> None:
        self.certificate = Certificate()
        self.peer: PeerSession | None = None
        self.seen: list[bytes] = []
        self.rejected = 0
        self._on_media = on_media or (lambda kind, data: None)
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self.connected = asyncio.Event()

    @classmethod
    async def open(cls, host: str = "127.0.0.1", on_media: Callable[[str, bytes], None] | None = None) -> UdpShell:
        loop = asyncio.get_running_loop()
        _, shell = await loop.create_datagram_endpoint(lambda: cls(on_media), local_addr=(host, 0))
        return shell

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self.address: tuple[str, int] = transport.get_extra_info("sockname")[:2]

    def local(self, ssrcs: dict[str, sdp.Ssrc] | None = None) -> sdp.LocalDescription:
        self._credentials = new_credentials()
        return sdp.LocalDescription(
            *self._credentials,
            self.certificate.fingerprint_sha256,
            (self.address,),
            ssrcs or {},
            "shell",
            "shell",
        )

    def expect(self, remote: sdp.Remote) -> PeerSession:
        self.peer = PeerSession(remote, *self._credentials, self.certificate, self._loop.time())
        self.connected.clear()
        return self.peer

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.seen.append(data)
        peer = self.peer
        if peer is None or not data:
            return
        if classify(data[0]) != "rtp":
            peer.receive(data, ("udp", addr), self._loop.time())
            self._drain()
        elif peer.srtp_in is not None:
            rtcp = is_rtcp(data[1])
            plain = peer.srtp_in.unprotect_rtcp_bytes(data) if rtcp else peer.srtp_in.unprotect_bytes(data)
            if plain is None:
                self.rejected += 1
            else:
                self._on_media("rtcp" if rtcp else "rtp", plain)

    def send(self, datagram: bytes) -> None:
        assert self.peer is not None
        self._transport.sendto(datagram, self.peer.selected_path[1])

    def _drain(self) -> None:
        assert self.peer is not None
        for data, path in self.peer.outputs():
            self._transport.sendto(data, path[1])
        if self.peer.state == "connected":
            self.connected.set()
        if self._timer is not None:
            self._timer.cancel()
        deadline = self.peer.next_deadline()
        self._timer = None if deadline is None else self._loop.call_at(deadline, self._tick)

    def _tick(self) -> None:
        assert self.peer is not None
        self.peer.handle_timer(self._loop.time())
        self._drain()

    def close(self) -> None:
        if self.peer is not None:
            self.peer.close(self._loop.time())
            self._drain()
        if self._timer is not None:
            self._timer.cancel()
        self._transport.close()
