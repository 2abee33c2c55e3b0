"""DTLS 1.2 over datagrams that others carry, and the SRTP keys that come out of it (RFC 5764).

One `SSL.Context` serves every peer of the process: a handshake costs 0.4 ms with it, several with one of its own.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

if TYPE_CHECKING:
    from collections.abc import Sequence

MTU = 1200  # bytes of a datagram: fits every path WebRTC meets, and a browser's own first flight has as many
MAX_DATAGRAM = 16_384
RECORD_HEADER = 13  # bytes, RFC 6347 section 4.1
LABEL = b"EXTRACTOR-dtls_srtp"  # RFC 5764 section 4.2
VALIDITY = datetime.timedelta(days=365)

# Every one of them is DTLS 1.2 only, with forward secrecy.
CIPHERS = b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384"

_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha-256": hashes.SHA256(),
    "sha-384": hashes.SHA384(),
    "sha-512": hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class Profile:
    """An SRTP protection profile (RFC 5764 section 4.1.2, RFC 7714 section 14.2)."""

    name: bytes  # OpenSSL's
    key_length: int
    salt_length: int


# GCM first: the server's order decides, and every browser takes it. It is also the faster one.
PROFILES = (Profile(b"SRTP_AEAD_AES_128_GCM", 16, 12), Profile(b"SRTP_AES128_CM_SHA1_80", 16, 14))


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """Master key + salt per direction, as libsrtp wants them."""

    profile: bytes
    out_key: bytes = field(repr=False)
    in_key: bytes = field(repr=False)


class Certificate:
    """A self-made certificate and the context that all peers share."""

    def __init__(self, *, not_before: datetime.datetime | None = None) -> None:
        """`not_before` defaults to yesterday (clocks differ). Nobody checks the dates: the fingerprint is the trust."""
        start = not_before or datetime.datetime.now(tz=datetime.UTC) - datetime.timedelta(days=1)
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tongke")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + VALIDITY)
            .sign(key, hashes.SHA256())
        )
        self.fingerprint_sha256 = digest_of(certificate, "sha-256")
        self.context = context = SSL.Context(SSL.DTLS_METHOD)
        context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_QUERY_MTU | SSL.OP_NO_RENEGOTIATION)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        # Any certificate passes here; its fingerprint decides afterwards, before a single packet of media is taken.
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        context.set_cipher_list(CIPHERS)
        context.set_tlsext_use_srtp(b":".join(profile.name for profile in PROFILES))


def digest_of(certificate: x509.Certificate, algorithm: str) -> str:
    """ "AB:CD:…" as in SDP; `algorithm` is "sha-256", "sha-384" or "sha-512"."""
    return certificate.fingerprint(_DIGESTS[algorithm]).hex(":").upper()


class Dtls:
    """One association. Feed datagrams in, take datagrams out; `keys` or `failure` says how the handshake ended."""

    def __init__(
        self, certificate: Certificate, fingerprints: Sequence[tuple[str, str]], *, client: bool = False
    ) -> None:
        self._connection = SSL.Connection(certificate.context, None)
        self._connection.set_ciphertext_mtu(MTU)
        self._client = client
        if client:
            self._connection.set_connect_state()
        else:
            self._connection.set_accept_state()
        self._fingerprints = tuple(fingerprints)
        self._out: list[bytes] = []
        self.keys: SrtpKeys | None = None
        self.failure: str | None = None
        self.closed_by_peer = False

    def start(self) -> None:
        """A client's first flight."""
        self._advance()

    def receive(self, datagram: bytes) -> None:
        """Take one datagram. Never raises on its content."""
        if self.failure is not None or self.closed_by_peer or not 0 < len(datagram) <= MAX_DATAGRAM:
            return
        self._connection.bio_write(datagram)
        self._advance()

    def outputs(self) -> list[bytes]:
        """Datagrams to send, oldest first."""
        out, self._out = self._out, []
        return out

    def timeout(self) -> float | None:
        """Seconds until `handle_timeout` is wanted, None when nothing is in flight."""
        if self.failure is not None or self.keys is not None or self.closed_by_peer:
            return None
        return self._connection.DTLSv1_get_timeout()

    def handle_timeout(self) -> None:
        """Send the last flight again if its time has come."""
        try:
            self._connection.DTLSv1_handle_timeout()
        except SSL.Error:  # OpenSSL gives up after a dozen retransmissions
            self.failure = "DTLS handshake timed out"
        self._drain()

    def close(self) -> None:
        """Queue close_notify."""
        if self.failure is None:
            try:
                self._connection.shutdown()
            except SSL.Error:  # in the middle of a handshake there is nothing to shut down
                self.failure = "closed"
            self._drain()

    def _advance(self) -> None:
        try:
            if self.keys is None:
                self._connection.do_handshake()
                self._finish()
            while self.failure is None:
                self._connection.recv(MAX_DATAGRAM)  # data channels are nothing to us
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.closed_by_peer = True
        except SSL.Error as error:
            self.failure = f"DTLS failed: {_reason(error)}"
        self._drain()

    def _finish(self) -> None:
        """The handshake is complete: who is it, and which keys."""
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        if certificate is None or not any(
            algorithm in _DIGESTS and digest_of(certificate, algorithm) == value
            for algorithm, value in self._fingerprints
        ):
            self.failure = "the certificate is not the one that was announced"
            return
        selected = self._connection.get_selected_srtp_profile()
        profile = next((each for each in PROFILES if each.name == selected), None)
        if profile is None:
            self.failure = "no common SRTP profile"
            return
        size, salt = profile.key_length, profile.salt_length
        material = self._connection.export_keying_material(LABEL, 2 * (size + salt))
        keys = [
            material[index * size : (index + 1) * size]
            + material[2 * size + index * salt : 2 * size + (index + 1) * salt]
            for index in (0, 1)
        ]  # client's, server's
        self.keys = (
            SrtpKeys(profile.name, keys[0], keys[1]) if self._client else SrtpKeys(profile.name, keys[1], keys[0])
        )

    def _drain(self) -> None:
        """OpenSSL's memory BIO is a stream: cut it at records again and fill datagrams of at most MTU bytes."""
        while True:
            try:
                data = self._connection.bio_read(65536)
            except SSL.Error:  # WantReadError: empty
                return
            self._out += split_records(data)


def split_records(data: bytes) -> list[bytes]:
    """Whole DTLS records gathered into datagrams of at most MTU bytes (a longer record goes alone)."""
    datagrams: list[bytes] = []
    start = position = 0
    while position < len(data):
        end = position + RECORD_HEADER + int.from_bytes(data[position + 11 : position + 13], "big")
        if end - start > MTU and position > start:
            datagrams.append(data[start:position])
            start = position
        position = end
    if start < len(data):
        datagrams.append(data[start:])
    return datagrams


def _reason(error: SSL.Error) -> str:
    queue = error.args[0] if error.args else None
    return "; ".join(str(entry[-1]) for entry in queue) if isinstance(queue, list) and queue else type(error).__name__
