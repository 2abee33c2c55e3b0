from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.peer.dtls import MTU, Certificate
from server.peer.session import CONSENT, PATIENCE, IllegalTransition, PeerSession
from server.wire import rtcp, rtp
from tests.fakes.webrtc_client import WebRtcClient

UFRAG, PWD = "server", "p" * 24
HERE, THERE = ("udp", ("192.0.2.1", 4000)), ("udp", ("192.0.2.1", 4001))
PACKET = rtp.build(payload_type=96, sequence=7, timestamp=8, ssrc=9, payload=b"picture" * 20)

CERTIFICATE, CLIENT_CERTIFICATE = Certificate(), Certificate()


@pytest.fixture
def client() -> WebRtcClient:
    return WebRtcClient(CLIENT_CERTIFICATE)


@pytest.fixture
def peer(client: WebRtcClient) -> PeerSession:
    return PeerSession(client.remote, UFRAG, PWD, CERTIFICATE, 0.0)


def talk(peer: PeerSession, client: WebRtcClient, datagrams: list[bytes], now: float = 1.0) -> None:
    """Carry DTLS both ways until both are silent."""
    while datagrams:
        for datagram in datagrams:
            peer.receive(datagram, HERE, now)
        datagrams = [answer for datagram, _ in peer.outputs() for answer in client.receive(datagram)]


def connect(peer: PeerSession, client: WebRtcClient) -> None:
    peer.receive(client.check(UFRAG, PWD), HERE, 1.0)
    peer.outputs()
    talk(peer, client, client.start_dtls(CERTIFICATE.fingerprint_sha256))


def test_checks_then_handshake_then_media_both_ways(peer: PeerSession, client: WebRtcClient) -> None:
    assert peer.state == "new"
    peer.receive(client.check(UFRAG, PWD), HERE, 1.0)
    assert peer.state == "connecting"
    assert [path for _, path in peer.outputs()] == [HERE]
    talk(peer, client, client.start_dtls(CERTIFICATE.fingerprint_sha256))
    assert peer.state == "connected"
    out, back = client.srtp()
    protected = out.protect_bytes(PACKET)
    assert protected is not None
    assert protected != PACKET
    assert peer.srtp_in is not None
    assert peer.srtp_in.unprotect_bytes(protected) == PACKET
    assert peer.srtp_out is not None
    report = bytes(rtcp.ReceiverReport(1))
    secret = peer.srtp_out.protect_rtcp_bytes(report)
    assert secret is not None
    assert back.unprotect_rtcp_bytes(secret) == report


def test_gcm_is_chosen(peer: PeerSession, client: WebRtcClient) -> None:
    connect(peer, client)
    assert client.dtls is not None
    assert client.dtls.keys is not None
    assert client.dtls.keys.profile == b"SRTP_AEAD_AES_128_GCM"


def test_keys_are_in_no_representation(peer: PeerSession, client: WebRtcClient) -> None:
    connect(peer, client)
    assert client.dtls is not None
    assert "key" not in repr(client.dtls.keys)


def test_no_datagram_is_larger_than_the_mtu(peer: PeerSession, client: WebRtcClient) -> None:
    peer.receive(client.check(UFRAG, PWD), HERE, 1.0)
    peer.outputs()
    for datagram in client.start_dtls(CERTIFICATE.fingerprint_sha256):
        peer.receive(datagram, HERE, 1.0)
    sizes = [len(datagram) for datagram, _ in peer.outputs()]
    assert sizes
    assert max(sizes) <= MTU


def test_a_wrong_fingerprint_never_gets_media(peer: PeerSession, client: WebRtcClient) -> None:
    peer.receive(client.check(UFRAG, PWD), HERE, 1.0)
    peer.outputs()
    talk(peer, client, client.start_dtls(CERTIFICATE.fingerprint_sha256, Certificate()))
    assert peer.state == "closed"
    assert peer.close_reason == "the certificate is not the one that was announced"
    assert peer.srtp_in is None
    assert peer.srtp_out is None


def test_dtls_from_a_path_without_an_authenticated_check_is_ignored(peer: PeerSession, client: WebRtcClient) -> None:
    for datagram in client.start_dtls(CERTIFICATE.fingerprint_sha256):
        peer.receive(datagram, HERE, 1.0)
    assert peer.outputs() == []
    peer.receive(client.check(UFRAG, PWD), HERE, 1.0)
    peer.outputs()
    peer.receive(b"\x16garbage", THERE, 1.0)
    assert peer.outputs() == []


