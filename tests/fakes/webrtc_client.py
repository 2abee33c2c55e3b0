"""The other end, in memory: checks like a browser's, a DTLS client, SRTP. No sockets."""

from __future__ import annotations

import secrets

from server.peer.dtls import Certificate, Dtls
from server.peer.srtp import SrtpIn, SrtpOut
from server.wire import sdp, stun


class WebRtcClient:
    """A full ICE agent's side towards one PeerSession."""

    def __init__(self, certificate: Certificate | None = None, ufrag: str = "clnt") -> None:
        self.certificate = certificate or Certificate()
        self.ufrag = ufrag
        self.dtls: Dtls | None = None

    @property
    def remote(self) -> sdp.Remote:
        """What the offer says of us."""
        return sdp.Remote(self.ufrag, "c" * 24, (("sha-256", self.certificate.fingerprint_sha256),))

    def check(self, local_ufrag: str, pwd: str, *extra: tuple[int, bytes], nominate: bool = True) -> bytes:
        """A connectivity check as Chromium makes it."""
        attributes = [(stun.USERNAME, f"{local_ufrag}:{self.ufrag}".encode()), (stun.PRIORITY, b"\x6e\0\x1e\xff")]
        if not any(kind == stun.ICE_CONTROLLED for kind, _ in extra):
            attributes.append((stun.ICE_CONTROLLING, bytes(8)))
        if nominate:
            attributes.append((stun.USE_CANDIDATE, b""))
        message = stun.Message(stun.BINDING, secrets.token_bytes(12), (*attributes, *extra))
        return message.build(pwd.encode())

    def start_dtls(self, fingerprint: str, certificate: Certificate | None = None) -> list[bytes]:
        self.dtls = Dtls(certificate or self.certificate, [("sha-256", fingerprint)], client=True)
        self.dtls.start()
        return self.dtls.outputs()

    def receive(self, datagram: bytes) -> list[bytes]:
        assert self.dtls is not None
        self.dtls.receive(datagram)
        return self.dtls.outputs()

    def srtp(self) -> tuple[SrtpOut, SrtpIn]:
        assert self.dtls is not None
        assert self.dtls.keys is not None, self.dtls.failure
        return SrtpOut(self.dtls.keys), SrtpIn(self.dtls.keys)
