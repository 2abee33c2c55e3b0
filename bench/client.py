"""A light WebRTC peer on one UDP socket: checks with USE-CANDIDATE, DTLS client, SRTP keys, consent, RR and REMB.

It decodes nothing. A subscriber's media is dropped and counted by the kernel (`kernel.drop_media`).
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
import socket
from typing import TYPE_CHECKING

from bench import kernel, sdp
from server.peer.dtls import Certificate, Dtls
from server.peer.ice import new_credentials
from server.peer.srtp import SrtpIn, SrtpOut
from server.wire import rtcp, stun
from server.wire.demux import classify, is_rtcp
from server.wire.errors import BadPacket

if TYPE_CHECKING:
    from collections.abc import Callable

CHECK_EVERY = 0.05  # s, until the first answer (RFC 8445 section 14.2: Ta)
CONSENT_EVERY = 2.5  # s, as Chromium
REPORT_EVERY = 1.0  # s
PRIORITY = (126 << 24 | 65535 << 8 | 255).to_bytes(4, "big")
REMB_BITRATE = 5_000_000
RECEIVE_BUFFER = 4 << 20


class Client:
    """One peer. `connected` is set when SRTP can flow; `on_rtp`, `on_rtcp` get plain packets when given."""

    def __init__(self, host: str, certificate: Certificate) -> None:
        self._loop = asyncio.get_running_loop()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self.socket.bind((host, 0))
        self._certificate = certificate
        ufrag, pwd = new_credentials()
        self.local = sdp.Local(ufrag, pwd, certificate.fingerprint_sha256, self.socket.getsockname()[:2])
        self.connected = asyncio.Event()
        self.closed = asyncio.Event()
        self.on_rtp: Callable[[bytes], None] | None = None
        self.on_rtcp: Callable[[list[rtcp.Packet]], None] | None = None
        self.subscriber = False  # then it reports
        self.cut_off = False  # then nothing comes in or goes out, as in an outage
        self._loss, self._chance = 0.0, random.Random(1)
        self.srtp_in: SrtpIn | None = None
        self.srtp_out: SrtpOut | None = None
        self._remote: sdp.Transport | None = None
        self._dtls: Dtls | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._loop.add_reader(self.socket, self._readable)

    def lose(self, share: float, chance: random.Random) -> None:
        """Each datagram of either direction is lost with this probability from now on."""
        self._loss, self._chance = share, chance

    def offer(self, direction: str) -> str:
        """ "sendonly" to publish, "recvonly" to play."""
        self.subscriber = direction == "recvonly"
        return sdp.offer(self.local, direction)

    def answer(self, offered: str) -> str:
        """To a server that offers; connecting begins."""
        self.subscriber = True
        self.accept(offered)
        return sdp.answer(offered, self.local)

    def accept(self, description: str) -> None:
        """Take the other side's description and connect."""
        self._remote = sdp.transport(description)
        self._check()

    def media_received(self) -> int:
        """Packets of media the kernel has counted, once `kernel.drop_media(self.socket)` is in force."""
        return kernel.dropped(self.socket)

    def send_rtp(self, packet: bytes) -> None:
        assert self.srtp_out is not None
        protected = self.srtp_out.protect_bytes(packet)
        if protected is not None:
            self._send(protected)

    def send_rtcp(self, *packets: rtcp.Packet) -> None:
        assert self.srtp_out is not None
        protected = self.srtp_out.protect_rtcp_bytes(b"".join(map(bytes, packets)))
        if protected is not None:
            self._send(protected)

    def close(self) -> None:
        if self.socket.fileno() < 0:
            return
        if self._dtls is not None:
            self._dtls.close()
            self._flush()
        for timer in self._timers.values():
            timer.cancel()
        self._loop.remove_reader(self.socket)
        self.socket.close()
        self.closed.set()

    def _later(self, name: str, delay: float, callback: Callable[[], None]) -> None:
        if name in self._timers:
            self._timers[name].cancel()
        self._timers[name] = self._loop.call_later(delay, callback)

    def _send(self, datagram: bytes) -> None:
        assert self._remote is not None
        if self._falls():
            return
        with contextlib.suppress(BlockingIOError, ConnectionRefusedError):
            self.socket.sendto(datagram, self._remote.address)

    def _falls(self) -> bool:
        return self.cut_off or (self._loss > 0.0 and self._chance.random() < self._loss)

    def _check(self) -> None:
        assert self._remote is not None
        username = f"{self._remote.ufrag}:{self.local.ufrag}".encode()
        message = stun.Message(
            stun.BINDING,
            secrets.token_bytes(12),
            (
                (stun.USERNAME, username),
                (stun.PRIORITY, PRIORITY),
                (stun.ICE_CONTROLLING, bytes(8)),
                (stun.USE_CANDIDATE, b""),
            ),
        )
        self._send(message.build(self._remote.pwd.encode()))
        self._later("check", CONSENT_EVERY if self._dtls is not None else CHECK_EVERY, self._check)

    def _readable(self) -> None:
        for _ in range(64):
            try:
                datagram, address = self.socket.recvfrom(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if datagram and not self._falls():
                self._receive(datagram, address)

    def _receive(self, datagram: bytes, address: tuple[str, int]) -> None:
        kind = classify(datagram[0])
        if kind == "stun":
            self._receive_stun(datagram, address)
        elif kind == "dtls" and self._dtls is not None:
            self._dtls.receive(datagram)
            self._flush()
            self._advance()
        elif kind == "rtp" and self.srtp_in is not None:
            self._receive_media(datagram)

    def _receive_stun(self, datagram: bytes, address: tuple[str, int]) -> None:
        try:
            message = stun.parse_untrusted(datagram)
        except BadPacket:
            return
        if message.message_class == stun.REQUEST:  # a full agent checks us too
            mapped = stun.pack_xor_address(*address, message.transaction)
            answer = stun.Message(
                stun.BINDING | stun.SUCCESS, message.transaction, ((stun.XOR_MAPPED_ADDRESS, mapped),)
            )
            self.socket.sendto(answer.build(self.local.pwd.encode()), address)
        elif message.message_class == stun.SUCCESS and self._dtls is None:
            assert self._remote is not None
            self._dtls = Dtls(self._certificate, self._remote.fingerprints, client=True)
            self._dtls.start()
            self._flush()
            self._dtls_timer()

    def _receive_media(self, datagram: bytes) -> None:
        assert self.srtp_in is not None
        if is_rtcp(datagram[1]):
            if self.on_rtcp is not None:
                plain = self.srtp_in.unprotect_rtcp_bytes(datagram)
                if plain is not None:
                    self.on_rtcp(rtcp.parse_compound_untrusted(plain))
        elif self.on_rtp is not None:
            plain = self.srtp_in.unprotect_bytes(datagram)
            if plain is not None:
                self.on_rtp(plain)

    def _flush(self) -> None:
        assert self._dtls is not None
        for datagram in self._dtls.outputs():
            self._send(datagram)

    def _dtls_timer(self) -> None:
        assert self._dtls is not None
        timeout = self._dtls.timeout()
        if timeout is not None:
            self._later("dtls", timeout + 0.001, self._dtls_timeout)

    def _dtls_timeout(self) -> None:
        assert self._dtls is not None
        self._dtls.handle_timeout()
        self._flush()
        self._advance()
        self._dtls_timer()

    def _advance(self) -> None:
        assert self._dtls is not None
        if self._dtls.failure is not None or self._dtls.closed_by_peer:
            self.closed.set()
        elif self._dtls.keys is not None and self.srtp_out is None:
            self.srtp_in, self.srtp_out = SrtpIn(self._dtls.keys), SrtpOut(self._dtls.keys)
            self.connected.set()
            if self.subscriber:
                self._later("report", REPORT_EVERY * secrets.randbelow(1000) / 1000, self._report)

    def _report(self) -> None:
        own = int.from_bytes(self.local.ufrag.encode()[:4], "big")
        self.send_rtcp(rtcp.ReceiverReport(own), rtcp.Remb(own, REMB_BITRATE, ()))
        self._later("report", REPORT_EVERY, self._report)


async def connect(client: Client, timeout: float = 15.0) -> None:
    """Wait until its SRTP can flow. Raises TimeoutError."""
    async with asyncio.timeout(timeout):
        await client.connected.wait()