def test_a_lost_flight_is_sent_again_by_the_timer(
    peer: PeerSession, client: WebRtcClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer.receive(client.check(UFRAG, PWD), HERE, 1.0)
    peer.outputs()
    for datagram in client.start_dtls(CERTIFICATE.fingerprint_sha256):
        peer.receive(datagram, HERE, 1.0)
    assert peer.outputs()  # lost on the way
    deadline = peer.next_deadline()
    assert deadline is not None
    assert 1.0 < deadline <= 2.0  # RFC 6347 section 4.2.4.1: one second at first
    peer.handle_timer(1.0)
    assert peer.outputs() == []


def test_it_gives_up_without_a_check(peer: PeerSession) -> None:
    assert peer.next_deadline() == PATIENCE
    peer.handle_timer(PATIENCE - 0.1)
    assert peer.state == "new"
    peer.handle_timer(PATIENCE)
    assert (peer.state, peer.close_reason, peer.next_deadline()) == ("closed", "no connection", None)


def test_it_gives_up_on_a_handshake_that_never_ends(peer: PeerSession, client: WebRtcClient) -> None:
    peer.receive(client.check(UFRAG, PWD), HERE, 1.0)
    peer.receive(client.check(UFRAG, PWD), HERE, 20.0)
    peer.handle_timer(31.0)
    assert peer.close_reason == "handshake timed out"


def test_consent_expires(peer: PeerSession, client: WebRtcClient) -> None:
    connect(peer, client)
    peer.receive(client.check(UFRAG, PWD), HERE, 50.0)
    assert (peer.last_consent, peer.next_deadline()) == (50.0, 50.0 + CONSENT)
    peer.handle_timer(50.0 + CONSENT - 0.1)
    assert peer.state == "connected"
    peer.handle_timer(50.0 + CONSENT)
    assert (peer.state, peer.close_reason) == ("closed", "consent expired")
    assert peer.srtp_in is None


def test_a_strangers_check_is_no_consent(peer: PeerSession, client: WebRtcClient) -> None:
    connect(peer, client)
    peer.receive(client.check(UFRAG, "x" * 24), HERE, 25.0)
    assert peer.last_consent == 1.0


def test_close_tells_the_peer(peer: PeerSession, client: WebRtcClient) -> None:
    connect(peer, client)
    peer.close(2.0)
    ((datagram, path),) = peer.outputs()
    assert path == HERE
    client.receive(datagram)
    assert client.dtls is not None
    assert client.dtls.closed_by_peer
    peer.close(3.0)
    assert peer.outputs() == []


def test_the_peers_close_ends_it(peer: PeerSession, client: WebRtcClient) -> None:
    connect(peer, client)
    assert client.dtls is not None
    client.dtls.close()
    talk(peer, client, client.dtls.outputs())
    assert (peer.state, peer.close_reason) == ("closed", "closed by the peer")


def test_closing_before_anything_happened(peer: PeerSession) -> None:
    peer.close(0.5)
    assert peer.state == "closed"
    assert peer.outputs() == []


def test_a_restart_keeps_the_keys(peer: PeerSession, client: WebRtcClient) -> None:
    connect(peer, client)
    keys = peer.srtp_in, peer.srtp_out
    ufrag, pwd = peer.restart("newc", "n" * 24)
    assert peer.local_ufrags == (UFRAG, ufrag)
    client.ufrag = "newc"
    peer.receive(client.check(ufrag, pwd), THERE, 2.0)
    assert peer.selected_path == THERE
    assert (peer.srtp_in, peer.srtp_out) == keys
    assert peer.state == "connected"


def test_a_large_first_flight_in_two_datagrams(peer: PeerSession, client: WebRtcClient) -> None:
    """Chromium's ClientHello with post-quantum keys is longer than a datagram; ours is cut by a small MTU here."""
    peer.receive(client.check(UFRAG, PWD), HERE, 1.0)
    peer.outputs()
    client.start_dtls(CERTIFICATE.fingerprint_sha256)
    assert client.dtls is not None
    client.dtls = type(client.dtls)(CLIENT_CERTIFICATE, [("sha-256", CERTIFICATE.fingerprint_sha256)], client=True)
    client.dtls._connection.set_ciphertext_mtu(256)
    client.dtls.start()
    flight = [record for datagram in client.dtls.outputs() for record in records(datagram)]
    talk(peer, client, flight)
    assert peer.state == "connected"


def records(data: bytes) -> list[bytes]:
    found = []
    while data:
        size = 13 + int.from_bytes(data[11:13], "big")
        found.append(data[:size])
        data = data[size:]
    return found


@settings(max_examples=50)
@given(st.lists(st.binary(min_size=1, max_size=100), max_size=5), st.booleans())
def test_random_bytes_never_raise(datagrams: list[bytes], known: bool) -> None:
    client = WebRtcClient(CLIENT_CERTIFICATE)
    peer = PeerSession(client.remote, UFRAG, PWD, CERTIFICATE, 0.0)
    if known:
        peer.receive(client.check(UFRAG, PWD), HERE, 1.0)
    for datagram in datagrams:
        peer.receive(datagram, HERE, 1.0)
        peer.receive(b"\x16\xfe\xfd" + datagram, HERE, 1.0)
    peer.handle_timer(2.0)
    assert peer.srtp_in is None


def test_an_illegal_transition_is_our_bug(peer: PeerSession) -> None:
    with pytest.raises(IllegalTransition, match="new → connected"):
        peer._enter("connected")
